/**
 * A model as flat typed arrays: nodes 0 … n − 1, factors 0 … F − 1, and which touches which.
 *
 * The state of a model is one Float64Array: node i owns `state[offset[i]]` up to `state[offset[i + 1] − 1]`. A spin is
 * −1 or +1, a category 0 … K − 1, a Gaussian node a real number, a user-defined node its `size` numbers.
 *
 * Energies here are those of the base model V (β = 1); the law at inverse temperature β is p(x) ∝ exp(−β V(x)).
 */
import type { CompiledUserFactor } from "./compiled-user-factor.ts";
import type { DirectedTerms } from "./directed-terms.ts";

/** Values of `CompiledGraph.kind`. */
export const SPIN = 0;
export const CATEGORY = 1;
export const GAUSSIAN = 2;
export const USER = 3;

/**
 * Values of `CompiledGraph.factorKind`.
 *
 * - `PRODUCT`: energy −(Π of the values of its spin and Gaussian members) · W[categories of its categorical members].
 * - `SQUARE`: its first member is a Gaussian node x, all others are categorical; energy ½ · W[categories] · x².
 * - `USER_FACTOR`: a function of the members; `userFactors[weightStart[f]]`.
 */
export const PRODUCT = 0;
export const SQUARE = 1;
export const USER_FACTOR = 2;

/** Nodes and factors as flat arrays, made once by `compileGraph` and never changed. */
export interface CompiledGraph {
  readonly nodeCount: number;
  /** Names of the nodes, for messages. */
  readonly names: readonly string[];
  /** SPIN, CATEGORY, GAUSSIAN or USER of every node. */
  readonly kind: Uint8Array;
  /** Number of states of every node: 2 for a spin, K for a category, 0 for Gaussian and user-defined nodes. */
  readonly states: Int32Array;
  /** Where the numbers of every node begin in a state; length n + 1, the last is the length of a state. */
  readonly offset: Int32Array;
  /** Largest number of states of any node, at least 2: long enough for what `conditionalField` writes. */
  readonly fieldSize: number;

  readonly factorCount: number;
  /** PRODUCT, SQUARE or USER_FACTOR of every factor. */
  readonly factorKind: Uint8Array;
  /** Members of factor f are `members[memberStart[f]]` … `members[memberStart[f + 1] − 1]`, all different nodes. */
  readonly memberStart: Int32Array;
  readonly members: Int32Array;
  /** Of every member: its stride in the factor's weight table, in entries; 0 for members that are not categorical. */
  readonly stride: Int32Array;
  /**
   * Of every factor: how many of its first members multiply (spins and Gaussian nodes); those after are categorical.
   * 1 for a SQUARE factor; 0 and of no meaning for a USER_FACTOR.
   */
  readonly multiplied: Int32Array;
  /** Where the weight table of every factor begins in `weights`; of a user-defined factor its number in `userFactors`. */
  readonly weightStart: Int32Array;
  /** All weight tables, row-major in the order of the categorical members. */
  readonly weights: Float64Array;
  /** Functions of the user-defined factors. */
  readonly userFactors: readonly CompiledUserFactor[];

  /** Factors of node i are `incident[incidentStart[i]]` … `incident[incidentStart[i + 1] − 1]`, ascending. */
  readonly incidentStart: Int32Array;
  readonly incident: Int32Array;
  /** Of every entry of `incident`: the node's place in `members`, an index into it. */
  readonly incidentMember: Int32Array;
  /** What user-defined factors say of conditional laws, by the node whose law it is. */
  readonly directed: DirectedTerms;
}

/** Index into `weights` that the categories of a PRODUCT or SQUARE factor select. */
export function weightIndex(graph: CompiledGraph, factor: number, state: Float64Array): number {
  const { memberStart, members, stride, multiplied, offset } = graph;
  const end = memberStart[factor + 1]!;
  let index = graph.weightStart[factor]!;
  for (let m = memberStart[factor]! + multiplied[factor]!; m < end; m++) {
    index += stride[m]! * state[offset[members[m]!]!]!;
  }
  return index;
}

/** Energy of one factor in a state. */
export function factorEnergy(graph: CompiledGraph, factor: number, state: Float64Array): number {
  const kind = graph.factorKind[factor]!;
  if (kind === USER_FACTOR) return graph.userFactors[graph.weightStart[factor]!]!.energy(state);
  const weight = graph.weights[weightIndex(graph, factor, state)]!;
  const { memberStart, members, multiplied, offset } = graph;
  const start = memberStart[factor]!;
  if (kind === SQUARE) {
    const x = state[offset[members[start]!]!]!;
    return 0.5 * weight * x * x;
  }
  const end = start + multiplied[factor]!;
  let product = weight;
  for (let m = start; m < end; m++) product *= state[offset[members[m]!]!]!;
  return -product;
}

/** Base energy V of a state: the sum over all factors, in their order. */
export function energy(graph: CompiledGraph, state: Float64Array): number {
  let sum = 0;
  for (let f = 0; f < graph.factorCount; f++) sum += factorEnergy(graph, f, state);
  return sum;
}

/** Energy of the factors that a node is a member of, in a state. */
export function nodeEnergy(graph: CompiledGraph, node: number, state: Float64Array): number {
  const end = graph.incidentStart[node + 1]!;
  let sum = 0;
  for (let e = graph.incidentStart[node]!; e < end; e++) sum += factorEnergy(graph, graph.incident[e]!, state);
  return sum;
}
