import type { Arena } from "./arena.ts";
import type { FrameKernels } from "./frame-kernels.ts";
import type { BlockLayout, Tile } from "./tile-layout.ts";

/**
 * cos and sin of κ(V_j − V_i) by the addition theorem: angles are counted from the first frame of each block, so that
 * they stay small, and a rotation per tile joins two blocks.
 */
export class PhaseRotation {
  /** κ(V_i − V_first) with the first frame of the block, and its cosine and sine. */
  readonly angle: Float64Array;
  readonly cos: Float64Array;
  readonly sin: Float64Array;
  readonly #frame: FrameKernels;
  readonly #layout: BlockLayout;
  #values: Float64Array = new Float64Array(0);
  #kappa = 0;

  constructor(layout: BlockLayout, arena: Arena, frame: FrameKernels) {
    this.#frame = frame;
    this.#layout = layout;
    this.angle = arena.allocate(layout.padded);
    this.cos = arena.allocate(layout.padded);
    this.sin = arena.allocate(layout.padded);
  }

  /** @param values V of the used frames, and one more finite number. */
  set(values: Float64Array, kappa: number): void {
    this.#values = values;
    this.#kappa = kappa;
    const { count, tileSize } = this.#layout;
    const { angle, cos, sin } = this;
    for (let start = 0; start < count; start += tileSize) {
      const length = Math.min(tileSize, count - start);
      this.#frame.rotate(values, start, length, values[start]!, kappa, angle, cos, sin);
    }
  }

  /** Phase from the first row to the first column of a tile. */
  tile({ row, column }: Tile): number {
    return this.#kappa * (this.#values[column]! - this.#values[row]!);
  }

  /** Phase of one pair. */
  pair(i: number, j: number): number {
    return this.#kappa * (this.#values[j]! - this.#values[i]!);
  }
}
