import type { LossName } from "@siegert/nlsq";
import type { AnalysisMode, FractionLimit, ParameterDefinition, ShearConvention } from "@siegert/physics-core";
import type { AngleRange } from "../data/angle-ranges.ts";
import type { DiagonalMethod } from "../data/diagonal-correction.ts";
import type { ConfigProblem, SourcePosition } from "./config-error.ts";

/** How contrast and offset depend on the angle, as `per_angle_mode` says it. */
export type PerAngleMode = "individual" | "constant" | "constant_averaged" | "auto" | "fourier";

/** Families of priors that configurations name. */
export type PriorType =
  | "TruncatedNormal"
  | "Normal"
  | "Uniform"
  | "LogNormal"
  | "HalfNormal"
  | "BetaScaled"
  | "Exponential";

/** Prior of one parameter. */
export interface ConfigPrior {
  readonly type: PriorType;
  /** Mean and standard deviation of the normal before truncation, in the parameter's unit. */
  readonly mean: number;
  readonly sd: number;
  /** Parameters of the other families, by the names of the configuration. */
  readonly shape: Readonly<Record<string, number>>;
}

/** One parameter of the model (or a scaling parameter), settled. */
export interface ConfigParameter {
  /** Registry entry: name, symbol, unit, aliases. */
  readonly definition: ParameterDefinition;
  readonly name: string;
  readonly unit: string;
  /** Starting value of a fit, and the truth of a simulation. */
  readonly value: number;
  /** Whether the configuration states the value (else it is the registry's default). */
  readonly isGiven: boolean;
  readonly lower: number;
  readonly upper: number;
  /** A parameter that is not free keeps its value. */
  readonly isFree: boolean;
  /** Name of the parameter that this one always equals; then it is not free. */
  readonly tiedTo: string | undefined;
  readonly prior: ConfigPrior;
  /** Where the value is stated, for messages. */
  readonly position: SourcePosition | undefined;
}

/** Contrast and offset: one pair, or one per angle. */
export interface ConfigScaling {
  readonly contrast: ConfigParameter;
  readonly offset: ConfigParameter;
  /** Starting values per angle where given; shape (angles), or one value for all. */
  readonly perAngle: {
    readonly contrast: readonly number[] | undefined;
    readonly offset: readonly number[] | undefined;
  };
}

/** `optimization.nlsq`. */
export interface LeastSquaresConfig {
  readonly loss: LossName;
  /** Residual, in units of the noise, where a robust loss departs from least squares. */
  readonly lossScale: number;
  readonly maxIterations: number;
  readonly ftol: number;
  readonly xtol: number;
  readonly gtol: number;
  readonly antiDegeneracy: { readonly perAngleMode: PerAngleMode };
  readonly multiStart: {
    readonly enable: boolean | "auto";
    readonly nStarts: number;
    readonly seed: number;
    readonly refineTopK: number;
  };
}

