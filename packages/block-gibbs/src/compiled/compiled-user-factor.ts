/** One user-defined factor over certain nodes, bound to its members. */
export interface CompiledUserFactor {
  /** Energy in a state of the whole model. Reads the members alone. */
  energy(state: Float64Array): number;
  /**
   * Whether the factor describes the conditional laws of its members itself, by directed interactions. If not, those of
   * its discrete members follow from its energy in each of their states.
   */
  readonly hasInteractions: boolean;
}
