import type { ProductFactor, SquareFactor } from "./factor.ts";
import type { InteractionGroup } from "./interaction-group.ts";

/**
 * The directed interactions that a factor consists of: for every member as head, the others as tails. Those who write
 * factors of their own can start from these.
 */
export function interactionGroups(factor: ProductFactor | SquareFactor): InteractionGroup[] {
  const { categories, weights, count } = factor;
  const multiplied = factor.kind === "product" ? factor.multiplied : [];
  const groups: InteractionGroup[] = multiplied.map((heads, h) => ({
    kind: "weighted",
    heads,
    multiplied: multiplied.filter((_, g) => g !== h),
    categories,
    weights,
    target: "field",
  }));
  if (factor.kind === "square") {
    groups.push({ kind: "weighted", heads: factor.nodes, multiplied: [], categories, weights, target: "precision" });
  }
  // The term −½ P[c] x² of a category's log weight: a product of x with itself.
  const twice = factor.kind === "square" ? [factor.nodes, factor.nodes] : multiplied;
  const scale = factor.kind === "square" ? -0.5 : 1;
  const shape = categories.map((group) => group[0]!.states);
  for (const [h, heads] of categories.entries()) {
    groups.push({
      kind: "weighted",
      heads,
      multiplied: twice,
      categories: categories.filter((_, g) => g !== h),
      weights: axisFirst(weights, count, shape, h).map((weight) => scale * weight),
      target: "field",
    });
  }
  return groups;
}

/** Moves one categorical axis of (count, K₁, …, K_N) right behind the first. */
function axisFirst(weights: Float64Array, count: number, shape: readonly number[], axis: number): Float64Array {
  const states = shape[axis]!;
  const inner = shape.slice(axis + 1).reduce((product, K) => product * K, 1);
  const outer = shape.slice(0, axis).reduce((product, K) => product * K, 1);
  const out = new Float64Array(weights.length);
  let at = 0;
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < states; k++) {
      for (let o = 0; o < outer; o++) {
        for (let n = 0; n < inner; n++) out[at++] = weights[((i * outer + o) * states + k) * inner + n]!;
      }
    }
  }
  return out;
}
