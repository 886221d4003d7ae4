/**
 * Pareto smoothed importance sampling (PSIS), and the Pareto k of any draws.
 *
 * Source: Vehtari, Simpson, Gelman, Yao & Gabry (2024), Pareto Smoothed Importance Sampling, JMLR 25(72),
 * arXiv:1507.02646.
 */
import { InvalidArgumentError } from "@siegert/errors";
import { type ChainsInput, hasNaN, toChains } from "./chains.ts";
import { ess } from "./ess.ts";
import { fitGeneralizedPareto, paretoQuantile } from "./generalized-pareto.ts";
import { logSumExp } from "./log-sum-exp.ts";
import { sorted } from "./order-statistics.ts";

/** Fewest draws in a tail for a fit. */
const SMALLEST_TAIL = 5;

/** What {@link psis} returns. */
export interface SmoothedWeights {
  /** Logarithms of the smoothed weights, which sum to 1. */
  readonly logWeights: Float64Array;
  /**
   * Pareto k, shape of the tail: above min(1 − 1/log₁₀ S, 0.7) means with these weights are not to be trusted. NaN when
   * the tail is no Pareto tail; the weights are then left as they are.
   */
  readonly paretoK: number;
  /** 1 / Σ w²: how many equal weights are worth as much. */
  readonly effectiveSize: number;
}

/**
 * Importance weights whose largest values are replaced by quantiles of a generalized Pareto distribution fitted to them, and
 * cut at the largest raw one.
 *
 * @param logRatios logarithms of the importance ratios, up to a constant; finite or −∞; at least 25.
 * @param relativeEfficiency ESS per draw of the sample, > 0: correlated draws get a longer tail. Default 1.
 * @throws {InvalidArgumentError} for fewer than 25 ratios, NaN or +∞ among them, or an efficiency that is not positive.
 */
export function psis(logRatios: Float64Array, relativeEfficiency = 1): SmoothedWeights {
  const count = logRatios.length;
  if (!(relativeEfficiency > 0 && relativeEfficiency < Infinity)) {
    throw new InvalidArgumentError("relativeEfficiency", "be positive and finite", relativeEfficiency);
  }
  if (count < 5 * SMALLEST_TAIL) {
    throw new InvalidArgumentError("logRatios", "hold at least 25 draws, to fit a tail of 5", logRatios);
  }
  let largest = -Infinity;
  for (let i = 0; i < count; i++) {
    const ratio = logRatios[i]!;
    if (!(ratio < Infinity)) throw new InvalidArgumentError(`logRatios[${i}]`, "be finite or −∞", ratio);
    if (ratio > largest) largest = ratio;
  }
  if (largest === -Infinity) throw new InvalidArgumentError("logRatios", "hold a finite value", logRatios);
  const logWeights = logRatios.map((ratio) => ratio - largest);
  const paretoK = smoothTail(logWeights, Math.min(tailLength(count, relativeEfficiency), count - 1));
  const total = logSumExp(logWeights);
  let squares = 0;
  for (let i = 0; i < count; i++) {
    logWeights[i] = logWeights[i]! - total;
    squares += Math.exp(2 * logWeights[i]!);
  }
  return { logWeights, paretoK, effectiveSize: 1 / squares };
}

/** Options of {@link paretoK}. */
export interface ParetoKOptions {
  /** Tail to look at, or the heavier of both. Default `both`. */
  readonly tail?: "left" | "right" | "both";
  /** ESS per draw. Default: tail ESS (0.05, 0.95) per draw. */
  readonly relativeEfficiency?: number;
}

/**
 * Pareto k of draws: moments of order 1/k and above do not exist. k ≥ 1: no mean, so no MCSE; k ≥ ½: no variance;
 * k > 0.7: means converge too slowly to be of use. NaN for fewer than 4 draws, NaN among them, or a constant tail.
 *
 * @param chains draws of one scalar, (chain, draw).
 * @throws {InvalidArgumentError} for draws that are no table, or infinite draws.
 */
