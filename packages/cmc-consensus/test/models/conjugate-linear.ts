import { createRandom } from "@siegert/random";
import type { ShardPosterior } from "../../src/index.ts";
import { type DrawnShard, normalShard } from "./drawn-shards.ts";
import { inverse, lowerFactor, type Matrix, times } from "./matrix.ts";

export interface ExactPosterior {
  readonly mean: readonly number[];
  readonly covariance: Matrix;
}

const POINTS = 1600;
const PRIOR_SD = 3;
const TRUTH = [0.5, -1.5, 2, 0.3];

/**
 * Regression on a constant and three covariates that go together, noise of variance 1, coefficients ~ normal(0, 3): the
 * coefficients are strongly correlated, and the more so the later the shard, as its covariates have moved.
 */
function regression(): { readonly x: readonly number[][]; readonly y: readonly number[] } {
  const random = createRandom(17, "regression");
  const x = Array.from({ length: POINTS }, (_, i) => {
    const common = random.normal();
    const drift = (2 * i) / POINTS;
    return [1, common + drift, common + 0.6 * random.normal(), 0.5 * common * drift + random.normal()];
  });
  return { x, y: x.map((row) => row.reduce((sum, xi, j) => sum + xi * TRUTH[j]!, random.normal())) };
}

const data = regression();

/** How points go to shards: in turn, or in blocks, which differ in shape. */
export type Division = "dealt" | "contiguous";

/** The model with the first `dim` coefficients, the others known. */
export class ConjugateLinear {
  readonly dim: number;
  /** Mean and covariance of the posterior of all data, in closed form. */
  readonly exact: ExactPosterior;
  readonly sd: readonly number[];

  constructor(dim: number) {
    this.dim = dim;
    this.exact = this.posteriorOf(0, 1, POINTS, 1);
    this.sd = this.exact.covariance.map((row, i) => Math.sqrt(row[i]!));
  }

  /** The posteriors of the shards, each with its share of the prior, drawn exactly. */
  shards(count: number, division: Division, seed: number, options: DrawnShard = {}): ShardPosterior[] {
    const random = createRandom(seed, "linear shards", count);
    const points = POINTS / count;
    return Array.from({ length: count }, (_, shard) => {
      const { mean, covariance } =
        division === "dealt"
          ? this.posteriorOf(shard, count, POINTS, 1 / count)
          : this.posteriorOf(shard * points, 1, (shard + 1) * points, 1 / count);
      return normalShard({ mean, factor: lowerFactor(covariance) }, random, { ...options, shard, points });
    });
  }

  private posteriorOf(first: number, step: number, end: number, priorPower: number): ExactPosterior {
    const { dim } = this;
    const precision = Array.from({ length: dim }, (_, i) =>
      Array.from({ length: dim }, (__, j) => (i === j ? priorPower / PRIOR_SD ** 2 : 0)),
    );
    const pull = new Array<number>(dim).fill(0);
    for (let n = first; n < end; n += step) {
      const x = data.x[n]!;
      const known = x.reduce((sum, xi, i) => (i < dim ? sum : sum + xi * TRUTH[i]!), 0);
      for (let i = 0; i < dim; i++) {
        pull[i]! += x[i]! * (data.y[n]! - known);
        for (let j = 0; j < dim; j++) precision[i]![j]! += x[i]! * x[j]!;
      }
    }
    const covariance = inverse(precision);
    return { mean: times(covariance, pull), covariance };
  }
}
