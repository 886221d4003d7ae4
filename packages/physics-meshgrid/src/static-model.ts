import type { Arena } from "./arena.ts";
import type { ChannelGradient } from "./channel-gradient.ts";
import { DecayFactor } from "./decay-factor.ts";
import type { FrameKernels } from "./frame-kernels.ts";
import type { KernelArrays } from "./kernel/kernel-arrays.ts";
import type { FactorForm, PairBasis, SeparableModel } from "./separable-model.ts";
import type { BlockLayout, Tile } from "./tile-layout.ts";

const NONE: Float64Array = new Float64Array(0);

/** Diffusion alone: M = e^{−q²(C_j − C_i)}, rank 1. */
export class StaticModel implements SeparableModel {
  readonly exponents = 1;
  readonly phaseChannel = -1;
  readonly fractionChannel = -1;
  readonly decay: DecayFactor;
  /** Σ_j weight residual × column factor per row, tile factors included; and the same per column. */
  readonly rowSums: Float64Array;
  readonly columnSums: Float64Array;
  /** Factor of the tile that is set, first of four. */
  readonly tileFactors: Float64Array = new Float64Array(4);
  readonly #layout: BlockLayout;
  readonly #rate: number;

  constructor(q: number, layout: BlockLayout, arena: Arena, frame: FrameKernels) {
    this.#layout = layout;
    this.#rate = q * q;
    this.decay = new DecayFactor(layout, arena, frame, this.#rate);
    this.rowSums = arena.allocate(layout.padded);
    this.columnSums = arena.allocate(layout.padded);
  }

  setChannels(values: readonly Float64Array[]): void {
    this.decay.set(values[0]!.subarray(this.#layout.first));
  }

  setAngle(): void {}

  isSteep(block: number): boolean {
    return this.decay.isSteep(block);
  }

  setTile(tile: Tile): void {
    this.tileFactors[0] = this.decay.tile(tile);
  }

  valueRow(tile: Tile, r: number, start: number, out: Float64Array): void {
    const u = this.decay.row[tile.row + r]! * this.tileFactors[0]!;
    const { column } = this.decay;
    const from = tile.column;
    for (let c = start; c < tile.columns; c++) out[c] = u * column[from + c]!;
  }

  gradientRow(tile: Tile, r: number, start: number, residuals: Float64Array): void {
    const u = this.decay.row[tile.row + r]! * this.tileFactors[0]!;
    const { column } = this.decay;
    const { columnSums } = this;
    const from = tile.column;
    let sum = 0;
    for (let c = start; c < tile.columns; c++) {
      const residual = residuals[c]!;
      sum += residual * column[from + c]!;
      columnSums[from + c]! += residual * u;
    }
    this.rowSums[tile.row + r]! += sum * this.tileFactors[0]!;
  }

  basisRow(tile: Tile, r: number, start: number, { value, exponents }: PairBasis): void {
    this.valueRow(tile, r, start, value);
    const byExponent = exponents[0]!;
    for (let c = start; c < tile.columns; c++) byExponent[c] = -this.#rate * value[c]!;
  }

  pair(i: number, j: number, { value, exponents }: PairBasis, k: number): void {
    const decay = this.decay.pair(i, j);
    value[k] = decay;
    exponents[0]![k] = -this.#rate * decay;
  }

  factorForm(): FactorForm {
    const { row, column } = this.decay;
    return {
      components: 1,
      row,
      column,
      rowSlopes: NONE,
      columnSlopes: NONE,
      inverseNorm: NONE,
      decays: [this.decay],
      powers: [[1]],
      rotates: false,
    };
  }

  kernelArrays(): KernelArrays {
    const { rowSums, columnSums, tileFactors } = this;
    const { row, column } = this.decay;
    return { row, column, rowSums, columnSums, tileFactors, columnsLackContrast: false };
  }

  clearSums(): void {
    this.rowSums.fill(0);
    this.columnSums.fill(0);
  }

  collect(rowScale: number, columnScale: number, sink: ChannelGradient): number {
    const { row, column } = this.decay;
    const byDiffusion = sink.byValue[0]!;
    let total = 0;
    for (let i = 0; i < this.#layout.count; i++) {
      const rowPart = row[i]! * this.rowSums[i]!;
      const columnPart = column[i]! * this.columnSums[i]!;
      byDiffusion[i]! += this.#rate * (rowScale * rowPart - columnScale * columnPart);
      total += rowPart;
    }
    return total;
  }
}
