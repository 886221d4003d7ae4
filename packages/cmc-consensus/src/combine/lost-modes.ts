/** Modes that some shards have and the product has not, since other shards have no draws near them. */
import { distanceTail } from "./against-others.ts";
import { block, cholesky, solveLower } from "./cholesky.ts";
import type { ShardMode } from "./shard-modes.ts";

export interface LostMode {
  /** Numbers of the shards, of those looked at, that have the mode. */
  readonly seenBy: readonly number[];
  /** Numbers of the shards that have nothing near it. */
  readonly absentFrom: readonly number[];
}

/** Probability, when both have the right posterior of independent data, below which two modes are not the same. */
const FAR = 1e-6;

/**
 * Looks for lost modes among the shards with several; those that other shards have nothing near are named together.
 * @param examined positions of the shards whose modes are looked at.
 * @param isKept whether a mode of a shard is part of the product.
 */
export function lostModes(
  modes: readonly (readonly ShardMode[])[],
  examined: readonly number[],
  isKept: (shard: number, mode: ShardMode) => boolean,
): readonly LostMode[] {
  const lost = new Map<string, { readonly seenBy: Set<number>; readonly absentFrom: readonly number[] }>();
  for (const s of examined) {
    for (const mode of modes[s]!) {
      if (isKept(s, mode)) continue;
      const absentFrom = modes
        .filter((own) => own.every((other) => isFar(mode, other)))
        .map((own) => own[0]!.shard.shard);
      if (absentFrom.length === 0) continue;
      const key = absentFrom.join();
      const entry = lost.get(key) ?? { seenBy: new Set<number>(), absentFrom };
      entry.seenBy.add(mode.shard.shard);
      lost.set(key, entry);
    }
  }
  return [...lost.values()].map(({ seenBy, absentFrom }) => ({ seenBy: [...seenBy], absentFrom }));
}

/** Whether the means of two modes differ by more than their widths explain, in the coordinates that both have. */
function isFar({ shard: a }: ShardMode, { shard: b }: ShardMode): boolean {
  const place = new Map([...b.coordinates].map((coordinate, j) => [coordinate, j]));
  const inA = [...a.coordinates.keys()].filter((i) => place.has(a.coordinates[i]!));
  if (inA.length === 0) return false;
  const inB = inA.map((i) => place.get(a.coordinates[i]!)!);
  const expected = block(a.covariance, a.dim, inA);
  const other = block(b.covariance, b.dim, inB);
  for (let i = 0; i < expected.length; i++) expected[i]! += other[i]!;
  const difference = Float64Array.from(inA, (i, k) => a.mean[i]! - b.mean[inB[k]!]!);
  const squared = solveLower(cholesky(expected, inA.length)!, inA.length, difference);
  return distanceTail({ squared, degrees: inA.length, draws: Math.min(a.covarianceSize, b.covarianceSize) }) < FAR;
}
