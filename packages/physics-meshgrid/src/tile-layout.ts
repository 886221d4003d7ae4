import type { Model } from "@siegert/physics-core";

/** First frame that carries information: 1 for two components where frame 0 has t = 0, else 0. */
export function firstFrame(model: Model, times: ArrayLike<number>): number {
  return model.kind === "heterodyne" && times[0] === 0 ? 1 : 0;
}

/** A rectangle of pairs of the strict upper triangle: rows are earlier frames, columns later ones. */
export interface Tile {
  /** Blocks of its rows and columns. */
  readonly rowBlock: number;
  readonly columnBlock: number;
  /** First row and number of rows, counted from the first frame that is used. */
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
  /** Numbers from one row to the next where the tile is stored: `columns` rounded up to even. */
  readonly stride: number;
  /** Where the tile begins within the storage of an angle, in numbers. */
  readonly offset: number;
  /** Rows and columns are the same block: only column > row counts. */
  readonly isDiagonal: boolean;
}

/** Cuts the used frames into blocks of equal length, the last one shorter. */
export class BlockLayout {
  /** Frames of a map. */
  readonly frames: number;
  /** First frame that is used; all that follow are. */
  readonly first: number;
  /** Frames that are used. */
  readonly count: number;
  /** Length of an array with a number per used frame, with room for whole vectors. */
  readonly padded: number;
  readonly tileSize: number;
  readonly blocks: number;

  constructor(frames: number, first: number, tileSize: number) {
    this.frames = frames;
    this.first = first;
    this.count = frames - first;
    this.padded = this.count + (this.count & 1);
    this.tileSize = tileSize;
    this.blocks = Math.ceil(this.count / tileSize);
  }

  /** Frames of a block. */
  blockLength(block: number): number {
    return Math.min(this.tileSize, this.count - block * this.tileSize);
  }

  /** The tile of two blocks, stored at `offset`. */
  tile(rowBlock: number, columnBlock: number, offset: number): Tile {
    const rows = this.blockLength(rowBlock);
    const columns = this.blockLength(columnBlock);
    const stride = columns + (columns & 1);
    const [row, column] = [rowBlock * this.tileSize, columnBlock * this.tileSize];
    return { rowBlock, columnBlock, row, rows, column, columns, stride, offset, isDiagonal: rowBlock === columnBlock };
  }
}

/** Cuts the pairs of frames into square tiles, and fixes the order in which they are stored and summed. */
export class TileLayout extends BlockLayout {
  readonly tiles: readonly Tile[];
  /** Numbers stored per angle. */
  readonly length: number;
  /** Pairs i < j of used frames. */
  readonly pairs: number;

  constructor(frames: number, first: number, tileSize: number) {
    super(frames, first, tileSize);
    this.pairs = (this.count * (this.count - 1)) / 2;
    const tiles: Tile[] = [];
    let offset = 0;
    for (let rowBlock = 0; rowBlock < this.blocks; rowBlock++) {
      for (let columnBlock = rowBlock; columnBlock < this.blocks; columnBlock++) {
        const tile = this.tile(rowBlock, columnBlock, offset);
        tiles.push(tile);
        // One row more than an odd number, so that kernels may take rows in pairs.
        offset += (tile.rows + (tile.rows & 1)) * tile.stride;
      }
    }
    this.tiles = tiles;
    this.length = offset;
  }
}
