import type { Random } from "@siegert/random";
import type { Block } from "../nodes/block.ts";
import type { BoundSampler } from "../samplers/conditional-sampler.ts";

/** A free block with what it is drawn by. */
export interface ProgramStep {
  readonly block: Block;
  /** Places in a state of the block's numbers, in its order. */
  readonly places: Int32Array;
  readonly sampler: BoundSampler;
  /** Where the sampler's memory begins in that of a chain. */
  readonly memoryAt: number;
  readonly out: Float64Array;
}

/** A chain's part in a sweep. */
export interface SweepContext {
  /** Inverse temperature. */
  readonly beta: number;
  readonly random: Random;
  /** Memory of the samplers, as `newMemory` made it. */
  readonly memory: Float64Array;
  /** Whether the samplers may still learn. */
  readonly isWarmup: boolean;
}
