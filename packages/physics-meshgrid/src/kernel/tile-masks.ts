import { pairedColumn, pairedRow } from "../angle-data.ts";
import type { Arena } from "../arena.ts";
import type { Tile, TileLayout } from "../tile-layout.ts";

/**
 * Weights 1 and 0 for tiles that are not full rectangles: diagonal ones, of which the part above the diagonal counts, and
 * those with an odd number of columns, of which the column of padding does not. Tiles of one shape share a mask.
 */
export class TileMasks {
  readonly #byShape: Map<string, Float64Array> = new Map();

  constructor(layout: TileLayout, arena: Arena) {
    for (const tile of layout.tiles) {
      if (!needsMask(tile) || this.#byShape.has(shapeOf(tile))) continue;
      const mask = arena.allocate((tile.rows + (tile.rows & 1)) * tile.stride);
      this.#byShape.set(shapeOf(tile), mask);
      // A measuring arena gives no room.
      if (mask.length > 0) fill(tile, mask);
    }
  }

  /** The mask of a tile, or nothing where all of it counts. */
  of(tile: Tile): Float64Array | undefined {
    return needsMask(tile) ? this.#byShape.get(shapeOf(tile)) : undefined;
  }
}

function needsMask(tile: Tile): boolean {
  return tile.isDiagonal || tile.columns !== tile.stride;
}

function shapeOf({ rows, columns, isDiagonal }: Tile): string {
  return `${rows}×${columns}${isDiagonal ? " diagonal" : ""}`;
}

/** Fills in paired order. */
function fill(tile: Tile, mask: Float64Array): void {
  for (let r = 0; r < tile.rows; r++) {
    const row = pairedRow(tile, r) - tile.offset;
    for (let c = tile.isDiagonal ? r + 1 : 0; c < tile.columns; c++) mask[row + pairedColumn(c)] = 1;
  }
}
