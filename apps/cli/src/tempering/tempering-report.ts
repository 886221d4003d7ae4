import {
  formatWithError,
  type PlotSeries,
  type ReportFigure,
  type ReportInput,
  type ReportSection,
  type ReportTable,
  renderReport,
  ridgePlot,
  seriesPlot,
} from "@siegert/plots";
import type { IndexTrace, RoundSummary, TemperingRun } from "@siegert/pt-tempering";
import type { TemperedModel } from "./tempered-model.ts";
import { verdictText } from "./verdict-text.ts";

const CURVE_POINTS = 200;
/** Of the index process so many scans and replicas are drawn. */
const [SHOWN_SCANS, SHOWN_REPLICAS] = [100, 4];

/** `report.html` of a tempering run. @param last its last complete round. */
export function temperingReport(
  model: TemperedModel,
  run: TemperingRun,
  last: RoundSummary,
  { provenance, sections }: { provenance: ReportInput["provenance"]; sections: readonly ReportSection[] },
): string {
  const { logZ, logZError } = last.evidence;
  const number = (value: number | undefined, error: number | undefined) =>
    value === undefined ? "unknown" : formatWithError(value, error ?? 0);
  return renderReport({
    title: model.title,
    subtitle: `β from 0 to ${model.beta}, ${run.chains} chains, ${last.scans} scans in the last of ${run.rounds.length} rounds`,
    mode: "parallel tempering",
    summary: [
      { label: "log Z", value: number(logZ === undefined ? undefined : logZ + model.logReference, logZError) },
      { label: "Barrier Λ", value: last.barriers.map((barrier) => barrier.toFixed(2)).join(" and ") },
      { label: "Round trips", value: `${last.roundTrips} (ideal ${idealTrips(run, last)})` },
      { label: "Chains", value: String(run.chains) },
      { label: "Seconds", value: run.rounds.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(2) },
    ],
    messages: run.verdicts.map((verdict) => ({
      level: verdict.level === "warning" ? "warning" : "info",
      text: verdictText(verdict, model),
    })),
    parameters: [],
    scaling: [],
    angles: [],
    sections: [
      ...sections,
      rungSection(model, run, last),
      swapSection(run, last),
      evidenceSection(model, run),
      replicaSection(run),
      roundSection(model, run),
    ],
    provenance,
  });
}

function idealTrips({ copies }: TemperingRun, { idealRoundTripRate, scans }: RoundSummary): string {
  return (idealRoundTripRate * scans * copies).toFixed(0);
}

function rungSection(model: TemperedModel, run: TemperingRun, last: RoundSummary): ReportSection {
  const digits = (value: number | undefined) => (value === undefined ? "–" : value.toPrecision(5));
  const table: ReportTable = {
    caption: "Rungs of the ladder. V is the base energy, E = β·V; log Z is relative to counting measure",
    headers: ["β", "mean V", "mean E", "Var V", "log Z", "acceptance to the next"],
    rows: last.rungs.map(({ beta, meanEnergy, meanEnergyError, energyVariance, logZ }, k) => [
      beta.toPrecision(4),
      meanEnergy === undefined ? "–" : formatWithError(meanEnergy, meanEnergyError ?? 0),
      meanEnergy === undefined ? "–" : formatWithError(beta * meanEnergy, beta * (meanEnergyError ?? 0)),
      digits(energyVariance),
      digits(logZ === undefined ? undefined : logZ + model.logReference),
      last.pairs[k]?.acceptance.toFixed(3) ?? "",
    ]),
  };
  const rows = last.rungs
    .map(({ beta, chain }) => ({ label: `β = ${beta.toPrecision(3)}`, values: run.energies(chain) }))
    .filter(({ values }) => values.some(Number.isFinite));
  const figures: ReportFigure[] =
    rows.length === 0
      ? []
      : [{ svg: ridgePlot({ title: "Energy on every rung", rows, xLabel: "base energy V" }), width: "own" }];
  return { id: "rungs", heading: "Rungs", tables: [table], figures };
}

function swapSection(run: TemperingRun, last: RoundSummary): ReportSection {
  const acceptance: PlotSeries = {
    x: last.pairs.map(({ chain }) => chain + 0.5),
    y: last.pairs.map((pair) => pair.acceptance),
    errors: last.pairs.map((pair) => pair.acceptanceError ?? 0),
  };
  const legs = last.schedules.map((betas, leg) => ({ betas, barrier: run.barrier(leg), leg }));
  const name = (leg: number) => (legs.length > 1 ? { label: `leg ${leg + 1}` } : {});
  const curve = (of: (leg: (typeof legs)[number], beta: number) => number): PlotSeries[] =>
    legs.map((leg) => {
      const [low, high] = [leg.betas[0]!, leg.betas.at(-1)!];
      const x = Array.from({ length: CURVE_POINTS + 1 }, (_, k) => low + ((high - low) * k) / CURVE_POINTS);
      return { ...name(leg.leg), x, y: x.map((beta) => of(leg, beta)), style: "line" as const };
    });
  return {
    id: "swaps",
    heading: "Exchanges",
    note: "λ(β) dβ is the probability that an exchange between β and β + dβ is rejected; Λ(β) is its integral.",
    figures: [
      {
        svg: seriesPlot({
          title: "Acceptance of every pair",
          series: [acceptance],
          xLabel: "between chains",
          yLabel: "mean acceptance probability",
          yRange: [0, 1],
        }),
      },
      {
        svg: seriesPlot({
          title: "Local barrier λ(β)",
          series: curve(({ barrier }, beta) => barrier.local(beta)),
          xLabel: "β",
          yLabel: "λ",
          yRange: [0, 0],
        }),
      },
      {
        svg: seriesPlot({
          title: `Barrier Λ(β), Λ = ${last.barriers.map((one) => one.toFixed(2)).join(" and ")}`,
          series: curve(({ barrier }, beta) => barrier.cumulative(beta)),
          xLabel: "β",
          yLabel: "Λ",
          yRange: [0, 0],
        }),
      },
    ],
  };
}

