import { InvalidArgumentError } from "@siegert/errors";
import { compileGraph } from "../compiled/compile-graph.ts";
import { type CompiledGraph, energy } from "../compiled/compiled-graph.ts";
import type { Factor } from "../factors/factor.ts";
import type { Node } from "../nodes/node.ts";
import { type NodeNumbers, numberNodes } from "../nodes/node-numbers.ts";
import { checkState } from "./model-state.ts";

/**
 * A law p(x) ∝ exp(−β V(x)) with V the sum of the energies of factors.
 *
 * A state is a Float64Array with the values of the nodes in their order, as `graph.offset` says.
 */
export interface EnergyModel {
  readonly nodes: readonly Node[];
  readonly factors: readonly Factor[];
  /** Inverse temperature. */
  readonly beta: number;
  /** Nodes and factors as flat arrays. */
  readonly graph: CompiledGraph;
  /** Number of every node: its place among `nodes`. */
  readonly numbers: NodeNumbers;
  /** V(x). @throws {InvalidArgumentError} for a state that is none of this model. */
  baseEnergy(state: Float64Array): number;
  /** β V(x), the energy of p(x) ∝ exp(−E). @throws {InvalidArgumentError} as `baseEnergy`. */
  energy(state: Float64Array): number;
  /** The same factors at another inverse temperature; nothing is compiled again. */
  withBeta(beta: number): EnergyModel;
  /**
   * The same nodes and factors with other weights, one after the other as in `graph.weights`; nothing is compiled again.
   * @throws {InvalidArgumentError} for another number of weights, or some that are not finite.
   */
  withWeights(weights: Float64Array): EnergyModel;
}

/** What `energyModel` needs to know. */
export interface EnergyModelDefinition {
  readonly nodes: readonly Node[];
  readonly factors: readonly Factor[];
  /** Inverse temperature, at least 0. Default 1. */
  readonly beta?: number;
}

/**
 * A model of nodes and factors. Its base energy V is that of the factors, its law ∝ exp(−β V).
 * @throws {InvalidArgumentError} for no nodes, nodes that are there twice or share a name, factors with other nodes, and a
 * β that is negative or not finite.
 */
export function energyModel({ nodes, factors, beta = 1 }: EnergyModelDefinition): EnergyModel {
  if (!Array.isArray(nodes) || nodes.length === 0) {
    throw new InvalidArgumentError("nodes", "be an array of at least one node", nodes);
  }
  if (!Array.isArray(factors)) throw new InvalidArgumentError("factors", "be an array of factors", factors);
  const own = [...nodes];
  return modelAt(
    { nodes: own, factors: [...factors], graph: compileGraph(own, factors), numbers: numberNodes(own) },
    beta,
  );
}

/** @throws {InvalidArgumentError} unless β is finite and not negative. */
export function checkBeta(beta: number, argument = "beta"): void {
  if (!(beta >= 0 && beta < Infinity)) throw new InvalidArgumentError(argument, "be finite and not negative", beta);
}

type Parts = Pick<EnergyModel, "nodes" | "factors" | "graph" | "numbers">;

function modelAt(parts: Parts, beta: number): EnergyModel {
  checkBeta(beta);
  const baseEnergy = (state: Float64Array): number => {
    checkState(parts.nodes, parts.graph, state);
    return energy(parts.graph, state);
  };
  return Object.freeze({
    ...parts,
    beta,
    baseEnergy,
    energy: (state: Float64Array) => beta * baseEnergy(state),
    withBeta: (other: number) => modelAt(parts, other),
    withWeights: (weights: Float64Array) => modelAt(reweighted(parts, weights), beta),
  });
}

function reweighted(parts: Parts, weights: Float64Array): Parts {
  const { length } = parts.graph.weights;
  if (!(weights instanceof Float64Array && weights.length === length)) {
    throw new InvalidArgumentError("weights", `be a Float64Array of length ${length}`, weights);
  }
  const bad = weights.findIndex((weight) => !Number.isFinite(weight));
  if (bad >= 0) throw new InvalidArgumentError(`weights[${bad}]`, "be finite", weights[bad]);
  const own = weights.slice();
  let at = 0;
  const factors = parts.factors.map((factor) => {
    if (factor.kind === "user") return factor;
    const begin = at;
    at += factor.weights.length;
    return Object.freeze({ ...factor, weights: own.subarray(begin, at) });
  });
  return { ...parts, factors, graph: { ...parts.graph, weights: own } };
}
