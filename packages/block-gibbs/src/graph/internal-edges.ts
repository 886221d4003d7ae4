import { InvalidArgumentError } from "@siegert/errors";
import type { Adjacency } from "./adjacency.ts";

/**
 * Refuses a list of nodes that no update can be built on.
 * @throws {InvalidArgumentError} for an empty list, a number that is no node, or a node that is there twice.
 */
export function checkBlock(adjacency: Adjacency, block: ArrayLike<number>, argument = "block"): void {
  if (block.length === 0) throw new InvalidArgumentError(argument, "have at least one node", block);
  const seen = new Set<number>();
  for (let k = 0; k < block.length; k++) {
    const node = block[k]!;
    if (!Number.isInteger(node) || node < 0 || node >= adjacency.nodes) {
      throw new InvalidArgumentError(`${argument}[${k}]`, `be a node, 0 to ${adjacency.nodes - 1}`, node);
    }
    if (seen.has(node)) throw new InvalidArgumentError(argument, "have each node once", node);
    seen.add(node);
  }
}

/**
 * Edges with both ends in a block, as pairs with the lower node first, in ascending order. A block that has any must
 * not be drawn node by node from one snapshot: the law would be another.
 * @throws {InvalidArgumentError} for an empty block, a number that is no node, or a node that is there twice.
 */
export function internalEdges(adjacency: Adjacency, block: ArrayLike<number>): [number, number][] {
  checkBlock(adjacency, block);
  const nodes = Int32Array.from(block).sort();
  const inside = new Set(nodes);
  const found: [number, number][] = [];
  for (const node of nodes) {
    for (let e = adjacency.start[node]!; e < adjacency.start[node + 1]!; e++) {
      const other = adjacency.neighbours[e]!;
      if (other > node && inside.has(other)) found.push([node, other]);
    }
  }
  return found;
}
