import type { EnergyModel } from "../models/energy-model.ts";
import type { Block, Superblock } from "../nodes/block.ts";
import { type BlockLimits, resolveBlockLimits } from "./block-growth.ts";
import { type BlockSizeOptions, branching, estimateCriticalBeta, recommendBlockSize } from "./block-size.ts";
import { type PairStrengths, pairInfluences } from "./influence.ts";
import { influencePartition } from "./influence-partition.ts";
import { superblocksOf } from "./superblocks.ts";

/** Options of `blocksByTemperature`. */
export interface TemperatureBlockOptions extends BlockLimits, Omit<BlockSizeOptions, "minSize" | "maxSize"> {
  /** Where blocks are to be largest. Default: `estimateCriticalBeta` of the model. */
  readonly criticalBeta?: number;
  /**
   * How strongly nodes are tied, where that was measured: `estimateCorrelations` of draws. Default: `pairInfluences`. It
   * decides which nodes share a block, not how large blocks are.
   */
  readonly pairs?: PairStrengths;
  /** Blocks that keep their values. Default none. */
  readonly clamped?: readonly Block[];
}

/** Blocks for an inverse temperature; the same object for all temperatures that get blocks of one size. */
export type BlocksOfTemperature = (beta: number) => readonly Superblock[];

/**
 * An update schedule for every temperature: joint blocks that are largest where correlations are longest, single nodes
 * where they are short. Sizes are powers of two up to `maxBlockSize` (and that itself), so that a ladder of any length has
 * a few schedules. The blocks depend on β and the model alone, never on a state: every chain leaves its law as it is, and
 * a ladder may be tuned without changing them.
 *
 * @returns superblocks for `gibbsProgram`; β as given to it, negative or not finite throws `InvalidArgumentError`.
 * @throws {InvalidArgumentError} for options outside of their range.
 */
export function blocksByTemperature(model: EnergyModel, options: TemperatureBlockOptions = {}): BlocksOfTemperature {
  const { graph } = model;
  const limits = resolveBlockLimits(options);
  const criticalBeta =
    options.criticalBeta ?? estimateCriticalBeta(graph.nodeCount, (beta) => pairInfluences(graph, beta));
  const { exponent, beyond } = options;
  const mostNodes = Math.floor(Math.min(limits.maxBlockSize, graph.nodeCount));
  const sizing: BlockSizeOptions = {
    criticalBeta,
    maxSize: mostNodes,
    ...(exponent === undefined ? {} : { exponent }),
    ...(beyond === undefined ? {} : { beyond }),
  };
  recommendBlockSize(0, sizing);
  const clamped = new Set(options.clamped?.flatMap(({ nodes }) => nodes) ?? []);
  const isFree = (node: number): boolean => !clamped.has(model.nodes[node]!);
  // Which of two edges is stronger does not depend on β, so one temperature ranks them for all.
  const pairs = options.pairs ?? pairInfluences(graph, Number.isFinite(criticalBeta) ? criticalBeta : 1);
  const sizeAt = (beta: number): number => {
    const wanted = recommendBlockSize(beta, sizing);
    if (criticalBeta < Infinity) return wanted;
    // A tree or a chain is critical at zero temperature alone: changes die out after 1/(1 − branching) nodes on average.
    const reach = 1 / (1 - branching(graph.nodeCount, pairInfluences(graph, beta)));
    return Math.min(mostNodes, Math.round(reach));
  };
  const known = new Map<number, readonly Superblock[]>();
  return (beta) => {
    const wanted = sizeAt(beta);
    const size = wanted === mostNodes ? wanted : 2 ** Math.floor(Math.log2(wanted));
    const made = known.get(size);
    if (made !== undefined) return made;
    const lists = influencePartition(graph, pairs, { ...limits, maxBlockSize: size }, isFree);
    const blocks = superblocksOf(model, lists, isFree);
    known.set(size, blocks);
    return blocks;
  };
}
