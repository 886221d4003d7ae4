import type { CompiledGraph } from "../compiled/compiled-graph.ts";
import { type Edges, flatEdges } from "./edges.ts";

/**
 * Which nodes are joined, in compressed rows: the neighbours of node i are `neighbours[start[i]]` …
 * `neighbours[start[i + 1] − 1]`, ascending and each once; every edge is there from both of its ends.
 */
export interface Adjacency {
  readonly nodes: number;
  readonly start: Int32Array;
  readonly neighbours: Int32Array;
}

/**
 * Adjacency of a graph given by its edges, in time O(n + m log(largest degree)). Repeated edges count once.
 * @throws {InvalidArgumentError} for an end that is no node, or an edge from a node to itself.
 */
export function adjacencyFromEdges(nodes: number, edges: Edges): Adjacency {
  const pairs = flatEdges(nodes, edges);
  const start = new Int32Array(nodes + 1);
  for (let at = 0; at < pairs.length; at++) start[pairs[at]! + 1]!++;
  for (let i = 0; i < nodes; i++) start[i + 1]! += start[i]!;
  const next = start.slice(0, nodes);
  const neighbours = new Int32Array(pairs.length);
  for (let at = 0; at < pairs.length; at += 2) {
    neighbours[next[pairs[at]!]!++] = pairs[at + 1]!;
    neighbours[next[pairs[at + 1]!]!++] = pairs[at]!;
  }
  return withoutRepeats(nodes, start, neighbours);
}

/**
 * Conflict graph of a model: two nodes are joined where a factor has both as members, whatever its order, or where the
 * conditional law of one reads the other. Nodes that are not joined may be drawn from one snapshot.
 */
export function conflictAdjacency(graph: CompiledGraph): Adjacency {
  const { nodeCount, factorCount, memberStart, members, directed } = graph;
  const start = new Int32Array(nodeCount + 1);
  forEachConflict((a, b) => {
    start[a + 1]!++;
    start[b + 1]!++;
  });
  for (let i = 0; i < nodeCount; i++) start[i + 1]! += start[i]!;
  const next = start.slice(0, nodeCount);
  const neighbours = new Int32Array(start[nodeCount]!);
  forEachConflict((a, b) => {
    neighbours[next[a]!++] = b;
    neighbours[next[b]!++] = a;
  });
  return withoutRepeats(nodeCount, start, neighbours);

  function forEachConflict(visit: (a: number, b: number) => void): void {
    for (let f = 0; f < factorCount; f++) {
      const end = memberStart[f + 1]!;
      for (let m = memberStart[f]!; m < end; m++) {
        for (let k = m + 1; k < end; k++) visit(members[m]!, members[k]!);
      }
    }
    for (let head = 0; head < nodeCount; head++) {
      for (let t = directed.start[head]!; t < directed.start[head + 1]!; t++) {
        for (const tail of directed.terms[t]!.tails) if (tail !== head) visit(head, tail);
      }
    }
  }
}

/** Sorts every row and drops what is there more than once. */
function withoutRepeats(nodes: number, start: Int32Array, neighbours: Int32Array): Adjacency {
  const kept = new Int32Array(nodes + 1);
  let at = 0;
  for (let i = 0; i < nodes; i++) {
    const row = neighbours.subarray(start[i]!, start[i + 1]!).sort();
    for (let k = 0; k < row.length; k++) {
      // Writing never overtakes reading: `at` is at most where the row began plus k.
      if (k === 0 || row[k] !== neighbours[at - 1]) neighbours[at++] = row[k]!;
    }
    kept[i + 1] = at;
  }
  return { nodes, start: kept, neighbours: at === neighbours.length ? neighbours : neighbours.slice(0, at) };
}

/** Whether two nodes are joined, by binary search. */
export function areJoined({ start, neighbours }: Adjacency, a: number, b: number): boolean {
  let low = start[a]!;
  let high = start[a + 1]! - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = neighbours[middle]!;
    if (found === b) return true;
    if (found < b) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}
