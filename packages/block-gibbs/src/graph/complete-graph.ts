import { InvalidArgumentError } from "@siegert/errors";
import type { EdgeGraph } from "./lattice.ts";

/**
 * The graph that joins every node to every other, edges ascending.
 * @throws {InvalidArgumentError} unless `nodes` is an integer from 1 to 16384 (134 million edges).
 */
export function completeGraph(nodes: number): EdgeGraph {
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > 16384) {
    throw new InvalidArgumentError("nodes", "be an integer from 1 to 16384", nodes);
  }
  const edges = new Int32Array(nodes * (nodes - 1));
  let at = 0;
  for (let a = 0; a < nodes; a++) {
    for (let b = a + 1; b < nodes; b++) {
      edges[at++] = a;
      edges[at++] = b;
    }
  }
  return { nodes, edges };
}
