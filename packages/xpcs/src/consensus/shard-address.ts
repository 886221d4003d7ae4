/** URL of the module with `createShardPosterior`, for other threads; the build replaces the name by that of the compiled file. */
export function shardAddress(): string {
  return new URL("./shard-posterior.ts", import.meta.url).href;
}
