import { InvalidArgumentError } from "@siegert/errors";
import { adjacencyFromEdges, conflictAdjacency } from "../graph/adjacency.ts";
import { colorGraph } from "../graph/coloring.ts";
import type { EnergyModel } from "../models/energy-model.ts";
import { type Block, block, type Superblock } from "../nodes/block.ts";
import type { NodeKind } from "../nodes/node.ts";

/**
 * Superblocks for `gibbsProgram` from lists of nodes. Lists without an edge between them are drawn from one snapshot
 * (colours of the graph whose nodes are the lists); a list with an edge inside becomes a joint block, single nodes of one
 * colour become one ordinary block. Nodes that are in no list, such as Gaussian ones, are drawn one by one.
 * @param lists node numbers; nodes of one kind in each list.
 * @param isFree whether a node that is in no list is to be drawn; default all.
 * @throws {InvalidArgumentError} for an empty list, a number that is no node, a node in two lists, or mixed kinds.
 */
export function superblocksOf(
  model: EnergyModel,
  lists: readonly ArrayLike<number>[],
  isFree: (node: number) => boolean = () => true,
): Superblock[] {
  const all = lists.map((list) => Int32Array.from(list));
  const owner = new Int32Array(model.nodes.length).fill(-1);
  for (const [b, list] of all.entries()) {
    if (list.length === 0) throw new InvalidArgumentError(`lists[${b}]`, "have at least one node", list);
    for (const node of list) {
      if (owner[node] !== -1) {
        throw new InvalidArgumentError(`lists[${b}]`, "have nodes of the model that are in no other list", node);
      }
      owner[node] = b;
    }
  }
  for (let i = 0; i < owner.length; i++) {
    if (owner[i] !== -1 || !isFree(i)) continue;
    owner[i] = all.length;
    all.push(Int32Array.of(i));
  }
  const { edges, isTied } = quotient(model, owner, all.length);
  const { classes } = colorGraph(adjacencyFromEdges(all.length, edges));
  return classes.map((color, c) => {
    const tied = Array.from(color).filter((b) => isTied[b] === 1);
    const loose = Array.from(color).filter((b) => isTied[b] === 0);
    const joint = tied.map((b) => block(nodesOf(model, all[b]!), { joint: true }));
    const blocks = [
      ...joint,
      ...looseBlocks(
        model,
        loose.flatMap((b) => [...all[b]!]),
        c,
      ),
    ];
    return blocks.length === 1 ? blocks[0]! : blocks;
  });
}

/** Which lists conflict with each other, and which have an edge inside. */
function quotient(model: EnergyModel, owner: Int32Array, count: number): { edges: Int32Array; isTied: Uint8Array } {
  const { start, neighbours } = conflictAdjacency(model.graph);
  const isTied = new Uint8Array(count);
  const edges: number[] = [];
  for (let i = 0; i < owner.length; i++) {
    const own = owner[i]!;
    for (let e = start[i]!; e < start[i + 1]!; e++) {
      const other = owner[neighbours[e]!]!;
      if (neighbours[e]! < i || own < 0 || other < 0) continue;
      if (own === other) isTied[own] = 1;
      else edges.push(own, other);
    }
  }
  return { edges: Int32Array.from(edges), isTied };
}

function looseBlocks(model: EnergyModel, nodes: number[], color: number): Block[] {
  nodes.sort((a, b) => a - b);
  const byKind = new Map<NodeKind, number[]>();
  for (const node of nodes) {
    const { kind } = model.nodes[node]!;
    const own = byKind.get(kind);
    if (own === undefined) byKind.set(kind, [node]);
    else own.push(node);
  }
  return [...byKind].map(([kind, own]) =>
    block(nodesOf(model, own), { name: byKind.size === 1 ? `color ${color}` : `color ${color} (${kind})` }),
  );
}

function nodesOf(model: EnergyModel, numbers: ArrayLike<number>) {
  return Array.from(numbers, (node) => model.nodes[node]!);
}
