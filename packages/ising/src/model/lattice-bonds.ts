import { InvalidArgumentError } from "@siegert/errors";

/** Bonds of a lattice, whose sites are numbered row by row. */
export interface LatticeBonds {
  readonly count: number;
  /** Ends of every bond, two entries each: a site, and its neighbour to the right or below. */
  readonly ends: Int32Array;
  /** 1 where the neighbour is below. */
  readonly isDown: Uint8Array;
  /** −1 or 1. */
  readonly signs: Int8Array;
}

/** @throws {InvalidArgumentError} unless height and width are positive integers, at least 3 where edges are joined. */
export function checkSize(size: readonly [number, number], periodic: boolean): void {
  const least = periodic ? 3 : 1;
  const isGood = (length: number) => Number.isSafeInteger(length) && length >= least;
  if (!Array.isArray(size) || size.length !== 2 || !size.every(isGood)) {
    const why = periodic ? " (with fewer, two bonds of a periodic lattice would join the same sites)" : "";
    throw new InvalidArgumentError("lattice.size", `be [height, width], integers of at least ${least}${why}`, size);
  }
  if (size[0] * size[1] >= 2 ** 28) {
    throw new InvalidArgumentError("lattice.size", "have fewer than 2^28 sites", size);
  }
}

/**
 * The bonds that exist and are not diluted away, in the order of their entries in `signs`.
 * @throws {InvalidArgumentError} when `signs` has another length or an entry other than −1, 0 and 1.
 */
export function latticeBonds(
  [height, width]: readonly [number, number],
  periodic: boolean,
  signs: ArrayLike<number> | undefined,
): LatticeBonds {
  const most = 2 * height * width;
  if (signs && signs.length !== most) {
    throw new InvalidArgumentError("signs", `have ${most} entries, two per site`, signs);
  }
  const ends = new Int32Array(2 * most);
  const isDown = new Uint8Array(most);
  const kept = new Int8Array(most);
  let count = 0;
  for (let entry = 0; entry < most; entry++) {
    const down = entry & 1;
    const from = entry >> 1;
    const [y, x] = [Math.floor(from / width), from % width];
    if (!periodic && (down ? y + 1 === height : x + 1 === width)) continue;
    const sign = signs ? signs[entry] : 1;
    if (sign === 0) continue;
    if (sign !== 1 && sign !== -1) throw new InvalidArgumentError(`signs[${entry}]`, "be -1, 0 or 1", sign);
    ends[2 * count] = from;
    ends[2 * count + 1] = down ? ((y + 1) % height) * width + x : y * width + ((x + 1) % width);
    isDown[count] = down;
    kept[count] = sign;
    count++;
  }
  return { count, ends: ends.slice(0, 2 * count), isDown: isDown.slice(0, count), signs: kept.slice(0, count) };
}
