import { InvalidArgumentError } from "@siegert/errors";
import { type CompiledGraph, SPIN } from "../compiled/compiled-graph.ts";

/**
 * How often every node has every one of its states in draws; a spin's are −1, +1.
 * @throws {InvalidArgumentError} for a node that is not discrete, no rows, or a value that is no state.
 */
export function marginalCounts(graph: CompiledGraph, states: Float64Array): Float64Array[] {
  const length = graph.offset[graph.nodeCount]!;
  if (states.length === 0 || states.length % length !== 0) {
    throw new InvalidArgumentError("states", `have rows of length ${length}`, states);
  }
  return Array.from({ length: graph.nodeCount }, (_, node) => {
    const K = graph.states[node]!;
    if (K === 0) throw new InvalidArgumentError("nodes", "be discrete", graph.names[node]);
    const counts = new Float64Array(K);
    const isSpin = graph.kind[node] === SPIN;
    for (let at = graph.offset[node]!; at < states.length; at += length) {
      const level = isSpin ? (states[at]! + 1) / 2 : states[at]!;
      if (!(Number.isInteger(level) && level >= 0 && level < K)) {
        throw new InvalidArgumentError(`states of ${graph.names[node]}`, "be states of the node", states[at]);
      }
      counts[level]! += 1;
    }
    return counts;
  });
}
