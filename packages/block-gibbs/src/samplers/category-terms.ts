import { type CompiledGraph, PRODUCT } from "../compiled/compiled-graph.ts";
import { addDirected, addFactor } from "../compiled/conditional-field.ts";
import type { SamplerTarget } from "./conditional-sampler.ts";
import { otherMember } from "./scalar-terms.ts";

/** The factors of a block of categorical nodes: constants, tables with one other category, and everything else. */
export interface CategoryTerms {
  /** Writes θ_k of node b of the block for all of its states. */
  logWeights(b: number, state: Float64Array, out: Float64Array): void;
}

/** Sorts the factors of a block's nodes. */
export function categoryTerms({ graph, nodes, directed }: SamplerTarget): CategoryTerms {
  const { states, weights } = graph;
  const biasStart = new Int32Array(nodes.length + 1);
  for (let b = 0; b < nodes.length; b++) biasStart[b + 1] = biasStart[b]! + states[nodes[b]!]!;
  const bias = new Float64Array(biasStart[nodes.length]!);
  const pairStart = new Int32Array(nodes.length + 1);
  const restStart = new Int32Array(nodes.length + 1);
  // Four numbers a pair: place of the other node in a state, its stride, start of the table, stride of the node itself.
  const pairList: number[] = [];
  const restList: number[] = [];
  for (let b = 0; b < nodes.length; b++) {
    const node = nodes[b]!;
    for (let e = graph.incidentStart[node]!; e < graph.incidentStart[node + 1]!; e++) {
      const factor = graph.incident[e]!;
      const form = formOf(graph, factor);
      const table = graph.weightStart[factor]!;
      if (form === "bias") for (let k = 0; k < states[node]!; k++) bias[biasStart[b]! + k]! += weights[table + k]!;
      else if (form === "pair") pairList.push(...pairOf(graph, factor, graph.incidentMember[e]!));
      else restList.push(e);
    }
    pairStart[b + 1] = pairList.length;
    restStart[b + 1] = restList.length;
  }
  const pairs = Int32Array.from(pairList);
  const rest = Int32Array.from(restList);
  return {
    logWeights(b, state, out) {
      const node = nodes[b]!;
      const count = states[node]!;
      const own = biasStart[b]!;
      for (let k = 0; k < count; k++) out[k] = bias[own + k]!;
      for (let p = pairStart[b]!; p < pairStart[b + 1]!; p += 4) {
        const step = pairs[p + 3]!;
        let index = pairs[p + 2]! + pairs[p + 1]! * state[pairs[p]!]!;
        for (let k = 0; k < count; k++, index += step) out[k]! += weights[index]!;
      }
      for (let r = restStart[b]!; r < restStart[b + 1]!; r++) addFactor(graph, node, rest[r]!, state, out);
      addDirected(graph.directed, node, state, out);
      addDirected(directed, node, state, out);
    },
  };
}

/** What a factor is to a categorical node. */
function formOf(graph: CompiledGraph, factor: number): "bias" | "pair" | "rest" {
  if (graph.factorKind[factor] !== PRODUCT || graph.multiplied[factor]! > 0) return "rest";
  const order = graph.memberStart[factor + 1]! - graph.memberStart[factor]!;
  return order === 1 ? "bias" : order === 2 ? "pair" : "rest";
}

function pairOf(graph: CompiledGraph, factor: number, member: number): [number, number, number, number] {
  const other = otherMember(graph, factor, member);
  const start = graph.memberStart[factor]!;
  const otherStride = graph.stride[member === start ? start + 1 : start]!;
  return [graph.offset[other]!, otherStride, graph.weightStart[factor]!, graph.stride[member]!];
}