export function paretoK(chains: ChainsInput, options: ParetoKOptions = {}): number {
  const data = toChains(chains);
  const { tail = "both", relativeEfficiency } = options;
  if (!["left", "right", "both"].includes(tail)) {
    throw new InvalidArgumentError("tail", "be left, right or both", tail);
  }
  const count = data.values.length;
  if (data.draws < 4 || hasNaN(data.values)) return Number.NaN;
  const ordered = sorted(data.values);
  if (!Number.isFinite(ordered[0]! - ordered[count - 1]!)) {
    throw new InvalidArgumentError("chains", "hold finite draws", data.values);
  }
  const efficiency = relativeEfficiency ?? ess(data, { method: "tail", relative: true });
  let length = tailLength(count, efficiency);
  if (tail === "both") length = Math.max(SMALLEST_TAIL, Math.min(length, Math.floor(count / 2)));
  if (length < SMALLEST_TAIL || length >= count) return Number.NaN;
  const right = tail === "left" ? -Infinity : tailShape(ordered, length);
  const left = tail === "right" ? -Infinity : tailShape(ordered.map((value) => -value).reverse(), length);
  return Number.isNaN(left) ? left : Math.max(left, right);
}

/**
 * Smallest sample for which a mean of draws with this Pareto k is worth trusting: 10^(1 / (1 − max(0, k))); ∞ from k = 0.99 on.
 * Source: equation 11 of Vehtari et al. (2024).
 */
export function paretoMinimumSize(k: number): number {
  if (Number.isNaN(k)) return Number.NaN;
  return k < 0.99 ? 10 ** (1 / (1 - Math.max(0, k))) : Infinity;
}

/** Largest k at which a sample of this size can be trusted: min(1 − 1/log₁₀ S, 0.7). */
export function paretoKThreshold(samples: number): number {
  return samples > 1 ? Math.min(1 - 1 / Math.log10(samples), 0.7) : 0.7;
}

/** Draws that count as tail: 3 √(S / efficiency), a fifth of the draws when fewer than 225 are effective. */
function tailLength(count: number, efficiency: number): number {
  return count * efficiency > 225 ? Math.floor(3 * Math.sqrt(count / efficiency)) : Math.floor(count / 5);
}

function tailShape(ordered: Float64Array, length: number): number {
  const start = ordered.length - length;
  const cutoff = ordered[start - 1]!;
  if (ordered[ordered.length - 1]! === ordered[start]!) return Number.NaN;
  return fitGeneralizedPareto(ordered.slice(start).map((value) => value - cutoff)).shape;
}

/** Replaces the `length` largest log weights (largest 0) by those of the fitted tail; returns its shape. */
function smoothTail(logWeights: Float64Array, length: number): number {
  const ordered = sorted(logWeights);
  const start = ordered.length - length;
  const smallest = ordered[start]!;
  if (smallest === 0) return Number.NaN;
  const cutoff = Math.exp(ordered[start - 1]!);
  const exceedances = Float64Array.from({ length }, (_, i) => Math.exp(ordered[start + i]!) - cutoff);
  const fit = fitGeneralizedPareto(exceedances);
  if (!Number.isFinite(fit.shape) || !(fit.scale > 0)) return fit.shape;
  const positions = largestPositions(logWeights, smallest, length);
  for (let i = 0; i < length; i++) {
    const smoothed = Math.log(cutoff + paretoQuantile((i + 0.5) / length, fit));
    logWeights[positions[i]!] = Math.min(smoothed, 0);
  }
  return fit.shape;
}

/** Positions of the `count` largest values, ascending by value; `smallest` is the smallest of them. */
function largestPositions(values: Float64Array, smallest: number, count: number): number[] {
  const above: number[] = [];
  const ties: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (values[i]! > smallest) above.push(i);
    else if (values[i] === smallest) ties.push(i);
  }
  above.sort((i, j) => values[i]! - values[j]!);
  return [...ties.slice(ties.length - (count - above.length)), ...above];
}
