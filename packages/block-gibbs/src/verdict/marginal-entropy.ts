import type { CompiledGraph } from "../compiled/compiled-graph.ts";
import { marginalCounts } from "./marginals.ts";

/**
 * Entropy of every node's marginal in draws, in bits over the most there could be (log₂ of its states): 0 for a node that
 * never changed, 1 for one that is in all states equally often. Low values say that a chain is frozen or that the model
 * decides; 0 for a node with one state.
 * @param states draws, row after row, each a state of the model.
 * @returns of every node.
 * @throws {InvalidArgumentError} for nodes that are not discrete, no rows, or values that are no states.
 */
export function marginalEntropy(graph: CompiledGraph, states: Float64Array): Float64Array {
  const rows = states.length / graph.offset[graph.nodeCount]!;
  return Float64Array.from(marginalCounts(graph, states), (counts) => {
    if (counts.length === 1) return 0;
    let bits = 0;
    for (const count of counts) if (count > 0) bits -= (count / rows) * Math.log2(count / rows);
    return Math.max(0, Math.min(1, bits / Math.log2(counts.length)));
  });
}
