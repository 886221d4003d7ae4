import { type EnergyModel, isingModel, lattice, pottsModel } from "../src/index.ts";

/** Ising model on 3 × 3, 12 bonds open or 18 periodic. */
export function ising3x3(periodic: boolean, beta: number): EnergyModel {
  return isingModel({ ...lattice([3, 3], { periodic }), beta });
}

const GLASS: readonly (readonly [number, number, number])[] = [
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
];

/** Spin glass on 8 nodes with fields; its ground state is −−++−+++ with V = −8.75. */
export function spinGlass(beta: number) {
  return isingModel({
    nodes: 8,
    edges: GLASS.map(([a, b]) => [a, b] as const),
    couplings: GLASS.map(([, , J]) => J),
    fields: [0.25, -0.5, 0.125, 0, -0.25, 0.375, -0.125, 0.5],
    beta,
  });
}

/** Potts model with 3 states on the periodic 3 × 3 lattice, 18 bonds. */
export function potts3x3(periodic: boolean, beta: number): EnergyModel {
  return pottsModel({ ...lattice([3, 3], { periodic }), states: 3, beta });
}
