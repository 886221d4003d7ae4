import type { GroupDeal } from "./deal.ts";

/** Groups of some points, ascending, of which there is at least one. */
export function groupsOf(list: ArrayLike<number>, deals: readonly GroupDeal[]): number[] {
  const found: number[] = [];
  let at = 0;
  deals.forEach(({ start, points }, group) => {
    const end = start + points;
    if (at < list.length && list[at]! < end) found.push(group);
    at = firstAtLeast(list, at, end);
  });
  return found;
}

/** Place of the first entry from `from` on that is not below a bound. */
export function firstAtLeast(list: ArrayLike<number>, from: number, bound: number): number {
  let low = from;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
