/**
 * Colours for the nodes of a graph, no edge between equals: nodes of a colour can be updated at once.
 *
 * Source: Brélaz (1979), New methods to color the vertices of a graph, CACM 22(4), 10.1145/359094.359101 (DSATUR): the node
 * with most colours among its neighbours comes next, ties by degree, then by number. Two colours on every bipartite graph.
 */
import { InvalidArgumentError } from "@siegert/errors";
import type { SpinGraph } from "./ising-model.ts";

/** Neighbours of every node: those of node i are `targets[offsets[i] … offsets[i + 1])`, by edges `through`. */
export interface Adjacency {
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
  readonly through: Int32Array;
}

/** Neighbours of every node of a graph, in the order of its edges. */
export function adjacencyOf({ nodes, edges }: Pick<SpinGraph, "nodes" | "edges">): Adjacency {
  const offsets = new Int32Array(nodes + 1);
  for (const node of edges) offsets[node + 1]!++;
  for (let node = 0; node < nodes; node++) offsets[node + 1]! += offsets[node]!;
  const next = offsets.slice();
  const targets = new Int32Array(edges.length);
  const through = new Int32Array(edges.length);
  for (let edge = 0; 2 * edge < edges.length; edge++) {
    const [i, j] = [edges[2 * edge]!, edges[2 * edge + 1]!];
    for (const [from, to] of [
      [i, j],
      [j, i],
    ] as const) {
      const at = next[from]!++;
      targets[at] = to;
      through[at] = edge;
    }
  }
  return { offsets, targets, through };
}

/** A colour, from 0, of every node. */
export function colourNodes(graph: Pick<SpinGraph, "nodes" | "edges">): Int32Array {
  const { offsets, targets } = adjacencyOf(graph);
  const colours = new Int32Array(graph.nodes).fill(-1);
  const seen: Set<number>[] = Array.from({ length: graph.nodes }, () => new Set());
  const degree = (node: number) => offsets[node + 1]! - offsets[node]!;
  const heap = new NodeHeap((a, b) => degree(b) - degree(a) || a - b);
  for (let node = 0; node < graph.nodes; node++) heap.push(node, 0);
  for (let popped = heap.pop(); popped; popped = heap.pop()) {
    const { node, saturation } = popped;
    const taken = seen[node]!;
    if (colours[node]! >= 0 || saturation < taken.size) continue; // An older entry of a node that has moved up.
    let colour = 0;
    while (taken.has(colour)) colour++;
    colours[node] = colour;
    for (let k = offsets[node]!; k < offsets[node + 1]!; k++) {
      const other = targets[k]!;
      const colourings = seen[other]!;
      if (colours[other]! >= 0 || colourings.has(colour)) continue;
      colourings.add(colour);
      heap.push(other, colourings.size);
    }
  }
  return colours;
}

/**
 * Checks a colouring that was given.
 * @throws {InvalidArgumentError} when it has another length, an entry that is no colour, or an edge between equal colours,
 *   which is named.
 */
export function checkColouring({ nodes, edges }: Pick<SpinGraph, "nodes" | "edges">, colours: ArrayLike<number>): void {
  if (colours.length !== nodes) throw new InvalidArgumentError("colours", `have ${nodes} entries`, colours);
  for (let node = 0; node < nodes; node++) {
    if (!(Number.isInteger(colours[node]) && colours[node]! >= 0 && colours[node]! < nodes)) {
      throw new InvalidArgumentError(`colours[${node}]`, `be an integer from 0 to ${nodes - 1}`, colours[node]);
    }
  }
  for (let edge = 0; 2 * edge < edges.length; edge++) {
    const [i, j] = [edges[2 * edge]!, edges[2 * edge + 1]!];
    if (colours[i] === colours[j]) {
      throw new InvalidArgumentError("colours", `differ at the ends of edge ${edge} (nodes ${i} and ${j})`, colours[i]);
    }
  }
}

/** Nodes by saturation, then by a given order: a binary heap of entries. */
class NodeHeap {
  readonly #entries: { readonly node: number; readonly saturation: number }[] = [];
  readonly #order: (a: number, b: number) => number;

  constructor(order: (a: number, b: number) => number) {
    this.#order = order;
  }

  push(node: number, saturation: number): void {
    const entries = this.#entries;
    let at = entries.push({ node, saturation }) - 1;
    while (at > 0 && this.#isBefore(at, (at - 1) >> 1)) at = this.#swap(at, (at - 1) >> 1);
  }

  pop(): { readonly node: number; readonly saturation: number } | undefined {
    const entries = this.#entries;
    if (entries.length === 0) return undefined;
    this.#swap(0, entries.length - 1);
    const top = entries.pop();
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < entries.length && this.#isBefore(child, least)) least = child;
      }
      if (least === at) return top;
      at = this.#swap(at, least);
    }
  }

  #isBefore(i: number, j: number): boolean {
    const [a, b] = [this.#entries[i]!, this.#entries[j]!];
    return (b.saturation - a.saturation || this.#order(a.node, b.node)) < 0;
  }

  #swap(i: number, j: number): number {
    [this.#entries[i], this.#entries[j]] = [this.#entries[j]!, this.#entries[i]!];
    return j;
  }
}
