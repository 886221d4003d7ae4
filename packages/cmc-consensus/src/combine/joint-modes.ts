/**
 * Modes of the product of the shards: choices of one mode from every shard whose Gaussians fit together. Each is a maximum of
 * the evidence under changes of one shard's choice, sought from every mode of the shards that have several.
 */

import { ProductEvidence, type WeightedGaussian, weightedGaussianOf } from "./mode-evidence.ts";
import type { ShardMode } from "./shard-modes.ts";
import type { ShardSet } from "./shard-set.ts";

/** Shards from whose modes the search starts. */
const SEEDS = 8;

/** The choices found: for each, the index of the mode of every shard. */
export function jointModes(
  set: ShardSet,
  modes: readonly (readonly ShardMode[])[],
  origin: Float64Array,
): readonly Int32Array[] {
  const several = modes.map((own, s) => (own.length > 1 ? s : -1)).filter((s) => s >= 0);
  const gaussians = modes.map((own) => own.map(({ shard, weight }) => weightedGaussianOf(shard, Math.log(weight))));
  const stride = Math.max(1, Math.floor(several.length / SEEDS));
  const found = new Map<string, Int32Array>();
  for (let k = 0; k < several.length && k < SEEDS * stride; k += stride) {
    const s = several[k]!;
    for (let mode = 0; mode < modes[s]!.length; mode++) {
      const choice = climb(nearestModes(set, modes, s, mode), gaussians, several, origin);
      found.set(choice.join(), choice);
    }
  }
  if (found.size === 0) found.set("", new Int32Array(set.shards.length));
  return [...found.values()];
}

/** For every shard the mode that is nearest to a mode of one of them, in the coordinates that both have. */
function nearestModes(
  set: ShardSet,
  modes: readonly (readonly ShardMode[])[],
  seedShard: number,
  seedMode: number,
): Int32Array {
  const { shard: seed } = modes[seedShard]![seedMode]!;
  const place = new Map([...seed.coordinates].map((coordinate, i) => [coordinate, i]));
  const choice = Int32Array.from(set.shards, (_, s) => {
    let nearest = 0;
    let smallest = Infinity;
    modes[s]!.forEach(({ shard }, m) => {
      let distance = 0;
      shard.coordinates.forEach((coordinate, i) => {
        const j = place.get(coordinate);
        if (j === undefined) return;
        const variance = shard.covariance[i * shard.dim + i]! + seed.covariance[j * seed.dim + j]!;
        distance += (shard.mean[i]! - seed.mean[j]!) ** 2 / variance;
      });
      if (distance < smallest) {
        smallest = distance;
        nearest = m;
      }
    });
    return nearest;
  });
  choice[seedShard] = seedMode;
  return choice;
}

/** Changes one shard's choice at a time while the evidence grows. */
function climb(
  choice: Int32Array,
  gaussians: readonly (readonly WeightedGaussian[])[],
  several: readonly number[],
  origin: Float64Array,
): Int32Array {
  const evidence = new ProductEvidence(origin);
  gaussians.forEach((own, s) => {
    evidence.add(own[choice[s]!]!, 1);
  });
  let best = evidence.value();
  for (let sweep = 0; sweep < 20; sweep++) {
    let changed = false;
    for (const s of several) {
      const own = gaussians[s]!;
      for (let m = 0; m < own.length; m++) {
        const before = choice[s]!;
        if (m === before) continue;
        evidence.add(own[before]!, -1);
        evidence.add(own[m]!, 1);
        const value = evidence.value();
        if (value > best + 1e-9 * Math.abs(best)) {
          best = value;
          choice[s] = m;
          changed = true;
          continue;
        }
        evidence.add(own[m]!, -1);
        evidence.add(own[before]!, 1);
      }
    }
    if (!changed) break;
  }
  return choice;
}
