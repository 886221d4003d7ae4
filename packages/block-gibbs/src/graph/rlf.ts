import type { Adjacency } from "./adjacency.ts";
import { IndexedHeap } from "./indexed-heap.ts";

/**
 * Colours of nodes by recursive largest first: one colour class after the other is filled, beginning with the node of
 * largest uncoloured degree; the next is always the candidate with most neighbours among the nodes that the class has
 * already shut out, and among those the one with fewest neighbours among the candidates. Deterministic;
 * O(colours · m log n) time.
 *
 * Source: Leighton (1979), A graph coloring algorithm for large scheduling problems, J. Res. NBS 84, 489.
 */
export function rlfColors({ nodes, start, neighbours }: Adjacency): Int32Array {
  const colors = new Int32Array(nodes).fill(-1);
  /** Uncoloured neighbours of every node. */
  const degree = new Int32Array(nodes);
  for (let i = 0; i < nodes; i++) degree[i] = start[i + 1]! - start[i]!;
  const candidates = new IndexedHeap(nodes);
  const moved = new Int32Array(nodes);
  let uncolored = Int32Array.from({ length: nodes }, (_, i) => i);
  for (let color = 0; uncolored.length > 0; color++) {
    let first = uncolored[0]!;
    for (const i of uncolored) {
      if (degree[i]! > degree[first]!) first = i;
      // Key = shut-out neighbours · (n + 1) − candidate neighbours.
      candidates.set(i, -degree[i]!);
    }
    candidates.remove(first);
    take(first, color);
    while (candidates.size > 0) take(candidates.pop(), color);
    uncolored = uncolored.filter((i) => colors[i]! < 0);
  }
  return colors;

  /** Gives a candidate the colour and shuts its neighbours out of the class. */
  function take(node: number, color: number): void {
    colors[node] = color;
    let out = 0;
    for (let e = start[node]!; e < start[node + 1]!; e++) {
      const neighbour = neighbours[e]!;
      degree[neighbour]!--;
      if (!candidates.has(neighbour)) continue;
      candidates.remove(neighbour);
      moved[out++] = neighbour;
    }
    if (candidates.size === 0) return;
    for (let m = 0; m < out; m++) {
      const gone = moved[m]!;
      for (let e = start[gone]!; e < start[gone + 1]!; e++) {
        const other = neighbours[e]!;
        if (candidates.has(other)) candidates.set(other, candidates.keys[other]! + nodes + 2);
      }
    }
  }
}
