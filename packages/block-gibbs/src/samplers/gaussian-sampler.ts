import { InvalidArgumentError } from "@siegert/errors";
import type { BoundSampler, ConditionalSampler, SamplerTarget } from "./conditional-sampler.ts";
import { checkFieldsKnown } from "./fields-known.ts";
import { scalarTerms } from "./scalar-terms.ts";

/**
 * Draws Gaussian nodes from N(f/Λ, 1/(βΛ)), where f and Λ are what their factors and interactions add up to.
 *
 * Throws `InvalidArgumentError`, which names the node, where Λ or β is not positive: there is no law to draw from.
 */
export function gaussianSampler(): ConditionalSampler {
  return { name: "Gaussian sampler", kinds: ["gaussian"], bind: bindGaussians };
}

function bindGaussians(target: SamplerTarget): BoundSampler {
  checkFieldsKnown(target);
  const { graph, nodes } = target;
  const { bias, precision, pairStart, pairAt, pairWeight, hasRest, addRest } = scalarTerms(target);
  const rest = new Float64Array(2);
  return {
    memorySize: 0,
    draw(state, out, { beta, random }) {
      for (let b = 0; b < nodes.length; b++) {
        let field = bias[b]!;
        let lambda = precision[b]!;
        const end = pairStart[b + 1]!;
        for (let p = pairStart[b]!; p < end; p++) field += pairWeight[p]! * state[pairAt[p]!]!;
        if (hasRest) {
          rest.fill(0);
          addRest(b, state, rest);
          field += rest[0]!;
          lambda += rest[1]!;
        }
        if (!(lambda * beta > 0)) throw improper(graph.names[nodes[b]!]!, lambda, beta);
        out[b] = field / lambda + random.normal() / Math.sqrt(beta * lambda);
      }
    },
  };
}

function improper(name: string, lambda: number, beta: number): InvalidArgumentError {
  return new InvalidArgumentError(`precision times beta of ${name}`, "be positive", `${lambda} * ${beta}`);
}
