import { InvalidArgumentError } from "@siegert/errors";
import { checkBeta } from "../models/energy-model.ts";
import { nodeInfluences, type PairStrengths } from "./influence.ts";

/** Options of `recommendBlockSize`. */
export interface BlockSizeOptions {
  /** Where correlations are longest; above 0. Default ½ log(1 + √2) = 0.4407, that of the square Ising lattice with J = 1. */
  readonly criticalBeta?: number;
  /** ν, with which the correlation length grows as |β − β_c|^−ν. Default 1, that of the square Ising lattice. */
  readonly exponent?: number;
  /** Default 1. */
  readonly minSize?: number;
  /** Default 16. */
  readonly maxSize?: number;
  /**
   * What to do beyond β_c: let blocks become smaller again, as suits a model that orders, or keep them as large as may be,
   * as suits one that freezes (a spin glass). Default "shrink".
   */
  readonly beyond?: "shrink" | "keep";
}

/** β_c of the square Ising lattice with J = 1 (Onsager 1944, doi:10.1103/PhysRev.65.117). */
const SQUARE_LATTICE = 0.5 * Math.log1p(Math.SQRT2);

/**
 * How many nodes to draw jointly at an inverse temperature: (β_c / |β − β_c|)^ν, the growth of the correlation length,
 * within the limits. 1 at β = 0, where all nodes are independent; the most near β_c.
 * @throws {InvalidArgumentError} for β negative or not finite, and options outside of their range.
 */
export function recommendBlockSize(beta: number, options: BlockSizeOptions = {}): number {
  const { criticalBeta = SQUARE_LATTICE, exponent = 1, minSize = 1, maxSize = 16, beyond = "shrink" } = options;
  checkBeta(beta);
  if (!(criticalBeta > 0)) throw new InvalidArgumentError("criticalBeta", "be above 0", criticalBeta);
  if (!(exponent > 0 && exponent < Infinity)) throw new InvalidArgumentError("exponent", "be positive", exponent);
  if (!(Number.isInteger(minSize) && minSize >= 1)) {
    throw new InvalidArgumentError("minSize", "be an integer, 1 or more", minSize);
  }
  if (!(Number.isInteger(maxSize) && maxSize >= minSize)) {
    throw new InvalidArgumentError("maxSize", `be an integer, ${minSize} or more`, maxSize);
  }
  if (beyond !== "shrink" && beyond !== "keep") {
    throw new InvalidArgumentError("beyond", 'be "shrink" or "keep"', beyond);
  }
  if (criticalBeta === Infinity) return minSize;
  if (beyond === "keep" && beta >= criticalBeta) return maxSize;
  const length = (criticalBeta / Math.abs(beta - criticalBeta)) ** exponent;
  return Math.min(maxSize, Math.max(minSize, Math.round(length)));
}

/**
 * A rough β_c of a model: where a change of one node changes one more on average, if no change came back (as on a tree).
 * Exact for regular trees; 0.347 instead of 0.441 for the square Ising lattice. Infinity when that never happens.
 * @param influencesAt strengths of the edges at an inverse temperature, as `pairInfluences` gives them.
 */
export function estimateCriticalBeta(nodes: number, influencesAt: (beta: number) => PairStrengths): number {
  // Strengths that round to 1 must not make a chain critical.
  const isBeyond = (beta: number): boolean => branching(nodes, influencesAt(beta)) > 1 + 1e-12;
  let high = 1;
  for (let k = 0; k < 12 && !isBeyond(high); k++) high *= 2;
  if (!isBeyond(high)) return Infinity;
  let low = 0;
  for (let k = 0; k < 40; k++) {
    const middle = (low + high) / 2;
    if (isBeyond(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * How many nodes a change of one node changes on average, beyond the one that it came from: the sum over all pairs of
 * edges at a node of the product of their strengths, over the sum of all strengths. (d − 1) tanh β on a regular graph of
 * degree d with J = 1; 1 is critical where no change comes back.
 */
export function branching(nodes: number, pairs: PairStrengths): number {
  const sums = nodeInfluences(nodes, pairs);
  const total = sums.reduce((sum, value) => sum + value, 0);
  const squares = pairs.strengths.reduce((sum, strength) => sum + 2 * strength * strength, 0);
  return total === 0 ? 0 : (sums.reduce((sum, value) => sum + value * value, 0) - squares) / total;
}
