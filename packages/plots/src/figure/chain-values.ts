/** Checks and ranges of draws that several figures of a posterior share. */
import { InvalidArgumentError } from "@siegert/errors";
import { FAINT, INK } from "../paint/axis.ts";
import { element, type Markup } from "../paint/markup.ts";
import { seriesColor } from "./series-style.ts";

/** Chains named one by one in a legend; more are summed up. */
const NAMED_CHAINS = 8;

/** @throws {InvalidArgumentError} unless there is at least one chain, and all have the same length of at least one. */
export function checkChains(argument: string, chains: readonly ArrayLike<number>[]): void {
  const draws = chains[0]?.length ?? 0;
  if (draws === 0) throw new InvalidArgumentError(argument, "hold at least one chain with at least one draw", chains);
  chains.forEach((chain, k) => {
    if (chain.length !== draws) {
      throw new InvalidArgumentError(`${argument}[${k}]`, `have ${draws} entries, as the first chain has`, chain);
    }
  });
}

/**
 * Smallest and largest finite value with a margin of `share` of the range on both sides, never empty.
 *
 * @throws {InvalidArgumentError} when no value is finite.
 */
export function paddedRange(
  argument: string,
  lists: readonly ArrayLike<number>[],
  share = 0.04,
): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const list of lists) {
    for (let i = 0; i < list.length; i++) {
      const value = list[i]!;
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) throw new InvalidArgumentError(argument, "hold at least one finite number", lists[0]);
  const margin = high > low ? share * (high - low) : Math.max(0.05 * Math.abs(low), 1e-12);
  return [low - margin, high + margin];
}

/** Colour and number of every chain, one below the other. */
export function chainLegend(count: number, x: number, y: number): Markup {
  const named = count <= NAMED_CHAINS ? count : NAMED_CHAINS - 1;
  return element(
    "g",
    { class: "legend", "font-size": "11px" },
    Array.from({ length: named }, (_, k) => [
      element("line", {
        x1: x,
        y1: y + 18 * k - 4,
        x2: x + 18,
        y2: y + 18 * k - 4,
        stroke: seriesColor(k),
        "stroke-width": 2,
      }),
      element("text", { x: x + 24, y: y + 18 * k, fill: INK }, `chain ${k}`),
    ]),
    count > named ? element("text", { x, y: y + 18 * named, fill: FAINT }, `and ${count - named} more`) : undefined,
  );
}
