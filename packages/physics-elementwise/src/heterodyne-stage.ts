import type { HeterodyneFrames } from "./heterodyne-frames.ts";
import { frameStride, LANES, type ShardMemory } from "./shard-memory.ts";

/** The loops over frames between channels and kernels. */
export interface HeterodyneStage {
  /** From the integrals and the fraction, writes α, β and growths. */
  grow(h: number): void;
  /** Writes the kernels' factors of one angle. */
  write(angle: number, kappa: number): void;
  /** Adds the kernels' gradient tables times `scale` to the sums; gives Σ derivative by ψ times ∫v, for phi0. */
  collect(angle: number, kappa: number, scale: number): number;
  /** From the sums, writes the derivatives by the integrals and the fraction. */
  gather(h: number): void;
}

/** The stage in TypeScript, for factors that are multiplied. */
export function heterodyneStage(memory: ShardMemory, own: HeterodyneFrames): HeterodyneStage {
  const { frames } = memory.pairs;
  const stride = frameStride(frames);
  return {
    grow: (h) => grow(own, frames, h),
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
    gather: (h) => gather(own, frames, h),
  };
}

function grow(own: HeterodyneFrames, frames: number, h: number): void {
  const { reference, sample, fraction, leftAlpha, rightAlpha, leftBeta, rightBeta } = own;
  const { growthReference, growthSample } = own;
  const middleReference = 0.5 * reference[frames - 1]!;
  const middleSample = 0.5 * sample[frames - 1]!;
  for (let i = 0; i < frames; i++) {
    const fs = fraction[i]!;
    const fr = 1 - fs;
    const norm = 1 / Math.sqrt(fs * fs + fr * fr);
    const growthOfReference = Math.exp(h * (reference[i]! - middleReference));
    const growthOfSample = Math.exp(h * (sample[i]! - middleSample));
    growthReference[i] = growthOfReference;
    growthSample[i] = growthOfSample;
    leftAlpha[i] = fr * norm * growthOfReference;
    rightAlpha[i] = (fr * norm) / growthOfReference;
    leftBeta[i] = fs * norm * growthOfSample;
    rightBeta[i] = (fs * norm) / growthOfSample;
  }
}

function gather(own: HeterodyneFrames, frames: number, h: number): void {
  const { leftAlpha, rightAlpha, leftBeta, rightBeta, byLeftAlpha, byRightAlpha, byLeftBeta, byRightBeta } = own;
  const { growthReference, growthSample, fraction, byReference, bySample, byFraction } = own;
  for (let i = 0; i < frames; i++) {
    const left = byLeftAlpha[i]!;
    const right = byRightAlpha[i]!;
    const leftSample = byLeftBeta[i]!;
    const rightSample = byRightBeta[i]!;
    byReference[i] = h * (leftAlpha[i]! * left - rightAlpha[i]! * right);
    bySample[i] = h * (leftBeta[i]! * leftSample - rightBeta[i]! * rightSample);
    const byAlpha = left * growthReference[i]! + right / growthReference[i]!;
    const byBeta = leftSample * growthSample[i]! + rightSample / growthSample[i]!;
    byFraction[i] = derivativeByFraction(fraction[i]!, byAlpha, byBeta);
  }
}

/** cos ψ and sin ψ of one angle, whose rows begin at `row`. */
export function writePhases(
  { velocity, cosine, sine }: HeterodyneFrames,
  row: number,
  frames: number,
  kappa: number,
): void {
  for (let i = 0; i < frames; i++) {
    const phase = kappa * velocity[i]!;
    cosine[row + i] = Math.cos(phase);
    sine[row + i] = Math.sin(phase);
  }
}

/** ∂α/∂fs = −fs/n^{3/2} and ∂β/∂fs = fr/n^{3/2}, because fs + fr = 1. */
export function derivativeByFraction(fs: number, byAlpha: number, byBeta: number): number {
  const norm = fs * fs + (1 - fs) * (1 - fs);
  return (byBeta * (1 - fs) - byAlpha * fs) / (norm * Math.sqrt(norm));
}
