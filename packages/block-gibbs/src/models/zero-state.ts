import { SPIN } from "../compiled/compiled-graph.ts";
import type { EnergyModel } from "./energy-model.ts";

/** Spins −1, all else 0. */
export function zeroState(model: EnergyModel): Float64Array {
  const { kind, offset, nodeCount } = model.graph;
  const state = new Float64Array(offset[nodeCount]!);
  for (let i = 0; i < nodeCount; i++) if (kind[i] === SPIN) state[offset[i]!] = -1;
  return state;
}
