import type { ShardPlan } from "@siegert/cmc-consensus";
import type { MeasurementSpec } from "../posterior/posterior-spec.ts";
import { isWholeAffordable } from "./whole-affordable.ts";

/** Bytes that a run takes at most, about, by what they are for. */
export interface MemoryEstimate {
  /** The maps, as read. */
  readonly maps: number;
  /** A copy of their pairs: for least squares, and later for the posterior of the whole where that is evaluated. */
  readonly wholePosterior: number;
  /** Draws of all shards, and of their consensus. */
  readonly draws: number;
  /** Shards that are under way, with their threads. */
  readonly workers: number;
  /** The program itself, and figures. */
  readonly program: number;
  readonly total: number;
}

const MEGABYTE = 2 ** 20;
/** Node with the program's code, and the figures of a report. */
const PROGRAM = 250 * MEGABYTE;
/** A thread of its own: an isolate with the same code. */
const WORKER = 40 * MEGABYTE;
/**
 * Of a point of a shard that is under way: the task as bytes here, sent and unpacked (3 × 12), its frames and order while
 * they are sorted (32), and the engine's memory (20).
 */
const BYTES_PER_POINT = 88;
/** Of a frame and angle in the engine: four tables of four numbers, and channels. */
const BYTES_PER_FRAME = 8 * (4 * 4 + 16);

/** Adds up the arrays that a run holds at once. */
export function memoryEstimate({
  spec,
  plan,
  threads,
}: {
  readonly spec: MeasurementSpec;
  readonly plan: ShardPlan;
  readonly threads: number;
}): MemoryEstimate {
  const frames = spec.times.length;
  const angles = spec.phi.length;
  const maps = 8 * angles * frames * frames;
  // Least squares packs the pairs, whether or not the whole posterior is evaluated later.
  const wholePosterior = 8 * plan.points * (isWholeAffordable(plan.points) ? 1.25 : 1);
  const { nSamples, nChains } = plan.samplingPlan;
  const vector = spec.model.parameters.length + 2 * angles;
  const dim = plan.coordinates.length;
  // Consensus, its values by name, full vectors, and a copy for the files.
  const draws = plan.drawBytes + 8 * nChains * nSamples * (4 * dim + vector);
  const engine = BYTES_PER_POINT * plan.pointsPerShard + BYTES_PER_FRAME * frames * angles;
  const workers = threads * (WORKER + engine);
  return {
    maps,
    wholePosterior,
    draws,
    workers,
    program: PROGRAM,
    total: maps + wholePosterior + draws + workers + PROGRAM,
  };
}
