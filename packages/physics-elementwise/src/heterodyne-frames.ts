import { LANES, type ShardMemory } from "./shard-memory.ts";

/**
 * Per-frame numbers of the two-component mode that do not depend on the angle, and sums over angles of what the kernels
 * give back. Every row has `stride` entries: the frames, rounded up to an even number.
 *
 * | row | holds |
 * | --- | --- |
 * | velocity | ∫v |
 * | leftAlpha, rightAlpha | α times and over the growth of the reference; wide: α and its exponent |
 * | leftBeta, rightBeta | β times and over the growth of the sample; wide: β and its exponent |
 * | byLeftAlpha … byRightBeta | half the derivatives by these four |
 * | byVelocity | half the derivative by ∫v |
 */
export interface HeterodyneFrames {
  readonly velocity: Float64Array;
  readonly leftAlpha: Float64Array;
  readonly rightAlpha: Float64Array;
  readonly leftBeta: Float64Array;
  readonly rightBeta: Float64Array;
  readonly byLeftAlpha: Float64Array;
  readonly byRightAlpha: Float64Array;
  readonly byLeftBeta: Float64Array;
  readonly byRightBeta: Float64Array;
  readonly byVelocity: Float64Array;
  /** cos ψ and sin ψ of each angle; shape (angles, stride). */
  readonly cosine: Float64Array;
  readonly sine: Float64Array;
}

const ROWS = 10;

/** Frames rounded up to an even number. */
export function frameStride(frames: number): number {
  return frames + (frames % 2);
}

/** Numbers that {@link heterodyneFrames} takes from the workspace. */
export function heterodyneWorkspace(frames: number, angles: number): number {
  return (ROWS + 2 * angles) * frameStride(frames);
}

export function heterodyneFrames({ pairs, workspace }: ShardMemory): HeterodyneFrames {
  const stride = frameStride(pairs.frames);
  const row = (k: number, rows = 1): Float64Array => workspace.subarray(k * stride, (k + rows) * stride);
  return {
    velocity: row(0),
    leftAlpha: row(1),
    rightAlpha: row(2),
    leftBeta: row(3),
    rightBeta: row(4),
    byLeftAlpha: row(5),
    byRightAlpha: row(6),
    byLeftBeta: row(7),
    byRightBeta: row(8),
    byVelocity: row(9),
    cosine: row(ROWS, pairs.angles),
    sine: row(ROWS + pairs.angles, pairs.angles),
  };
}

/** The loops over the frames of one angle. */
export interface HeterodyneStage {
  /** Writes the kernels' factors. */
  write(angle: number, kappa: number): void;
  /** Adds the kernels' gradient tables times `scale` to the sums; Σ half the derivative by ψ times ∫v, for phi0. */
  collect(angle: number, kappa: number, scale: number): number;
}

/** The stage in TypeScript, for factors that are multiplied. */
export function heterodyneStage(memory: ShardMemory, own: HeterodyneFrames): HeterodyneStage {
  const { frames } = memory.pairs;
  const stride = frameStride(frames);
  return {
    write: (angle, kappa) => {
      const { left, right } = memory;
      const { leftAlpha, rightAlpha, leftBeta, rightBeta, cosine, sine } = own;
      writePhases(own, angle * stride, frames, kappa);
      for (let i = 0, at = LANES * angle * frames; i < frames; i++, at += LANES) {
        const c = cosine[angle * stride + i]!;
        const s = sine[angle * stride + i]!;
        left[at] = leftBeta[i]! * c;
        left[at + 1] = leftBeta[i]! * s;
        left[at + 2] = leftAlpha[i]!;
        right[at] = rightBeta[i]! * c;
        right[at + 1] = rightBeta[i]! * s;
        right[at + 2] = rightAlpha[i]!;
        right[at + 3] = rightAlpha[i]!;
      }
    },
    collect: (angle, kappa, scale) => {
      const { leftGradient, rightGradient } = memory;
      const { velocity, leftAlpha, rightAlpha, cosine, sine } = own;
      const { byLeftAlpha, byRightAlpha, byLeftBeta, byRightBeta, byVelocity } = own;
      let byKappa = 0;
      for (let i = 0, at = LANES * angle * frames; i < frames; i++, at += LANES) {
        const c = scale * cosine[angle * stride + i]!;
        const s = scale * sine[angle * stride + i]!;
        byLeftAlpha[i]! += scale * leftGradient[at + 2]!;
        byRightAlpha[i]! += scale * rightGradient[at + 2]!;
        byLeftBeta[i]! += c * leftGradient[at]! + s * leftGradient[at + 1]!;
        byRightBeta[i]! += c * rightGradient[at]! + s * rightGradient[at + 1]!;
        const byPhase = scale * (leftAlpha[i]! * leftGradient[at + 3]! - rightAlpha[i]! * rightGradient[at + 3]!);
        byVelocity[i]! += kappa * byPhase;
        byKappa += velocity[i]! * byPhase;
      }
      return byKappa;
    },
  };
}

/** The stage for exponents that are added. */
export function wideHeterodyneStage(memory: ShardMemory, own: HeterodyneFrames): HeterodyneStage {
  const { frames } = memory.pairs;
  const stride = frameStride(frames);
  return {
    write: (angle, kappa) => {
      const { left, right } = memory;
      const { leftAlpha, rightAlpha, leftBeta, rightBeta, cosine, sine } = own;
      writePhases(own, angle * stride, frames, kappa);
      for (let i = 0, at = LANES * angle * frames; i < frames; i++, at += LANES) {
        left[at] = leftBeta[i]! * cosine[angle * stride + i]!;
        left[at + 1] = leftBeta[i]! * sine[angle * stride + i]!;
        left[at + 2] = leftAlpha[i]!;
        left[at + 3] = rightAlpha[i]!;
        right[at] = rightBeta[i]!;
      }
    },
    collect: (angle, kappa, scale) => {
      const { leftGradient, rightGradient } = memory;
      const { velocity, cosine, sine, byLeftAlpha, byRightAlpha, byLeftBeta, byRightBeta, byVelocity } = own;
      let byKappa = 0;
      for (let i = 0, at = LANES * angle * frames; i < frames; i++, at += LANES) {
        const c = scale * cosine[angle * stride + i]!;
        const s = scale * sine[angle * stride + i]!;
        byLeftAlpha[i]! += scale * leftGradient[at + 2]!;
        byRightAlpha[i]! += scale * leftGradient[at + 3]!;
        byLeftBeta[i]! += c * leftGradient[at]! + s * leftGradient[at + 1]!;
        byRightBeta[i]! += scale * rightGradient[at]!;
        const byPhase = scale * rightGradient[at + 1]!;
        byVelocity[i]! += kappa * byPhase;
        byKappa += velocity[i]! * byPhase;
      }
      return byKappa;
    },
  };
}

function writePhases({ velocity, cosine, sine }: HeterodyneFrames, row: number, frames: number, kappa: number): void {
  for (let i = 0; i < frames; i++) {
    const phase = kappa * velocity[i]!;
    cosine[row + i] = Math.cos(phase);
    sine[row + i] = Math.sin(phase);
  }
}
