import type { Arena } from "./arena.ts";
import type { ChannelGradient } from "./channel-gradient.ts";
import { DecayFactor } from "./decay-factor.ts";
import type { FrameKernels } from "./frame-kernels.ts";
import type { KernelArrays } from "./kernel/kernel-arrays.ts";
import { PhaseRotation } from "./phase-rotation.ts";
import type { PairBasis, SeparableModel } from "./separable-model.ts";
import { SERIES_LIMIT, sincSeries, sincSlopeSeries } from "./sinc-power.ts";
import type { BlockLayout, Tile } from "./tile-layout.ts";

/**
 * Diffusion in a shear flow: M = e^{−q²(C_j − C_i)} (sin Φ/Φ)^p with Φ = κ(G_j − G_i). The decay and sin Φ, cos Φ
 * separate; the division by Φ is done per pair.
 */
export class LaminarModel implements SeparableModel {
  readonly exponents = 1;
  readonly phaseChannel = 1;
  readonly fractionChannel = -1;
  readonly decay: DecayFactor;
  readonly rotation: PhaseRotation;
  /** Per row: Σ weight residual M, and Σ weight residual ∂M/∂Φ; the same per column. */
  readonly rowSums: Float64Array;
  readonly columnSums: Float64Array;
  /** Of the tile that is set: decay, cos, sin and phase from its first row to its first column. */
  readonly tileFactors: Float64Array = new Float64Array(4);
  readonly #layout: BlockLayout;
  readonly #rate: number;
  readonly #power: 2 | 4;
  /** Decay, cosine, sine and value of the phase of each frame, as row and as column, for kernels. */
  readonly #rowFactors: Float64Array;
  readonly #columnFactors: Float64Array;
  readonly #values: Float64Array;
  readonly #slopes: Float64Array;
  #shear: Float64Array = new Float64Array(0);
  #kappa = 0;

