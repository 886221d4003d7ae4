import { type BatchLogDensity, isBatched, type LogDensity } from "./log-density.ts";

/** How often a target was asked. */
export interface EvaluationCounts {
  /** Calls for a value alone. */
  values: number;
  /** Values with gradient, each row of a batch counted. */
  gradients: number;
}

/** A target and the number of its evaluations so far. */
export type Counted<T extends LogDensity> = T & { readonly counts: EvaluationCounts };

/** What a target may have beyond the two evaluations; called on the target itself, whatever class it is of. */
const PASSED_ON = ["constrain", "unconstrain", "terms", "coordinateName"] as const;

/**
 * The same target (names, batches and all), counting. Set `counts.values` and `counts.gradients` to 0 to start over.
 */
export function countEvaluations<T extends LogDensity>(target: T): Counted<T> {
  const counts: EvaluationCounts = { values: 0, gradients: 0 };
  const own: Record<string, unknown> = {
    dim: target.dim,
    counts,
    logDensity(position: Float64Array) {
      counts.values++;
      return target.logDensity(position);
    },
    logDensityAndGradient(position: Float64Array, gradient: Float64Array) {
      counts.gradients++;
      return target.logDensityAndGradient(position, gradient);
    },
  };
  for (const name of PASSED_ON) {
    const method = (target as unknown as Record<string, unknown>)[name];
    if (typeof method === "function") own[name] = method.bind(target);
  }
  if (isBatched(target)) {
    const batched: BatchLogDensity = target;
    own["logDensitiesAndGradients"] = (
      positions: Float64Array,
      count: number,
      values: Float64Array,
      gradients: Float64Array,
    ) => {
      counts.gradients += count;
      batched.logDensitiesAndGradients(positions, count, values, gradients);
    };
  }
  return Object.assign(Object.create(target), own) as Counted<T>;
}
