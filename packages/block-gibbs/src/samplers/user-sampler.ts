import { GatheredValues } from "../compiled/gathered-values.ts";
import type { UserNode } from "../nodes/node.ts";
import { numberOf } from "../nodes/node-numbers.ts";
import type { BoundSampler, ConditionalSampler, SamplerTarget } from "./conditional-sampler.ts";

/** Draws user-defined nodes by the `draw` that each of them brings. */
export function userSampler(): ConditionalSampler {
  return { name: "user sampler", kinds: ["user"], bind: bindUserNodes };
}

function bindUserNodes({ graph, block, nodes, numbers }: SamplerTarget): BoundSampler {
  const owners = block.nodes as readonly UserNode[];
  const neighbours = owners.map(
    (node) =>
      new GatheredValues(
        Int32Array.from(node.reads(), (other) => numberOf(numbers, other, `reads of ${node.name}`)),
        graph.offset,
      ),
  );
  return {
    memorySize: 0,
    draw(state, out, { beta, random }) {
      let at = 0;
      for (let b = 0; b < owners.length; b++) {
        const { size, draw } = owners[b]!;
        const value = out.subarray(at, at + size);
        const from = graph.offset[nodes[b]!]!;
        for (let k = 0; k < size; k++) value[k] = state[from + k]!;
        draw(neighbours[b]!.read(state), value, random, beta);
        at += size;
      }
    },
  };
}
