import type { HeterodyneFrames } from "./heterodyne-frames.ts";
import { derivativeByFraction, type HeterodyneStage, writePhases } from "./heterodyne-stage.ts";
import { frameStride, LANES, type ShardMemory } from "./shard-memory.ts";

/** The stage for exponents that are added. */
export function wideHeterodyneStage(memory: ShardMemory, own: HeterodyneFrames): HeterodyneStage {
  const { frames } = memory.pairs;
  const stride = frameStride(frames);
  return {
    grow: (h) => {
      const { reference, sample, fraction, leftAlpha, rightAlpha, leftBeta, rightBeta } = own;
      const middleReference = 0.5 * reference[frames - 1]!;
      const middleSample = 0.5 * sample[frames - 1]!;
      for (let i = 0; i < frames; i++) {
        const fs = fraction[i]!;
        const fr = 1 - fs;
        const norm = 1 / Math.sqrt(fs * fs + fr * fr);
        leftAlpha[i] = fr * norm;
        rightAlpha[i] = h * (reference[i]! - middleReference);
        leftBeta[i] = fs * norm;
        rightBeta[i] = h * (sample[i]! - middleSample);
      }
    },
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
    gather: (h) => {
      const { byLeftAlpha, byRightAlpha, byLeftBeta, byRightBeta } = own;
      const { fraction, byReference, bySample, byFraction } = own;
      for (let i = 0; i < frames; i++) {
        byReference[i] = h * byRightAlpha[i]!;
        bySample[i] = h * byRightBeta[i]!;
        byFraction[i] = derivativeByFraction(fraction[i]!, byLeftAlpha[i]!, byLeftBeta[i]!);
      }
    },
  };
}
