/** Copies what nodes own of a state, one node after the other; made once per reader, so that reading allocates nothing. */
export class GatheredValues {
  readonly values: Float64Array;
  readonly #at: Int32Array;

  constructor(nodes: Int32Array, offset: Int32Array) {
    const at: number[] = [];
    for (const node of nodes) for (let a = offset[node]!; a < offset[node + 1]!; a++) at.push(a);
    this.#at = Int32Array.from(at);
    this.values = new Float64Array(at.length);
  }

  /** Reads the nodes; the array is the same at every call. */
  read(state: Float64Array): Float64Array {
    const at = this.#at;
    for (let k = 0; k < at.length; k++) this.values[k] = state[at[k]!]!;
    return this.values;
  }
}
