import { InvalidArgumentError } from "@siegert/errors";
import type { CompiledGraph } from "../compiled/compiled-graph.ts";
import type { Node } from "../nodes/node.ts";
import { isPossible, rangeOf } from "../nodes/node-size.ts";

/**
 * @throws {InvalidArgumentError} unless the state has the model's length and every node a value that it can have; the
 * node is named.
 */
export function checkState(
  nodes: readonly Node[],
  graph: CompiledGraph,
  state: Float64Array,
  argument = "state",
): asserts state is Float64Array {
  if (!(state instanceof Float64Array)) throw new InvalidArgumentError(argument, "be a Float64Array", state);
  const length = graph.offset[graph.nodeCount]!;
  if (state.length !== length) throw new InvalidArgumentError(argument, `have length ${length}`, state.length);
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!;
    const at = graph.offset[i]!;
    if (!isPossible(node, state, at))
      throw new InvalidArgumentError(`${node.name} in ${argument}`, `be ${rangeOf(node)}`, state[at]);
  }
}
