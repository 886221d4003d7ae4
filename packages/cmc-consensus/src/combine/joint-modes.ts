/**
 * Modes of the product of the shards: choices of one mode from every shard whose Gaussians fit together. For every mode of the
 * shards that have several, the choice with it whose evidence no change of one other shard's choice improves: a mode that
 * one shard alone tells from another is found too. When several shards each tell modes apart that the others do not, not all
 * combinations of them are.
 */

import { ProductEvidence, type WeightedGaussian, weightedGaussianOf } from "./mode-evidence.ts";
import type { ShardMode } from "./shard-modes.ts";
import type { ShardSet } from "./shard-set.ts";

/** Shards from whose modes the search starts. */
const SEEDS = 8;

/** Positions of some shards that have several modes, evenly spaced. */
export function seedShards(modes: readonly (readonly ShardMode[])[]): readonly number[] {
  const several = severalModes(modes);
  const count = Math.min(several.length, SEEDS);
  return Array.from({ length: count }, (_, k) => several[Math.floor((k * several.length) / count)]!);
}

function severalModes(modes: readonly (readonly ShardMode[])[]): readonly number[] {
  return modes.map((own, s) => (own.length > 1 ? s : -1)).filter((s) => s >= 0);
}

/** The choices found: for each, the index of the mode of every shard. */
export function jointModes(
  set: ShardSet,
  modes: readonly (readonly ShardMode[])[],
  origin: Float64Array,
): readonly Int32Array[] {
  const several = severalModes(modes);
  const gaussians = modes.map((own) => own.map(({ shard, weight }) => weightedGaussianOf(shard, Math.log(weight))));
  const found = new Map<string, Int32Array>();
  for (const s of seedShards(modes)) {
    const others = several.filter((other) => other !== s);
    for (let mode = 0; mode < modes[s]!.length; mode++) {
      const choice = climb(nearestModes(set, modes, s, mode), gaussians, others, origin);
      found.set(choice.join(), choice);
    }
  }
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

/** Changes one shard's choice at a time, of those that are free, while the evidence grows. */
function climb(
  choice: Int32Array,
  gaussians: readonly (readonly WeightedGaussian[])[],
  free: readonly number[],
  origin: Float64Array,
): Int32Array {
  const evidence = new ProductEvidence(origin);
  gaussians.forEach((own, s) => {
    evidence.add(own[choice[s]!]!, 1);
  });
  let best = evidence.value();
  for (let sweep = 0; sweep < 20; sweep++) {
    let changed = false;
    for (const s of free) {
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
