import type { InteractionGroup, WeightedInteractions } from "../factors/interaction-group.ts";
import { tailsOf } from "../factors/user-factor.ts";
import type { Node } from "../nodes/node.ts";
import { type NodeNumbers, numberOf } from "../nodes/node-numbers.ts";
import { statesOf } from "../nodes/node-size.ts";
import type { DirectedTerm, DirectedTerms } from "./directed-terms.ts";
import { GatheredValues } from "./gathered-values.ts";

/**
 * Directed interactions by the node that they act on.
 * @throws {InvalidArgumentError} for a node that is not in the model.
 */
export function compileInteractions(
  numbers: NodeNumbers,
  offset: Int32Array,
  groups: readonly InteractionGroup[],
): DirectedTerms {
  const start = new Int32Array(offset.length);
  const heads = groups.map((group) => Int32Array.from(group.heads, (node) => numberOf(numbers, node, "interactions")));
  for (const group of heads) for (const head of group) start[head + 1]!++;
  for (let i = 0; i + 1 < start.length; i++) start[i + 1]! += start[i]!;
  const next = start.slice();
  const terms = new Array<DirectedTerm>(start[start.length - 1]!);
  for (const [g, group] of groups.entries()) {
    for (const [i, head] of heads[g]!.entries()) terms[next[head]!++] = term(group, i, numbers, offset);
  }
  return { start, terms };
}

function term(group: InteractionGroup, i: number, numbers: NodeNumbers, offset: Int32Array): DirectedTerm {
  const tails = Int32Array.from(tailsOf(group), (nodes) => numberOf(numbers, nodes[i]!, "interactions"));
  if (group.kind === "weighted") return weightedTerm(group, i, tails, offset);
  const gathered = new GatheredValues(tails, offset);
  return { tails, add: (state, out) => group.add(gathered.read(state), out, i) };
}

function weightedTerm(group: WeightedInteractions, i: number, tails: Int32Array, offset: Int32Array): DirectedTerm {
  const { heads, multiplied, categories, weights, target } = group;
  const at = tails.map((tail) => offset[tail]!);
  const shape = categories.map((nodes: readonly Node[]) => statesOf(nodes[i]!));
  const inner = shape.reduce((product, K) => product * K, 1);
  const head = heads[i]!;
  const states = head.kind === "category" ? head.states : 1;
  const out0 = target === "precision" ? 1 : 0;
  const own = weights.subarray(i * states * inner, (i + 1) * states * inner);
  const add = (state: Float64Array, out: Float64Array): void => {
    let product = 1;
    for (let m = 0; m < multiplied.length; m++) product *= state[at[m]!]!;
    let index = 0;
    for (let c = 0; c < shape.length; c++) index = index * shape[c]! + state[at[multiplied.length + c]!]!;
    for (let k = 0; k < states; k++, index += inner) out[out0 + k]! += product * own[index]!;
  };
  return { tails, add };
}
