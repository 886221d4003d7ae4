/**
 * Effective sample size (ESS): how many independent draws would estimate a quantity as well.
 *
 * Source: Vehtari, Gelman, Simpson, Carpenter & Bürkner (2021), 10.1214/20-BA1221, section 4.
 */
import { InvalidArgumentError } from "@siegert/errors";
import { type Chains, type ChainsInput, checkProbability, hasNaN, splitChains, toChains } from "./chains.ts";
import { effectiveSize } from "./effective-size.ts";
import { squaredDeviations } from "./moments.ts";
import { absoluteDeviations, medianOfSorted, normalScores, quantileOfSorted, sorted } from "./order-statistics.ts";
import { reportWarnings, type WarningSink } from "./warning.ts";

/** Probabilities of the two quantiles whose smaller ESS is the tail ESS, unless others are given. */
export const TAIL_PROBABILITIES: readonly [number, number] = [0.05, 0.95];

/** Quantities that need no probability. */
const PLAIN_METHODS = ["bulk", "mean", "sd", "median", "mad", "z_scale", "folded", "identity"] as const;

/** The quantities that {@link ess} knows, see {@link EssOptions}. */
export type EssMethod = (typeof PLAIN_METHODS)[number] | "tail" | "quantile" | "local";

interface CommonEssOptions {
  /** ESS per draw instead of the count. Default false. */
  readonly relative?: boolean;
  /** Called with what makes the result special, see {@link DiagnosticWarning}. */
  readonly onWarning?: WarningSink;
}

/**
 * What {@link ess} shall estimate:
 * - `bulk` (default, the same as `z_scale`): normal scores of the ranks, for the centre of the distribution;
 * - `tail`: the smaller ESS of two quantiles, 0.05 and 0.95 unless `prob` gives two others, or one and its mirror image;
 * - `mean`, `sd`, `median`, `mad`: for these estimates;
 * - `quantile`: for the quantile `prob`; `local`: for the probability between the quantiles `prob[0]` and `prob[1]`;
 * - `folded`: normal scores of |x − median|; `identity`: the chains whole and as they are.
 */
export type EssOptions = CommonEssOptions &
  (
    | { readonly method?: (typeof PLAIN_METHODS)[number] }
    | { readonly method: "tail"; readonly prob?: number | readonly [number, number] }
    | { readonly method: "quantile"; readonly prob: number }
    | { readonly method: "local"; readonly prob: readonly [number, number] }
  );

/**
 * Effective sample size of one scalar. NaN below 4 draws a chain and for NaN among the draws; the number of draws when
 * all are equal; never above S log₁₀ S for S draws.
 *
 * @param chains draws of one scalar, (chain, draw).
 * @throws {InvalidArgumentError} for draws that are no table, an unknown method, or a probability outside (0, 1).
 */
export function ess(chains: ChainsInput, options: EssOptions = {}): number {
  checkOptions(options);
  const data = toChains(chains);
  reportWarnings(data, options.onWarning);
  if (data.draws < 4 || hasNaN(data.values)) return Number.NaN;
  const size = sizeFor(data, options);
  return options.relative === true ? size / data.values.length : size;
}

/** Bulk ESS: `ess(chains)`. @throws {InvalidArgumentError} as {@link ess}. */
export function essBulk(chains: ChainsInput): number {
  return ess(chains, { method: "bulk" });
}

/**
 * Tail ESS: `ess(chains, { method: "tail", prob })`.
 *
 * @param prob the probabilities of the two quantiles, or one of them. Default 0.05 and 0.95.
 * @throws {InvalidArgumentError} as {@link ess}.
 */
export function essTail(chains: ChainsInput, prob: number | readonly [number, number] = TAIL_PROBABILITIES): number {
  return ess(chains, { method: "tail", prob });
}

function sizeFor(data: Chains, options: EssOptions): number {
  const { values } = data;
  const split = (transformed: Float64Array): number => effectiveSize(splitChains({ ...data, values: transformed }));
  const scored = (chains: Chains): number =>
    hasNaN(chains.values) ? Number.NaN : effectiveSize({ ...chains, values: normalScores(chains.values) });
  switch (options.method) {
    case "tail":
      return tailSize(data, options.prob ?? TAIL_PROBABILITIES);
    case "quantile":
      return split(isBetween(values, -Infinity, quantileOfSorted(sorted(values), options.prob)));
    case "local": {
      const ordered = sorted(values);
      const [low, high] = options.prob;
      return split(isBetween(values, quantileOfSorted(ordered, low), quantileOfSorted(ordered, high)));
    }
    case "mean":
      return split(values);
    case "sd":
      return split(squaredDeviations(values));
    case "median":
      return split(isBetween(values, -Infinity, quantileOfSorted(sorted(values), 0.5)));
    case "mad":
      return madSize(data, scored);
    case "folded": {
      const halves = splitChains(data);
      return scored({ ...halves, values: absoluteDeviations(halves.values) });
    }
    case "identity":
      return effectiveSize(data);
    default:
      return scored(splitChains(data));
  }
}

function tailSize(data: Chains, prob: number | readonly [number, number]): number {
  const ordered = sorted(data.values);
  const pair = typeof prob === "number" ? [prob, 1 - prob] : prob;
  let smallest = Infinity;
  for (const level of pair) {
    const below = isBetween(data.values, -Infinity, quantileOfSorted(ordered, level));
    smallest = Math.min(smallest, effectiveSize(splitChains({ ...data, values: below })));
  }
  return smallest;
}

function madSize(data: Chains, scored: (chains: Chains) => number): number {
  const deviations = absoluteDeviations(data.values);
  const median = medianOfSorted(sorted(deviations));
  return scored(splitChains({ ...data, values: isBetween(deviations, -Infinity, median) }));
}

/** 1 where low ≤ x ≤ high, else 0. */
function isBetween(values: Float64Array, low: number, high: number): Float64Array {
  const inside = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) inside[i] = values[i]! >= low && values[i]! <= high ? 1 : 0;
  return inside;
}

function checkOptions(options: EssOptions): void {
  const { method = "bulk" } = options;
  if (options.method === "quantile") checkProbability("prob", options.prob);
  else if (options.method === "local") checkPair(options.prob);
  else if (options.method === "tail") checkTail(options.prob ?? TAIL_PROBABILITIES);
  else if (!(PLAIN_METHODS as readonly string[]).includes(method)) {
    const known = [...PLAIN_METHODS, "tail", "quantile", "local"].join(", ");
    throw new InvalidArgumentError("method", `be one of ${known}`, method);
  }
}

function checkTail(prob: number | readonly [number, number]): void {
  if (typeof prob === "number") checkProbability("prob", prob);
  else checkPair(prob);
}

function checkPair(prob: unknown): void {
  const [low, high] = Array.isArray(prob) && prob.length === 2 ? (prob as [number, number]) : [Number.NaN, Number.NaN];
  if (!(low > 0 && low < high && high < 1)) {
    throw new InvalidArgumentError("prob", "be two ascending probabilities between 0 and 1", prob);
  }
}
