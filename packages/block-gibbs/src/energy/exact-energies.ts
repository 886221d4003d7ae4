import { type CompiledGraph, PRODUCT } from "../compiled/compiled-graph.ts";

/** Weights are looked at down to this power of two. */
const FINEST = 40;

/**
 * Whether energies of a model are free of rounding, in whatever order they are added up: all nodes are spins or
 * categories, all factors have weights that are multiples of one power of two (integers, halves, quarters …), and the
 * sum of their sizes is below 2⁵³ of its units.
 */
export function hasExactEnergies(graph: CompiledGraph): boolean {
  if (graph.states.some((states) => states === 0)) return false;
  if (graph.factorKind.some((kind) => kind !== PRODUCT)) return false;
  let unit = 0;
  let total = 0;
  for (const weight of graph.weights) {
    while (!Number.isInteger(weight * 2 ** unit)) if (++unit > FINEST) return false;
    total += Math.abs(weight);
  }
  // Changes of an energy are up to twice a weight, and partial sums up to twice the total.
  return 4 * total * 2 ** unit < 2 ** 53;
}
