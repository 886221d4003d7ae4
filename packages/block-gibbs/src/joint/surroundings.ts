import { InvalidArgumentError } from "@siegert/errors";
import { type CompiledGraph, SPIN } from "../compiled/compiled-graph.ts";
import { addDirected } from "../compiled/conditional-field.ts";
import type { DirectedTerms } from "../compiled/directed-terms.ts";
import type { OuterFactor, UserScope } from "./reduced-factors.ts";

/** What the nodes around a block contribute to some entries of `parts`, from `at` on. */
export interface SurroundingPart {
  readonly at: number;
  readonly outer: readonly OuterFactor[];
  readonly users: readonly UserScope[];
  /** A node that directed interactions beyond the factors act on; −1 for none. */
  readonly actedNode: number;
}

/**
 * All that a joint draw has to evaluate in the nodes around its block, as flat arrays: factors with a table that reads
 * them, user-defined factors and directed interactions.
 */
export class Surroundings {
  readonly #graph: CompiledGraph;
  readonly #directed: DirectedTerms;
  // Factor d adds to `size[d]` entries from `at[d]` on: the product of state[mulAt[mulStart[d]]] … times coefficients
  // from entryStart[d] on; if it reads categories, times weights that they choose.
  readonly #at: Int32Array;
  readonly #size: Int32Array;
  readonly #mulStart: Int32Array;
  readonly #mulAt: Int32Array;
  readonly #catStart: Int32Array;
  readonly #catAt: Int32Array;
  readonly #catStride: Int32Array;
  readonly #entryStart: Int32Array;
  readonly #coefficient: Float64Array;
  readonly #index: Int32Array;
  readonly #users: readonly { readonly at: number; readonly scope: UserScope; readonly kept: Float64Array }[];
  readonly #acted: readonly { readonly at: number; readonly node: number }[];
  readonly #field: Float64Array;

  constructor(graph: CompiledGraph, directed: DirectedTerms, parts: readonly SurroundingPart[]) {
    this.#graph = graph;
    this.#directed = directed;
    const all = parts.flatMap(({ at, outer }) => outer.map((factor) => ({ at, factor })));
    this.#at = Int32Array.from(all, ({ at }) => at);
    this.#size = Int32Array.from(all, ({ factor }) => factor.sign.length);
    this.#mulStart = starts(all.map(({ factor }) => factor.mulAt.length));
    this.#mulAt = Int32Array.from(all.flatMap(({ factor }) => factor.mulAt));
    this.#catStart = starts(all.map(({ factor }) => factor.catAt.length));
    this.#catAt = Int32Array.from(all.flatMap(({ factor }) => factor.catAt));
    this.#catStride = Int32Array.from(all.flatMap(({ factor }) => factor.catStride));
    this.#entryStart = starts(all.map(({ factor }) => factor.sign.length));
    this.#index = Int32Array.from(all.flatMap(({ factor }) => factor.index));
    this.#coefficient = Float64Array.from(
      all.flatMap(({ factor: { sign, index, catAt } }) =>
        sign.map((s, r) => (catAt.length === 0 ? s * graph.weights[index[r]!]! : s)),
      ),
    );
    this.#users = parts.flatMap(({ at, users }) =>
      users.map((scope) => ({ at, scope, kept: new Float64Array(scope.at.length) })),
    );
    this.#acted = parts.filter(({ actedNode }) => actedNode >= 0).map(({ at, actedNode: node }) => ({ at, node }));
    this.#field = new Float64Array(graph.fieldSize);
  }

  /** Adds −V to the parts. Leaves the state as it was. */
  add(state: Float64Array, parts: Float64Array): void {
    this.#addFactors(state, parts);
    for (let u = 0; u < this.#users.length; u++) this.#addUser(u, state, parts);
    for (let a = 0; a < this.#acted.length; a++) this.#addDirected(a, state, parts);
  }

  #addFactors(state: Float64Array, parts: Float64Array): void {
    const coefficient = this.#coefficient;
    for (let d = 0; d < this.#at.length; d++) {
      let product = 1;
      const mulEnd = this.#mulStart[d + 1]!;
      for (let m = this.#mulStart[d]!; m < mulEnd; m++) product *= state[this.#mulAt[m]!]!;
      const size = this.#size[d]!;
      const from = this.#at[d]!;
      const entry = this.#entryStart[d]!;
      if (this.#catStart[d] === this.#catStart[d + 1]) {
        for (let r = 0; r < size; r++) parts[from + r]! += product * coefficient[entry + r]!;
      } else this.#addChosen(d, product, state, parts);
    }
  }

  /** A factor whose weights are chosen by categories around the block. */
  #addChosen(d: number, product: number, state: Float64Array, parts: Float64Array): void {
    const { weights } = this.#graph;
    let base = 0;
    for (let c = this.#catStart[d]!; c < this.#catStart[d + 1]!; c++) {
      base += this.#catStride[c]! * state[this.#catAt[c]!]!;
    }
    const entry = this.#entryStart[d]!;
    for (let r = 0; r < this.#size[d]!; r++) {
      parts[this.#at[d]! + r]! += product * this.#coefficient[entry + r]! * weights[base + this.#index[entry + r]!]!;
    }
  }

  /** Evaluates a user-defined factor for every entry, and puts the state back. */
  #addUser(u: number, state: Float64Array, parts: Float64Array): void {
    const { at: from, scope, kept } = this.#users[u]!;
    const { factor, at, values } = scope;
    for (let m = 0; m < at.length; m++) kept[m] = state[at[m]!]!;
    const user = this.#graph.userFactors[this.#graph.weightStart[factor]!]!;
    for (let r = 0; r * at.length < values.length; r++) {
      for (let m = 0; m < at.length; m++) state[at[m]!] = values[r * at.length + m]!;
      const energy = user.energy(state);
      if (!(energy > -Infinity)) {
        throw new InvalidArgumentError("energy of a user-defined factor", "be a number above -Infinity", energy);
      }
      parts[from + r]! -= energy;
    }
    for (let m = 0; m < at.length; m++) state[at[m]!] = kept[m]!;
  }

  #addDirected(a: number, state: Float64Array, parts: Float64Array): void {
    const { at, node } = this.#acted[a]!;
    const field = this.#field;
    field.fill(0);
    addDirected(this.#directed, node, state, field);
    if (this.#graph.kind[node] === SPIN) {
      parts[at]! -= field[0]!;
      parts[at + 1]! += field[0]!;
    } else for (let k = 0; k < this.#graph.states[node]!; k++) parts[at + k]! += field[k]!;
  }
}

function starts(lengths: readonly number[]): Int32Array {
  const start = new Int32Array(lengths.length + 1);
  for (const [k, length] of lengths.entries()) start[k + 1] = start[k]! + length;
  return start;
}
