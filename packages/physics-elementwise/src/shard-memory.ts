import type { PairList } from "./pair-list.ts";

/** Numbers kept per frame and angle in each table of factors. */
export const LANES = 4;

/**
 * Everything the kernels read and write, in one buffer: the same layout serves the plain kernels and the WebAssembly
 * ones, whose memory the buffer then is. Tables of factors have shape (angles, frames, 4).
 */
export interface ShardMemory {
  readonly pairs: PairList;
  /** Factors of a frame as the earlier one of a pair. */
  readonly left: Float64Array;
  /** Factors of a frame as the later one of a pair. */
  readonly right: Float64Array;
  /** Derivatives of Σ weight·residual·m by the factors. */
  readonly leftGradient: Float64Array;
  readonly rightGradient: Float64Array;
  /** Measured values, sorted; shape (pairs). */
  readonly measured: Float64Array;
  /** 1/σ² of each sorted pair; empty when all pairs share one σ, which then counts as weight 1. */
  readonly weights: Float64Array;
  /** Normalised correlation m = (c2 − offset)/contrast of each sorted pair; shape (pairs). */
  readonly normalised: Float64Array;
  /** Results of one angle: Σ w r², Σ w r, Σ w r m. */
  readonly sums: Float64Array;
  /** Numbers of the physics, for kernels that need them in the same buffer. */
  readonly workspace: Float64Array;
  readonly rowStart: Int32Array;
  readonly column: Int32Array;
}

/** Length of a row of the workspace: the frames, rounded up to an even number. */
export function frameStride(frames: number): number {
  return frames + (frames % 2);
}

/** Bytes that {@link shardMemory} takes from its buffer. */
export function shardBytes(pairs: PairList, isWeighted: boolean, workspace: number): number {
  const count = pairs.column.length;
  const doubles = 4 * tableSize(pairs) + (isWeighted ? 3 : 2) * count + LANES + workspace;
  return 8 * doubles + 4 * (pairs.rowStart.length + count);
}

/** Lays the tables out in a buffer of at least {@link shardBytes} and copies the pairs into it. */
export function shardMemory(
  pairs: PairList,
  c2: Float64Array,
  weights: Float64Array | undefined,
  workspace: number,
  buffer: ArrayBuffer,
): ShardMemory {
  let byte = 0;
  const doubles = (length: number): Float64Array => {
    const view = new Float64Array(buffer, byte, length);
    byte += 8 * length;
    return view;
  };
  const integers = (values: Int32Array): Int32Array => {
    const view = new Int32Array(buffer, byte, values.length);
    view.set(values);
    byte += 4 * values.length;
    return view;
  };
  const size = tableSize(pairs);
  const count = pairs.column.length;
  const memory: ShardMemory = {
    pairs,
    left: doubles(size),
    right: doubles(size),
    leftGradient: doubles(size),
    rightGradient: doubles(size),
    sums: doubles(LANES),
    workspace: doubles(workspace),
    measured: doubles(count),
    weights: doubles(weights === undefined ? 0 : count),
    normalised: doubles(count),
    rowStart: integers(pairs.rowStart),
    column: integers(pairs.column),
  };
  for (let k = 0; k < count; k++) {
    memory.measured[k] = c2[pairs.order[k]!]!;
    if (weights !== undefined) memory.weights[k] = weights[pairs.order[k]!]!;
  }
  return memory;
}

function tableSize(pairs: PairList): number {
  return pairs.angles * pairs.frames * LANES;
}
