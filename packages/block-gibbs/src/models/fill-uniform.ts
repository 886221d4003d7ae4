import type { Random } from "@siegert/random";
import { CATEGORY, GAUSSIAN, SPIN } from "../compiled/compiled-graph.ts";
import type { EnergyModel } from "./energy-model.ts";

/** Discrete nodes uniform, Gaussian nodes standard normal; user-defined nodes stay as they are. */
export function fillUniform(model: EnergyModel, state: Float64Array, random: Random): void {
  const { kind, offset, nodeCount, states } = model.graph;
  for (let i = 0; i < nodeCount; i++) {
    if (kind[i] === SPIN) state[offset[i]!] = 2 * random.integer(2) - 1;
    else if (kind[i] === CATEGORY) state[offset[i]!] = random.integer(states[i]!);
    else if (kind[i] === GAUSSIAN) state[offset[i]!] = random.normal();
  }
}
