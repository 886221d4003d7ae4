import { InvalidArgumentError } from "@siegert/errors";
import type { CompiledGraph } from "../compiled/compiled-graph.ts";
import { type Adjacency, adjacencyFromEdges } from "../graph/adjacency.ts";
import { eliminate } from "../graph/elimination.ts";
import { inducedAdjacency } from "../graph/induced.ts";
import { costOf, type JointCost, type JointLimits, resolveLimits } from "../joint/joint-cost.ts";
import type { PairStrengths } from "./influence.ts";

/** How large joint blocks may become. */
export interface BlockLimits extends JointLimits {
  /** Most nodes of a block. Default 16. */
  readonly maxBlockSize?: number;
  /**
   * Most neighbours of any node when it is summed out, an upper bound of the treewidth: 1 for trees. Default 6 (tables of
   * 128 entries for spins), where a draw of a block of 16 spins costs a few times what 16 single draws do.
   */
  readonly maxWidth?: number;
}

/** Limits with their defaults. @throws {InvalidArgumentError} unless sizes are positive integers and the width 0 or more. */
export function resolveBlockLimits(limits: BlockLimits): Required<BlockLimits> {
  const { maxBlockSize = 16, maxWidth = 6 } = limits;
  if (!(maxBlockSize >= 1)) throw new InvalidArgumentError("maxBlockSize", "be 1 or more", maxBlockSize);
  if (!(maxWidth >= 0)) throw new InvalidArgumentError("maxWidth", "be 0 or more", maxWidth);
  return { ...resolveLimits(limits), maxBlockSize, maxWidth };
}

/** Which nodes may be in one block, and what a block of certain nodes costs. */
export class BlockGrowth {
  readonly adjacency: Adjacency;
  readonly limits: Required<BlockLimits>;
  readonly #graph: CompiledGraph;
  readonly #strengths: Map<number, number> = new Map();

  /** @param pairs edges of the model's discrete nodes, as `pairInfluences` gives them. */
  constructor(graph: CompiledGraph, pairs: PairStrengths, limits: BlockLimits) {
    this.#graph = graph;
    this.limits = resolveBlockLimits(limits);
    this.adjacency = adjacencyFromEdges(graph.nodeCount, pairs.edges);
    if (pairs.strengths.length !== pairs.edges.length / 2) {
      throw new InvalidArgumentError("strengths", "have one entry per edge", pairs.strengths.length);
    }
    for (let e = 0; e < pairs.strengths.length; e++) {
      const strength = pairs.strengths[e]!;
      if (!(strength >= 0)) throw new InvalidArgumentError(`strengths[${e}]`, "be 0 or more", strength);
      this.#strengths.set(this.#key(pairs.edges[2 * e]!, pairs.edges[2 * e + 1]!), strength);
    }
  }

  /** Strength of an edge. */
  strength(a: number, b: number): number {
    return this.#strengths.get(this.#key(a, b)) ?? 0;
  }

  /** Whether two nodes may be in one block: it has nodes of one kind. */
  isSameKind(a: number, b: number): boolean {
    return this.#graph.kind[a] === this.#graph.kind[b];
  }

  /** What drawing a block of these nodes takes. */
  cost(block: readonly number[]): JointCost {
    const states = block.map((node) => this.#graph.states[node]!);
    return costOf(eliminate(inducedAdjacency(this.adjacency, block)), states);
  }

  /** Whether a block of these nodes stays within the limits. */
  fits(block: readonly number[]): boolean {
    return block.length <= this.limits.maxBlockSize && this.#isWithin(this.cost(block));
  }

  /**
   * Cost of a connected block with one more node, a neighbour of it; undefined beyond the limits. A node with one
   * neighbour in the block hangs on it like a leaf and is summed out first, so nothing has to be computed anew.
   */
  costWith(block: ReadonlySet<number>, cost: JointCost, node: number): JointCost | undefined {
    if (block.size >= this.limits.maxBlockSize) return undefined;
    const { start, neighbours } = this.adjacency;
    let inside = 0;
    let last = node;
    for (let e = start[node]!; e < start[node + 1]!; e++) {
      if (!block.has(neighbours[e]!)) continue;
      inside++;
      last = neighbours[e]!;
    }
    // Two ways from the node into a connected block close a cycle, whose treewidth is 2.
    if (inside > 1 && this.limits.maxWidth < 2) return undefined;
    const more = inside > 1 ? this.cost([...block, node]) : this.#withLeaf(cost, node, last);
    return this.#isWithin(more) ? more : undefined;
  }

  #withLeaf({ width, tableSize, totalSize }: JointCost, leaf: number, neighbour: number): JointCost {
    const table = this.#graph.states[leaf]! * this.#graph.states[neighbour]!;
    return { width: Math.max(1, width), tableSize: Math.max(tableSize, table), totalSize: totalSize + table };
  }

  #isWithin({ width, tableSize, totalSize }: JointCost): boolean {
    const { maxWidth, maxTableSize, maxTotalSize } = this.limits;
    return width <= maxWidth && tableSize <= maxTableSize && totalSize <= maxTotalSize;
  }

  #key(a: number, b: number): number {
    return Math.min(a, b) * this.#graph.nodeCount + Math.max(a, b);
  }
}
