export { combine } from "./combine/combine.ts";
export { ShardDrawsError, UninformedCoordinateError } from "./combine/combine-errors.ts";
export type {
  CombineMethod,
  CombineOptions,
  CombineWarning,
  Consensus,
  ExcludedShard,
  JointMode,
} from "./combine/consensus.ts";
