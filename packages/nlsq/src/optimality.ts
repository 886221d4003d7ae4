/** How far a point is from satisfying the first-order conditions, as a number without units. */
import type { Box } from "./bounds.ts";
import type { LinearModel } from "./linear-model.ts";

/**
 * max over j of |g_j| / (‖J_j‖ ‖r‖) · min(1, v_j ‖J_j‖ / ‖r‖), where ‖r‖² = 2 cost and v_j is the distance to the
 * bound that −g_j points at (infinite where there is none). Away from bounds this is MINPACK's largest cosine between
 * the residuals and a column of J; it vanishes at a bound as ‖v ∘ g‖∞, Coleman & Li's measure, does. Unlike the latter
 * it does not change with the units of the residuals or of the parameters, so that one gtol serves all problems.
 */
export function optimalityOf(x: Float64Array, model: LinearModel, cost: number, box?: Box): number {
  const size = Math.sqrt(2 * cost);
  let largest = 0;
  for (let j = 0; j < x.length; j++) {
    const length = model.columnNorms[j]!;
    const gradient = model.gradient[j]!;
    if (length === 0 || size === 0 || gradient === 0) continue;
    const room = box ? (gradient < 0 ? box.upper[j]! - x[j]! : x[j]! - box.lower[j]!) : Infinity;
    largest = Math.max(largest, (Math.abs(gradient) / length / size) * Math.min(1, (room * length) / size));
  }
  return largest;
}
