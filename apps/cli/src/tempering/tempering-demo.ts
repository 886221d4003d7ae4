import { mcse, rhat } from "@siegert/diagnostics";
import { sample } from "@siegert/nuts";
import { formatWithError, type ReportSection, ridgePlot } from "@siegert/plots";
import { continuousReplicas, normalReference, type TemperingRun } from "@siegert/pt-tempering";
import { bimodalTarget, TRUTH } from "./bimodal-target.ts";
import type { TemperedModel } from "./tempered-model.ts";

const NUTS = { chains: 4, warmup: 1000, draws: 2000 } as const;

/** What plain NUTS found. */
export interface NutsFindings {
  /** Of each chain, the share of draws with x < 0. */
  readonly shares: readonly number[];
  readonly rhat: number;
  /** x of the draws of every chain. */
  readonly chains: readonly Float64Array[];
}

/** What tempering found. */
export interface TemperingFindings {
  /** Share of draws with x < 0, and its standard error. */
  readonly share: number;
  readonly shareError: number;
  readonly x: Float64Array;
}

/** The demonstration's target, tempered from a wide normal. */
export async function demoModel(): Promise<TemperedModel> {
  const reference = normalReference({ mean: 0, sd: 10 });
  return {
    problem: await continuousReplicas({ target: bimodalTarget, reference }),
    beta: 1,
    logReference: 0,
    title: "Two modes, nine apart",
    fingerprint: "demo",
    isDiscrete: false,
  };
}

/** Four NUTS chains from starts within ±8. */
export async function sampleWithNuts(seed: number): Promise<NutsFindings> {
  const run = await sample(bimodalTarget, { ...NUTS, seed, initial: { kind: "uniform", radius: 8 } });
  const { values, chains, draws } = run.unconstrained();
  const columns = Array.from({ length: chains }, (_, k) =>
    Float64Array.from({ length: draws }, (_, n) => values[2 * (k * draws + n)]!),
  );
  return {
    shares: columns.map((x) => x.filter((one) => one < 0).length / draws),
    rhat: rhat(columns.map((x) => Array.from(x))),
    chains: columns,
  };
}

/** The draws of a tempered run, and the weight of the left mode in them. */
export function temperingFindings(run: TemperingRun): TemperingFindings {
  const { values, draws } = run.draws();
  const x = Float64Array.from({ length: draws }, (_, n) => values[2 * n]!);
  const isLeft = Array.from(x, (one) => (one < 0 ? 1 : 0));
  const share = isLeft.reduce<number>((sum, one) => sum + one, 0) / draws;
  return { share, shareError: mcse([isLeft], { method: "mean" }), x };
}

/** Both against the truth, for the report. */
export function comparisonSection(nuts: NutsFindings, tempered: TemperingFindings): ReportSection {
  const rows = [
    ["exact", String(TRUTH.leftShare.toFixed(4)), ""],
    ["tempering", formatWithError(tempered.share, tempered.shareError), ""],
    ...nuts.shares.map((share, k) => [`NUTS, chain ${k}`, share.toFixed(4), k === 0 ? nuts.rhat.toFixed(2) : ""]),
  ];
  const histograms = [
    { label: "tempering", values: tempered.x },
    ...nuts.chains.map((values, k) => ({ label: `NUTS ${k}`, values })),
  ];
  return {
    id: "comparison",
    heading: "Plain NUTS and tempering",
    note: "A NUTS chain stays in the mode where it starts: its share is 0 or 1, and the chains disagree. Replicas that travel to β = 0 and back visit both modes in proportion to their weights.",
    tables: [{ caption: "Share of draws with x < 0", headers: ["method", "share", "R-hat"], rows }],
    figures: [{ svg: ridgePlot({ title: "Draws of x", rows: histograms, xLabel: "x" }), width: "own" }],
  };
}
