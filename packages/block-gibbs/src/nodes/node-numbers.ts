import { InvalidArgumentError } from "@siegert/errors";
import type { Node } from "./node.ts";

const KINDS: ReadonlySet<string> = new Set<Node["kind"]>(["spin", "category", "gaussian", "user"]);

/** Numbers of the nodes of a model, in their order. */
export type NodeNumbers = ReadonlyMap<Node, number>;

/**
 * Numbers of nodes, in the order given.
 * @throws {InvalidArgumentError} for what is no node, when a node is there twice, or two have the same name.
 */
export function numberNodes(nodes: readonly Node[]): NodeNumbers {
  const numbers = new Map<Node, number>();
  const names = new Set<string>();
  for (const node of nodes) {
    if (!KINDS.has(node?.kind)) throw new InvalidArgumentError("nodes", "be nodes", node);
    if (numbers.has(node)) throw new InvalidArgumentError("nodes", "have each node once", node.name);
    if (names.has(node.name)) throw new InvalidArgumentError("nodes", "have different names", node.name);
    numbers.set(node, numbers.size);
    names.add(node.name);
  }
  return numbers;
}

/** Number of a node. @throws {InvalidArgumentError} for a node that is not in the model; `where` says who asks. */
export function numberOf(numbers: NodeNumbers, node: Node, where: string): number {
  const number = numbers.get(node);
  if (number === undefined) throw new InvalidArgumentError(where, "have nodes of the model only", node?.name ?? node);
  return number;
}
