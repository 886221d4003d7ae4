import type { Kernel } from "./kernel.ts";
import { LANES, type ShardMemory } from "./shard-memory.ts";

/**
 * Two components with the exponentials taken per pair, for transport so large that e^{±hC} would leave the range of
 * float64. Left lanes (β cos ψ, β sin ψ, α, h·Cr), right lanes (h·Cs): both are read for both frames of a pair, and the
 * gradient tables hold half the derivatives by these five numbers and, in lane 1 on the right, by ψ.
 */
export function wideHeterodyneKernel(memory: ShardMemory): Kernel {
  return {
    fill: (angle) => fill(memory, angle),
    accumulate: (angle, contrast, offset) => {
      const { pairs, leftGradient, rightGradient, rowStart, sums } = memory;
      const base = angle * pairs.frames;
      leftGradient.fill(0, LANES * base, LANES * (base + pairs.frames));
      rightGradient.fill(0, LANES * base, LANES * (base + pairs.frames));
      sums.fill(0);
      for (let row = base; row < base + pairs.frames; row++) {
        if (rowStart[row]! < rowStart[row + 1]!) accumulateRow(memory, row, base, contrast, offset);
      }
    },
  };
}

function fill({ pairs, left, right, normalised, rowStart, column }: ShardMemory, angle: number): void {
  const base = angle * pairs.frames;
  for (let row = base; row < base + pairs.frames; row++) {
    const at = LANES * row;
    for (let k = rowStart[row]!; k < rowStart[row + 1]!; k++) {
      const to = LANES * (base + column[k]!);
      const reference = Math.exp(left[at + 3]! - left[to + 3]!);
      const sample = Math.exp(right[at]! - right[to]!);
      const re =
        left[at + 2]! * left[to + 2]! * reference + (left[at]! * left[to]! + left[at + 1]! * left[to + 1]!) * sample;
      const im = (left[at]! * left[to + 1]! - left[at + 1]! * left[to]!) * sample;
      normalised[k] = re * re + im * im;
    }
  }
}

function accumulateRow(memory: ShardMemory, row: number, base: number, contrast: number, offset: number): void {
  const { left, right, leftGradient, rightGradient, measured, weights, sums, rowStart, column } = memory;
  const isWeighted = weights.length > 0;
  const at = LANES * row;
  const alpha = left[at + 2]!;
  const c = left[at]!;
  const s = left[at + 1]!;
  for (let k = rowStart[row]!; k < rowStart[row + 1]!; k++) {
    const to = LANES * (base + column[k]!);
    const alphaJ = left[to + 2]!;
    const cJ = left[to]!;
    const sJ = left[to + 1]!;
    const reference = Math.exp(left[at + 3]! - left[to + 3]!);
    const sample = Math.exp(right[at]! - right[to]!);
    const reReference = alpha * alphaJ * reference;
    const reSample = (c * cJ + s * sJ) * sample;
    const re = reReference + reSample;
    const im = (c * sJ - s * cJ) * sample;
    const m = re * re + im * im;
    const residual = measured[k]! - offset - contrast * m;
    const u = isWeighted ? weights[k]! * residual : residual;
    sums[0]! += u * residual;
    sums[1]! += u;
    sums[2]! += u * m;
    const ure = u * re;
    const uim = u * im;
    leftGradient[at + 2]! += ure * alphaJ * reference;
    leftGradient[at]! += (ure * cJ + uim * sJ) * sample;
    leftGradient[at + 1]! += (ure * sJ - uim * cJ) * sample;
    leftGradient[at + 3]! += ure * reReference;
    rightGradient[at]! += ure * reSample + uim * im;
    rightGradient[at + 1]! += uim * reReference;
    leftGradient[to + 2]! += ure * alpha * reference;
    leftGradient[to]! += (ure * c - uim * s) * sample;
    leftGradient[to + 1]! += (ure * s + uim * c) * sample;
    leftGradient[to + 3]! -= ure * reReference;
    rightGradient[to]! -= ure * reSample + uim * im;
    rightGradient[to + 1]! -= uim * reReference;
  }
}
