import type { Model } from "@siegert/physics-core";
import type { FitQuality } from "./fit-quality.ts";

/** A fitted physical parameter. */
export interface FittedParameter {
  readonly name: string;
  readonly value: number;
  /**
   * s·√((JᵀJ)⁻¹), from the residuals' own spread; where χ² is not parabolic along the parameter's valley, the wider half of
   * `interval`. Never more than the range of the bounds. `undefined` when fixed, or when the fit cannot tell at all.
   */
  readonly standardError: number | undefined;
  /** Where χ² profiled over everything else stays within s² of its minimum; within the bounds. */
  readonly interval: readonly [lower: number, upper: number] | undefined;
  /** The same from the sandwich, which allows for errors shared by the pairs of a frame. */
  readonly robustStandardError: number | undefined;
  readonly unit: string;
  readonly lower: number;
  readonly upper: number;
  readonly atBound: boolean;
  readonly isFree: boolean;
}

/** Contrast and offset of one angle. */
export interface FittedScaling {
  readonly phi: number;
  readonly contrast: number;
  readonly contrastError: number | undefined;
  readonly offset: number;
  readonly offsetError: number | undefined;
  /** Whether contrast or offset (or a coefficient of their series) ended at a bound. */
  readonly atBound: boolean;
}

/** A quantity computed from the parameters. */
export interface DerivedQuantity {
  readonly name: string;
  readonly value: number;
  readonly standardError: number | undefined;
  readonly unit: string;
  readonly description: string;
}

/** One local fit of the search. */
export interface FitAttempt {
  readonly label: string;
  /** Pairs of the data it was fitted to: fewer than all when the search ran on coarse data. */
  readonly pairs: number;
  readonly cost: number;
  readonly iterations: number;
  readonly status: string;
}

/** The outcome of a fit. */
export interface FitResult {
  readonly model: Model;
  readonly parameters: readonly FittedParameter[];
  readonly scaling: readonly FittedScaling[];
  readonly derived: readonly DerivedQuantity[];
  /** Of the free physical parameters and the free scaling coefficients. */
  readonly covariance: { readonly names: readonly string[]; readonly matrix: Float64Array };
  /** Full vector: physical parameters, then contrast and offset of every angle. */
  readonly vector: Float64Array;
  /** Standard deviation of the noise, and where it comes from. */
  readonly sigma: number;
  readonly sigmaSource: "given" | "estimated from the data" | "residuals of the fit";
  /** √(Σr² / degrees of freedom). */
  readonly residualSd: number;
  readonly chi2: number;
  readonly reducedChi2: number;
  readonly degreesOfFreedom: number;
  readonly pairs: number;
  readonly quality: FitQuality;
  readonly iterations: number;
  readonly evaluations: number;
  readonly wallSeconds: number;
  readonly route: string;
  readonly isAborted: boolean;
  /** Whether a tolerance was met; otherwise the values are the best point so far. */
  readonly isConverged: boolean;
  readonly message: string;
  readonly warnings: readonly string[];
  readonly attempts: readonly FitAttempt[];
}
