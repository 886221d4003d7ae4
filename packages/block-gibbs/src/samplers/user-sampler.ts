import { InvalidArgumentError } from "@siegert/errors";
import { GatheredValues } from "../compiled/gathered-values.ts";
import type { UserDraw, UserNode } from "../nodes/node.ts";
import { numberOf } from "../nodes/node-numbers.ts";
import type { BoundSampler, ConditionalSampler, SamplerTarget } from "./conditional-sampler.ts";

/**
 * Draws user-defined nodes by the `draw` that each of them brings. Binding it to a block with a node that has none throws
 * `InvalidArgumentError`, which names the node.
 */
export function userSampler(): ConditionalSampler {
  return { name: "user sampler", kinds: ["user"], bind: bindUserNodes };
}

function bindUserNodes({ graph, block, nodes, numbers }: SamplerTarget): BoundSampler {
  const owners = block.nodes as readonly UserNode[];
  const draws = owners.map(({ name, draw }): UserDraw => {
    if (draw !== undefined) return draw;
    const wanted = "have a draw, or the block a sampler, such as metropolisSampler()";
    throw new InvalidArgumentError(`${name} in block ${block.name}`, wanted, draw);
  });
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
        const { size } = owners[b]!;
        const value = out.subarray(at, at + size);
        const from = graph.offset[nodes[b]!]!;
        for (let k = 0; k < size; k++) value[k] = state[from + k]!;
        draws[b]!(neighbours[b]!.read(state), value, random, beta);
        if (!owners[b]!.isValid(value)) {
          throw new InvalidArgumentError(`draw of ${owners[b]!.name}`, "write a possible value of the node", value);
        }
        at += size;
      }
    },
  };
}
