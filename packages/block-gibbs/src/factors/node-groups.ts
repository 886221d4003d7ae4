import { InvalidArgumentError } from "@siegert/errors";
import type { CategoryNode, Node, NodeKind } from "../nodes/node.ts";

/**
 * Number of factors in a batch: the common length of its groups.
 * @throws {InvalidArgumentError} for no groups, groups that are empty, of other lengths or with nodes of another kind,
 * and for a node that is twice in one factor.
 */
export function checkGroups(
  name: string,
  groups: readonly (readonly [argument: string, kinds: readonly NodeKind[], nodes: readonly Node[]])[],
): number {
  const count = groups[0]?.[2]?.length ?? 0;
  if (groups.length === 0) throw new InvalidArgumentError(name, "have at least one group of nodes", groups);
  for (const [argument, kinds, nodes] of groups) {
    if (!Array.isArray(nodes)) throw new InvalidArgumentError(`${argument} of ${name}`, "be an array of nodes", nodes);
    if (nodes.length === 0) throw new InvalidArgumentError(`${argument} of ${name}`, "not be empty", nodes);
    if (nodes.length !== count) {
      throw new InvalidArgumentError(
        `${argument} of ${name}`,
        `have as many nodes as the first group, ${count}`,
        nodes.length,
      );
    }
    for (const [i, node] of nodes.entries()) {
      if (!kinds.includes(node?.kind)) {
        const found = node?.kind === undefined ? node : `${node.name}, of kind ${node.kind}`;
        throw new InvalidArgumentError(
          `${argument}[${i}] of ${name}`,
          `be a node of kind ${kinds.join(" or ")}`,
          found,
        );
      }
    }
  }
  for (let i = 0; i < count; i++) checkDistinct(name, i, groups);
  return count;
}

function checkDistinct(
  name: string,
  i: number,
  groups: readonly (readonly [string, unknown, readonly Node[]])[],
): void {
  for (let g = 1; g < groups.length; g++) {
    const node = groups[g]![2][i]!;
    for (let other = 0; other < g; other++) {
      if (groups[other]![2][i] === node) {
        throw new InvalidArgumentError(`factor ${i} of ${name}`, "have each node once", node.name);
      }
    }
  }
}

/**
 * Weights of a batch as float64, in the shape (count, K₁, …, K_N).
 * @throws {InvalidArgumentError} for another length or values that are not finite, and when the nodes of one group differ
 * in their number of states.
 */
export function checkedWeights(
  name: string,
  weights: ArrayLike<number>,
  count: number,
  categories: readonly (readonly CategoryNode[])[],
): Float64Array {
  const shape = categories.map((nodes, g) => {
    const [first] = nodes;
    const other = nodes.find((node) => node.states !== first?.states);
    if (other !== undefined) {
      const found = `${first?.name} has ${first?.states}, ${other.name} has ${other.states}`;
      throw new InvalidArgumentError(`categories[${g}] of ${name}`, "have nodes with equally many states", found);
    }
    return first?.states ?? 0;
  });
  const length = shape.reduce((product, states) => product * states, count);
  if (weights?.length !== length) {
    const wanted = `have ${[count, ...shape].join(" × ")} = ${length} entries`;
    throw new InvalidArgumentError(`weights of ${name}`, wanted, weights?.length ?? weights);
  }
  const copy = Float64Array.from(weights);
  const bad = copy.findIndex((weight) => !Number.isFinite(weight));
  if (bad >= 0) throw new InvalidArgumentError(`weights[${bad}] of ${name}`, "be finite", copy[bad]);
  return copy;
}
