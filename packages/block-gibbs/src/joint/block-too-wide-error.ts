import { SiegertError } from "@siegert/errors";

/**
 * A block is too strongly knitted to be drawn jointly: summing its nodes out, in the best order found, needs tables beyond
 * the limit. Take fewer nodes, a shape with a smaller treewidth (trees have 1, strips of width w at most w), or a
 * higher limit.
 */
export class BlockTooWideError extends SiegertError {
  override readonly name: string = "BlockTooWideError";
  /** Most neighbours of any node at its turn: an upper bound of the treewidth. */
  readonly width: number;
  /** Entries of the largest table: the product of the states of the nodes in it. */
  readonly tableSize: number;
  /** Entries of all tables. */
  readonly totalSize: number;
  readonly maxTableSize: number;
  readonly maxTotalSize: number;

  constructor(
    block: string,
    cost: { readonly width: number; readonly tableSize: number; readonly totalSize: number },
    limits: { readonly maxTableSize: number; readonly maxTotalSize: number },
  ) {
    super(
      `block ${block} must be narrower to be drawn jointly: its width is ${cost.width}, with a largest table of ` +
        `${cost.tableSize} entries (limit ${limits.maxTableSize}) and ${cost.totalSize} in all (limit ` +
        `${limits.maxTotalSize}); take fewer nodes, a shape nearer to a tree, or raise maxTableSize or maxTotalSize`,
    );
    this.width = cost.width;
    this.tableSize = cost.tableSize;
    this.totalSize = cost.totalSize;
    this.maxTableSize = limits.maxTableSize;
    this.maxTotalSize = limits.maxTotalSize;
  }
}
