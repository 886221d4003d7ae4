import type { CombineJob } from "./combination.ts";
import { shardModes } from "./shard-modes.ts";

export interface ModeScreen {
  /** Shards that were looked at, evenly spaced. */
  readonly examined: number;
  /** Numbers of those with more than one mode. */
  readonly multimodal: readonly number[];
}

const MOST_EXAMINED = 16;

/** Looks for more than one mode in some of the shards: modes of the whole are seen by most of them. */
export function screenModes({ set, options }: CombineJob): ModeScreen {
  const count = Math.min(set.shards.length, MOST_EXAMINED);
  const multimodal: number[] = [];
  for (let k = 0; k < count; k++) {
    const shard = set.shards[Math.floor((k * set.shards.length) / count)]!;
    if (shardModes(shard, options).length > 1) multimodal.push(shard.shard);
  }
  return { examined: count, multimodal };
}
