import { pairedColumn, pairedRow } from "../angle-data.ts";
import type { Arena } from "../arena.ts";
import type { Tile, TileLayout } from "../tile-layout.ts";

/**
 * Weights 1 and 0 for tiles with an odd number of columns, whose column of padding does not count. Tiles of one shape
 * share a mask.
 */
export class TileMasks {
  readonly #byTile: Map<Tile, Float64Array> = new Map();

  constructor(layout: TileLayout, arena: Arena) {
    const byShape = new Map<string, Float64Array>();
    for (const tile of layout.tiles) {
      if (tile.columns === tile.stride) continue;
      const shape = `${tile.rows}×${tile.columns}${tile.isDiagonal ? " diagonal" : ""}`;
      let mask = byShape.get(shape);
      if (mask === undefined) {
        mask = arena.allocate((tile.rows + (tile.rows & 1)) * tile.stride);
        byShape.set(shape, mask);
        // A measuring arena gives no room.
        if (mask.length > 0) fill(tile, mask);
      }
      this.#byTile.set(tile, mask);
    }
  }

  /** The mask of a tile, or nothing where all of it counts. */
  of(tile: Tile): Float64Array | undefined {
    return this.#byTile.get(tile);
  }
}

/** Fills in paired order. */
function fill(tile: Tile, mask: Float64Array): void {
  for (let r = 0; r < tile.rows; r++) {
    const row = pairedRow(tile, r) - tile.offset;
    for (let c = tile.isDiagonal ? r + 1 : 0; c < tile.columns; c++) mask[row + pairedColumn(c)] = 1;
  }
}
