import { energyOf, type SpinGraph } from "../src/index.ts";

/** Spins of a state: bit k of its number is node k. */
export function spinsOf(state: number, nodes: number): Int8Array {
  return Int8Array.from({ length: nodes }, (_, node) => ((state >>> node) & 1 ? 1 : -1));
}

/** The number of a state. */
export function stateOf(spins: ArrayLike<number>, from = 0, nodes = spins.length): number {
  let state = 0;
  for (let node = 0; node < nodes; node++) if (spins[from + node]! > 0) state |= 1 << node;
  return state;
}

/** Exact probabilities of all states, with energies and log Z. */
export function exactLaw(graph: SpinGraph, beta: number) {
  const states = 2 ** graph.nodes;
  const energies = Float64Array.from({ length: states }, (_, state) => energyOf(graph, spinsOf(state, graph.nodes)));
  const lowest = energies.reduce((a, b) => Math.min(a, b));
  const weights = energies.map((energy) => Math.exp(-beta * (energy - lowest)));
  const sum = weights.reduce((a, b) => a + b, 0);
  const probabilities = weights.map((weight) => weight / sum);
  const mean = (f: (state: number) => number) => probabilities.reduce((total, p, state) => total + p * f(state), 0);
  const meanEnergy = mean((state) => energies[state]!);
  return { energies, probabilities, mean, meanEnergy, logZ: Math.log(sum) - beta * lowest };
}

/**
 * χ² of counts of states, pooled: states are sorted by energy and then by number, and neighbours are joined until each
 * bin expects at least `least`. Returns the standard score of χ² (Wilson & Hilferty 1931).
 */
export function chiSquareScore(counts: ArrayLike<number>, law: ReturnType<typeof exactLaw>, least = 20): number {
  const total = Array.from(counts).reduce((a, b) => a + b, 0);
  const order = Array.from(law.probabilities, (_, state) => state);
  order.sort((a, b) => law.energies[a]! - law.energies[b]! || a - b);
  let chiSquare = 0;
  let bins = 0;
  let [expected, seen] = [0, 0];
  const close = () => {
    chiSquare += (seen - expected) ** 2 / expected;
    bins++;
    [expected, seen] = [0, 0];
  };
  for (const state of order) {
    expected += total * law.probabilities[state]!;
    seen += counts[state]!;
    if (expected >= least) close();
  }
  if (expected > 0) close();
  const degrees = bins - 1;
  return ((chiSquare / degrees) ** (1 / 3) - (1 - 2 / (9 * degrees))) / Math.sqrt(2 / (9 * degrees));
}

/** Mean and standard error of independent values. */
export function meanAndError(values: ArrayLike<number>): { mean: number; error: number } {
  const all = Array.from(values);
  const mean = all.reduce((a, b) => a + b, 0) / all.length;
  const variance = all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (all.length - 1);
  return { mean, error: Math.sqrt(variance / all.length) };
}

/** The spin glass of eight nodes with biases whose exact values the tests know. */
export const SPIN_GLASS = {
  nodes: 8,
  edges: [
    [0, 1, 1],
    [1, 2, -0.75],
    [2, 3, 0.5],
    [3, 4, -1.25],
    [4, 5, 0.875],
    [5, 6, -0.5],
    [6, 7, 1.5],
    [7, 0, -1],
    [0, 4, 0.625],
    [1, 5, -1.125],
    [2, 6, 0.25],
    [3, 7, 0.75],
  ],
  fields: [0.25, -0.5, 0.125, 0, -0.25, 0.375, -0.125, 0.5],
};
