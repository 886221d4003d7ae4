/**
 * Directed interactions by the node that they act on. Terms of node i are `term[start[i]]` … `term[start[i + 1] − 1]`.
 */
export interface DirectedTerms {
  readonly start: Int32Array;
  readonly terms: readonly DirectedTerm[];
}

/** What one interaction says of the conditional law of one node, its head, given its tails. */
export interface DirectedTerm {
  /** Nodes that the term reads. */
  readonly tails: Int32Array;
  /** Adds to the conditional parameters of the head, in the form of `conditionalField`. */
  add(state: Float64Array, out: Float64Array): void;
}
