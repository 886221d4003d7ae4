import { InvalidArgumentError } from "@siegert/errors";
import type { CompiledGraph } from "../compiled/compiled-graph.ts";
import { type Adjacency, adjacencyFromEdges } from "../graph/adjacency.ts";
import { eliminate } from "../graph/elimination.ts";
import { inducedAdjacency } from "../graph/induced.ts";
import { costOf, type JointLimits, resolveLimits } from "../joint/joint-cost.ts";
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

  /** Whether a block of these nodes stays within the limits. */
  fits(block: readonly number[]): boolean {
    if (block.length > this.limits.maxBlockSize) return false;
    const states = block.map((node) => this.#graph.states[node]!);
    const { width, tableSize, totalSize } = costOf(eliminate(inducedAdjacency(this.adjacency, block)), states);
    const { maxWidth, maxTableSize, maxTotalSize } = this.limits;
    return width <= maxWidth && tableSize <= maxTableSize && totalSize <= maxTotalSize;
  }

  #key(a: number, b: number): number {
    return Math.min(a, b) * this.#graph.nodeCount + Math.max(a, b);
  }
}
