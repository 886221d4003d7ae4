import type { Adjacency } from "./adjacency.ts";
import { IndexedHeap } from "./indexed-heap.ts";

/**
 * Colours of nodes by DSATUR: the node whose neighbours show most colours is next (then the one with most uncoloured
 * neighbours, then the lowest number), and takes the lowest colour that no neighbour has. Exact for bipartite graphs.
 * Deterministic; O(m log n) time, and n words of memory per 32 colours.
 *
 * Source: Brélaz (1979), New methods to color the vertices of a graph, doi:10.1145/359094.359101.
 */
export function dsaturColors({ nodes, start, neighbours }: Adjacency): Int32Array {
  const colors = new Int32Array(nodes).fill(-1);
  const seen = new SeenColors(nodes);
  const queue = new IndexedHeap(nodes);
  for (let i = 0; i < nodes; i++) queue.set(i, start[i + 1]! - start[i]!);
  while (queue.size > 0) {
    const node = queue.pop();
    const color = seen.firstFree(node);
    colors[node] = color;
    seen.reserve(color);
    const end = start[node + 1]!;
    for (let e = start[node]!; e < end; e++) {
      const neighbour = neighbours[e]!;
      if (colors[neighbour]! >= 0) continue;
      // Key = saturation · n + uncoloured degree: one more colour seen, one uncoloured neighbour less.
      const more = seen.add(neighbour, color) ? nodes - 1 : -1;
      queue.set(neighbour, queue.keys[neighbour]! + more);
    }
  }
  return colors;
}

/** Which colours the neighbours of every node have: a bit per node and colour, with room for more colours when needed. */
class SeenColors {
  readonly #nodes: number;
  #words = 1;
  #bits: Int32Array;

  constructor(nodes: number) {
    this.#nodes = nodes;
    this.#bits = new Int32Array(nodes);
  }

  reserve(color: number): void {
    if (color < 32 * this.#words) return;
    const words = 2 * this.#words;
    const bits = new Int32Array(this.#nodes * words);
    for (let i = 0; i < this.#nodes; i++) {
      for (let w = 0; w < this.#words; w++) bits[i * words + w] = this.#bits[i * this.#words + w]!;
    }
    this.#words = words;
    this.#bits = bits;
  }

  /** Marks a colour as seen; whether it is new. */
  add(node: number, color: number): boolean {
    const at = node * this.#words + (color >> 5);
    const before = this.#bits[at]!;
    const after = before | (1 << (color & 31));
    this.#bits[at] = after;
    return after !== before;
  }

  firstFree(node: number): number {
    const from = node * this.#words;
    for (let w = 0; w < this.#words; w++) {
      const free = ~this.#bits[from + w]!;
      if (free !== 0) return 32 * w + 31 - Math.clz32(free & -free);
    }
    return 32 * this.#words;
  }
}
