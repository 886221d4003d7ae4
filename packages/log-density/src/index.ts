export { batchOf } from "./batch.ts";
export type { Bijector, ScalarMap } from "./bijectors/bijector.ts";
export { choleskyCorrelation } from "./bijectors/cholesky-correlation.ts";
export { elementwise } from "./bijectors/elementwise.ts";
export { interval, lowerBounded, positive, real, upperBounded } from "./bijectors/intervals.ts";
export { ordered, positiveOrdered } from "./bijectors/ordered.ts";
export { simplex } from "./bijectors/simplex.ts";
export { sumToZero } from "./bijectors/sum-to-zero.ts";
export { type ConstrainedModel, constrainedDensity } from "./constrained-density.ts";
export { type Counted, countEvaluations, type EvaluationCounts } from "./counting.ts";
export {
  checkGradient,
  type GradientCheckOptions,
  type GradientComparison,
  type GradientReport,
} from "./gradient-check.ts";
export { instantiateCount, instantiateTarget, requirePortable } from "./instantiate-target.ts";
export {
  type BatchLogDensity,
  type ExplainedLogDensity,
  isBatched,
  isExplained,
  type LogDensity,
  type LogDensityTerm,
} from "./log-density.ts";
export { LogDensityError } from "./log-density-error.ts";
export { coordinateName, isNamed, type NamedLogDensity, type NamedParameter, valueNames } from "./named-log-density.ts";
export { isPortable, type MemorySegment, type ModuleTarget, type PortableTarget, type WasmTarget } from "./portable.ts";
export { type PreflightReport, preflight } from "./preflight.ts";
export type {
  ExplorationStep,
  FinishedRound,
  PortableReplicaProblem,
  ReplicaGroup,
  ReplicaIdentity,
  ReplicaProblem,
} from "./replicas.ts";
export { compileCount } from "./wasm-modules.ts";
