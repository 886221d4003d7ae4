import { InvalidArgumentError } from "@siegert/errors";
import type { Random } from "@siegert/random";
import { CATEGORY, GAUSSIAN, SPIN } from "../compiled/compiled-graph.ts";
import { conditionalField } from "../compiled/conditional-field.ts";
import type { EnergyModel } from "../models/energy-model.ts";
import { fillUniform } from "../models/fill-uniform.ts";
import { checkState } from "../models/model-state.ts";
import { zeroState } from "../models/zero-state.ts";
import { drawState } from "../samplers/category-sampler.ts";

/**
 * States that chains start from.
 *
 * - "uniform": discrete nodes uniform over their states, Gaussian nodes standard normal, user-defined nodes 0.
 * - "coins": every node on its own from the law that it would have alone, given its one-node factors: P(s = +1) = σ(2βb) for
 *   a spin of bias b, P(k) ∝ exp(β W_k) for a category, N(f/Λ, 1/(βΛ)) for a Gaussian node of positive precision and β
 *   (else N(0, 1)). At β = 0 this is a draw from the law of a discrete model. (Hinton's advice for Boltzmann machines,
 *   to start from σ of the bias, is for units 0 and 1, whose log odds are b; those of a ±1 spin are 2b.)
 * - "zeros": categories and reals 0, spins −1.
 * - a state, or one for each chain.
 */
export type InitialStates = "uniform" | "coins" | "zeros" | Float64Array | readonly Float64Array[];

/**
 * State of a chain before its first sweep.
 * @throws {InvalidArgumentError} for a given state that is none of the model, or one of infinite energy; the node is named.
 */
export function initialState(model: EnergyModel, initial: InitialStates, chain: number, random: Random): Float64Array {
  if (typeof initial !== "string") return givenState(model, initial, chain);
  const state = zeroState(model);
  if (initial === "uniform") fillUniform(model, state, random);
  else if (initial === "coins") fillCoins(model, state, random);
  else if (initial !== "zeros") {
    throw new InvalidArgumentError("initial", 'be "uniform", "coins", "zeros" or states', initial);
  }
  return state;
}

function givenState(model: EnergyModel, initial: Float64Array | readonly Float64Array[], chain: number): Float64Array {
  const isOne = initial instanceof Float64Array;
  const given = isOne ? initial : initial?.[chain];
  const argument = isOne ? "initial" : `initial[${chain}]`;
  checkState(model.nodes, model.graph, given as Float64Array, argument);
  return (given as Float64Array).slice();
}

function fillCoins(model: EnergyModel, state: Float64Array, random: Random): void {
  const { beta } = model;
  const { kind, offset, nodeCount, states } = model.graph;
  const alone = withoutInteractions(model);
  const field = new Float64Array(alone.fieldSize);
  for (let i = 0; i < nodeCount; i++) {
    if (kind[i] !== SPIN && kind[i] !== CATEGORY && kind[i] !== GAUSSIAN) continue;
    conditionalField(alone, i, state, field);
    const at = offset[i]!;
    if (kind[i] === SPIN) state[at] = random.uniform() * (1 + Math.exp(-2 * beta * field[0]!)) < 1 ? 1 : -1;
    else if (kind[i] === CATEGORY) state[at] = drawState(field, states[i]!, beta, random);
    else {
      const precision = beta * field[1]!;
      state[at] = precision > 0 ? field[0]! / field[1]! + random.normal() / Math.sqrt(precision) : random.normal();
    }
  }
}

/** The model's graph with only the factors of a single node in it. */
function withoutInteractions({ graph }: EnergyModel): EnergyModel["graph"] {
  const { incidentStart, incident, incidentMember, memberStart, nodeCount } = graph;
  const start = new Int32Array(nodeCount + 1);
  const keptFactors: number[] = [];
  const keptMembers: number[] = [];
  for (let i = 0; i < nodeCount; i++) {
    for (let e = incidentStart[i]!; e < incidentStart[i + 1]!; e++) {
      const factor = incident[e]!;
      if (memberStart[factor + 1]! - memberStart[factor]! > 1) continue;
      keptFactors.push(factor);
      keptMembers.push(incidentMember[e]!);
    }
    start[i + 1] = keptFactors.length;
  }
  return {
    ...graph,
    incidentStart: start,
    incident: Int32Array.from(keptFactors),
    incidentMember: Int32Array.from(keptMembers),
    directed: { start: new Int32Array(nodeCount + 1), terms: [] },
  };
}
