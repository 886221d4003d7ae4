import { InvalidArgumentError } from "@siegert/errors";
import { energy, nodeEnergy, SPIN } from "../compiled/compiled-graph.ts";
import type { Node } from "../nodes/node.ts";
import { numberOf } from "../nodes/node-numbers.ts";
import { isPossible, rangeOf } from "../nodes/node-size.ts";
import { CompensatedSum } from "./compensated-sum.ts";
import { checkBeta, type EnergyModel } from "./energy-model.ts";
import { zeroState } from "./zero-state.ts";

/** Most states that are enumerated. */
const MOST_STATES = 2 ** 24;
/** Energies are added up along single changes, and anew after so many states, so that rounding errors stay small. */
const REFRESH = 1024;

/** All states of a small discrete model, with their exact law at any temperature. */
export interface Enumeration {
  /** Number of states. */
  readonly count: number;
  /** Base energy V of every state. State n has the free nodes' values as digits of n, the last node changing fastest. */
  readonly energies: Float64Array;
  /** Writes state n. */
  stateAt(n: number, out: Float64Array): Float64Array;
  /** Number of a state. @throws {InvalidArgumentError} when it is none of the enumerated ones. */
  indexOf(state: Float64Array): number;
  /** log Z = log Σ exp(−β V), mean and variance of V. Default β: that of the model. */
  at(beta?: number): { readonly logZ: number; readonly meanEnergy: number; readonly varianceEnergy: number };
  /** Probability of every state. */
  probabilities(beta?: number): Float64Array;
  /** P(k) for every state k of every node, in the order of the model's nodes; a spin's are of −1 and +1. */
  marginals(beta?: number): Float64Array[];
  /** Mean of a function of the state, which it must not keep. */
  mean(f: (state: Float64Array) => number, beta?: number): number;
}

/** Options of `enumerateStates`. */
export interface EnumerationOptions {
  /** Nodes that keep a value; the law is then that of the others given these, and log Z theirs. Default none. */
  readonly clamped?: ReadonlyMap<Node, number>;
}

/**
 * Enumerates all states of a discrete model: exact results for small models, to test samplers against.
 * @throws {InvalidArgumentError} for nodes that are not discrete, clamped values that a node cannot have, and more than 2²⁴
 * states.
 */
export function enumerateStates(model: EnergyModel, { clamped = new Map() }: EnumerationOptions = {}): Enumeration {
  const { graph } = model;
  const free = freeNodes(model, clamped);
  const count = free.reduce((product, i) => product * graph.states[i]!, 1);
  if (count > MOST_STATES) throw new InvalidArgumentError("model", "have at most 2^24 states", count);
  const places = free.map((i) => graph.offset[i]!);
  const sizes = free.map((i) => graph.states[i]!);
  const isSpin = free.map((i) => graph.kind[i] === SPIN);
  const base = zeroState(model);
  for (const [node, value] of clamped) base[graph.offset[model.numbers.get(node)!]!] = value;

  const stateAt = (n: number, out: Float64Array): Float64Array => {
    out.set(base);
    let rest = n;
    for (let d = free.length - 1; d >= 0; d--) {
      const digit = rest % sizes[d]!;
      rest = (rest - digit) / sizes[d]!;
      out[places[d]!] = isSpin[d] ? 2 * digit - 1 : digit;
    }
    return out;
  };
  const energies = allEnergies(model, { free, places, sizes, isSpin, count, stateAt });
  const probabilities = (beta: number = model.beta): Float64Array => {
    const { logZ } = thermal(energies, beta);
    return energies.map((V) => Math.exp(-energyAt(beta, V) - logZ));
  };
  const mean = (f: (state: Float64Array) => number, beta?: number): number => {
    const p = probabilities(beta);
    const state = base.slice();
    const sum = new CompensatedSum();
    for (const [n, weight] of p.entries()) if (weight > 0) sum.add(weight * f(stateAt(n, state)));
    return sum.value;
  };
  return {
    count,
    energies,
    stateAt,
    indexOf(state) {
      const same = base.slice();
      let n = 0;
      for (const [d, at] of places.entries()) {
        n = n * sizes[d]! + (isSpin[d] ? (state[at]! + 1) / 2 : state[at]!);
        same[at] = state[at]!;
      }
      const isOne = Number.isInteger(n) && n >= 0 && n < count && same.every((value, at) => value === state[at]);
      if (!isOne) throw new InvalidArgumentError("state", "be one of the enumerated states", state);
      return n;
    },
    at: (beta = model.beta) => thermal(energies, beta),
    probabilities,
    marginals: (beta) => marginals(model, probabilities(beta), stateAt),
    mean,
  };
}