/** `optimization.cmc`: sampling of the posterior, of the data as a whole or divided. */
export interface CmcConfig {
  readonly enable: boolean | "auto";
  readonly minPointsForCmc: number;
  readonly runId: string | null;
  /** null: that of least squares. */
  readonly perAngleMode: PerAngleMode | null;
  readonly priorTempering: boolean;
  readonly seed: number;
  /** Seconds. */
  readonly perShardTimeout: number;
  /** Seconds. */
  readonly heartbeatTimeout: number;
  readonly sharding: {
    readonly strategy: "balanced" | "stratified" | "random" | "contiguous";
    readonly numShards: number | "auto";
    readonly maxPointsPerShard: number | "auto";
    readonly minPointsPerShard: number | "auto";
    readonly minPointsPerParam: number;
    readonly seedBase: number;
  };
  readonly perShardMcmc: {
    readonly numWarmup: number;
    readonly numSamples: number;
    readonly numChains: number;
    /** null: 0.9 for laminar flow, else 0.8. */
    readonly targetAcceptProb: number | null;
    readonly maxTreeDepth: number;
    readonly denseMass: boolean;
    readonly maxRetries: number;
    readonly chainMethod: "parallel" | "vectorized" | "sequential";
    readonly adaptiveSampling: boolean;
    readonly minWarmup: number;
    readonly minSamples: number;
  };
  readonly validation: {
    readonly strictMode: boolean;
    readonly minEss: number;
    readonly minPerShardEss: number;
    readonly maxPerShardRhat: number;
    readonly maxBetweenShardKl: number;
    readonly minBfmi: number;
    readonly minSuccessRate: number;
    readonly maxDivergenceRate: number;
    readonly criticalDivergenceRate: number;
    readonly maxParameterCv: number;
    readonly heterogeneityAbort: boolean;
    readonly requireNlsqWarmstart: boolean;
    readonly useNlsqWarmstart: boolean;
  };
  readonly combination: {
    readonly method:
      | "consensus_mc"
      | "robust_consensus_mc"
      | "weighted_gaussian"
      | "simple_average"
      | "semiparametric"
      | "nonparametric"
      | "mixture"
      | "auto";
    readonly validateResults: boolean;
    readonly minSuccessRateWarning: number;
  };
  readonly reparameterization: {
    readonly bimodalMinWeight: number;
    readonly bimodalMinSeparation: number;
  };
  readonly checkpoints: {
    readonly enable: boolean;
    /** null: below the output folder. */
    readonly directory: string | null;
    readonly frequency: number;
    readonly resume: boolean;
  };
}

/** A configuration: validated, defaults filled in, aliases of parameters resolved. Plain data. */
export interface Config {
  /** The file, for messages and for paths relative to it. */
  readonly path: string;
  readonly mode: AnalysisMode;
  readonly shearConvention: ShearConvention;
  readonly fractionLimit: FractionLimit;
  /** Time between frames, s. */
  readonly dt: number;
  /** First frame, from 1. */
  readonly startFrame: number;
  /** Last frame, included; −1 for all. */
  readonly endFrame: number;
  /** Scattering wavevector, 1/Å. */
  readonly q: number;
  /** How far the file's nearest q may be, as a fraction of q. */
  readonly qTolerance: number;
  /** q that differ by no more than this fraction are one bin. */
  readonly qBinTolerance: number;
  /** Stator-rotor gap, Å. */
  readonly gap: number;
  /** The data file as written, or `undefined`; see `resolveDataFile`. */
  readonly dataFile: string | undefined;
  /** A text file with one angle per line, as written; see `readAngles`. */
  readonly phiAnglesFile: string | undefined;
  /** Angles of the maps where the data carry none, degrees. */
  readonly phiAngles: readonly number[] | undefined;
  readonly phiFiltering: {
    readonly enabled: boolean;
    readonly ranges: readonly AngleRange[];
    readonly fallbackToAll: boolean;
    /** Degrees; how far an angle asked for by its value may be. */
    readonly tolerance: number;
    readonly minAngles: number;
    /** Warn about ranges without an angle. */
    readonly validateCoverage: boolean;
  };
  /** Physical parameters, in the order of the model's vector. */
  readonly parameters: readonly ConfigParameter[];
  readonly scaling: ConfigScaling;
  readonly diagonal: { readonly method: DiagonalMethod; readonly windowSize: number };
  /** Standard deviation of the noise of the data, or `undefined`: to be estimated. */
  readonly sigma: number | undefined;
  readonly simulation: { readonly noise: number; readonly seed: number };
  readonly method: "nlsq" | "nuts" | "both" | "cmc";
  readonly nlsq: LeastSquaresConfig;
  readonly cmc: CmcConfig;
  readonly output: {
    readonly directory: string;
    readonly formats: { readonly npz: boolean; readonly html: boolean };
  };
  /** Keys without effect, unknown keys (when lenient), and the like. */
  readonly warnings: readonly ConfigProblem[];
  /** Where keys are set, by dotted path. */
  readonly positions: Readonly<Record<string, SourcePosition>>;
}
