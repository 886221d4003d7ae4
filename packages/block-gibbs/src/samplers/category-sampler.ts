import type { Random } from "@siegert/random";
import { categoryTerms } from "./category-terms.ts";
import type { BoundSampler, ConditionalSampler, SamplerTarget } from "./conditional-sampler.ts";

/**
 * Draws categorical nodes from P(k) ∝ exp(β θ_k), where θ_k are what their factors and interactions add up to. Any θ are
 * fine, however far apart.
 */
export function categorySampler(): ConditionalSampler {
  return { name: "category sampler", kinds: ["category"], bind: bindCategories };
}

function bindCategories(target: SamplerTarget): BoundSampler {
  const { graph, nodes } = target;
  const { logWeights } = categoryTerms(target);
  const theta = new Float64Array(graph.fieldSize);
  return {
    memorySize: 0,
    draw(state, out, { beta, random }) {
      for (let b = 0; b < nodes.length; b++) {
        logWeights(b, state, theta);
        out[b] = drawState(theta, graph.states[nodes[b]!]!, beta, random);
      }
    },
  };
}

/** Draws k with probability ∝ exp(β θ_k); overwrites θ with the weights. One uniform number. */
export function drawState(theta: Float64Array, count: number, beta: number, random: Random): number {
  let most = theta[0]!;
  for (let k = 1; k < count; k++) if (theta[k]! > most) most = theta[k]!;
  let total = 0;
  for (let k = 0; k < count; k++) {
    // −∞ forbids a state at every temperature, β = 0 included.
    theta[k] = theta[k] === -Infinity ? 0 : Math.exp(beta * (theta[k]! - most));
    total += theta[k]!;
  }
  let left = random.uniform() * total;
  for (let k = 0; k < count - 1; k++) {
    left -= theta[k]!;
    if (left < 0) return k;
  }
  // What rounding leaves over goes to the last state that has a weight.
  let last = count - 1;
  while (theta[last] === 0) last--;
  return last;
}
