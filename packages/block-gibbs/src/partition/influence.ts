import { InvalidArgumentError } from "@siegert/errors";
import { type CompiledGraph, factorEnergy, SPIN, USER_FACTOR } from "../compiled/compiled-graph.ts";
import { conflictAdjacency } from "../graph/adjacency.ts";
import { checkBeta } from "../models/energy-model.ts";

/** Factors with more joint states than this are not tabulated: their members count as influencing each other fully. */
const MOST_STATES = 65536;

/** A number for every edge of a model, 0 or more: how much its ends have to do with each other. */
export interface PairStrengths {
  /** Edge e joins nodes edges[2 e] < edges[2 e + 1]; ascending, each once. */
  readonly edges: Int32Array;
  readonly strengths: Float64Array;
}

/**
 * Influence of one ±1 spin on another through a coupling J: the largest change of P(s = +1) that the other's flip can
 * cause, whatever fields there are, which is tanh|βJ|.
 * @throws {InvalidArgumentError} for a coupling that is NaN, or β negative or not finite.
 */
export function edgeInfluence(coupling: number, beta: number): number {
  checkBeta(beta);
  if (Number.isNaN(coupling)) throw new InvalidArgumentError("coupling", "be a number", coupling);
  return beta === 0 ? 0 : Math.tanh(Math.abs(beta * coupling));
}

/**
 * Influence between the discrete nodes of a model that share a factor: the largest total variation distance between the
 * conditional laws of one for two states of the other, whatever the fields. For a table w(a, b) = −V it is tanh(β Δ/4)
 * with Δ = max |w(a, b) − w(a', b) − w(a, b') + w(a', b')|; for two spins tanh|βJ|. Factors of more members count with
 * the worst states of the others (real members as if they were 1), several factors of one pair with the sum of their Δ:
 * then it is an upper bound.
 *
 * Source: Dobrushin's interdependence (1968), doi:10.1137/1113026; the form with tanh is Birkhoff's contraction
 * coefficient (1957), doi:10.2307/1992971.
 * @throws {InvalidArgumentError} for β negative or not finite.
 */
export function pairInfluences(graph: CompiledGraph, beta: number): PairStrengths {
  checkBeta(beta);
  const { edges, strengths: spread } = pairSpreads(graph);
  return { edges, strengths: spread.map((delta) => (delta === Infinity ? 1 : Math.tanh((beta * delta) / 4))) };
}

/** Δ of every pair of discrete nodes that share a factor, as `pairInfluences` says: 4 |J| for two spins. */
export function pairSpreads(graph: CompiledGraph): PairStrengths {
  const { edges, find } = discreteEdges(graph);
  const spread = new Float64Array(edges.length / 2);
  const scratch = new Float64Array(graph.offset[graph.nodeCount]!).fill(1);
  for (let f = 0; f < graph.factorCount; f++) {
    const members = discreteMembers(graph, f);
    if (members.length < 2) continue;
    const isSpins = graph.factorKind[f] !== USER_FACTOR && members.every((node) => graph.kind[node] === SPIN);
    const own = isSpins ? undefined : tableOf(graph, f, members, scratch);
    for (let a = 0; a < members.length; a++) {
      for (let b = a + 1; b < members.length; b++) {
        const e = find(members[a]!, members[b]!);
        spread[e]! += isSpins ? 4 * Math.abs(graph.weights[graph.weightStart[f]!]!) : own ? mixed(own, a, b) : Infinity;
      }
    }
  }
  return { edges, strengths: spread };
}

