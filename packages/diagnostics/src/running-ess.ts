import { InvalidArgumentError } from "@siegert/errors";
import { type ChainsInput, toChains } from "./chains.ts";
import { ess } from "./ess.ts";

/** What {@link runningEss} returns: arrays of the same length. */
export interface RunningEss {
  /** Draws of each chain that were used. */
  readonly draws: Int32Array;
  readonly bulk: Float64Array;
  /** Tail ESS, of the 5 % and 95 % quantiles. */
  readonly tail: Float64Array;
}

/**
 * Bulk and tail ESS of the first part of the chains, for parts of growing length: both grow in proportion to the draws
 * when the chains mix; a curve that levels off says that they do not.
 *
 * @param chains draws of one scalar, (chain, draw), at least 4 draws.
 * @param points number of lengths, evenly spaced up to all draws. Default 20, fewer for short chains.
 * @throws {InvalidArgumentError} for draws that are no table, fewer than 4, or a number of points that is none.
 */
export function runningEss(chains: ChainsInput, points?: number): RunningEss {
  const { values, chains: count, draws } = toChains(chains);
  if (draws < 4) throw new InvalidArgumentError("chains", "hold at least 4 draws a chain", draws);
  const wanted = points ?? Math.min(20, draws - 3);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > draws - 3) {
    throw new InvalidArgumentError("points", `be an integer from 1 to draws − 3 = ${draws - 3}`, wanted);
  }
  const lengths = Int32Array.from({ length: wanted }, (_, k) => Math.max(4, Math.round((draws * (k + 1)) / wanted)));
  const bulk = new Float64Array(wanted);
  const tail = new Float64Array(wanted);
  lengths.forEach((length, k) => {
    const head = new Float64Array(count * length);
    for (let chain = 0; chain < count; chain++) {
      head.set(values.subarray(chain * draws, chain * draws + length), chain * length);
    }
    const part = { values: head, chains: count, draws: length };
    bulk[k] = ess(part, { method: "bulk" });
    tail[k] = ess(part, { method: "tail" });
  });
  return { draws: lengths, bulk, tail };
}
