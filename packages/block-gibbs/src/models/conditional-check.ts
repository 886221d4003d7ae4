import { createRandom } from "@siegert/random";
import { CATEGORY, energy, GAUSSIAN, SPIN, USER } from "../compiled/compiled-graph.ts";
import { conditionalField } from "../compiled/conditional-field.ts";
import { checkInteger } from "../run/schedule.ts";
import type { EnergyModel } from "./energy-model.ts";
import { fillUniform } from "./fill-uniform.ts";
import { zeroState } from "./zero-state.ts";

/** Options of `checkConditionals`. */
export interface ConditionalCheck {
  /** Random states that conditional laws are compared in. Default 20. */
  readonly states?: number;
  /** Names the random stream. Default 0. */
  readonly seed?: number;
}

/** How well conditional laws fit the energy. */
export interface ConditionalReport {
  /** Largest difference, relative to 1 + the size of the energies compared. Rounding makes about 1e-15. */
  readonly worst: number;
  /** Name of the node that it is of, or undefined when nothing was compared. */
  readonly node: string | undefined;
}

/**
 * Compares the conditional laws that a model samples with its energy, node by node in random states: γ and θ with
 * differences of V, f and Λ with three points of its parabola. Models of this package's own factors agree to rounding; for
 * interactions of one's own a large difference means that they and the energy do not belong together.
 *
 * User-defined nodes are not compared, and forbidden states are passed over.
 * @throws {InvalidArgumentError} unless `states` is a positive integer.
 */
export function checkConditionals(
  model: EnergyModel,
  { states = 20, seed = 0 }: ConditionalCheck = {},
): ConditionalReport {
  checkInteger("states", states, 1);
  const { graph } = model;
  const random = createRandom(seed, "check-conditionals");
  const state = zeroState(model);
  const field = new Float64Array(graph.fieldSize);
  let worst = 0;
  let node: string | undefined;
  for (let k = 0; k < states; k++) {
    fillUniform(model, state, random);
    for (let i = 0; i < graph.nodeCount; i++) {
      if (graph.kind[i] === USER) continue;
      conditionalField(graph, i, state, field);
      const difference = differenceAt(model, i, state, field);
      if (node !== undefined && !(difference > worst)) continue;
      worst = difference;
      node = graph.names[i];
    }
  }
  return { worst, node };
}

/** Largest difference between the parameters of a node's law and what energies say; the state is left as it was. */
function differenceAt({ graph }: EnergyModel, i: number, state: Float64Array, field: Float64Array): number {
  const at = graph.offset[i]!;
  const kept = state[at]!;
  const V = (value: number): number => {
    state[at] = value;
    return energy(graph, state);
  };
  const pairs: [said: number, energies: number, size: number][] = [];
  if (graph.kind[i] === SPIN) {
    const [down, up] = [V(-1), V(1)];
    pairs.push([2 * field[0]!, down - up, Math.abs(down) + Math.abs(up)]);
  } else if (graph.kind[i] === CATEGORY) {
    const first = V(0);
    for (let k = 1; k < graph.states[i]!; k++) {
      const other = V(k);
      pairs.push([field[k]! - field[0]!, first - other, Math.abs(first) + Math.abs(other)]);
    }
  } else if (graph.kind[i] === GAUSSIAN) {
    const [left, middle, right] = [V(-1), V(0), V(1)];
    const size = Math.abs(left) + Math.abs(middle) + Math.abs(right);
    pairs.push([field[0]!, 0.5 * (left - right), size], [field[1]!, left + right - 2 * middle, size]);
    // A fourth point tells a parabola from other curves through three.
    pairs.push([3 * field[0]! - 4.5 * field[1]!, middle - V(3), size]);
  }
  state[at] = kept;
  const differences = pairs.map(([said, energies, size]) => Math.abs(said - energies) / (1 + size));
  return Math.max(0, ...differences.filter(Number.isFinite));
}
