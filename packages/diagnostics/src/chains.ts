/** Draws of one scalar from several chains, and the checks that every diagnostic begins with. */
import { InvalidArgumentError } from "@siegert/errors";

/** Draws of one scalar: row-major (chain, draw), so chain c is `values.subarray(c * draws, (c + 1) * draws)`. */
export interface Chains {
  readonly values: Float64Array;
  /** Number of chains, ≥ 1. */
  readonly chains: number;
  /** Draws of each chain, ≥ 1. */
  readonly draws: number;
}

/** What the diagnostics accept: a {@link Chains}, or one array of numbers per chain, all of the same length. */
export type ChainsInput = Chains | readonly ArrayLike<number>[];

/**
 * The draws as one row-major array; a {@link Chains} is returned as it is, without a copy.
 *
 * @param input the draws.
 * @param argument name of the argument in the message of the error.
 * @throws {InvalidArgumentError} for no chain, no draw, chains of different lengths, or a length of `values` that is
 *   not chains · draws.
 */
export function toChains(input: ChainsInput, argument = "chains"): Chains {
  if (!Array.isArray(input)) return checked(input as Chains, argument);
  const rows = input as readonly ArrayLike<number>[];
  const draws = rows[0]?.length ?? 0;
  if (rows.length === 0 || !(draws > 0)) {
    throw new InvalidArgumentError(argument, "hold at least one chain with at least one draw", input);
  }
  const values = new Float64Array(rows.length * draws);
  rows.forEach((row, chain) => {
    if (row?.length !== draws) {
      throw new InvalidArgumentError(`${argument}[${chain}]`, `be an array of ${draws} numbers, as chain 0 is`, row);
    }
    values.set(row, chain * draws);
  });
  return { values, chains: rows.length, draws };
}

/** First and last ⌊draws / 2⌋ draws of every chain as chains of their own; the middle draw of an odd count is dropped. */
export function splitChains({ values, chains, draws }: Chains): Chains {
  const half = Math.floor(draws / 2);
  const split = new Float64Array(2 * chains * half);
  for (let chain = 0; chain < chains; chain++) {
    const start = chain * draws;
    split.set(values.subarray(start, start + half), chain * half);
    split.set(values.subarray(start + draws - half, start + draws), (chains + chain) * half);
  }
  return { values: split, chains: 2 * chains, draws: half };
}

/** Whether any value is NaN. */
export function hasNaN(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) return true;
  return false;
}

/**
 * Whether all values are the same up to rounding: their range is below 10⁻¹⁵ of the largest magnitude. The measure is
 * relative, so that the unit of a parameter plays no role.
 */
export function isConstant(values: Float64Array): boolean {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!Number.isFinite(high - low)) return false;
  return low === high || high - low < 1e-15 * Math.max(Math.abs(low), Math.abs(high));
}

/** @throws {InvalidArgumentError} unless `prob` is inside (0, 1). */
export function checkProbability(argument: string, prob: number): void {
  if (!(prob > 0 && prob < 1)) throw new InvalidArgumentError(argument, "lie between 0 and 1, both excluded", prob);
}

function checked(input: Chains, argument: string): Chains {
  const { values, chains, draws } = input ?? {};
  if (!(values instanceof Float64Array)) {
    throw new InvalidArgumentError(
      argument,
      "be an array of chains, or { values: Float64Array, chains, draws }",
      input,
    );
  }
  if (!Number.isInteger(chains) || chains < 1) {
    throw new InvalidArgumentError(`${argument}.chains`, "be a positive integer", chains);
  }
  if (!Number.isInteger(draws) || draws < 1) {
    throw new InvalidArgumentError(`${argument}.draws`, "be a positive integer", draws);
  }
  if (values.length !== chains * draws) {
    throw new InvalidArgumentError(`${argument}.values`, `have length chains · draws = ${chains * draws}`, values);
  }
  return input;
}
