import type { LossName } from "@siegert/nlsq";
import type { Experiment, Model } from "@siegert/physics-core";
import type { ScalingBounds, ScalingMode } from "./scaling-basis.ts";

/** A physical parameter as it enters a fit. */
export interface FitParameter {
  readonly start: number;
  readonly lower: number;
  readonly upper: number;
  /** A parameter that is not free keeps its start. */
  readonly isFree: boolean;
  /** Index of the parameter that this one always equals; it is not free itself then. */
  readonly tiedTo?: number | undefined;
}

/** When and how to search from more than the given start. */
export interface MultistartOptions {
  /**
   * `auto` (default): from the given start first, and from spread starts when that fit is not good; `always`; `never`.
   */
  readonly when?: "auto" | "always" | "never" | undefined;
  /** Spread starts that are screened by their best possible cost. Default 96. */
  readonly starts?: number | undefined;
  /** How many of them are fitted. Default 6. */
  readonly refine?: number | undefined;
  /** Default 42. */
  readonly seed?: number | undefined;
}

/** Where a fit is. */
export interface FitProgress {
  readonly stage: "start" | "search" | "final";
  /** Local fit under way, from 1, and how many there will be. */
  readonly attempt: number;
  readonly attempts: number;
  readonly iteration: number;
  readonly evaluations: number;
  /** ½ Σ ρ of the residuals, in units of the data squared. */
  readonly cost: number;
}

/** What `fitCorrelation` needs. */
export interface FitOptions {
  readonly model: Model;
  readonly experiment: Experiment;
  /** Measured c2 of one angle, row-major (frames, frames); one map is used at a time. */
  readonly c2: (angle: number) => Float64Array;
  /** One per parameter of the model, in its order. */
  readonly parameters: readonly FitParameter[];
  /** Default `auto`. */
  readonly scalingMode?: ScalingMode | undefined;
  /** Default contrast [0, 1], offset [0.5, 1.5]. */
  readonly scalingBounds?: ScalingBounds | undefined;
  /** Contrast, offset or both held fixed instead of fitted: one value per angle. */
  readonly fixedScaling?:
    | {
        readonly contrast?: readonly number[] | undefined;
        readonly offset?: readonly number[] | undefined;
      }
    | undefined;
  /** Standard deviation of the noise; estimated from the maps when absent. */
  readonly sigma?: number | undefined;
  /** Default `linear`. */
  readonly loss?: LossName | undefined;
  /** Residual, in units of sigma, at which a robust loss begins to differ from least squares. Default 1. */
  readonly lossScale?: number | undefined;
  /** Relative tolerances of the final fit. Default 1e-10 each. */
  readonly tolerance?:
    | { readonly ftol?: number | undefined; readonly xtol?: number | undefined; readonly gtol?: number | undefined }
    | undefined;
  /** Per local fit. Default 500. */
  readonly maxIterations?: number | undefined;
  readonly multistart?: MultistartOptions | undefined;
  /** Per-pair weights per angle, row-major (frames, frames); 0 masks a pair. */
  readonly weights?: ((angle: number) => Float64Array) | undefined;
  readonly tileSize?: number | undefined;
  readonly engine?: "auto" | "wasm" | "plain" | undefined;
  readonly onProgress?: ((event: FitProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}
