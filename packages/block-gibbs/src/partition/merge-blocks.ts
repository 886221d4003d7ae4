import { InvalidArgumentError } from "@siegert/errors";
import type { CompiledGraph } from "../compiled/compiled-graph.ts";
import type { EnergyModel } from "../models/energy-model.ts";
import type { Superblock } from "../nodes/block.ts";
import { BlockGrowth, type BlockLimits } from "./block-growth.ts";
import { estimateCorrelations } from "./correlations.ts";
import type { PairStrengths } from "./influence.ts";
import { superblocksOf } from "./superblocks.ts";

/** Options of `mergeBlocks` and `reblock`. */
export interface MergeOptions extends BlockLimits {
  /** Edges weaker than this join no blocks. Default 0.3. */
  readonly threshold?: number;
}

/**
 * Divides the discrete nodes of a model into blocks by merging: beginning with single nodes, the blocks at the ends of
 * every edge are joined, the strongest edge first, where the result stays within the limits. Deterministic.
 * @param pairs measured correlations, or influences.
 * @param isFree which nodes to divide; default all.
 * @returns node numbers of every block, ascending, blocks by their lowest node.
 * @throws {InvalidArgumentError} for limits that are none, or a threshold that is negative.
 */
export function mergeBlocks(
  graph: CompiledGraph,
  pairs: PairStrengths,
  options: MergeOptions = {},
  isFree: (node: number) => boolean = () => true,
): Int32Array[] {
  const { threshold = 0.3 } = options;
  if (!(threshold >= 0)) throw new InvalidArgumentError("threshold", "be 0 or more", threshold);
  const growth = new BlockGrowth(graph, pairs, options);
  const blockOf: (number[] | undefined)[] = Array.from({ length: graph.nodeCount }, (_, i) =>
    graph.states[i]! > 0 && isFree(i) ? [i] : undefined,
  );
  const { edges, strengths } = pairs;
  const order = Array.from(strengths.keys())
    .filter((e) => strengths[e]! >= threshold)
    .sort((a, b) => strengths[b]! - strengths[a]! || a - b);
  for (const e of order) {
    const a = blockOf[edges[2 * e]!];
    const b = blockOf[edges[2 * e + 1]!];
    if (a === undefined || b === undefined || a === b || !growth.isSameKind(a[0]!, b[0]!)) continue;
    if (a.length + b.length > growth.limits.maxBlockSize || !growth.fits([...a, ...b])) continue;
    const merged = [...a, ...b];
    for (const node of merged) blockOf[node] = merged;
  }
  const blocks = new Set(blockOf.filter((nodes) => nodes !== undefined));
  return [...blocks].map((nodes) => Int32Array.from(nodes).sort()).sort((a, b) => a[0]! - b[0]!);
}

/**
 * Blocks from what a run has shown: nodes that moved together are drawn together, jointly and exactly. Any fixed blocks
 * leave the law of the model as it is; blocks chosen anew while draws are kept do not, since the choice would depend on
 * the past. So reblock during warmup or between the rounds of tuning, then keep the blocks.
 * @param states draws, row after row, as `estimateCorrelations` takes them.
 * @param isFree which nodes to draw; default all.
 * @throws {InvalidArgumentError} as `estimateCorrelations` and `mergeBlocks`.
 */
export function reblock(
  model: EnergyModel,
  states: Float64Array,
  options: MergeOptions = {},
  isFree: (node: number) => boolean = () => true,
): Superblock[] {
  const pairs = estimateCorrelations(model.graph, states);
  return superblocksOf(model, mergeBlocks(model.graph, pairs, options, isFree), isFree);
}
