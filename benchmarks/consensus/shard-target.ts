import type { LogDensity } from "@siegert/log-density";
import { createRandom } from "@siegert/random";

/** Data of a shard. */
export interface LogisticShard {
  /** Row-major (point, dim). */
  readonly x: Float64Array;
  /** 0 or 1. */
  readonly y: Uint8Array;
  readonly priorPower: Float64Array;
}

/** Data of a logistic regression with coefficients of 0.3 and standard normal predictors. */
export function logisticData(points: number, dim: number): { x: Float64Array; y: Uint8Array } {
  const random = createRandom(1, "logistic shards");
  const x = random.fillNormal(new Float64Array(points * dim));
  const y = Uint8Array.from({ length: points }, (_, n) => {
    let logit = 0;
    for (let i = 0; i < dim; i++) logit += 0.3 * x[n * dim + i]!;
    return random.uniform() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
  });
  return { x, y };
}

/** Logistic regression with priors N(0, 1), as a module that shards are made of. */
export function logisticShard({ x, y, priorPower }: LogisticShard): LogDensity {
  const dim = priorPower.length;
  const logDensityAndGradient = (position: Float64Array, gradient: Float64Array): number => {
    let value = 0;
    for (let i = 0; i < dim; i++) {
      gradient[i] = -priorPower[i]! * position[i]!;
      value -= 0.5 * priorPower[i]! * position[i]! ** 2;
    }
    for (let n = 0; n < y.length; n++) {
      let logit = 0;
      for (let i = 0; i < dim; i++) logit += x[n * dim + i]! * position[i]!;
      value += y[n]! * logit - (logit > 0 ? logit + Math.log1p(Math.exp(-logit)) : Math.log1p(Math.exp(logit)));
      const residual = y[n]! - 1 / (1 + Math.exp(-logit));
      for (let i = 0; i < dim; i++) gradient[i] = gradient[i]! + residual * x[n * dim + i]!;
    }
    return value;
  };
  const unused = new Float64Array(dim);
  return { dim, logDensity: (position) => logDensityAndGradient(position, unused), logDensityAndGradient };
}