function freeNodes(model: EnergyModel, clamped: ReadonlyMap<Node, number>): number[] {
  for (const [node, value] of clamped) {
    numberOf(model.numbers, node, "clamped nodes");
    const isFine = (node.kind === "spin" || node.kind === "category") && isPossible(node, Float64Array.of(value), 0);
    if (!isFine) throw new InvalidArgumentError(`clamped value of ${node.name}`, `be ${rangeOf(node)}`, value);
  }
  const free: number[] = [];
  for (const [i, node] of model.nodes.entries()) {
    if (node.kind !== "spin" && node.kind !== "category") {
      throw new InvalidArgumentError("model", "have spins and categories only", `${node.name}, of kind ${node.kind}`);
    }
    if (!clamped.has(node)) free.push(i);
  }
  return free;
}

interface Odometer {
  readonly free: readonly number[];
  readonly places: readonly number[];
  readonly sizes: readonly number[];
  readonly isSpin: readonly boolean[];
  readonly count: number;
  stateAt(n: number, out: Float64Array): Float64Array;
}

/** Counts through the states like an odometer; every digit that turns changes the energy by that of its node. */
function allEnergies({ graph }: EnergyModel, odometer: Odometer): Float64Array {
  const { free, places, sizes, isSpin, count, stateAt } = odometer;
  const energies = new Float64Array(count);
  const state = stateAt(0, new Float64Array(graph.offset[graph.nodeCount]!));
  let V = energy(graph, state);
  energies[0] = V;
  for (let n = 1; n < count; n++) {
    for (let d = free.length - 1; d >= 0; d--) {
      const at = places[d]!;
      const digit = isSpin[d] ? (state[at]! + 1) / 2 : state[at]!;
      const isCarry = digit === sizes[d]! - 1;
      const next = isCarry ? 0 : digit + 1;
      V -= nodeEnergy(graph, free[d]!, state);
      state[at] = isSpin[d] ? 2 * next - 1 : next;
      V += nodeEnergy(graph, free[d]!, state);
      if (!isCarry) break;
    }
    // ∞ − ∞ where forbidden states are left: those are added up anew as well.
    if (n % REFRESH === 0 || !Number.isFinite(V)) V = energy(graph, state);
    energies[n] = V;
  }
  return energies;
}

/** β V; a forbidden state is forbidden at β = 0 too. */
function energyAt(beta: number, V: number): number {
  return V === Infinity ? Infinity : beta * V;
}

function thermal(energies: Float64Array, beta: number): { logZ: number; meanEnergy: number; varianceEnergy: number } {
  checkBeta(beta);
  const least = energies.reduce((low, V) => Math.min(low, V), Infinity);
  if (least === Infinity) throw new InvalidArgumentError("model", "have a state that is possible", "none");
  const total = new CompensatedSum();
  const first = new CompensatedSum();
  for (const V of energies) {
    if (V === Infinity) continue;
    const weight = Math.exp(-beta * (V - least));
    total.add(weight);
    first.add(weight * (V - least));
  }
  const excess = first.value / total.value;
  const second = new CompensatedSum();
  for (const V of energies) {
    if (V < Infinity) second.add(Math.exp(-beta * (V - least)) * (V - least - excess) ** 2);
  }
  return {
    logZ: Math.log(total.value) - beta * least,
    meanEnergy: least + excess,
    varianceEnergy: second.value / total.value,
  };
}

function marginals(
  model: EnergyModel,
  probabilities: Float64Array,
  stateAt: (n: number, out: Float64Array) => Float64Array,
): Float64Array[] {
  const { graph } = model;
  const all = model.nodes.map((_, i) => new Float64Array(graph.states[i]!));
  const state = new Float64Array(graph.offset[graph.nodeCount]!);
  for (let n = 0; n < probabilities.length; n++) {
    if (probabilities[n] === 0) continue;
    stateAt(n, state);
    for (let i = 0; i < all.length; i++) {
      const value = state[graph.offset[i]!]!;
      all[i]![graph.kind[i] === SPIN ? (value + 1) / 2 : value]! += probabilities[n]!;
    }
  }
  return all;
}
