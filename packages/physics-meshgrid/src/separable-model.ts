import type { Arena } from "./arena.ts";
import type { ChannelGradient } from "./channel-gradient.ts";
import type { DecayFactor } from "./decay-factor.ts";
import type { KernelArrays } from "./kernel/kernel-arrays.ts";
import type { Tile } from "./tile-layout.ts";

/** The normalised correlation of one pair (i, j), i < j, and its derivatives by what it depends on. */
export interface PairBasis {
  /** M = (c2 − offset)/contrast. */
  readonly value: Float64Array;
  /** ∂M/∂C_j = −∂M/∂C_i of each decaying channel. */
  readonly exponents: readonly Float64Array[];
  /** ∂M/∂Φ with the phase Φ = κ(V_j − V_i); not written when the model has none. */
  readonly phase: Float64Array;
  /** ∂M/∂(sample fraction) of the row's and of the column's frame; not written when the model has none. */
  readonly fractionRow: Float64Array;
  readonly fractionColumn: Float64Array;
  /** Bytes from one part to the next; the value comes first. */
  readonly partBytes: number;
}

/** Where each part of a basis stands in its memory, in units of `partBytes`. */
export const BASIS = { value: 0, exponents: 1, phase: 3, fractionRow: 4, fractionColumn: 5 } as const;
const PARTS = 6;

/** Room for the basis of `length` pairs, and for what kernels read beyond an odd number. */
export function createBasis(length: number, arena: Arena): PairBasis {
  const size = length + 2;
  const all = arena.allocate(PARTS * size);
  const part = (k: number) => all.subarray(k * size, (k + 1) * size);
  return {
    value: part(BASIS.value),
    exponents: [part(BASIS.exponents), part(BASIS.exponents + 1)],
    phase: part(BASIS.phase),
    fractionRow: part(BASIS.fractionRow),
    fractionColumn: part(BASIS.fractionColumn),
    partBytes: 8 * size,
  };
}

/**
 * M_ij = Σ_k u_k,i ū_k,j with the decays of row blocks and column blocks joined by factors (and a rotation): what
 * products of such matrices need. Arrays hold one component after the other, each `padded` long.
 */
export interface FactorForm {
  readonly components: number;
  readonly row: Float64Array;
  readonly column: Float64Array;
  /** Derivatives by the angle ϑ of the sample fraction, dϑ/dfs = `inverseNorm`; empty when the model has no fraction. */
  readonly rowSlopes: Float64Array;
  readonly columnSlopes: Float64Array;
  readonly inverseNorm: Float64Array;
  /** The decays, one per decaying channel, and the power with which each enters each component. */
  readonly decays: readonly DecayFactor[];
  readonly powers: readonly (readonly number[])[];
  /** Components 2 and 3 (from 0) are a cosine and a sine of the phase. */
  readonly rotates: boolean;
}

/**
 * The correlation of one model, split into factors per frame (set per evaluation and angle) and per tile. The plain
 * kernels, a row of a tile at a time.
 *
 * Frames are counted from the first used one; columns of a tile from its first column.
 */
export interface SeparableModel {
  /** Number of decaying channels; they are the first channels of the grid. */
  readonly exponents: number;
  /** Index of the channel of the phase and of the sample fraction in the grid, or −1. */
  readonly phaseChannel: number;
  readonly fractionChannel: number;
  /**
   * Takes what does not depend on the angle.
   *
   * @param values per channel of the grid, of every frame with one more finite number; not copied.
   */
  setChannels(values: readonly Float64Array[]): void;
  setAngle(kappa: number): void;
  /** Whether pairs within a block decay too fast for factors: `pair` must be used for its diagonal tile. */
  isSteep(block: number): boolean;
  setTile(tile: Tile): void;
  /** Writes M of row `r` of the tile that is set, for columns from `start` on. */
  valueRow(tile: Tile, r: number, start: number, out: Float64Array): void;
  /** Adds weighted residuals of a row to the sums that `collect` turns into a gradient. */
  gradientRow(tile: Tile, r: number, start: number, residuals: Float64Array): void;
  /** Writes value and derivatives of a row. */
  basisRow(tile: Tile, r: number, start: number, basis: PairBasis): void;
  /** Writes value and derivatives of the pair (i, j) of used frames to entry `k`, with exponentials of its own. */
  pair(i: number, j: number, basis: PairBasis, k: number): void;
  /** The factors of the angle that is set, where M has finite rank. */
  factorForm(): FactorForm | undefined;
  /** What WebAssembly kernels read and write. */
  kernelArrays(): KernelArrays;
  clearSums(): void;
  /**
   * Adds the gradient by the channels, rows times `rowScale` and columns times `columnScale`, and returns
   * Σ weight residual M.
   */
  collect(rowScale: number, columnScale: number, sink: ChannelGradient): number;
}
