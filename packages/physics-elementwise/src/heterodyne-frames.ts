import { frameStride, type ShardMemory } from "./shard-memory.ts";

/**
 * Numbers per frame of the two-component mode that do not depend on the angle, one row each; h = ½q², C̄ the middle of
 * the range of a transport integral.
 */
export const ROW = {
  /** ∫v. */
  velocity: 0,
  /** α times and over e^{h(C − C̄)} of the reference; wide: α and h(C − C̄). */
  leftAlpha: 1,
  rightAlpha: 2,
  /** β times and over e^{h(C − C̄)} of the sample; wide: β and h(C − C̄). */
  leftBeta: 3,
  rightBeta: 4,
  /** Derivatives by the four above, summed over angles. */
  byLeftAlpha: 5,
  byRightAlpha: 6,
  byLeftBeta: 7,
  byRightBeta: 8,
  /** Derivatives by ∫v, summed over angles. */
  byVelocity: 9,
  /** Integrals of the transport coefficients, and the sample fraction. */
  reference: 10,
  sample: 11,
  fraction: 12,
  /** e^{h(C − C̄)}; wide: not used. */
  growthReference: 13,
  growthSample: 14,
  /** Derivatives by reference, sample and fraction. */
  byReference: 15,
  bySample: 16,
  byFraction: 17,
  /** Of the WebAssembly channels: ln t (0 at t = 0), 0 at t = 0 and 1 elsewhere, t. */
  logTime: 18,
  isLater: 19,
  time: 20,
  /** Derivatives of each rate by its amplitude and offset. */
  referenceShape: 21,
  referenceFree: 22,
  sampleShape: 23,
  sampleFree: 24,
  velocityShape: 25,
  velocityFree: 26,
  /** Derivatives of the fraction by f0 and f3. */
  fractionGrowth: 27,
  fractionSlope: 28,
} as const;

/** Name of a row. */
export type RowName = keyof typeof ROW;

const ROW_NAMES = Object.keys(ROW) as RowName[];

/** The rows, each with `frameStride` entries, and cos ψ and sin ψ of each angle, shape (angles, stride). */
export type HeterodyneFrames = Readonly<Record<RowName | "cosine" | "sine", Float64Array>>;

/** Numbers that {@link heterodyneFrames} takes from the workspace. */
export function heterodyneWorkspace(frames: number, angles: number): number {
  return (ROW_NAMES.length + 2 * angles) * frameStride(frames);
}

/** The rows as views of the workspace. */
export function heterodyneFrames({ pairs, workspace }: ShardMemory): HeterodyneFrames {
  const stride = frameStride(pairs.frames);
  const view = (row: number, rows: number): Float64Array => workspace.subarray(row * stride, (row + rows) * stride);
  const single = Object.fromEntries(ROW_NAMES.map((name) => [name, view(ROW[name], 1)]));
  return {
    ...(single as Record<RowName, Float64Array>),
    cosine: view(ROW_NAMES.length, pairs.angles),
    sine: view(ROW_NAMES.length + pairs.angles, pairs.angles),
  };
}
