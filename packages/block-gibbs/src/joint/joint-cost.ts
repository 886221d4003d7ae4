import { InvalidArgumentError } from "@siegert/errors";
import type { CompiledGraph } from "../compiled/compiled-graph.ts";
import type { Adjacency } from "../graph/adjacency.ts";
import { ELIMINATION_METHODS, type Elimination, eliminate } from "../graph/elimination.ts";
import { blockScopes } from "./block-scopes.ts";

/** Limits of what may be tabulated to draw a block jointly. */
export interface JointLimits {
  /**
   * Most entries of one table: the product of the states of a node and the neighbours it has when it is summed out.
   * Default 65536, which is 16 spins: a treewidth of 15.
   */
  readonly maxTableSize?: number;
  /** Most entries of all tables of a block together, at about 30 bytes each. Default 4194304. */
  readonly maxTotalSize?: number;
}

/** What drawing a block jointly takes. */
export interface JointCost {
  /** Upper bound of the block's treewidth, that of the elimination order used. */
  readonly width: number;
  /** Entries of the largest table. */
  readonly tableSize: number;
  /** Entries of all tables: time per draw is proportional to it. */
  readonly totalSize: number;
}

/** Limits with their defaults. @throws {InvalidArgumentError} unless they are positive numbers. */
export function resolveLimits(limits: JointLimits): Required<JointLimits> {
  const { maxTableSize = 65536, maxTotalSize = 4194304 } = limits;
  if (!(maxTableSize >= 1)) throw new InvalidArgumentError("maxTableSize", "be 1 or more", maxTableSize);
  if (!(maxTotalSize >= 1 && maxTotalSize <= 2 ** 28)) {
    throw new InvalidArgumentError("maxTotalSize", "lie between 1 and 268435456", maxTotalSize);
  }
  return { maxTableSize, maxTotalSize };
}

/** Cost of summing nodes out in an order, where node p has `states[p]` states. */
export function costOf({ order, separators, width }: Elimination, states: ArrayLike<number>): JointCost {
  let tableSize = 0;
  let totalSize = 0;
  for (let k = 0; k < order.length; k++) {
    let size = states[order[k]!]!;
    for (const place of separators[k]!) size *= states[place]!;
    tableSize = Math.max(tableSize, size);
    totalSize += size;
  }
  return { width, tableSize, totalSize };
}

/** The cheapest of the orders that the methods give. */
export function cheapestElimination(
  adjacency: Adjacency,
  states: ArrayLike<number>,
): { readonly elimination: Elimination; readonly cost: JointCost } {
  const tried = ELIMINATION_METHODS.map((method) => {
    const elimination = eliminate(adjacency, method);
    return { elimination, cost: costOf(elimination, states) };
  });
  return tried.reduce((best, other) => (other.cost.totalSize < best.cost.totalSize ? other : best));
}

/**
 * What it takes to draw some spins or categorical nodes of a model jointly.
 * @param nodes their numbers.
 * @throws {InvalidArgumentError} for a number that is no node, or a node that is not discrete.
 */
export function jointCost(graph: CompiledGraph, nodes: ArrayLike<number>): JointCost {
  const block = Int32Array.from(nodes);
  for (const node of block) {
    if (!(graph.states[node]! > 0)) {
      throw new InvalidArgumentError("nodes", "be discrete nodes of the model", graph.names[node] ?? node);
    }
  }
  const states = block.map((node) => graph.states[node]!);
  return cheapestElimination(blockScopes(graph, block).adjacency, states).cost;
}
