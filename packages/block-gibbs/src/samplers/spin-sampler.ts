import type { Random } from "@siegert/random";
import type { BoundSampler, ConditionalSampler, SamplerTarget } from "./conditional-sampler.ts";
import { scalarTerms } from "./scalar-terms.ts";

const TWO_32 = 2 ** 32;

/**
 * Heat bath for spins: each is drawn from P(s = +1) = σ(2βγ), where γ is what its factors and interactions add up to.
 */
export function spinSampler(): ConditionalSampler {
  return { name: "spin sampler", kinds: ["spin"], bind: bindSpins };
}

function bindSpins(target: SamplerTarget): BoundSampler {
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
        out[b] = coin(TWO_32 / (1 + Math.exp(logOdds)), random);
      }
    },
  };
}

/**
 * +1 with probability p, else −1, for p · 2³² given. One random word decides, but for the one word in 2³² that leaves it
 * open: half the cost of a uniform double, and exact for the smallest p as well.
 */
function coin(threshold: number, random: Random): 1 | -1 {
  const word = random.uint32();
  if (word + 1 <= threshold) return 1;
  if (word >= threshold) return -1;
  return random.uniform() < threshold - word ? 1 : -1;
}
