import type { CompiledGraph } from "../compiled/compiled-graph.ts";
import { BlockGrowth, type BlockLimits } from "./block-growth.ts";
import { nodeInfluences, type PairStrengths } from "./influence.ts";

/**
 * Divides the discrete nodes of a model into connected blocks that can be drawn jointly: strongly tied nodes together.
 * Blocks grow one after the other from the node of largest influence that is in none, always by the node with the
 * strongest ties to the block, as long as the block's size, width and tables stay within the limits. Deterministic.
 * @param pairs how strongly nodes are tied: `pairInfluences` of the model, or measured correlations.
 * @param isFree which nodes to divide; default all.
 * @returns node numbers of every block, ascending; discrete nodes are in exactly one, others in none.
 * @throws {InvalidArgumentError} for limits that are none.
 */
export function influencePartition(
  graph: CompiledGraph,
  pairs: PairStrengths,
  limits: BlockLimits = {},
  isFree: (node: number) => boolean = () => true,
): Int32Array[] {
  const growth = new BlockGrowth(graph, pairs, limits);
  const influences = nodeInfluences(graph.nodeCount, pairs);
  const isOpen = Uint8Array.from({ length: graph.nodeCount }, (_, i) => (graph.states[i]! > 0 && isFree(i) ? 1 : 0));
  const seeds = Array.from(influences.keys())
    .filter((i) => isOpen[i] === 1)
    .sort((a, b) => influences[b]! - influences[a]! || a - b);
  const blocks: Int32Array[] = [];
  for (const seed of seeds) if (isOpen[seed] === 1) blocks.push(grow(growth, seed, isOpen));
  return blocks;
}

/** Grows a block from a node, and closes its nodes. */
function grow(growth: BlockGrowth, seed: number, isOpen: Uint8Array): Int32Array {
  const { adjacency, limits } = growth;
  const block = new Set([seed]);
  let cost = growth.cost([seed]);
  isOpen[seed] = 0;
  /** Sum of the strengths between the block and its open neighbours, but for those that have been found not to fit. */
  const ties = new Map<number, number>();
  const refused = new Set<number>();
  const tieNeighbours = (node: number): void => {
    for (let e = adjacency.start[node]!; e < adjacency.start[node + 1]!; e++) {
      const other = adjacency.neighbours[e]!;
      if (isOpen[other] === 0 || refused.has(other) || !growth.isSameKind(seed, other)) continue;
      ties.set(other, (ties.get(other) ?? 0) + growth.strength(node, other));
    }
  };
  tieNeighbours(seed);
  while (block.size < limits.maxBlockSize) {
    const next = strongest(ties);
    if (next === undefined) break;
    ties.delete(next);
    const more = growth.costWith(block, cost, next);
    if (more === undefined) {
      refused.add(next);
      continue;
    }
    cost = more;
    block.add(next);
    isOpen[next] = 0;
    tieNeighbours(next);
  }
  return Int32Array.from(block).sort();
}

/** Node with the strongest ties above 0, the lowest among equals. */
function strongest(ties: ReadonlyMap<number, number>): number | undefined {
  let best: number | undefined;
  for (const [node, tie] of ties) {
    if (!(tie > 0)) continue;
    if (best === undefined || tie > ties.get(best)! || (tie === ties.get(best)! && node < best)) best = node;
  }
  return best;
}
