/** The points of every shard: disjoint, together all, each list made when it is asked for. */
export interface ShardLists {
  readonly shards: number;
  readonly points: number;
  /** Numbers of the shard's points, ascending; a new array in every call. */
  list(shard: number): Uint32Array;
  /** How many these are. */
  size(shard: number): number;
  /** Numbers of the groups that the shard has points of, ascending. */
  groups(shard: number): number[];
}
