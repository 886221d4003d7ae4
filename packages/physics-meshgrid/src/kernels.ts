import type { AngleData } from "./angle-data.ts";
import { CorrelationRows, firstColumn } from "./correlation-rows.ts";
import type { GramArrays } from "./laminar-gram.ts";
import type { SeparableModel } from "./separable-model.ts";
import type { Tile, TileLayout } from "./tile-layout.ts";

/** The loops over the pairs of one angle, after the model has been set to the angle. */
export interface Kernels {
  /** What the column sums still have to be multiplied by, as a function of the contrast. */
  columnScale(contrast: number): number;
  /** Σ weight residual² with residual = offset + contrast M − data. */
  chi2(angle: number, contrast: number, offset: number): number;
  /**
   * The same, and adds the sums of the gradient to the model's; steep diagonal tiles are left to the caller.
   *
   * @param gram arrays to gather JᵀJ in, for kernels with `gathersGram`.
   */
  gradient(angle: number, contrast: number, offset: number, gram?: GramArrays): number;
  /** Whether `gradient` can gather JᵀJ. */
  readonly gathersGram: boolean;
  /** Σ weight residual of the last `gradient`. */
  readonly residualSum: number;
}

/** Kernels in TypeScript: the separable form in plain loops, a row of a tile at a time. */
export class PlainKernels implements Kernels {
  residualSum = 0;
  readonly gathersGram = false;
  readonly #model: SeparableModel;
  readonly #layout: TileLayout;
  readonly #angles: readonly AngleData[];
  readonly #rows: CorrelationRows;
  readonly #row: Float64Array;

  constructor(model: SeparableModel, layout: TileLayout, angles: readonly AngleData[]) {
    this.#model = model;
    this.#layout = layout;
    this.#angles = angles;
    this.#rows = new CorrelationRows(model, layout.tileSize);
    this.#row = new Float64Array(layout.tileSize);
  }

  columnScale(contrast: number): number {
    return contrast;
  }

  chi2(angle: number, contrast: number, offset: number): number {
    let total = 0;
    for (const tile of this.#layout.tiles) {
      this.#model.setTile(tile);
      total += this.tileChi2(angle, tile, contrast, offset);
    }
    return total;
  }

  /** Σ weight residual² of a tile that is set, steep or not. */
  tileChi2(angle: number, tile: Tile, contrast: number, offset: number): number {
    let total = 0;
    for (let r = 0; r < tile.rows; r++) {
      const start = firstColumn(tile, r);
      this.#rows.values(tile, r, start, this.#row);
      total += this.#residuals(angle, tile, r, start, contrast, offset);
    }
    return total;
  }

  gradient(angle: number, contrast: number, offset: number): number {
    const model = this.#model;
    let total = 0;
    this.residualSum = 0;
    for (const tile of this.#layout.tiles) {
      if (this.#rows.isSteep(tile)) continue;
      model.setTile(tile);
      for (let r = 0; r < tile.rows; r++) {
        const start = firstColumn(tile, r);
        model.valueRow(tile, r, start, this.#row);
        total += this.#residuals(angle, tile, r, start, contrast, offset);
        model.gradientRow(tile, r, start, this.#row);
      }
    }
    return total;
  }

  /** Turns the row of M into weighted residuals, adds them to `residualSum`, and returns Σ weight residual². */
  #residuals(angle: number, tile: Tile, r: number, start: number, contrast: number, offset: number): number {
    const own = this.#angles[angle]!;
    own.read(tile, r, start);
    const { rowData: data, rowWeights: weights, from } = own;
    const row = this.#row;
    let squares = 0;
    let sum = 0;
    if (weights === undefined) {
      for (let c = start; c < tile.columns; c++) {
        const residual = contrast * row[c]! + (offset - data[from + c]!);
        row[c] = residual;
        sum += residual;
        squares += residual * residual;
      }
    } else {
      for (let c = start; c < tile.columns; c++) {
        const residual = contrast * row[c]! + (offset - data[from + c]!);
        const weighted = weights[from + c]! * residual;
        row[c] = weighted;
        sum += weighted;
        squares += weighted * residual;
      }
    }
    this.residualSum += sum;
    return squares;
  }
}
