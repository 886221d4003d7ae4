import { InvalidArgumentError } from "@siegert/errors";
import { createRandom } from "@siegert/random";
import { type CompiledGraph, energy, PRODUCT, SPIN } from "../compiled/compiled-graph.ts";
import { conditionalField } from "../compiled/conditional-field.ts";

const MOST_PASSES = 10_000;

/** A state that no change of a single node can improve. */
export interface LocalMinimum {
  readonly energy: number;
  readonly state: Float64Array;
  /** Of every node: least rise of the energy when it alone changes, 2 |local field| for spins; 0 or more. */
  readonly gaps: Float64Array;
}

/** @throws {InvalidArgumentError} unless all nodes are discrete and all factors have tables. */
export function checkTables(graph: CompiledGraph): void {
  const real = graph.states.indexOf(0);
  if (real >= 0) throw new InvalidArgumentError("nodes", "be discrete", graph.names[real]);
  if (graph.factorKind.some((kind) => kind !== PRODUCT)) {
    throw new InvalidArgumentError("factors", "be spin and category factors", "a user-defined factor");
  }
}

/** Best of several descents from random states: node after node takes its best value until none changes. */
export function bestDescent(graph: CompiledGraph, restarts: number, seed: number): LocalMinimum {
  let best: LocalMinimum | undefined;
  for (let r = 0; r < restarts; r++) {
    const random = createRandom(seed, "descent", r);
    const state = Float64Array.from({ length: graph.nodeCount }, (_, i) =>
      stateValue(graph, i, random.integer(graph.states[i]!)),
    );
    const field = new Float64Array(graph.fieldSize);
    const gaps = new Float64Array(graph.nodeCount);
    // Every change lowers the energy, so passes end; the limit is for changes that rounding makes of nothing.
    for (let pass = 0; pass < MOST_PASSES && improveAll(graph, state, field, gaps); pass++);
    const value = energy(graph, state);
    if (best === undefined || value < best.energy) best = { energy: value, state, gaps };
  }
  return best!;
}

/** One pass over the nodes; whether any changed. A value changes only for a strictly better one, so passes end. */
function improveAll(graph: CompiledGraph, state: Float64Array, field: Float64Array, gaps: Float64Array): boolean {
  let isChanged = false;
  for (let i = 0; i < graph.nodeCount; i++) {
    conditionalField(graph, i, state, field);
    if (graph.kind[i] === SPIN) {
      if (field[0]! * state[i]! < 0) {
        state[i] = -state[i]!;
        isChanged = true;
      }
      gaps[i] = 2 * Math.abs(field[0]!);
      continue;
    }
    let best = state[i]!;
    for (let k = 0; k < graph.states[i]!; k++) if (field[k]! > field[best]!) best = k;
    let second = -Infinity;
    for (let k = 0; k < graph.states[i]!; k++) if (k !== best) second = Math.max(second, field[k]!);
    gaps[i] = second === -Infinity ? 0 : field[best]! - second;
    if (best !== state[i]) isChanged = true;
    state[i] = best;
  }
  return isChanged;
}

function stateValue(graph: CompiledGraph, node: number, level: number): number {
  return graph.kind[node] === SPIN ? 2 * level - 1 : level;
}
