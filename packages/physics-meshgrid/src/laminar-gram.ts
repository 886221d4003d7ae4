import type { ChannelGrid } from "@siegert/physics-core";
import type { Arena } from "./arena.ts";
import {
  COLUMN_SUMS,
  DECAY_TANGENTS,
  GRAM_CONTRAST,
  GRAM_LENGTH,
  GRAM_OFFSET,
  GRAM_SQUARES,
  GRAM_VALUES,
  TANGENTS,
} from "./kernel/gram-row.ts";
import type { AngleState } from "./pair-pass.ts";
import type { TileLayout } from "./tile-layout.ts";

/** Where the kernel that gathers JᵀJ on the way of the gradient reads and writes; see `addGramRow`. */
export interface GramArrays {
  /** Tangents of each frame, tangent by tangent: as they are, and counted from the first frame of the block. */
  readonly absolute: Float64Array;
  readonly centred: Float64Array;
  readonly columnSums: Float64Array;
  readonly sums: Float64Array;
}

/**
 * JᵀJ of equal weights for shear flow, whose correlation has no finite rank: gathered in the pass of the gradient from a
 * few sums per row and column of each tile.
 */
export class LaminarGram implements GramArrays {
  readonly absolute: Float64Array;
  readonly centred: Float64Array;
  readonly columnSums: Float64Array;
  readonly sums: Float64Array;
  readonly #grid: ChannelGrid;
  readonly #layout: TileLayout;
  readonly #rate: number;

  constructor(q: number, grid: ChannelGrid, layout: TileLayout, arena: Arena) {
    this.#grid = grid;
    this.#layout = layout;
    this.#rate = q * q;
    this.absolute = arena.allocate(TANGENTS * layout.padded);
    this.centred = arena.allocate(TANGENTS * layout.padded);
    this.columnSums = arena.allocate(COLUMN_SUMS * layout.padded);
    this.sums = arena.allocate(GRAM_LENGTH);
  }

  /** Takes the tangents of the grid, which must have been evaluated with them, for one angle. */
  begin({ kappa, kappaByPhi0 }: AngleState): void {
    this.columnSums.fill(0);
    this.sums.fill(0);
    const [decay, shear] = this.#grid.channels;
    const frames = this.#grid.times.length;
    for (let t = 0; t < DECAY_TANGENTS; t++) this.#take(t, decay!.tangents, t * frames, 1);
    for (let t = DECAY_TANGENTS; t < TANGENTS - 1; t++) {
      this.#take(t, shear!.tangents, (t - DECAY_TANGENTS) * frames, kappa);
    }
    this.#take(TANGENTS - 1, shear!.values, 0, kappaByPhi0);
  }

  #take(t: number, source: Float64Array, from: number, scale: number): void {
    const { count, padded, tileSize } = this.#layout;
    const to = t * padded;
    let reference = 0;
    for (let i = 0; i < count; i++) {
      const value = scale * source[from + i]!;
      if (i % tileSize === 0) reference = value;
      this.absolute[to + i] = value;
      this.centred[to + i] = value - reference;
    }
  }

  /** Adds JᵀJ of the angle: lower triangle, row-major, physical parameters, then contrast and offset. */
  finish(contrast: number, out: Float64Array): void {
    const { sums } = this;
    this.#addColumns();
    const size = TANGENTS + 2;
    const scale = (t: number) => contrast * (t < DECAY_TANGENTS ? -this.#rate : 1);
    for (let t = 0; t < TANGENTS; t++) {
      for (let s = 0; s <= t; s++) out[t * size + s]! += scale(t) * scale(s) * sums[t * TANGENTS + s]!;
      out[TANGENTS * size + t]! += scale(t) * sums[GRAM_CONTRAST + t]!;
      out[(TANGENTS + 1) * size + t]! += scale(t) * sums[GRAM_OFFSET + t]!;
    }
    out[TANGENTS * size + TANGENTS]! += sums[GRAM_SQUARES]!;
    out[(TANGENTS + 1) * size + TANGENTS]! += sums[GRAM_VALUES]!;
    out[(TANGENTS + 1) * size + TANGENTS + 1]! += this.#layout.pairs;
  }

  /** The part of the column sums. */
  #addColumns(): void {
    const { sums } = this;
    for (let t = 0; t < TANGENTS; t++) {
      const isPhase = t >= DECAY_TANGENTS;
      for (let s = 0; s <= t; s++) {
        const kind = isPhase ? (s >= DECAY_TANGENTS ? 4 : 3) : 2;
        sums[t * TANGENTS + s]! += this.#dot(kind, t, s);
      }
      sums[GRAM_CONTRAST + t]! += this.#dot(isPhase ? 3 : 2, t, -1);
      sums[GRAM_OFFSET + t]! += this.#dot(isPhase ? 1 : 0, t, -1);
    }
  }

  /** Σ_j columnSum d_j d′_j, or without d′ where it is −1. */
  #dot(kind: number, t: number, s: number): number {
    const { centred, columnSums } = this;
    const { count, padded } = this.#layout;
    let sum = 0;
    for (let j = 0; j < count; j++) {
      const product = columnSums[kind * padded + j]! * centred[t * padded + j]!;
      sum += s < 0 ? product : product * centred[s * padded + j]!;
    }
    return sum;
  }
}
