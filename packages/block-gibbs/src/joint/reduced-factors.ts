import { InvalidArgumentError } from "@siegert/errors";
import { type CompiledGraph, SPIN, SQUARE, USER_FACTOR } from "../compiled/compiled-graph.ts";
import type { BlockScope } from "./block-scopes.ts";

/**
 * Factors over the same nodes of a block, as one table of −E over the states of those nodes, given the nodes around.
 * Entries are row-major in the order of the scope's places; a spin's states are −1, +1.
 */
export class ReducedFactors {
  /** Entries of the table. */
  readonly size: number;
  /** Sum over the factors with a table that have all their members in the block: it never changes. */
  readonly constant: Float64Array;
  /** Whether there are others: with members around the block, or user-defined. */
  readonly isDynamic: boolean;
  readonly #graph: CompiledGraph;
  /** Values that every node of the scope takes in every entry, (entry, node). */
  readonly #values: Float64Array;
  readonly #at: Int32Array;
  /** What the state has at those places, while user-defined factors are evaluated. */
  readonly #kept: Float64Array;
  readonly #users: readonly number[];
  // Factors that are products with members around: factor d has outer multipliers mulAt[mulStart[d]] … and outer
  // categories catAt[catStart[d]] …; entry r of it has a sign and an index into the weights.
  readonly #count: number;
  readonly #mulStart: Int32Array;
  readonly #mulAt: Int32Array;
  readonly #catStart: Int32Array;
  readonly #catAt: Int32Array;
  readonly #catStride: Int32Array;
  readonly #sign: Float64Array;
  readonly #index: Int32Array;

