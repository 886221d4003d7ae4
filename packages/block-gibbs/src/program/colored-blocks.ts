import type { DirectedTerms } from "../compiled/directed-terms.ts";
import { adjacencyFromEdges, conflictAdjacency } from "../graph/adjacency.ts";
import { colorGraph } from "../graph/coloring.ts";
import type { EnergyModel } from "../models/energy-model.ts";
import { type Block, block, type Superblock } from "../nodes/block.ts";
import type { Node, NodeKind } from "../nodes/node.ts";

/**
 * The nodes of a model that are not clamped, in superblocks of which no two nodes share a factor or read each other: the
 * colours of its conflict graph. A superblock has one block for every kind of node in it.
 */
export function coloredBlocks(model: EnergyModel, clamped: readonly Block[], directed?: DirectedTerms): Superblock[] {
  const isClamped = new Set<Node>(clamped.flatMap(({ nodes }) => nodes));
  const free = model.nodes.filter((node) => !isClamped.has(node));
  if (free.length === 0) return [];
  const place = new Int32Array(model.nodes.length).fill(-1);
  for (const [k, node] of free.entries()) place[model.numbers.get(node)!] = k;
  const edges = freeEdges(model, place, directed);
  const { classes } = colorGraph(adjacencyFromEdges(free.length, edges));
  return classes.map((color, c) =>
    superblockOf(
      Array.from(color, (k) => free[k]!),
      c,
    ),
  );
}

/** Conflicts between free nodes, by their places among the free ones. */
function freeEdges(model: EnergyModel, place: Int32Array, directed: DirectedTerms | undefined): [number, number][] {
  const { start, neighbours } = conflictAdjacency(model.graph);
  const edges: [number, number][] = [];
  const add = (a: number, b: number): void => {
    if (place[a]! >= 0 && place[b]! >= 0 && a !== b) edges.push([place[a]!, place[b]!]);
  };
  for (let i = 0; i < place.length; i++) {
    for (let e = start[i]!; e < start[i + 1]!; e++) if (neighbours[e]! > i) add(i, neighbours[e]!);
    if (directed === undefined) continue;
    for (let t = directed.start[i]!; t < directed.start[i + 1]!; t++) {
      for (const tail of directed.terms[t]!.tails) add(i, tail);
    }
  }
  return edges;
}

function superblockOf(nodes: readonly Node[], color: number): Superblock {
  const byKind = new Map<NodeKind, Node[]>();
  for (const node of nodes) {
    const own = byKind.get(node.kind);
    if (own === undefined) byKind.set(node.kind, [node]);
    else own.push(node);
  }
  const blocks = [...byKind].map(([kind, own]) => {
    const name = byKind.size === 1 ? `color ${color}` : `color ${color} (${kind})`;
    return block(own, { name });
  });
  return blocks.length === 1 ? blocks[0]! : blocks;
}