function evidenceSection(model: TemperedModel, run: TemperingRun): ReportSection {
  const rounds = run.rounds.map(({ round }) => round + 1);
  const shifted = (value: number | undefined) => (value === undefined ? Number.NaN : value + model.logReference);
  const of = (
    pick: (round: RoundSummary) => { value: number | undefined; error?: number | undefined },
  ): PlotSeries => ({
    x: rounds,
    y: run.rounds.map((round) => shifted(pick(round).value)),
    errors: run.rounds.map((round) => pick(round).error ?? 0),
  });
  const series: PlotSeries[] = [
    { ...of(({ evidence }) => ({ value: evidence.logZ, error: evidence.logZError })), label: "bridge" },
    { ...of(({ evidence }) => ({ value: evidence.legs[0]?.forward.value })), label: "stones upward", style: "points" },
    {
      ...of(({ evidence }) => ({ value: evidence.legs[0]?.backward.value })),
      label: "stones downward",
      style: "points",
    },
    { ...of(({ evidence }) => evidence.legs[0]!.thermodynamic), label: "thermodynamic", style: "points" },
  ];
  const known = series.filter(({ y }) => Array.from(y).some(Number.isFinite));
  if (known.length === 0) return { id: "evidence", heading: "Evidence", note: "No round has an estimate of log Z." };
  const plot = { title: "log Z by round", series: known, xLabel: "round", yLabel: "log Z" };
  return {
    id: "evidence",
    heading: "Evidence",
    note: "Bridge sampling between neighbours, with one standard error; two directions of the stepping stone that meet say that every rung has settled.",
    figures: [{ svg: seriesPlot(plot), width: "own" }],
  };
}

function replicaSection(run: TemperingRun): ReportSection {
  const schedules = run.rounds.map((round) => round.schedules.flat());
  const most = Math.max(...schedules.map((betas) => betas.length));
  const history: PlotSeries[] = Array.from({ length: most }, (_, rung) => ({
    x: run.rounds.map(({ round }) => round + 1),
    y: schedules.map((betas) => betas[rung] ?? Number.NaN),
    color: 0,
  }));
  const figures: ReportFigure[] = [
    { svg: seriesPlot({ title: "Ladder by round", series: history, xLabel: "round", yLabel: "β" }) },
  ];
  if (run.indexTrace !== undefined) figures.unshift({ svg: indexPlot(run.indexTrace, run.copies) });
  return { id: "replicas", heading: "Replicas and ladder", figures };
}

function indexPlot({ chains, scans, replicas }: IndexTrace, copies: number): string {
  const shown = Math.min(scans, SHOWN_SCANS);
  const perCopy = replicas / copies;
  const count = Math.min(perCopy, SHOWN_REPLICAS);
  const series = Array.from({ length: count }, (_, k): PlotSeries => {
    const replica = Math.floor((k * perCopy) / count);
    const x = Array.from({ length: shown }, (_, scan) => scans - shown + scan);
    return { label: `replica ${replica}`, x, y: x.map((scan) => chains[scan * replicas + replica]!), style: "steps" };
  });
  return seriesPlot({
    title: "Index process: the chain of a replica",
    note: `${count} of ${perCopy} replicas, the last ${shown} of ${scans} scans`,
    series,
    xLabel: "scan",
    yLabel: "chain",
  });
}

function roundSection(model: TemperedModel, run: TemperingRun): ReportSection {
  const rows = run.rounds.map(({ round, scans, restarts, roundTrips, barriers, seconds, evidence, pairs }) => {
    const acceptances = pairs.map(({ acceptance }) => acceptance);
    return [
      String(round + 1),
      String(scans),
      String(restarts),
      String(roundTrips),
      barriers.map((barrier) => barrier.toFixed(2)).join(" + "),
      seconds.toPrecision(3),
      evidence.logZ === undefined ? "–" : (evidence.logZ + model.logReference).toFixed(4),
      Math.min(...acceptances).toFixed(3),
      (acceptances.reduce((sum, one) => sum + one, 0) / acceptances.length).toFixed(3),
    ];
  });
  const headers = ["round", "scans", "restarts", "round trips", "Λ", "seconds", "log Z", "min α", "mean α"];
  return { id: "rounds", heading: "Rounds", tables: [{ caption: "Every round", headers, rows }] };
}
