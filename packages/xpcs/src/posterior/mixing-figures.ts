import { autocorrelation, type Chains, rankHistogram, runningEss } from "@siegert/diagnostics";
import { autocorrelationPlot, type ReportFigure, rankPlot, runningEssPlot } from "@siegert/plots";

const LONGEST_LAG = 60;

/** The draws of every chain by itself. */
export function chainRows({ values, chains, draws }: Chains): Float64Array[] {
  return Array.from({ length: chains }, (_, k) => values.subarray(k * draws, (k + 1) * draws));
}

/** Ranks, autocorrelation and running effective size of one quantity; nothing of fewer than 20 draws. */
export function mixingFigures(name: string, chains: Chains): ReportFigure[] {
  if (chains.draws < 20) return [];
  const { counts, bins } = rankHistogram(chains);
  const essCurve = runningEss(chains);
  const correlations = autocorrelation(chains, { maxLag: Math.min(LONGEST_LAG, chains.draws - 2) });
  return [
    { svg: rankPlot({ name, counts, chains: chains.chains, bins }), width: "third" },
    { svg: autocorrelationPlot({ name, correlations, draws: chains.draws }), width: "third" },
    { svg: runningEssPlot({ name, ...essCurve, wanted: 100 * chains.chains }), width: "third" },
  ];
}

/** Mean and spread of the model's map per angle; maps of many frames are thinned by the figure itself. */
