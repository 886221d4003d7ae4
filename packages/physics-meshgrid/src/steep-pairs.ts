import type { AngleData } from "./angle-data.ts";
import { hostArena } from "./arena.ts";
import type { ChannelGradient } from "./channel-gradient.ts";
import { CorrelationRows, firstColumn } from "./correlation-rows.ts";
import type { AngleState } from "./pair-pass.ts";
import { createBasis, type PairBasis, type SeparableModel } from "./separable-model.ts";
import type { Tile, TileLayout } from "./tile-layout.ts";

/**
 * The gradient of the pairs within steep blocks, where the correlation decays by more than e^{−300} within a tile: one
 * pair at a time, each with exponentials of its own. Rare, and small: a block's own pairs only.
 */
export class SteepPairs {
  readonly #values: readonly Float64Array[];
  readonly #layout: TileLayout;
  readonly #separable: SeparableModel;
  readonly #angles: readonly AngleData[];
  readonly #diagonal: readonly Tile[];
  readonly #rows: CorrelationRows;
  readonly #basis: PairBasis;
  /** Σ weight residual², Σ weight residual and Σ weight residual M of the last call. */
  readonly sums: Float64Array = new Float64Array(3);

  constructor(
    values: readonly Float64Array[],
    layout: TileLayout,
    separable: SeparableModel,
    angles: readonly AngleData[],
  ) {
    this.#values = values;
    this.#layout = layout;
    this.#separable = separable;
    this.#angles = angles;
    this.#diagonal = layout.tiles.filter((tile) => tile.isDiagonal);
    this.#rows = new CorrelationRows(separable, layout.tileSize);
    this.#basis = createBasis(layout.tileSize, hostArena);
  }

  /** Adds the gradient by the channels; see `sums`. */
  gradient(state: AngleState, sink: ChannelGradient): void {
    this.sums.fill(0);
    for (const tile of this.#diagonal) {
      if (!this.#rows.isSteep(tile)) continue;
      for (let r = 0; r < tile.rows; r++) this.#row(state, tile, r, sink);
    }
  }

  #row({ angle, contrast, offset, kappa }: AngleState, tile: Tile, r: number, sink: ChannelGradient): void {
    const own = this.#angles[angle]!;
    const { exponents, phaseChannel, fractionChannel } = this.#separable;
    const basis = this.#basis;
    const start = firstColumn(tile, r);
    own.read(tile, r, start);
    const { rowData: data, rowWeights: weights, from } = own;
    const i = tile.row + r;
    this.#rows.basis(tile, r, start, basis);
    for (let c = start; c < tile.columns; c++) {
      const j = tile.column + c;
      const residual = offset + contrast * basis.value[c]! - data[from + c]!;
      const weighted = (weights === undefined ? 1 : weights[from + c]!) * residual;
      this.sums[0]! += weighted * residual;
      this.sums[1]! += weighted;
      this.sums[2]! += weighted * basis.value[c]!;
      const scaled = contrast * weighted;
      for (let e = 0; e < exponents; e++) {
        const slope = scaled * basis.exponents[e]![c]!;
        sink.byValue[e]![j]! += slope;
        sink.byValue[e]![i]! -= slope;
      }
      if (phaseChannel >= 0) {
        const slope = scaled * basis.phase[c]!;
        const values = this.#values[phaseChannel]!;
        sink.byValue[phaseChannel]![j]! += kappa * slope;
        sink.byValue[phaseChannel]![i]! -= kappa * slope;
        sink.byKappa += slope * (values[j + this.#layout.first]! - values[i + this.#layout.first]!);
      }
      if (fractionChannel >= 0) {
        sink.byValue[fractionChannel]![i]! += scaled * basis.fractionRow[c]!;
        sink.byValue[fractionChannel]![j]! += scaled * basis.fractionColumn[c]!;
      }
    }
  }
}
