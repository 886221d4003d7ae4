import { type CompiledGraph, PRODUCT, SQUARE } from "../compiled/compiled-graph.ts";
import { addDirected, addFactor } from "../compiled/conditional-field.ts";
import type { SamplerTarget } from "./conditional-sampler.ts";

/**
 * The factors of a block of spins or Gaussian nodes, sorted by what they cost: constants, products with one other spin or
 * Gaussian node as a compressed row per node, and everything else. Flat arrays, made once.
 */
export interface ScalarTerms {
  /** Constant part of γ or f of every node of the block. */
  readonly bias: Float64Array;
  /** Constant part of Λ. */
  readonly precision: Float64Array;
  /** Pairs of node b are pairStart[b] … pairStart[b + 1] − 1. */
  readonly pairStart: Int32Array;
  /** Places of the other nodes in a state. */
  readonly pairAt: Int32Array;
  readonly pairWeight: Float64Array;
  /** Whether any node of the block has more than that. */
  readonly hasRest: boolean;
  /** Adds the rest for node b of the block to out[0] (γ or f) and out[1] (Λ). */
  addRest(b: number, state: Float64Array, out: Float64Array): void;
}

/** Sorts the factors of a block's nodes. */
export function scalarTerms({ graph, nodes, directed }: SamplerTarget): ScalarTerms {
  const bias = new Float64Array(nodes.length);
  const precision = new Float64Array(nodes.length);
  const pairStart = new Int32Array(nodes.length + 1);
  const restStart = new Int32Array(nodes.length + 1);
  const pairAt: number[] = [];
  const pairWeight: number[] = [];
  const rest: number[] = [];
  for (let b = 0; b < nodes.length; b++) {
    const node = nodes[b]!;
    for (let e = graph.incidentStart[node]!; e < graph.incidentStart[node + 1]!; e++) {
      const factor = graph.incident[e]!;
      const weight = graph.weights[graph.weightStart[factor]!]!;
      const form = formOf(graph, factor);
      if (form === "bias") bias[b]! += weight;
      else if (form === "precision") precision[b]! += weight;
      else if (form === "pair") {
        pairAt.push(graph.offset[otherMember(graph, factor, graph.incidentMember[e]!)]!);
        pairWeight.push(weight);
      } else rest.push(e);
    }
    pairStart[b + 1] = pairAt.length;
    restStart[b + 1] = rest.length;
  }
  const restOf = Int32Array.from(rest);
  const hasDirected = [graph.directed, directed].some(({ start }) =>
    nodes.some((node) => start[node + 1]! > start[node]!),
  );
  return {
    bias,
    precision,
    pairStart,
    pairAt: Int32Array.from(pairAt),
    pairWeight: Float64Array.from(pairWeight),
    hasRest: rest.length > 0 || hasDirected,
    addRest(b, state, out) {
      const node = nodes[b]!;
      for (let r = restStart[b]!; r < restStart[b + 1]!; r++) addFactor(graph, node, restOf[r]!, state, out);
      if (!hasDirected) return;
      addDirected(graph.directed, node, state, out);
      addDirected(directed, node, state, out);
    },
  };
}

/** What a factor is to a spin or Gaussian node. */
function formOf(graph: CompiledGraph, factor: number): "bias" | "precision" | "pair" | "rest" {
  const kind = graph.factorKind[factor]!;
  const order = graph.memberStart[factor + 1]! - graph.memberStart[factor]!;
  if (kind === SQUARE) return order === 1 ? "precision" : "rest";
  if (kind !== PRODUCT || graph.multiplied[factor]! < order) return "rest";
  return order === 1 ? "bias" : order === 2 ? "pair" : "rest";
}

/** The other member of a factor of two. */
export function otherMember(graph: CompiledGraph, factor: number, member: number): number {
  const start = graph.memberStart[factor]!;
  return graph.members[member === start ? start + 1 : start]!;
}
