export type {
  CmcConfig,
  Config,
  ConfigParameter,
  ConfigPrior,
  ConfigScaling,
  LeastSquaresConfig,
  PerAngleMode,
  PriorType,
} from "./config/config.ts";
export { ConfigError, type ConfigProblem, describeProblem, type SourcePosition } from "./config/config-error.ts";
export { defaultConfigYaml } from "./config/config-template.ts";
export { correlationSelection, type FrameInterval, settleDt } from "./config/correlation-selection.ts";
export { readAngles, resolveDataFile } from "./config/data-files.ts";
export { type ConfigOptions, loadConfig, parseConfig } from "./config/parse-config.ts";
export { checkScalingLengths } from "./config/scaling-lengths.ts";
export { consensusDiagnosticsJson, consensusParametersJson, shardDiagnosticsJson } from "./consensus/consensus-json.ts";
export { type ConsensusResult, inferConsensus } from "./consensus/consensus-result.ts";
export type { MemoryEstimate } from "./consensus/memory-estimate.ts";
export { type FitPlan, type PlanFitOptions, planFit } from "./consensus/plan-fit.ts";
export type { SampleConsensusOptions, ShardEvent } from "./consensus/sample-consensus.ts";
export { createShardPosterior, type ShardTask } from "./consensus/shard-posterior.ts";
export type { ShardSummary } from "./consensus/shard-summaries.ts";
export { ShardedMaps } from "./consensus/sharded-maps.ts";
export type { AngleRange } from "./data/angle-ranges.ts";
export { DataError, type DataErrorDetails } from "./data/data-error.ts";
export { DataSource } from "./data/data-source.ts";
export {
  correctDiagonal,
  DIAGONAL_METHODS,
  type DiagonalMethod,
  type DiagonalOptions,
} from "./data/diagonal-correction.ts";
export {
  type CorrelationSelection,
  type SelectedCorrelations,
  selectCorrelations,
} from "./data/load-correlations.ts";
export type { DataEntry, DataFormat, FrameRange, FrameWindow } from "./data/map-storage.ts";
export { type FileKind, type OpenOptions, openDataSource } from "./data/open-data-source.ts";
export { type AngleMatch, type AngleMatches, type AngleSelection, selectAngles } from "./data/select-angles.ts";
export { type QMatch, type QSelection, selectQ } from "./data/select-q.ts";
export { type Asymmetry, measureAsymmetry } from "./data/symmetry.ts";
export { type Demo, demos } from "./demos.ts";
export { fitOptions } from "./fit/configured-fit.ts";
export { fitCorrelation } from "./fit/fit-correlation.ts";
export { FitError } from "./fit/fit-error.ts";
export { diagnosticsJson, parametersJson } from "./fit/fit-json.ts";
export type { FitOptions, FitParameter, FitProgress, MultistartOptions } from "./fit/fit-options.ts";
export { type FitQuality, fitQuality } from "./fit/fit-quality.ts";
export type { DerivedQuantity, FitAttempt, FitResult, FittedParameter, FittedScaling } from "./fit/fit-result.ts";
export { NoiseEstimator } from "./fit/noise.ts";
export { writeSavedReport } from "./fit/saved-report.ts";
export { SCALING_MODES, type ScalingBounds, type ScalingMode } from "./fit/scaling-basis.ts";
export { type FittedData, fittedMap, type WriteFitContext, writeFit, writeReport } from "./fit/write-fit.ts";
export { type ApsUData, writeApsUHdf5 } from "./output/aps-u-writer.ts";
export { checkWritable, makeFolder, writeAtomically } from "./output/atomic-write.ts";
export { type NpyArray, type NpyData, type NpyStream, writeNpy } from "./output/npy-writer.ts";
export { writeNpz } from "./output/npz-writer.ts";
export { OutputError } from "./output/output-error.ts";
export { writeSimulation } from "./output/write-simulation.ts";
export { toJson, writeJson, writeText } from "./output/write-text.ts";
export { type PosteriorPlan, posteriorPlan } from "./posterior/build-spec.ts";
export type { PosteriorDraws } from "./posterior/posterior-draws.ts";
export { inferPosterior, type PosteriorResult } from "./posterior/posterior-result.ts";
export type { PosteriorSpec, SampledQuantity } from "./posterior/posterior-spec.ts";
export type { PosteriorRun, SamplePosteriorOptions } from "./posterior/sample-posterior.ts";
export type { Straightening } from "./posterior/straightening.ts";
export { createPosterior, XpcsPosterior } from "./posterior/xpcs-posterior.ts";
export { type FitRun, type RunFitOptions, runFit } from "./run-fit.ts";
export { chooseMethod, type FitMethod, type MethodChoice } from "./sampling-method.ts";
export {
  frameTimes,
  type SimulatedData,
  type SimulateOptions,
  type SimulationTruth,
  simulate,
} from "./simulate.ts";
