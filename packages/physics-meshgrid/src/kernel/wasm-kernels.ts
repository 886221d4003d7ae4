import type { AngleData } from "../angle-data.ts";
import { type Kernels, PlainKernels } from "../kernels.ts";
import type { GramArrays } from "../laminar-gram.ts";
import type { SeparableModel } from "../separable-model.ts";
import type { Tile, TileLayout } from "../tile-layout.ts";
import type { KernelArrays } from "./kernel-arrays.ts";
import type { KernelExports } from "./kernel-module.ts";
import type { TileFunction } from "./tile-kernel.ts";
import type { TileMasks } from "./tile-masks.ts";

/** Kernels in WebAssembly; all arrays lie in one memory. */
export class WasmKernels implements Kernels {
  residualSum = 0;
  readonly #model: SeparableModel;
  readonly #layout: TileLayout;
  readonly #angles: readonly AngleData[];
  readonly #arrays: KernelArrays;
  readonly #exports: KernelExports;
  readonly #plain: PlainKernels;
  readonly #masks: TileMasks;
  /** Σ weight residual² and Σ weight residual. */
  readonly #results: Float64Array;

  /** @param results room for results and a few rows of residuals. */
  constructor(
    model: SeparableModel,
    layout: TileLayout,
    angles: readonly AngleData[],
    exports: KernelExports,
    masks: TileMasks,
    results: Float64Array,
  ) {
    this.#model = model;
    this.#layout = layout;
    this.#angles = angles;
    this.#arrays = model.kernelArrays();
    this.#exports = exports;
    this.#plain = new PlainKernels(model, layout, angles);
    this.#masks = masks;
    this.#results = results;
  }

  columnScale(contrast: number): number {
    return this.#arrays.columnsLackContrast ? contrast : 1;
  }

  chi2(angle: number, contrast: number, offset: number): number {
    this.#results.fill(0);
    let steep = 0;
    for (const tile of this.#layout.tiles) {
      this.#model.setTile(tile);
      if (tile.isDiagonal && this.#model.isSteep(tile.rowBlock)) {
        steep += this.#plain.tileChi2(angle, tile, contrast, offset);
      } else {
        this.#run(angle, tile, false, contrast, offset);
      }
    }
    return this.#results[0]! + steep;
  }

  get gathersGram(): boolean {
    return this.#exports.gram !== undefined;
  }

  gradient(angle: number, contrast: number, offset: number, gram?: GramArrays): number {
    this.#results.fill(0);
    for (const tile of this.#layout.tiles) {
      if (tile.isDiagonal && this.#model.isSteep(tile.rowBlock)) continue;
      this.#model.setTile(tile);
      this.#run(angle, tile, true, contrast, offset, gram);
    }
    this.residualSum = this.#results[1]!;
    return this.#results[0]!;
  }

  #run(angle: number, tile: Tile, withGradient: boolean, contrast: number, offset: number, gram?: GramArrays): void {
    const { row, column, rowSums, columnSums, tileFactors } = this.#arrays;
    const { data, weights } = this.#angles[angle]!;
    const mask = weights === undefined ? this.#masks.of(tile) : undefined;
    const isWeighted = weights !== undefined || mask !== undefined;
    const run = this.#choose(withGradient, isWeighted, gram !== undefined);
    const start = 8 * tile.offset;
    run(
      data.byteOffset + start,
      weights !== undefined ? weights.byteOffset + start : (mask?.byteOffset ?? 0),
      row.byteOffset + 8 * tile.row,
      column.byteOffset + 8 * tile.column,
      rowSums.byteOffset + 8 * tile.row,
      columnSums.byteOffset + 8 * tile.column,
      8 * this.#layout.padded,
      8 * tile.rows,
      8 * tile.stride,
      8 * tile.stride,
      tile.isDiagonal ? 1 : 0,
      this.#results.byteOffset,
      contrast,
      offset,
      tileFactors[0]!,
      tileFactors[1]!,
      tileFactors[2]!,
      tileFactors[3]!,
      // Kernels without JᵀJ do not take these.
      (gram?.centred.byteOffset ?? 0) + 8 * tile.column,
      (gram?.columnSums.byteOffset ?? 0) + 8 * tile.column,
      (gram?.absolute.byteOffset ?? 0) + 8 * tile.row,
      (gram?.absolute.byteOffset ?? 0) + 8 * tile.column,
      gram?.sums.byteOffset ?? 0,
    );
  }

  #choose(withGradient: boolean, isWeighted: boolean, withGram: boolean): TileFunction {
    const { chi2, chi2Weighted, gradient, gradientWeighted, gram, gramWeighted } = this.#exports;
    if (withGram) return (isWeighted ? gramWeighted : gram)!;
    if (withGradient) return isWeighted ? gradientWeighted : gradient;
    return isWeighted ? chi2Weighted : chi2;
  }
}
