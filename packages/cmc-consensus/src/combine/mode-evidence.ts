/** The evidence of a product of weighted Gaussians, one a shard, as shards change their minds. */
import { cholesky, inverseOf, logDeterminant, solveLower } from "./cholesky.ts";
import type { PreparedShard } from "./shard-set.ts";

/** A weighted Gaussian over the coordinates of a shard. */
export interface WeightedGaussian {
  readonly shard: PreparedShard;
  readonly logWeight: number;
  readonly precision: Float64Array;
  readonly logDeterminantOfCovariance: number;
}

/**
 * log ∫ Π w_s N(P_s θ | μ_s, Σ_s) dθ of a set of Gaussians to which one can be added and from which one can be taken, in
 * O(p³) each.
 */
export class ProductEvidence {
  private readonly dim: number;
  private readonly origin: Float64Array;
  private readonly precision: Float64Array;
  private readonly pull: Float64Array;
  private constant = 0;

  /** @param origin a point near the product, so that digits are kept. */
  constructor(origin: Float64Array) {
    this.dim = origin.length;
    this.origin = origin;
    this.precision = new Float64Array(this.dim ** 2);
    this.pull = new Float64Array(this.dim);
    this.constant = (this.dim / 2) * Math.log(2 * Math.PI);
  }

  /** Adds a Gaussian (sign 1) or takes it out (sign −1). */
  add({ shard, logWeight, precision, logDeterminantOfCovariance }: WeightedGaussian, sign: 1 | -1): void {
    const { coordinates, dim: own, mean } = shard;
    let squared = 0;
    for (let i = 0; i < own; i++) {
      const row = coordinates[i]!;
      for (let j = 0; j < own; j++) {
        const column = coordinates[j]!;
        const w = precision[i * own + j]!;
        const u = mean[j]! - this.origin[column]!;
        this.precision[row * this.dim + column]! += sign * w;
        this.pull[row]! += sign * w * u;
        squared += (mean[i]! - this.origin[row]!) * w * u;
      }
    }
    const log = logWeight - 0.5 * (logDeterminantOfCovariance + squared + own * Math.log(2 * Math.PI));
    this.constant += sign * log;
  }

  /** Logarithm of the evidence; −∞ when the product is degenerate. */
  value(): number {
    const factor = cholesky(this.precision, this.dim);
    if (!factor) return -Infinity;
    const squared = solveLower(factor, this.dim, this.pull.slice());
    return this.constant + 0.5 * squared - 0.5 * logDeterminant(factor, this.dim);
  }
}

/** The Gaussian of a shard's draws, with the precision given or that of its covariance. */
export function weightedGaussianOf(
  shard: PreparedShard,
  logWeight: number,
  weight?: { readonly precision: Float64Array; readonly covariance: Float64Array; readonly degrees: number },
): WeightedGaussian {
  const { dim } = shard;
  const factor = weight ? cholesky(weight.covariance, dim)! : shard.factor;
  const degrees = weight?.degrees ?? shard.covarianceSize;
  return {
    shard,
    logWeight,
    precision: weight?.precision ?? inverseOf(factor, dim),
    // The log determinant of a covariance of n draws is too small by p (p + 1) / 2n on average.
    logDeterminantOfCovariance: logDeterminant(factor, dim) + (dim * (dim + 1)) / (2 * degrees),
  };
}