/** Edges of the conflict graph between discrete nodes, and where to find one. */
function discreteEdges(graph: CompiledGraph): { edges: Int32Array; find: (a: number, b: number) => number } {
  const { start, neighbours } = conflictAdjacency(graph);
  const edges: number[] = [];
  const first = new Int32Array(graph.nodeCount + 1);
  for (let i = 0; i < graph.nodeCount; i++) {
    for (let e = start[i]!; e < start[i + 1]!; e++) {
      const other = neighbours[e]!;
      if (other > i && graph.states[i]! > 0 && graph.states[other]! > 0) edges.push(i, other);
    }
    first[i + 1] = edges.length / 2;
  }
  const find = (a: number, b: number): number => {
    const target = a < b ? b : a;
    let low = first[Math.min(a, b)]!;
    let high = first[Math.min(a, b) + 1]! - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (edges[2 * middle + 1]! < target) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return { edges: Int32Array.from(edges), find };
}

function discreteMembers(graph: CompiledGraph, factor: number): number[] {
  const members = graph.members.subarray(graph.memberStart[factor]!, graph.memberStart[factor + 1]!);
  return [...members].filter((node) => graph.states[node]! > 0);
}

interface FactorTable {
  /** −E in all joint states of the members, row-major. */
  readonly values: Float64Array;
  readonly states: readonly number[];
  readonly strides: readonly number[];
}

function tableOf(
  graph: CompiledGraph,
  factor: number,
  members: number[],
  state: Float64Array,
): FactorTable | undefined {
  const states = members.map((node) => graph.states[node]!);
  const size = states.reduce((product, K) => product * K, 1);
  if (size > MOST_STATES) return undefined;
  const strides = states.map((_, m) => states.slice(m + 1).reduce((product, K) => product * K, 1));
  const values = new Float64Array(size);
  for (let r = 0; r < size; r++) {
    for (const [m, node] of members.entries()) {
      const k = Math.floor(r / strides[m]!) % states[m]!;
      state[graph.offset[node]!] = graph.kind[node] === SPIN ? 2 * k - 1 : k;
    }
    values[r] = -factorEnergy(graph, factor, state);
  }
  for (const node of members) state[graph.offset[node]!] = 1;
  return { values, states, strides };
}

/** Δ of members a and b: for every two states of a, how far the difference ranges over the states of b. */
function mixed({ values, states, strides }: FactorTable, a: number, b: number): number {
  let most = 0;
  for (let r = 0; r < values.length; r++) {
    const ka = Math.floor(r / strides[a]!) % states[a]!;
    if (Math.floor(r / strides[b]!) % states[b]! !== 0) continue;
    for (let other = ka + 1; other < states[a]!; other++) {
      const shift = (other - ka) * strides[a]!;
      let [low, high] = [Infinity, -Infinity];
      for (let k = 0; k < states[b]!; k++) {
        const at = r + k * strides[b]!;
        const difference = values[at + shift]! - values[at]!;
        // A state that is forbidden whatever the other says compares with nothing; one that is forbidden by it, with all.
        if (Number.isNaN(difference)) return Infinity;
        low = Math.min(low, difference);
        high = Math.max(high, difference);
      }
      most = Math.max(most, high - low);
    }
  }
  return most;
}

/** Sum of the strengths of every node's edges. */
export function nodeInfluences(nodes: number, { edges, strengths }: PairStrengths): Float64Array {
  const sums = new Float64Array(nodes);
  for (let e = 0; e < strengths.length; e++) {
    sums[edges[2 * e]!]! += strengths[e]!;
    sums[edges[2 * e + 1]!]! += strengths[e]!;
  }
  return sums;
}

/** Nodes by whether they are strongly tied. */
export interface ClassifiedNodes {
  readonly threshold: number;
  /** Nodes above the threshold, ascending. */
  readonly strong: Int32Array;
  /** All others, ascending. */
  readonly weak: Int32Array;
}

/**
 * Nodes whose influence is strictly above a threshold, and the others.
 * @param influences of every node, as `nodeInfluences` gives them.
 * @param threshold default: their median, so that at most half are strong.
 * @throws {InvalidArgumentError} for no nodes, or NaN.
 */
export function classifyNodes(influences: ArrayLike<number>, threshold?: number): ClassifiedNodes {
  const sorted = Float64Array.from(influences).sort();
  if (sorted.length === 0) throw new InvalidArgumentError("influences", "have at least one entry", influences);
  const middle = sorted.length / 2;
  const cut = threshold ?? (sorted[Math.floor(middle - 0.5)]! + sorted[Math.floor(middle)]!) / 2;
  if (sorted.some(Number.isNaN) || Number.isNaN(cut)) {
    throw new InvalidArgumentError("influences and threshold", "be numbers", influences);
  }
  const all = Int32Array.from({ length: sorted.length }, (_, i) => i);
  return {
    threshold: cut,
    strong: all.filter((i) => influences[i]! > cut),
    weak: all.filter((i) => influences[i]! <= cut),
  };
}
