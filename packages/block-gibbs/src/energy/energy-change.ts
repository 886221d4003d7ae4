import { InvalidArgumentError } from "@siegert/errors";
import { CATEGORY, type CompiledGraph, factorEnergy, PRODUCT, USER } from "../compiled/compiled-graph.ts";

/**
 * Writes new values of certain nodes into states, and says by how much that changes the base energy V: from the factors
 * of nodes that change alone. The nodes may have edges among each other: each change counts in the state that the ones
 * before it left. Flat arrays, made once; serves any number of chains.
 */
export class EnergyChange {
  readonly #graph: CompiledGraph;
  readonly #nodes: Int32Array;
  /** Of every node: the factors that are linear in it with one other spin or Gaussian node, or none; then all others. */
  readonly #bias: Float64Array;
  readonly #pairStart: Int32Array;
  readonly #pairAt: Int32Array;
  readonly #pairWeight: Float64Array;
  readonly #restStart: Int32Array;
  readonly #rest: Int32Array;

  /**
   * @param nodes numbers of the nodes, in the order in which values come.
   * @throws {InvalidArgumentError} for a number that is no node.
   */
  constructor(graph: CompiledGraph, nodes: ArrayLike<number>) {
    this.#graph = graph;
    this.#nodes = Int32Array.from(nodes);
    this.#bias = new Float64Array(nodes.length);
    this.#pairStart = new Int32Array(nodes.length + 1);
    this.#restStart = new Int32Array(nodes.length + 1);
    const pairAt: number[] = [];
    const pairWeight: number[] = [];
    const rest: number[] = [];
    for (const [b, node] of this.#nodes.entries()) {
      if (!(node >= 0 && node < graph.nodeCount) || node !== nodes[b]) {
        throw new InvalidArgumentError(`nodes[${b}]`, `be a node, 0 to ${graph.nodeCount - 1}`, nodes[b]);
      }
      for (let e = graph.incidentStart[node]!; e < graph.incidentStart[node + 1]!; e++) {
        const factor = graph.incident[e]!;
        const order = linearOrder(graph, factor);
        const weight = graph.weights[graph.weightStart[factor]!]!;
        if (order === 1) this.#bias[b]! += weight;
        else if (order === 2) {
          const start = graph.memberStart[factor]!;
          const other = graph.members[start]! === node ? graph.members[start + 1]! : graph.members[start]!;
          pairAt.push(graph.offset[other]!);
          pairWeight.push(weight);
        } else rest.push(factor);
      }
      this.#pairStart[b + 1] = pairAt.length;
      this.#restStart[b + 1] = rest.length;
    }
    this.#pairAt = Int32Array.from(pairAt);
    this.#pairWeight = Float64Array.from(pairWeight);
    this.#rest = Int32Array.from(rest);
  }

  /**
   * Writes the values, node after node.
   * @returns V after − V before; NaN when it was infinite before and after.
   */
  write(state: Float64Array, values: Float64Array): number {
    const { offset, kind } = this.#graph;
    let change = 0;
    let next = 0;
    for (let b = 0; b < this.#nodes.length; b++) {
      const node = this.#nodes[b]!;
      const at = offset[node]!;
      if (kind[node] === USER) {
        const size = offset[node + 1]! - at;
        change += this.#writeUser(b, state, at, values, next, size);
        next += size;
        continue;
      }
      change += this.writeOne(state, b, values[next++]!);
    }
    return change;
  }

  /** Writes the value of node b of the list alone, which must be one of one number; returns the same. */
  writeOne(state: Float64Array, b: number, value: number): number {
    const at = this.#graph.offset[this.#nodes[b]!]!;
    const before = state[at]!;
    if (value === before) return 0;
    let field = this.#bias[b]!;
    const end = this.#pairStart[b + 1]!;
    for (let p = this.#pairStart[b]!; p < end; p++) field += this.#pairWeight[p]! * state[this.#pairAt[p]!]!;
    if (this.#restStart[b] === this.#restStart[b + 1]) {
      state[at] = value;
      return (before - value) * field;
    }
    const restBefore = this.#restEnergy(b, state);
    state[at] = value;
    return (before - value) * field + (this.#restEnergy(b, state) - restBefore);
  }

  #writeUser(b: number, state: Float64Array, at: number, values: Float64Array, from: number, size: number): number {
    const before = this.#restEnergy(b, state);
    for (let k = 0; k < size; k++) state[at + k] = values[from + k]!;
    return this.#restEnergy(b, state) - before;
  }

  #restEnergy(b: number, state: Float64Array): number {
    let sum = 0;
    for (let r = this.#restStart[b]!; r < this.#restStart[b + 1]!; r++)
      sum += factorEnergy(this.#graph, this.#rest[r]!, state);
    return sum;
  }
}

/** 1 or 2 for a product of that many spins or Gaussian nodes and nothing else, 0 for other factors. */
function linearOrder(graph: CompiledGraph, factor: number): number {
  const start = graph.memberStart[factor]!;
  const order = graph.memberStart[factor + 1]! - start;
  if (graph.factorKind[factor] !== PRODUCT || order > 2) return 0;
  for (let m = start; m < start + order; m++) if (graph.kind[graph.members[m]!] === CATEGORY) return 0;
  return order;
}
