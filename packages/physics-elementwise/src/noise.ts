import { InvalidArgumentError } from "@siegert/errors";

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** Gaussian noise of a shard: one standard deviation for all pairs (given, or a parameter), or one per pair. */
export interface Noise {
  readonly isParameter: boolean;
  /** The standard deviation that all pairs share; 1 when each has its own or it is a parameter. */
  readonly sd: number;
  /** 1/σ² per pair, in the caller's order; `undefined` when all pairs share one σ. */
  readonly weights: Float64Array | undefined;
  /** Σ ln σ over pairs that have their own, 0 otherwise. */
  readonly sumLogSd: number;
}

/** @throws {InvalidArgumentError} for a σ that is not positive and finite, or not one per pair. */
export function createNoise(sigma: number | Float64Array | undefined, pairs: number): Noise {
  if (sigma === undefined) return { isParameter: true, sd: 1, weights: undefined, sumLogSd: 0 };
  if (typeof sigma === "number") {
    if (!isSd(sigma)) throw new InvalidArgumentError("sigma", "be positive and finite", sigma);
    return { isParameter: false, sd: sigma, weights: undefined, sumLogSd: 0 };
  }
  if (sigma.length !== pairs) throw new InvalidArgumentError("sigma", `have length ${pairs}, one per pair`, sigma);
  let sumLogSd = 0;
  for (let k = 0; k < pairs; k++) {
    const sd = sigma[k]!;
    if (!isSd(sd)) throw new InvalidArgumentError(`sigma[${k}]`, "be positive and finite", sd);
    sumLogSd += Math.log(sd);
  }
  return { isParameter: false, sd: 1, weights: sigma.map((sd) => 1 / (sd * sd)), sumLogSd };
}

/**
 * Σ ln N(residual; 0, σ²) with its normalising constant.
 *
 * @param square Σ w r², w = 1/σ² for pairs that have their own σ and 1 otherwise.
 * @param sd the shared σ.
 */
export function gaussianLogLikelihood(noise: Noise, pairs: number, square: number, sd: number): number {
  return -0.5 * (square / (sd * sd)) - pairs * (Math.log(sd) + HALF_LOG_TWO_PI) - noise.sumLogSd;
}

function isSd(sd: number): boolean {
  // 1/σ² must be a positive finite number too.
  return sd > 1e-150 && sd < 1e150;
}
