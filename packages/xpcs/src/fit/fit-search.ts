import type { Experiment } from "@siegert/physics-core";
import type { FitProgress } from "./fit-options.ts";
import type { FitAttempt } from "./fit-result.ts";
import { type FitPoint, type FitSetting, fitFrom, type LocalFit, pointAt } from "./local-fit.ts";
import { spreadStarts } from "./starting-points.ts";

/** The best local fit, and what else was tried. */
export interface SearchOutcome {
  readonly best: LocalFit;
  readonly attempts: readonly FitAttempt[];
  readonly iterations: number;
  readonly evaluations: number;
}

/** Pairs that screening may visit in all; beyond it fewer starts are screened. */
const SCREENING_PAIRS = 2e9;

/**
 * Fits from the given start, then, when asked to or when `isGood` refuses the result, from the best of many spread
 * starts; the winner is fitted to the final tolerance.
 */
export async function searchFit(
  setting: FitSetting,
  experiment: Experiment,
  isGood: (fit: LocalFit) => boolean,
): Promise<SearchOutcome> {
  const { options, box, meshgrid } = setting;
  const { when = "auto", starts = 96, refine = 6, seed = 42 } = options.multistart ?? {};
  const attempts: FitAttempt[] = [];
  let total = { iterations: 0, evaluations: 0 };
  const attempt = async (label: string, start: FitPoint, isFinal: boolean, stage: FitProgress["stage"], of: number) => {
    const fit = await fitFrom(setting, start, {
      isFinal,
      onIteration: (iteration, evaluations, cost) =>
        options.onProgress?.({ stage, attempt: attempts.length + 1, attempts: of, iteration, evaluations, cost }),
    });
    total = { iterations: total.iterations + fit.iterations, evaluations: total.evaluations + fit.evaluations };
    attempts.push({ label, cost: fit.result.cost, iterations: fit.iterations, status: fit.result.status });
    return fit;
  };
  const isStopped = () => options.signal?.aborted === true;

  let best = await attempt(
    "given start",
    pointAt(setting, box.values),
    when !== "always",
    "start",
    when === "always" ? refine + 2 : 1,
  );
  if (when === "never" || (when === "auto" && isGood(best)) || isStopped()) {
    return { best, attempts, ...total };
  }
  const affordable = Math.max(8, Math.min(starts, Math.floor(SCREENING_PAIRS / meshgrid.pairCount)));
  const ranked = spreadStarts(setting.model, experiment, box, affordable, seed)
    .map((physical, k) => ({ point: pointAt(setting, physical), label: `spread start ${k + 1}` }))
    .map((candidate) => ({ ...candidate, cost: meshgrid.cost(candidate.point.vector, { name: "linear", scale: 1 }) }))
    .filter((candidate) => Number.isFinite(candidate.cost))
    .sort((a, b) => a.cost - b.cost);
  for (const { point, label } of ranked.slice(0, refine)) {
    if (isStopped()) break;
    const fit = await attempt(label, point, false, "search", refine + 2);
    if (fit.result.cost < best.result.cost) best = fit;
  }
  const final = await attempt("best of the search", best, true, "final", refine + 2);
  return { best: final.result.cost <= best.result.cost ? final : best, attempts, ...total };
}
