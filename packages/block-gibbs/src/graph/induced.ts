import type { Adjacency } from "./adjacency.ts";

/** Graph of some of the nodes, numbered by their places in the block, with the edges among them. */
export function inducedAdjacency(adjacency: Adjacency, block: ArrayLike<number>): Adjacency {
  const place = new Map<number, number>();
  for (let k = 0; k < block.length; k++) place.set(block[k]!, k);
  const start = new Int32Array(block.length + 1);
  const neighbours: number[] = [];
  for (let k = 0; k < block.length; k++) {
    const node = block[k]!;
    const row: number[] = [];
    for (let e = adjacency.start[node]!; e < adjacency.start[node + 1]!; e++) {
      const other = place.get(adjacency.neighbours[e]!);
      if (other !== undefined) row.push(other);
    }
    row.sort((a, b) => a - b);
    for (const other of row) neighbours.push(other);
    start[k + 1] = neighbours.length;
  }
  return { nodes: block.length, start, neighbours: Int32Array.from(neighbours) };
}

/** Connected parts of a graph: nodes of each, ascending, by their lowest node. */
export function connectedComponents({ nodes, start, neighbours }: Adjacency): Int32Array[] {
  const seen = new Uint8Array(nodes);
  const queue = new Int32Array(nodes);
  const parts: Int32Array[] = [];
  for (let first = 0; first < nodes; first++) {
    if (seen[first] === 1) continue;
    let end = 1;
    queue[0] = first;
    seen[first] = 1;
    for (let at = 0; at < end; at++) {
      const node = queue[at]!;
      for (let e = start[node]!; e < start[node + 1]!; e++) {
        const other = neighbours[e]!;
        if (seen[other] === 1) continue;
        seen[other] = 1;
        queue[end++] = other;
      }
    }
    parts.push(queue.slice(0, end).sort());
  }
  return parts;
}
