/**
 * Whether shards agree: Cochran's Q for vectors. Q = Σ (μ_s − μ)ᵀ W_s (μ_s − μ) has Σ p_s − p degrees of freedom when
 * the shards' means scatter as much as their posteriors say, which independent data and a right model give.
 *
 * Source: Cochran (1954), 10.2307/3001666. Since each W_s is estimated from finitely many draws its terms are distributed as
 * Hotelling's T², whose larger variance is matched by a scaled χ² (Satterthwaite 1946).
 */
import { chiSquareTail } from "../combine/chi-square.ts";
import type { CombineJob } from "../combine/combination.ts";

/** Scatter of shards against what their posteriors say, over one or all coordinates. */
export interface ScatterTest {
  readonly statistic: number;
  readonly degrees: number;
  /** Probability of as much scatter when the shards agree. 1 without degrees of freedom. */
  readonly pValue: number;
  /** statistic / degrees: 1 when the shards agree; the square of Birge's ratio. 1 without degrees of freedom. */
  readonly ratio: number;
  /** I², share of the scatter that the posteriors do not explain, max(0, 1 − 1/ratio) (Higgins & Thompson 2002). */
  readonly inconsistency: number;
}

export interface Heterogeneity extends ScatterTest {
  /** For every coordinate alone. */
  readonly coordinates: readonly ScatterTest[];
}

/** The tests of a prepared set of shards. */
export function heterogeneity(job: CombineJob): Heterogeneity {
  const { set, weights, product } = job;
  let statistic = 0;
  let parameters = 0;
  let variance = 0;
  set.shards.forEach((shard, s) => {
    const { precision, degrees } = weights[s]!;
    const own = shard.dim;
    let squared = 0;
    for (let i = 0; i < own; i++) {
      const u = shard.mean[i]! - product.mean[shard.coordinates[i]!]!;
      for (let j = 0; j < own; j++) {
        squared += u * precision[i * own + j]! * (shard.mean[j]! - product.mean[shard.coordinates[j]!]!);
      }
    }
    statistic += squared / (1 + 1 / shard.effectiveSize);
    parameters += own;
    variance += varianceOfTerm(own, degrees);
  });
  const joint = test(statistic, parameters - set.dim, variance / parameters);
  return { ...joint, coordinates: Array.from({ length: set.dim }, (_, i) => coordinateTest(job, i)) };
}

function coordinateTest({ set, weights }: CombineJob, coordinate: number): ScatterTest {
  const means: number[] = [];
  const precisions: number[] = [];
  let variance = 0;
  set.shards.forEach((shard, s) => {
    const own = shard.coordinates.indexOf(coordinate);
    if (own < 0) return;
    means.push(shard.mean[own]!);
    const spread = weights[s]!.covariance[own * shard.dim + own]! * (1 + 1 / shard.effectiveSize);
    precisions.push(1 / spread);
    variance += varianceOfTerm(1, weights[s]!.degrees);
  });
  const total = precisions.reduce((sum, w) => sum + w, 0);
  const origin = means[0]!;
  const mean = origin + means.reduce((sum, x, k) => sum + precisions[k]! * (x - origin), 0) / total;
  const statistic = means.reduce((sum, x, k) => sum + precisions[k]! * (x - mean) ** 2, 0);
  return test(statistic, means.length - 1, variance / means.length);
}

/** Variance of uᵀ W u, mean p, for a debiased W from n effective draws: 2 p (n − 2)/(n − p − 4); 2 p for exact W. */
function varianceOfTerm(dim: number, draws: number): number {
  const n = Math.max(draws, dim + 6);
  return (2 * dim * (n - 2)) / (n - dim - 4);
}

/** @param variance of a term per degree of freedom; 2 for a χ² variate. */
function test(statistic: number, degrees: number, variance: number): ScatterTest {
  if (degrees === 0) return { statistic: 0, degrees, pValue: 1, ratio: 1, inconsistency: 0 };
  const scale = variance / 2;
  const ratio = statistic / degrees;
  return {
    statistic,
    degrees,
    pValue: chiSquareTail(statistic / scale, degrees / scale),
    ratio,
    inconsistency: Math.max(0, 1 - 1 / ratio),
  };
}
