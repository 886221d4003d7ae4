import type { Kernel } from "./kernel.ts";
import { LANES, type ShardMemory } from "./shard-memory.ts";
import { SERIES_LIMIT, sincSeries, slopeSeries } from "./sinc-series.ts";

/** Which of the homodyne formulas. */
export interface HomodyneShape {
  /** Power of sinc in m; 0 without flow. */
  readonly sincPower: 0 | 2 | 4;
  /** Whether the first lanes hold exponents, to be added, instead of exponentials, to be multiplied. */
  readonly isWide: boolean;
}

/**
 * One population: m = e_i ē_j sinc(φ_j − φ_i)^power. Left lanes (e, cos φ, sin φ, φ), right lanes (ē, cos φ, sin φ, φ);
 * wide: e = +q²C and ē = −q²C themselves. Below one radian sinc comes from its series, above it from products of the
 * sines and cosines. Gradient lanes: 0, Σ u·m, the derivative by the exponent of the factor; 1, the derivative by φ.
 */
export function homodyneKernel(memory: ShardMemory, shape: HomodyneShape): Kernel {
  return {
    fill: (angle) => fill(memory, shape, angle),
    accumulate: (angle, contrast, offset) => {
      const { pairs, rightGradient, rowStart, sums } = memory;
      const base = angle * pairs.frames;
      rightGradient.fill(0, LANES * base, LANES * (base + pairs.frames));
      sums.fill(0);
      for (let row = base; row < base + pairs.frames; row++) {
        if (rowStart[row]! < rowStart[row + 1]!) accumulateRow(memory, shape, row, base, contrast, offset);
      }
    },
  };
}

function fill(memory: ShardMemory, { sincPower, isWide }: HomodyneShape, angle: number): void {
  const { pairs, left, right, normalised, rowStart, column } = memory;
  const { frames } = pairs;
  const base = angle * frames;
  for (let i = 0; i < frames; i++) {
    const end = rowStart[base + i + 1]!;
    const at = LANES * (base + i);
    for (let k = rowStart[base + i]!; k < end; k++) {
      const to = LANES * (base + column[k]!);
      const phase = right[to + 3]! - left[at + 3]!;
      const x = phase * phase;
      let square = 1;
      if (sincPower > 0) {
        const cross = right[to + 2]! * left[at + 1]! - right[to + 1]! * left[at + 2]!;
        const sinc = x < SERIES_LIMIT ? sincSeries(x) : cross * (1 / phase);
        square = sinc * sinc;
      }
      const decay = isWide ? Math.exp(left[at]! + right[to]!) : left[at]! * right[to]!;
      normalised[k] = decay * (sincPower === 4 ? square * square : square);
    }
  }
}

function accumulateRow(
  memory: ShardMemory,
  { sincPower, isWide }: HomodyneShape,
  row: number,
  base: number,
  contrast: number,
  offset: number,
): void {
  const { left, right, leftGradient, rightGradient, measured, weights, sums, rowStart, column } = memory;
  const isWeighted = weights.length > 0;
  const at = LANES * row;
  const end = rowStart[row + 1]!;
  const e = left[at]!;
  const cosine = left[at + 1]!;
  const sine = left[at + 2]!;
  const ownPhase = left[at + 3]!;
  let chiSquare = 0;
  let sum = 0;
  let product = 0;
  let byPhase = 0;
  for (let k = rowStart[row]!; k < end; k++) {
    const to = LANES * (base + column[k]!);
    let shape = 1;
    let byShape = 0;
    if (sincPower > 0) {
      const phase = right[to + 3]! - ownPhase;
      const x = phase * phase;
      let sinc: number;
      let slope: number;
      if (x < SERIES_LIMIT) {
        sinc = sincSeries(x);
        slope = phase * slopeSeries(x);
      } else {
        const inverse = 1 / phase;
        sinc = (right[to + 2]! * cosine - right[to + 1]! * sine) * inverse;
        slope = (right[to + 1]! * cosine + right[to + 2]! * sine - sinc) * inverse;
      }
      const square = sinc * sinc;
      shape = sincPower === 4 ? square * square : square;
      byShape = (sincPower === 4 ? 4 * (square * sinc) : 2 * sinc) * slope;
    }
    const decay = isWide ? Math.exp(e + right[to]!) : e * right[to]!;
    const m = decay * shape;
    const residual = measured[k]! - offset - contrast * m;
    const u = isWeighted ? weights[k]! * residual : residual;
    const um = u * m;
    const flow = u * decay * byShape;
    chiSquare += u * residual;
    sum += u;
    product += um;
    byPhase -= flow;
    rightGradient[to]! += um;
    rightGradient[to + 1]! += flow;
  }
  leftGradient[at] = product;
  leftGradient[at + 1] = byPhase;
  sums[0]! += chiSquare;
  sums[1]! += sum;
  sums[2]! += product;
}
