export type { Engine } from "./engine.ts";
export { type FreeParametersOptions, freeParameters } from "./free-parameters.ts";
export type { PairIndices } from "./pair-list.ts";
export { createShard, type Shard, type ShardOptions } from "./shard.ts";
