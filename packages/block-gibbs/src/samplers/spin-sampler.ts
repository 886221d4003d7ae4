import type { BoundSampler, ConditionalSampler, SamplerTarget } from "./conditional-sampler.ts";
import { checkFieldsKnown } from "./fields-known.ts";
import { scalarTerms } from "./scalar-terms.ts";

/**
 * Heat bath for spins: each is drawn from P(s = +1) = σ(2βγ), where γ is what its factors and interactions add up to.
 */
export function spinSampler(): ConditionalSampler {
  return { name: "spin sampler", kinds: ["spin"], bind: bindSpins };
}

function bindSpins(target: SamplerTarget): BoundSampler {
  checkFieldsKnown(target);
  const { bias, pairStart, pairAt, pairWeight, hasRest, addRest } = scalarTerms(target);
  const count = target.nodes.length;
  const field = new Float64Array(2);
  return {
    memorySize: 0,
    draw(state, out, { beta, random }) {
      const scale = -2 * beta;
      for (let b = 0; b < count; b++) {
        let gamma = bias[b]!;
        const end = pairStart[b + 1]!;
        for (let p = pairStart[b]!; p < end; p++) gamma += pairWeight[p]! * state[pairAt[p]!]!;
        if (hasRest) {
          field[0] = 0;
          addRest(b, state, field);
          gamma += field[0]!;
        }
        // An infinite γ forbids a state at every temperature, β = 0 included.
        const logOdds = gamma === Infinity || gamma === -Infinity ? -gamma : scale * gamma;
        out[b] = random.uniform() * (1 + Math.exp(logOdds)) < 1 ? 1 : -1;
      }
    },
  };
}
