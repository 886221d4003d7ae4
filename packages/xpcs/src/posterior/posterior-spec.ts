import type { Model } from "@siegert/physics-core";
import type { ConfigPrior } from "../config/config.ts";
import type { ScalingBasis } from "../fit/scaling-basis.ts";
import type { CoordinateMap } from "./coordinate-map.ts";
import type { Straightening } from "./straightening.ts";

/** One sampled quantity. */
export interface SampledQuantity {
  readonly name: string;
  /** Index into the physical parameters, or into the scaling coefficients. */
  readonly role: "physical" | "scaling";
  readonly index: number;
  readonly map: CoordinateMap;
  readonly prior: ConfigPrior;
}

/** What the coordinates and priors of a posterior are made of. Plain data. */
export interface CoordinateSpec {
  readonly model: Model;
  /** Physical parameters, for those that are not sampled. */
  readonly values: Float64Array;
  /** [follower, leader] of parameters that always equal another. */
  readonly tied: readonly (readonly [number, number])[];
  readonly scaling: ScalingBasis;
  readonly quantities: readonly SampledQuantity[];
  readonly laws: readonly Straightening[];
  /** A number when the noise is known; otherwise ln σ is the last coordinate, with a normal prior. */
  readonly noise: number | { readonly logMean: number; readonly logSd: number };
  /**
   * Power of every prior together with the Jacobian of its quantity: 1, or one per coordinate when the posterior is one of
   * several shards.
   */
  readonly priorPower: number | Float64Array;
}

/** A posterior but for its data: coordinates, priors, and where and when the data were measured. Plain data. */
export interface MeasurementSpec extends CoordinateSpec {
  /** 1/Å. */
  readonly q: number;
  /** Å. */
  readonly gap: number;
  /** Degrees. */
  readonly phi: readonly number[];
  /** s. */
  readonly times: Float64Array;
  readonly engine: "auto" | "wasm" | "plain";
}

/** Everything that the posterior of a data set is made of. Plain data: it travels to other threads as it is. */
export interface PosteriorSpec extends MeasurementSpec {
  /** One map per angle, row-major (frames, frames); may lie in shared memory. */
  readonly maps: readonly Float64Array[];
}
