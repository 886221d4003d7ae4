export { ANALYSIS_MODES, type AnalysisMode } from "./analysis-mode.ts";
export { type Channel, ChannelGrid, type ChannelName } from "./channels.ts";
export { cumulativeTrapezoid, cumulativeTrapezoidTranspose } from "./cumulative-trapezoid.ts";
export { DirectCorrelation, type DirectCorrelationOptions } from "./direct-correlation.ts";
export { sampleFraction } from "./fraction.ts";
export {
  checkExperiment,
  DEFAULT_DT,
  DEFAULT_GAP,
  DEFAULT_Q,
  type Experiment,
  type TimeAxisOptions,
  timeAxis,
} from "./instrument.ts";
export {
  createModel,
  type FractionLimit,
  type Model,
  type ModelOptions,
  type ShearConvention,
} from "./model.ts";
export { findParameter, PARAMETERS, type ParameterDefinition, SCALING_PARAMETERS } from "./parameters.ts";
export { type PhaseFactor, phaseFactor } from "./phase.ts";
export { type PowerLawGrid, powerLaw, powerLawGrid, powerLawWithTangents } from "./power-law.ts";
