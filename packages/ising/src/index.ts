export type { SpinArray } from "./engine.ts";
export type { UpdateKernel } from "./lattice/rule.ts";
export { createLattice, type LatticeOptions, type LatticeSimulation } from "./lattice-simulation.ts";
export { colourNodes } from "./model/colouring.ts";
export {
  energyOf,
  type GraphModel,
  type IsingModel,
  type LatticeModel,
  type SpinGraph,
  spinGraph,
} from "./model/ising-model.ts";
export type { UpdateOptions } from "./options.ts";
export { type IsingReplicaOptions, type IsingReplicas, isingReplicas, portableIsing } from "./replica-problem.ts";
export type { KernelForm } from "./select-engine.ts";
export { createSpinGraph, type SpinGraphOptions, type SpinGraphSimulation } from "./spin-graph-simulation.ts";
