import { hostArena } from "./arena.ts";
import { createBasis, type PairBasis, type SeparableModel } from "./separable-model.ts";
import type { Tile } from "./tile-layout.ts";

/** Rows of tiles, whichever way a tile has to be computed. */
export class CorrelationRows {
  readonly #model: SeparableModel;
  readonly #basis: PairBasis;

  constructor(model: SeparableModel, tileSize: number) {
    this.#model = model;
    this.#basis = createBasis(tileSize, hostArena);
  }

  /** Whether factors do not serve within this tile. */
  isSteep(tile: Tile): boolean {
    return tile.isDiagonal && this.#model.isSteep(tile.rowBlock);
  }

  /** Writes M of row `r` of the tile that is set in the model, for columns from `start` on. */
  values(tile: Tile, r: number, start: number, out: Float64Array): void {
    if (!this.isSteep(tile)) {
      this.#model.valueRow(tile, r, start, out);
      return;
    }
    this.#steep(tile, r, start, this.#basis);
    for (let c = start; c < tile.columns; c++) out[c] = this.#basis.value[c]!;
  }

  /** Writes M and its derivatives. */
  basis(tile: Tile, r: number, start: number, basis: PairBasis): void {
    if (this.isSteep(tile)) this.#steep(tile, r, start, basis);
    else this.#model.basisRow(tile, r, start, basis);
  }

  #steep(tile: Tile, r: number, start: number, basis: PairBasis): void {
    for (let c = start; c < tile.columns; c++) this.#model.pair(tile.row + r, tile.column + c, basis, c);
  }
}

/** First column of a row that counts. */
export function firstColumn(tile: Tile, r: number): number {
  return tile.isDiagonal ? r + 1 : 0;
}
