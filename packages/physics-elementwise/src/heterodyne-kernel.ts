import type { Kernel } from "./kernel.ts";
import { LANES, type ShardMemory } from "./shard-memory.ts";

/**
 * Two components, factors multiplied: with A = a_i ā_j, B = b_i b̄_j and phase θ = ψ_j − ψ_i,
 *
 *     m = A² + B² + 2 A B cos θ = |A + B e^{iθ}|²,
 *
 * so three factors per frame do: left (p = b cos ψ, q = b sin ψ, a), right (p̄, q̄, ā, ā), and
 * Re = a ā + p p̄ + q q̄, Im = p q̄ − q p̄, m = Re² + Im².
 *
 * Gradient lanes: half the derivatives by the three factors, and Σ u·Im·ā (left) or Σ u·Im·a (right), which times the
 * frame's own a or ā is half the derivative by ψ (minus half, right): ∂m/∂θ = −2 A Im, small where A is, while the
 * derivatives by p and q would give it as a difference of large numbers.
 */
export function heterodyneKernel(memory: ShardMemory): Kernel {
  return {
    fill: (angle) => fill(memory, angle),
    accumulate: (angle, contrast, offset) => accumulate(memory, angle, contrast, offset),
  };
}

function fill({ pairs, left, right, normalised, rowStart, column }: ShardMemory, angle: number): void {
  const { frames } = pairs;
  const base = angle * frames;
  for (let i = 0; i < frames; i++) {
    const end = rowStart[base + i + 1]!;
    const at = LANES * (base + i);
    const p = left[at]!;
    const q = left[at + 1]!;
    const a = left[at + 2]!;
    for (let k = rowStart[base + i]!; k < end; k++) {
      const to = LANES * (base + column[k]!);
      const re = p * right[to]! + q * right[to + 1]! + a * right[to + 2]!;
      const im = p * right[to + 1]! - q * right[to]!;
      normalised[k] = re * re + im * im;
    }
  }
}

function accumulate(memory: ShardMemory, angle: number, contrast: number, offset: number): void {
  const { pairs, left, right, leftGradient, rightGradient, measured, weights, sums, rowStart, column } = memory;
  const isWeighted = weights.length > 0;
  const { frames } = pairs;
  const base = angle * frames;
  // Rows without pairs are skipped below, and may hold what the wide kernel left there.
  leftGradient.fill(0, LANES * base, LANES * (base + frames));
  rightGradient.fill(0, LANES * base, LANES * (base + frames));
  let square = 0;
  let sum = 0;
  let product = 0;
  for (let i = 0; i < frames; i++) {
    const start = rowStart[base + i]!;
    const end = rowStart[base + i + 1]!;
    if (start === end) continue;
    const at = LANES * (base + i);
    const p = left[at]!;
    const q = left[at + 1]!;
    const a = left[at + 2]!;
    let byP = 0;
    let byQ = 0;
    let byA = 0;
    let byPhase = 0;
    for (let k = start; k < end; k++) {
      const to = LANES * (base + column[k]!);
      const pj = right[to]!;
      const qj = right[to + 1]!;
      const aj = right[to + 2]!;
      const re = p * pj + q * qj + a * aj;
      const im = p * qj - q * pj;
      const m = re * re + im * im;
      const residual = measured[k]! - offset - contrast * m;
      const u = isWeighted ? weights[k]! * residual : residual;
      square += u * residual;
      sum += u;
      product += u * m;
      const ure = u * re;
      const uim = u * im;
      byP += ure * pj + uim * qj;
      byQ += ure * qj - uim * pj;
      byA += ure * aj;
      byPhase += uim * aj;
      rightGradient[to]! += ure * p - uim * q;
      rightGradient[to + 1]! += ure * q + uim * p;
      rightGradient[to + 2]! += ure * a;
      rightGradient[to + 3]! += uim * a;
    }
    leftGradient[at] = byP;
    leftGradient[at + 1] = byQ;
    leftGradient[at + 2] = byA;
    leftGradient[at + 3] = byPhase;
  }
  sums[0] = square;
  sums[1] = sum;
  sums[2] = product;
}
