import type { CompiledGraph } from "../compiled/compiled-graph.ts";
import type { Adjacency } from "../graph/adjacency.ts";
import { adjacencyFromEdges } from "../graph/adjacency.ts";

/** Factors that have the same members within a block. */
export interface BlockScope {
  /** Places in the block of those members, ascending. */
  readonly places: Int32Array;
  /** Factors, ascending. */
  readonly factors: readonly number[];
}

/** What the factors of a model look like from within a block. */
export interface BlockScopes {
  readonly scopes: readonly BlockScope[];
  /** Nodes of the block by their places, joined where a factor has both. */
  readonly adjacency: Adjacency;
}

/** Sorts the factors that touch a block by which of its nodes they have. Time and memory follow the block, not the model. */
export function blockScopes(graph: CompiledGraph, nodes: Int32Array): BlockScopes {
  const placeOf = new Map<number, number>();
  for (let p = 0; p < nodes.length; p++) placeOf.set(nodes[p]!, p);
  const seen = new Set<number>();
  const byKey = new Map<string, { places: Int32Array; factors: number[] }>();
  const edges: number[] = [];
  for (const node of nodes) {
    for (let e = graph.incidentStart[node]!; e < graph.incidentStart[node + 1]!; e++) {
      const factor = graph.incident[e]!;
      if (seen.has(factor)) continue;
      seen.add(factor);
      const places = placesIn(graph, factor, placeOf);
      const key = places.join(" ");
      const known = byKey.get(key);
      if (known !== undefined) known.factors.push(factor);
      else {
        byKey.set(key, { places, factors: [factor] });
        for (let a = 0; a < places.length; a++) for (let b = 0; b < a; b++) edges.push(places[a]!, places[b]!);
      }
    }
  }
  return { scopes: [...byKey.values()], adjacency: adjacencyFromEdges(nodes.length, Int32Array.from(edges)) };
}

function placesIn(graph: CompiledGraph, factor: number, placeOf: ReadonlyMap<number, number>): Int32Array {
  const places: number[] = [];
  for (let m = graph.memberStart[factor]!; m < graph.memberStart[factor + 1]!; m++) {
    const place = placeOf.get(graph.members[m]!);
    if (place !== undefined) places.push(place);
  }
  return Int32Array.from(places).sort();
}
