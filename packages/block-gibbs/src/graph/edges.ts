import { InvalidArgumentError } from "@siegert/errors";

/**
 * Undirected edges between nodes 0 … n − 1: pairs, or the same numbers one after the other in an Int32Array
 * (edge e joins `edges[2 e]` and `edges[2 e + 1]`), which is what the graph generators give.
 */
export type Edges = Int32Array | readonly (readonly [number, number])[];

/** Largest number of nodes of a graph: products of two node numbers stay exact. */
const MOST_NODES = 2 ** 26;

/** @throws {InvalidArgumentError} unless `nodes` counts nodes: an integer from 0 to 2²⁶. */
export function checkNodeCount(nodes: number): void {
  if (!Number.isInteger(nodes) || nodes < 0 || nodes > MOST_NODES) {
    throw new InvalidArgumentError("nodes", `be an integer from 0 to ${MOST_NODES}`, nodes);
  }
}

/**
 * Edges as flat numbers, checked.
 * @throws {InvalidArgumentError} for an end that is no node, an edge from a node to itself, or half an edge.
 */
export function flatEdges(nodes: number, edges: Edges): Int32Array {
  checkNodeCount(nodes);
  const pairs = edges instanceof Int32Array ? edges : flattened(edges);
  if (pairs.length % 2 !== 0) throw new InvalidArgumentError("edges", "have two ends each", pairs.length);
  for (let at = 0; at < pairs.length; at += 2) {
    const a = pairs[at]!;
    const b = pairs[at + 1]!;
    if (a < 0 || a >= nodes || b < 0 || b >= nodes) {
      throw new InvalidArgumentError(`edges[${at / 2}]`, `join nodes 0 to ${nodes - 1}`, [a, b]);
    }
    if (a === b) throw new InvalidArgumentError(`edges[${at / 2}]`, "join two different nodes", [a, b]);
  }
  return pairs;
}

function flattened(edges: readonly (readonly [number, number])[]): Int32Array {
  const pairs = new Int32Array(2 * edges.length);
  for (const [e, edge] of edges.entries()) {
    if (edge?.length !== 2 || !edge.every((end) => Number.isInteger(end))) {
      throw new InvalidArgumentError(`edges[${e}]`, "be a pair of node numbers", edge);
    }
    pairs[2 * e] = edge[0];
    pairs[2 * e + 1] = edge[1];
  }
  return pairs;
}
