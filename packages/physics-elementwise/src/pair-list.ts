import { InvalidArgumentError } from "@siegert/errors";

/** Whole numbers, one per pair. */
export type PairIndices = Int32Array | Uint32Array;

/**
 * Pairs of frames sorted by (angle, earlier frame, later frame), so that everything that belongs to the earlier frame
 * stays in registers while its row is walked. Row r = angle·frames + i holds the pairs whose earlier frame is i; after
 * these come one row per angle with the pairs of a frame with itself.
 */
export interface PairList {
  readonly frames: number;
  readonly angles: number;
  /** First pair of each row; shape (angles·frames + angles + 1). */
  readonly rowStart: Int32Array;
  /** Later frame of each sorted pair; shape (pairs). */
  readonly column: Int32Array;
  /** Where each sorted pair stands in the caller's arrays; shape (pairs). */
  readonly order: Int32Array;
}

/**
 * Sorts pairs by counting: O(pairs + angles·frames). Pairs with i > j are swapped (the correlation is symmetric).
 *
 * @throws {InvalidArgumentError} for arrays of unequal length and for an index out of range, naming its position.
 */
export function sortPairs(
  i: PairIndices,
  j: PairIndices,
  angle: PairIndices,
  frames: number,
  angles: number,
): PairList {
  checkIndices("i", i, i.length, frames, "a frame");
  checkIndices("j", j, i.length, frames, "a frame");
  checkIndices("angle", angle, i.length, angles, "an angle");
  const pairs = i.length;
  const rows = angles * frames + angles;
  const rowOf = (k: number): number =>
    i[k] === j[k] ? angles * frames + angle[k]! : angle[k]! * frames + Math.min(i[k]!, j[k]!);
  const columnOf = (k: number): number => Math.max(i[k]!, j[k]!);
  const byColumn = countingSort(
    Int32Array.from({ length: pairs }, (_, k) => k),
    frames,
    columnOf,
  );
  const byRow = countingSort(byColumn.order, rows, rowOf);
  return { frames, angles, rowStart: byRow.start, column: byRow.order.map(columnOf), order: byRow.order };
}

/** Stable: equal keys keep the order in which they came. */
function countingSort(
  items: Int32Array,
  keys: number,
  keyOf: (item: number) => number,
): { order: Int32Array; start: Int32Array } {
  const start = new Int32Array(keys + 1);
  for (const item of items) start[keyOf(item) + 1]!++;
  for (let key = 0; key < keys; key++) start[key + 1]! += start[key]!;
  const next = start.slice();
  const order = new Int32Array(items.length);
  for (const item of items) order[next[keyOf(item)]!++] = item;
  return { order, start };
}

function checkIndices(name: string, indices: PairIndices, length: number, limit: number, what: string): void {
  if (indices.length === 0) throw new InvalidArgumentError(name, "hold at least one pair", indices);
  if (indices.length !== length) throw new InvalidArgumentError(name, `have length ${length}, as i has`, indices);
  for (let k = 0; k < length; k++) {
    const index = indices[k]!;
    if (!(index >= 0 && index < limit)) {
      throw new InvalidArgumentError(`${name}[${k}]`, `be ${what} between 0 and ${limit - 1}`, index);
    }
  }
}
