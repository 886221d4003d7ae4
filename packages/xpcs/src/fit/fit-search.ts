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

/** Optima of the coarse data that are followed up on the full data. */
const FOLLOWED = 3;
/** Coarse optima whose cost exceeds the lowest by more than this factor are not followed up. */
const WORTH_FOLLOWING = 1.5;

/**
 * Fits from the given start and, where the model is known to have more than one optimum or the fit is not good, from the
 * best of many spread starts. The search runs on the coarse data; its best optima are then fitted to the full data, and
 * the winner to the final tolerance.
 *
 * @param full the data.
 * @param coarse makes the coarse setting (the full one, for small data); called when a search is needed.
 * @param isGood whether a fit needs no search.
 */
export async function searchFit(
  full: FitSetting,
  coarse: () => FitSetting,
  isGood: (fit: LocalFit) => boolean,
): Promise<SearchOutcome> {
  const { options, box } = full;
  const { when = "auto", starts = 96, refine = 6, seed = 42 } = options.multistart ?? {};
  const log = new AttemptLog(full, when === "never" ? 1 : refine + FOLLOWED + 3);
  const fromGivenStart = (isFinal: boolean) =>
    log.attempt(full, "given start", pointAt(full, box.values), isFinal, "start");
  const hasManyOptima = full.model.phi0Index >= 0;
  let best: LocalFit | undefined;
  if (when === "never" || (when === "auto" && !hasManyOptima)) {
    best = await fromGivenStart(true);
    if (when === "never" || isGood(best) || options.signal?.aborted) return log.outcome(best);
  }
  for (const { vector } of await coarseOptima(coarse(), log, starts, refine, seed)) {
    if (options.signal?.aborted && best !== undefined) break;
    const point = pointAt(full, vector.subarray(0, box.values.length));
    best = better(best, await log.attempt(full, "an optimum of the search", point, false, "search"));
  }
  // Dynamics faster than a block of the coarse data are invisible there.
  if (best === undefined || !isGood(best)) best = better(best, await fromGivenStart(false));
  return log.outcome(better(best, await log.attempt(full, "the best", best, true, "final")));
}

function better(a: LocalFit | undefined, b: LocalFit): LocalFit {
  return a !== undefined && a.result.cost < b.result.cost ? a : b;
}

/** The distinct optima that the given start and the best spread starts lead to, lowest first. */
async function coarseOptima(
  setting: FitSetting,
  log: AttemptLog,
  starts: number,
  refine: number,
  seed: number,
): Promise<LocalFit[]> {
  const { options, box } = setting;
  const fits = [await log.attempt(setting, "given start of the search", pointAt(setting, box.values), false, "search")];
  for (const { point, label } of screened(setting, starts, seed).slice(0, refine)) {
    if (options.signal?.aborted) break;
    fits.push(await log.attempt(setting, label, point, false, "search"));
  }
  return distinctOptima(fits);
}

/** Spread starts by the cost that their best scaling leaves, lowest first. */
function screened(setting: FitSetting, starts: number, seed: number): { point: FitPoint; label: string }[] {
  const { model, meshgrid, box } = setting;
  return spreadStarts(model, meshgrid.experiment, box, starts, seed)
    .map((physical, k) => ({ point: pointAt(setting, physical), label: `spread start ${k + 1}` }))
    .map((candidate) => ({ ...candidate, cost: meshgrid.chi2(candidate.point.vector) }))
    .filter((candidate) => Number.isFinite(candidate.cost))
    .sort((a, b) => a.cost - b.cost);
}

/** The lowest optima that are not each other: their costs differ, which two ends of one valley do not. */
function distinctOptima(fits: readonly LocalFit[]): LocalFit[] {
  const sorted = fits
    .filter((fit) => Number.isFinite(fit.result.cost))
    .toSorted((a, b) => a.result.cost - b.result.cost);
  const lowest = sorted[0]?.result.cost ?? 0;
  const distinct: LocalFit[] = [];
  for (const fit of sorted) {
    const isNew = distinct.every((other) => fit.result.cost > other.result.cost * (1 + 1e-3));
    if (isNew && fit.result.cost <= WORTH_FOLLOWING * lowest) distinct.push(fit);
  }
  return distinct.slice(0, FOLLOWED);
}

/** Keeps count of what is tried, and tells the caller how it goes. */
class AttemptLog {
  readonly #attempts: FitAttempt[] = [];
  readonly #full: FitSetting;
  readonly #expected: number;
  #iterations = 0;
  #evaluations = 0;

  constructor(full: FitSetting, expected: number) {
    this.#full = full;
    this.#expected = expected;
  }

  async attempt(
    setting: FitSetting,
    label: string,
    start: FitPoint,
    isFinal: boolean,
    stage: FitProgress["stage"],
  ): Promise<LocalFit> {
    const attempt = this.#attempts.length + 1;
    const attempts = Math.max(attempt, this.#expected);
    const fit = await fitFrom(setting, start, {
      isFinal,
      onIteration: (iteration, evaluations, cost) =>
        this.#full.options.onProgress?.({ stage, attempt, attempts, iteration, evaluations, cost }),
    });
    this.#iterations += fit.iterations;
    this.#evaluations += fit.evaluations;
    const { cost, status } = fit.result;
    this.#attempts.push({ label, pairs: setting.meshgrid.pairCount, cost, iterations: fit.iterations, status });
    return fit;
  }

  outcome(best: LocalFit): SearchOutcome {
    return { best, attempts: this.#attempts, iterations: this.#iterations, evaluations: this.#evaluations };
  }
}
