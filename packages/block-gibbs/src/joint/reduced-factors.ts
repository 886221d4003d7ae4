import { type CompiledGraph, SPIN, SQUARE, USER_FACTOR } from "../compiled/compiled-graph.ts";
import type { BlockScope } from "./block-scopes.ts";

/**
 * Factors over the same nodes of a block, reduced to tables of −E over the states of those nodes. Entries are row-major in
 * the order of the scope's places; a spin's states are −1, +1.
 */
export interface ReducedFactors {
  /** Entries of the tables. */
  readonly size: number;
  /** Sum of the tables of factors that have all their members in the block: it never changes. */
  readonly constant: Float64Array;
  /** Tables of factors with members around the block. */
  readonly outer: readonly OuterFactor[];
  /** User-defined factors, which are evaluated at every draw. */
  readonly users: readonly UserScope[];
}

/**
 * A factor that reads nodes around the block. Entry r of its table is Π state[mulAt] · sign[r] ·
 * weights[index[r] + Σ catStride · state[catAt]].
 */
export interface OuterFactor {
  readonly mulAt: readonly number[];
  readonly catAt: readonly number[];
  readonly catStride: readonly number[];
  readonly sign: readonly number[];
  readonly index: readonly number[];
}

/** A user-defined factor with the states that its members in the block take. */
export interface UserScope {
  readonly factor: number;
  /** Places in a state of those members. */
  readonly at: Int32Array;
  /** Values in every entry of the table, (entry, member). */
  readonly values: Float64Array;
}

/** Reduces the factors of a scope. */
export function reduceFactors(
  graph: CompiledGraph,
  nodes: Int32Array,
  { places, factors }: BlockScope,
): ReducedFactors {
  const members = places.map((place) => nodes[place]!);
  const values = allValues(graph, members);
  const size = values.length / members.length;
  const constant = new Float64Array(size);
  const outer: OuterFactor[] = [];
  const users: UserScope[] = [];
  for (const factor of factors) {
    if (graph.factorKind[factor] === USER_FACTOR) {
      users.push({ factor, at: members.map((node) => graph.offset[node]!), values });
      continue;
    }
    const reduced = reduceFactor(graph, factor, members, values);
    if (graph.memberStart[factor + 1]! - graph.memberStart[factor]! > members.length) outer.push(reduced);
    else for (let r = 0; r < size; r++) constant[r]! += reduced.sign[r]! * graph.weights[reduced.index[r]!]!;
  }
  return { size, constant, outer, users };
}

/** A PRODUCT or SQUARE factor from within the block. A square −½ W x² is a product with x around it twice. */
function reduceFactor(graph: CompiledGraph, factor: number, inside: Int32Array, values: Float64Array): OuterFactor {
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
