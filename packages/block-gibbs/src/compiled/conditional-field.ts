import { CATEGORY, type CompiledGraph, GAUSSIAN, SPIN, SQUARE, USER_FACTOR, weightIndex } from "./compiled-graph.ts";
import type { DirectedTerms } from "./directed-terms.ts";

/**
 * Parameters of the conditional law of one node given all others, at β = 1; multiply them by β for another temperature.
 *
 * - A spin: `out[0]` = γ, P(s) ∝ exp(γ s), so P(s = +1) = σ(2γ).
 * - A category: `out[k]` = θ_k for all of its states, P(k) ∝ exp θ_k.
 * - A Gaussian node: `out[0]` = f and `out[1]` = Λ of the density ∝ exp(f x − ½ Λ x²): mean f/Λ, variance 1/Λ.
 * - A user-defined node: nothing is written.
 *
 * The state's value of the node itself plays no role. (It is changed while energies of user-defined factors are
 * compared, and put back.)
 *
 * @param out at least `graph.fieldSize` long.
 */
export function conditionalField(graph: CompiledGraph, node: number, state: Float64Array, out: Float64Array): void {
  const size = fieldLength(graph, node);
  for (let k = 0; k < size; k++) out[k] = 0;
  const end = graph.incidentStart[node + 1]!;
  for (let e = graph.incidentStart[node]!; e < end; e++) addFactor(graph, node, e, state, out);
  addDirected(graph.directed, node, state, out);
}

/** How many parameters the conditional law of a node has. */
export function fieldLength(graph: CompiledGraph, node: number): number {
  const kind = graph.kind[node]!;
  return kind === CATEGORY ? graph.states[node]! : kind === GAUSSIAN ? 2 : kind === SPIN ? 1 : 0;
}

/** Adds what the factor at place `entry` of `graph.incident` says of its member `node`. */
export function addFactor(
  graph: CompiledGraph,
  node: number,
  entry: number,
  state: Float64Array,
  out: Float64Array,
): void {
  const factor = graph.incident[entry]!;
  const kind = graph.factorKind[factor]!;
  if (kind === USER_FACTOR) addUserFactor(graph, factor, node, state, out);
  else if (graph.kind[node] === CATEGORY) addToCategory(graph, factor, graph.incidentMember[entry]!, state, out);
  else if (kind === SQUARE) out[1]! += graph.weights[weightIndex(graph, factor, state)]!;
  else out[0]! += partialProduct(graph, factor, graph.incidentMember[entry]!, state);
}

/** Adds what directed interactions say of a node. */
export function addDirected(directed: DirectedTerms, node: number, state: Float64Array, out: Float64Array): void {
  const { start, terms } = directed;
  const end = start[node + 1]!;
  for (let t = start[node]!; t < end; t++) terms[t]!.add(state, out);
}

/** −∂E/∂x of a PRODUCT factor for its spin or Gaussian member at `skip`, an index into `members`. */
function partialProduct(graph: CompiledGraph, factor: number, skip: number, state: Float64Array): number {
  const { memberStart, members, multiplied, offset } = graph;
  const start = memberStart[factor]!;
  const end = start + multiplied[factor]!;
  let product = graph.weights[weightIndex(graph, factor, state)]!;
  for (let m = start; m < end; m++) if (m !== skip) product *= state[offset[members[m]!]!]!;
  return product;
}

/** Adds −E of a PRODUCT or SQUARE factor for every state of its categorical member at `head`, an index into `members`. */
function addToCategory(
  graph: CompiledGraph,
  factor: number,
  head: number,
  state: Float64Array,
  out: Float64Array,
): void {
  const { memberStart, members, multiplied, offset, stride, weights } = graph;
  const start = memberStart[factor]!;
  const end = start + multiplied[factor]!;
  const node = members[head]!;
  let product = 1;
  for (let m = start; m < end; m++) product *= state[offset[members[m]!]!]!;
  if (graph.factorKind[factor] === SQUARE) product = -0.5 * product * product;
  const step = stride[head]!;
  let index = weightIndex(graph, factor, state) - step * state[offset[node]!]!;
  for (let k = 0; k < graph.states[node]!; k++, index += step) out[k]! += product * weights[index]!;
}

/** Compares the energies of a user-defined factor over the states of a discrete member. */
function addUserFactor(
  graph: CompiledGraph,
  factor: number,
  node: number,
  state: Float64Array,
  out: Float64Array,
): void {
  const user = graph.userFactors[graph.weightStart[factor]!]!;
  if (user.hasInteractions) return;
  const kind = graph.kind[node]!;
  const at = graph.offset[node]!;
  const kept = state[at]!;
  if (kind === SPIN) {
    state[at] = 1;
    const up = user.energy(state);
    state[at] = -1;
    out[0]! += 0.5 * (user.energy(state) - up);
  } else if (kind === CATEGORY) {
    for (let k = 0; k < graph.states[node]!; k++) {
      state[at] = k;
      out[k]! -= user.energy(state);
    }
  }
  state[at] = kept;
}
