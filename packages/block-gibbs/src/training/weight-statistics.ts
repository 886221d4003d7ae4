import { type CompiledGraph, PRODUCT, SQUARE, weightIndex } from "../compiled/compiled-graph.ts";

/**
 * Adds −∂V/∂W of every weight in a state to `sums`, an array like `graph.weights`: for a product factor the product of its
 * spins and Gaussian nodes, at the weight that its categories choose; −½ x² for the precisions of squares. User-defined
 * factors have no weights.
 */
export function addWeightStatistics(graph: CompiledGraph, state: Float64Array, sums: Float64Array): void {
  const { factorCount, factorKind, memberStart, members, multiplied, offset } = graph;
  for (let f = 0; f < factorCount; f++) {
    const start = memberStart[f]!;
    if (factorKind[f] === PRODUCT) {
      const end = start + multiplied[f]!;
      let product = 1;
      for (let m = start; m < end; m++) product *= state[offset[members[m]!]!]!;
      sums[weightIndex(graph, f, state)]! += product;
    } else if (factorKind[f] === SQUARE) {
      const x = state[offset[members[start]!]!]!;
      sums[weightIndex(graph, f, state)]! -= 0.5 * x * x;
    }
  }
}