  constructor(graph: CompiledGraph, nodes: Int32Array, { places, factors }: BlockScope) {
    this.#graph = graph;
    const members = places.map((place) => nodes[place]!);
    this.#at = members.map((node) => graph.offset[node]!);
    this.#kept = new Float64Array(members.length);
    this.#values = allValues(graph, members);
    this.size = this.#values.length / members.length;
    this.constant = new Float64Array(this.size);
    const inside = new Set(members);
    const users: number[] = [];
    const rows: ProductRow[] = [];
    for (const factor of factors) {
      if (graph.factorKind[factor] === USER_FACTOR) {
        users.push(factor);
        continue;
      }
      const row = productRow(graph, factor, members, this.#values);
      if (membersOf(graph, factor).every((node) => inside.has(node))) addConstant(graph, row, this.constant);
      else rows.push(row);
    }
    this.#users = users;
    this.#count = rows.length;
    this.#mulStart = starts(rows.map(({ mulAt }) => mulAt.length));
    this.#mulAt = Int32Array.from(rows.flatMap(({ mulAt }) => mulAt));
    this.#catStart = starts(rows.map(({ catAt }) => catAt.length));
    this.#catAt = Int32Array.from(rows.flatMap(({ catAt }) => catAt));
    this.#catStride = Int32Array.from(rows.flatMap(({ catStride }) => catStride));
    this.#sign = Float64Array.from(rows.flatMap(({ sign }) => sign));
    this.#index = Int32Array.from(rows.flatMap(({ index }) => index));
    this.isDynamic = rows.length + users.length > 0;
  }

  /** Adds −E of the factors that are not constant to `size` entries of `out`. */
  add(state: Float64Array, out: Float64Array, from: number): void {
    const { weights } = this.#graph;
    const size = this.size;
    for (let d = 0; d < this.#count; d++) {
      let product = 1;
      for (let m = this.#mulStart[d]!; m < this.#mulStart[d + 1]!; m++) product *= state[this.#mulAt[m]!]!;
      let base = 0;
      for (let c = this.#catStart[d]!; c < this.#catStart[d + 1]!; c++) {
        base += this.#catStride[c]! * state[this.#catAt[c]!]!;
      }
      const row = d * size;
      for (let r = 0; r < size; r++) {
        out[from + r]! += product * this.#sign[row + r]! * weights[base + this.#index[row + r]!]!;
      }
    }
    for (let u = 0; u < this.#users.length; u++) this.#addUser(this.#users[u]!, state, out, from);
  }

  /** Evaluates a user-defined factor for every entry, and puts the state back. */
  #addUser(factor: number, state: Float64Array, out: Float64Array, from: number): void {
    const at = this.#at;
    const kept = this.#kept;
    for (let m = 0; m < at.length; m++) kept[m] = state[at[m]!]!;
    const user = this.#graph.userFactors[this.#graph.weightStart[factor]!]!;
    for (let r = 0; r < this.size; r++) {
      for (let m = 0; m < at.length; m++) state[at[m]!] = this.#values[r * at.length + m]!;
      const energy = user.energy(state);
      if (!(energy > -Infinity)) {
        throw new InvalidArgumentError("energy of a user-defined factor", "be a number above -Infinity", energy);
      }
      out[from + r]! -= energy;
    }
    for (let m = 0; m < at.length; m++) state[at[m]!] = kept[m]!;
  }
}

interface ProductRow {
  readonly mulAt: readonly number[];
  readonly catAt: readonly number[];
  readonly catStride: readonly number[];
  readonly sign: readonly number[];
  readonly index: readonly number[];
}

/** A PRODUCT or SQUARE factor from within the block. A square −½ W x² is a product with x around it twice. */
function productRow(graph: CompiledGraph, factor: number, inside: Int32Array, values: Float64Array): ProductRow {
  const start = graph.memberStart[factor]!;
  const multipliedEnd = start + graph.multiplied[factor]!;
  const size = values.length / inside.length;
  const isSquare = graph.factorKind[factor] === SQUARE;
  const sign = new Array<number>(size).fill(isSquare ? -0.5 : 1);
  const index = new Array<number>(size).fill(graph.weightStart[factor]!);
  const mulAt: number[] = [];
  const catAt: number[] = [];
  const catStride: number[] = [];
  for (let m = start; m < graph.memberStart[factor + 1]!; m++) {
    const node = graph.members[m]!;
    const place = inside.indexOf(node);
    const isMultiplied = m < multipliedEnd;
    for (let r = 0; place >= 0 && r < size; r++) {
      const value = values[r * inside.length + place]!;
      if (isMultiplied) sign[r]! *= value;
      else index[r]! += graph.stride[m]! * value;
    }
    if (place >= 0) continue;
    if (isMultiplied) for (let k = 0; k < (isSquare ? 2 : 1); k++) mulAt.push(graph.offset[node]!);
    else {
      catAt.push(graph.offset[node]!);
      catStride.push(graph.stride[m]!);
    }
  }
  return { mulAt, catAt, catStride, sign, index };
}

function addConstant(graph: CompiledGraph, { sign, index }: ProductRow, out: Float64Array): void {
  for (let r = 0; r < out.length; r++) out[r]! += sign[r]! * graph.weights[index[r]!]!;
}

/** Values of discrete nodes in all their joint states, (entry, node), the last node fastest. */
function allValues(graph: CompiledGraph, members: Int32Array): Float64Array {
  const size = members.reduce((product, node) => product * graph.states[node]!, 1);
  const values = new Float64Array(size * members.length);
  for (let r = 0; r < size; r++) {
    let rest = r;
    for (let m = members.length - 1; m >= 0; m--) {
      const K = graph.states[members[m]!]!;
      const k = rest % K;
      rest = (rest - k) / K;
      values[r * members.length + m] = graph.kind[members[m]!] === SPIN ? 2 * k - 1 : k;
    }
  }
  return values;
}

function membersOf(graph: CompiledGraph, factor: number): Int32Array {
  return graph.members.subarray(graph.memberStart[factor]!, graph.memberStart[factor + 1]!);
}

function starts(lengths: readonly number[]): Int32Array {
  const start = new Int32Array(lengths.length + 1);
  for (const [k, length] of lengths.entries()) start[k + 1] = start[k]! + length;
  return start;
}
