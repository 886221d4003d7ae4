import type { Adjacency } from "./adjacency.ts";

/**
 * Places of nodes in the order of Cuthill & McKee: breadth first from one end of every component, neighbours of lower
 * degree first. Numbered so, the ends of every edge are close; on a long strip, as close as it is wide.
 *
 * Source: Cuthill & McKee (1969), doi:10.1145/800195.805928; the start by George & Liu (1979), doi:10.1145/355841.355845.
 */
export function cuthillMcKeePlaces(adjacency: Adjacency): Int32Array {
  const { nodes } = adjacency;
  const places = new Int32Array(nodes).fill(-1);
  const depth = new Int32Array(nodes);
  const queue = new Int32Array(nodes);
  let next = 0;
  for (let first = 0; first < nodes; first++) {
    if (places[first] !== -1) continue;
    const root = farEnd(adjacency, first, depth, queue);
    const count = breadthFirst(adjacency, root, depth, queue);
    for (let k = 0; k < count; k++) places[queue[k]!] = next++;
  }
  return places;
}

/** A node from which the component is deep: the last of a search from the last of a search, until that helps no more. */
function farEnd(adjacency: Adjacency, first: number, depth: Int32Array, queue: Int32Array): number {
  let root = first;
  let reached = -1;
  for (;;) {
    const count = breadthFirst(adjacency, root, depth, queue);
    let last = queue[count - 1]!;
    const deepest = depth[last]!;
    if (deepest <= reached) return root;
    reached = deepest;
    for (let k = count - 1; k >= 0 && depth[queue[k]!] === deepest; k--) {
      if (degree(adjacency, queue[k]!) < degree(adjacency, last)) last = queue[k]!;
    }
    root = last;
  }
}

/** Fills the queue with the component of a node, level by level; returns its size. */
function breadthFirst(adjacency: Adjacency, root: number, depth: Int32Array, queue: Int32Array): number {
  const { start, neighbours } = adjacency;
  const seen = new Set([root]);
  queue[0] = root;
  depth[root] = 0;
  let count = 1;
  for (let at = 0; at < count; at++) {
    const node = queue[at]!;
    const from = count;
    for (let e = start[node]!; e < start[node + 1]!; e++) {
      const other = neighbours[e]!;
      if (seen.has(other)) continue;
      seen.add(other);
      depth[other] = depth[node]! + 1;
      queue[count++] = other;
    }
    queue.subarray(from, count).sort((a, b) => degree(adjacency, a) - degree(adjacency, b) || a - b);
  }
  return count;
}

function degree({ start }: Adjacency, node: number): number {
  return start[node + 1]! - start[node]!;
}