  constructor(q: number, power: 2 | 4, layout: BlockLayout, arena: Arena, frame: FrameKernels) {
    this.#layout = layout;
    this.#rate = q * q;
    this.#power = power;
    this.decay = new DecayFactor(layout, arena, frame, this.#rate);
    this.rotation = new PhaseRotation(layout, arena, frame);
    this.#rowFactors = arena.allocate(4 * layout.padded);
    this.#columnFactors = arena.allocate(4 * layout.padded);
    this.rowSums = arena.allocate(2 * layout.padded);
    this.columnSums = arena.allocate(2 * layout.padded);
    this.#values = new Float64Array(layout.tileSize);
    this.#slopes = new Float64Array(layout.tileSize);
  }

  setChannels(values: readonly Float64Array[]): void {
    this.decay.set(values[0]!.subarray(this.#layout.first));
    this.#shear = values[1]!.subarray(this.#layout.first);
  }

  setAngle(kappa: number): void {
    this.#kappa = kappa;
    this.rotation.set(this.#shear, kappa);
    const { padded } = this.#layout;
    const { cos, sin, angle } = this.rotation;
    const sides = [
      [this.#rowFactors, this.decay.row],
      [this.#columnFactors, this.decay.column],
    ] as const;
    for (const [factors, decay] of sides) {
      factors.set(decay, 0);
      factors.set(cos, padded);
      factors.set(sin, 2 * padded);
      factors.set(angle, 3 * padded);
    }
  }

  isSteep(block: number): boolean {
    return this.decay.isSteep(block);
  }

  setTile(tile: Tile): void {
    const phase = this.rotation.tile(tile);
    this.tileFactors[0] = this.decay.tile(tile);
    this.tileFactors[1] = Math.cos(phase);
    this.tileFactors[2] = Math.sin(phase);
    this.tileFactors[3] = phase;
  }

  valueRow(tile: Tile, r: number, start: number, out: Float64Array): void {
    this.#row(tile, r, start, out, undefined);
  }

  /** M of a row, and ∂M/∂Φ where `slopes` is given. */
  #row(tile: Tile, r: number, start: number, values: Float64Array, slopes: Float64Array | undefined): void {
    const { cos, sin, angle } = this.rotation;
    const { column } = this.decay;
    const factors = this.tileFactors;
    const i = tile.row + r;
    const u = this.decay.row[i]! * factors[0]!;
    // cos, sin and value of the row's phase, counted from the first column.
    const rowCos = cos[i]! * factors[1]! + sin[i]! * factors[2]!;
    const rowSin = sin[i]! * factors[1]! - cos[i]! * factors[2]!;
    const rowAngle = angle[i]! - factors[3]!;
    const isFourth = this.#power === 4;
    let k = tile.column + start;
    for (let c = start; c < tile.columns; c++, k++) {
      const phase = angle[k]! - rowAngle;
      const isSmall = Math.abs(phase) < SERIES_LIMIT;
      const sinc = isSmall ? sincSeries(phase) : (sin[k]! * rowCos - cos[k]! * rowSin) / phase;
      const decay = u * column[k]!;
      const square = sinc * sinc;
      values[c] = decay * (isFourth ? square * square : square);
      if (slopes === undefined) continue;
      const slope = isSmall ? sincSlopeSeries(phase) : (cos[k]! * rowCos + sin[k]! * rowSin - sinc) / phase;
      slopes[c] = decay * (isFourth ? 4 * square * sinc : 2 * sinc) * slope;
    }
  }

  gradientRow(tile: Tile, r: number, start: number, residuals: Float64Array): void {
    const { rowSums, columnSums } = this;
    const values = this.#values;
    const slopes = this.#slopes;
    this.#row(tile, r, start, values, slopes);
    const { padded } = this.#layout;
    let byValue = 0;
    let bySlope = 0;
    let k = tile.column + start;
    for (let c = start; c < tile.columns; c++, k++) {
      const valued = residuals[c]! * values[c]!;
      const sloped = residuals[c]! * slopes[c]!;
      byValue += valued;
      bySlope += sloped;
      columnSums[k]! += valued;
      columnSums[padded + k]! += sloped;
    }
    rowSums[tile.row + r]! += byValue;
    rowSums[padded + tile.row + r]! += bySlope;
  }

  basisRow(tile: Tile, r: number, start: number, { value, exponents, phase }: PairBasis): void {
    this.#row(tile, r, start, value, phase);
    const byExponent = exponents[0]!;
    for (let c = start; c < tile.columns; c++) byExponent[c] = -this.#rate * value[c]!;
  }

  pair(i: number, j: number, { value, exponents, phase }: PairBasis, k: number): void {
    const decay = this.decay.pair(i, j);
    const angle = this.rotation.pair(i, j);
    const isSmall = Math.abs(angle) < SERIES_LIMIT;
    const sinc = isSmall ? sincSeries(angle) : Math.sin(angle) / angle;
    const slope = isSmall ? sincSlopeSeries(angle) : (Math.cos(angle) - sinc) / angle;
    value[k] = decay * sinc ** this.#power;
    exponents[0]![k] = -this.#rate * value[k]!;
    phase[k] = decay * this.#power * sinc ** (this.#power - 1) * slope;
  }

  factorForm(): undefined {
    return undefined;
  }

  kernelArrays(): KernelArrays {
    const { rowSums, columnSums, tileFactors } = this;
    const [row, column] = [this.#rowFactors, this.#columnFactors];
    return { row, column, rowSums, columnSums, tileFactors, columnsLackContrast: true };
  }

  clearSums(): void {
    this.rowSums.fill(0);
    this.columnSums.fill(0);
  }

  collect(rowScale: number, columnScale: number, sink: ChannelGradient): number {
    const { rowSums, columnSums } = this;
    const { count, padded } = this.#layout;
    const byDiffusion = sink.byValue[0]!;
    const byShear = sink.byValue[1]!;
    const shear = this.#shear;
    const origin = shear[0]!;
    let total = 0;
    let byKappa = 0;
    for (let i = 0; i < count; i++) {
      byDiffusion[i]! += this.#rate * (rowScale * rowSums[i]! - columnScale * columnSums[i]!);
      const byPhase = columnScale * columnSums[padded + i]! - rowScale * rowSums[padded + i]!;
      byShear[i]! += this.#kappa * byPhase;
      byKappa += byPhase * (shear[i]! - origin);
      total += rowSums[i]!;
    }
    sink.byKappa += byKappa;
    return total;
  }
}
