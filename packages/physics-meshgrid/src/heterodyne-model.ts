import type { Arena } from "./arena.ts";
import type { ChannelGradient } from "./channel-gradient.ts";
import type { FrameKernels } from "./frame-kernels.ts";
import { HeterodyneFactors } from "./heterodyne-factors.ts";
import type { KernelArrays } from "./kernel/kernel-arrays.ts";
import type { FactorForm, PairBasis, SeparableModel } from "./separable-model.ts";
import type { BlockLayout, Tile } from "./tile-layout.ts";

/** Powers of the decays of reference and sample in the four components. */
const POWERS: readonly (readonly number[])[] = [
  [2, 0],
  [0, 2],
  [1, 1],
  [1, 1],
];

/** A moving sample against a reference: rows of tiles, from {@link HeterodyneFactors}. */
export class HeterodyneModel implements SeparableModel {
  readonly exponents = 2;
  readonly phaseChannel = 2;
  readonly fractionChannel = 3;
  readonly #factors: HeterodyneFactors;
  /** Σ_j weight residual × ū per component and row, in the row's own frame of reference; the same per column with u. */
  readonly rowSums: Float64Array;
  readonly columnSums: Float64Array;
  readonly #frame: FrameKernels;
  readonly #layout: BlockLayout;
  /** Σ weight residual M, and the gradient by κ, of one side. */
  readonly #results: Float64Array;
  readonly #turned: Float64Array = new Float64Array(4);
  readonly #turnedSlopes: Float64Array = new Float64Array(4);

  constructor(q: number, layout: BlockLayout, arena: Arena, frame: FrameKernels) {
    this.#layout = layout;
    this.#frame = frame;
    this.#factors = new HeterodyneFactors(q, layout, arena, frame);
    this.rowSums = arena.allocate(4 * layout.padded);
    this.columnSums = arena.allocate(4 * layout.padded);
    this.#results = arena.allocate(2);
  }

  setChannels(values: readonly Float64Array[]): void {
    this.#factors.setChannels(values);
  }

  setAngle(kappa: number): void {
    this.#factors.setAngle(kappa);
  }

  isSteep(block: number): boolean {
    return this.#factors.isSteep(block);
  }

  setTile(tile: Tile): void {
    this.#factors.setTile(tile);
  }

  valueRow(tile: Tile, r: number, start: number, out: Float64Array): void {
    const u = this.#factors.turn(this.#factors.row, tile.row + r, this.#turned);
    const u1 = u[0]!;
    const u2 = u[1]!;
    const u3 = u[2]!;
    const u4 = u[3]!;
    const { padded } = this.#layout;
    const { column } = this.#factors;
    let k = tile.column + start;
    for (let c = start; c < tile.columns; c++, k++) {
      const own = u1 * column[k]! + u2 * column[padded + k]!;
      out[c] = own + (u3 * column[2 * padded + k]! + u4 * column[3 * padded + k]!);
    }
  }

  gradientRow(tile: Tile, r: number, start: number, residuals: Float64Array): void {
    const u = this.#factors.turn(this.#factors.row, tile.row + r, this.#turned);
    const u1 = u[0]!;
    const u2 = u[1]!;
    const u3 = u[2]!;
    const u4 = u[3]!;
    const { padded } = this.#layout;
    const { columnSums, rowSums } = this;
    const { column, tile: tileFactors } = this.#factors;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let s4 = 0;
    let k = tile.column + start;
    for (let c = start; c < tile.columns; c++, k++) {
      const residual = residuals[c]!;
      s1 += residual * column[k]!;
      s2 += residual * column[padded + k]!;
      s3 += residual * column[2 * padded + k]!;
      s4 += residual * column[3 * padded + k]!;
      columnSums[k]! += residual * u1;
      columnSums[padded + k]! += residual * u2;
      columnSums[2 * padded + k]! += residual * u3;
      columnSums[3 * padded + k]! += residual * u4;
    }
    const i = tile.row + r;
    rowSums[i]! += tileFactors[0]! * s1;
    rowSums[padded + i]! += tileFactors[1]! * s2;
    rowSums[2 * padded + i]! += tileFactors[2]! * s3 - tileFactors[3]! * s4;
    rowSums[3 * padded + i]! += tileFactors[3]! * s3 + tileFactors[2]! * s4;
  }

  basisRow(tile: Tile, r: number, start: number, basis: PairBasis): void {
    this.#factors.ensureSlopes();
    const i = tile.row + r;
    const u = this.#factors.turn(this.#factors.row, i, this.#turned);
    const slope = this.#factors.turn(this.#factors.rowSlopes, i, this.#turnedSlopes);
    const { padded } = this.#layout;
    const { column, columnSlopes, inverseNorm } = this.#factors;
    const own = inverseNorm[i]!;
    let k = tile.column + start;
    for (let c = start; c < tile.columns; c++, k++) {
      const v1 = column[k]!;
      const v2 = column[padded + k]!;
      const v3 = column[2 * padded + k]!;
      const v4 = column[3 * padded + k]!;
      this.#derive(basis, c, u[0]! * v1, u[1]! * v2, u[2]! * v3 + u[3]! * v4, u[2]! * v4 - u[3]! * v3);
      basis.fractionRow[c] = own * (slope[0]! * v1 + slope[1]! * v2 + (slope[2]! * v3 + slope[3]! * v4));
      const decaying = u[0]! * columnSlopes[k]! + u[1]! * columnSlopes[padded + k]!;
      const mixed = u[2]! * columnSlopes[2 * padded + k]! + u[3]! * columnSlopes[3 * padded + k]!;
      basis.fractionColumn[c] = inverseNorm[k]! * (decaying + mixed);
    }
  }

  /** Entry k from the three terms of M, and the third with the sine of its phase. */
  #derive(basis: PairBasis, k: number, reference: number, sample: number, cosine: number, sine: number): void {
    const h = this.#factors.half;
    basis.value[k] = reference + sample + cosine;
    basis.exponents[0]![k] = -h * (2 * reference + cosine);
    basis.exponents[1]![k] = -h * (2 * sample + cosine);
    basis.phase[k] = -sine;
  }

  pair(i: number, j: number, basis: PairBasis, k: number): void {
    const { alpha, beta, inverseNorm, reference, sample, rotation } = this.#factors;
    const r = reference.pair(i, j);
    const s = sample.pair(i, j);
    const phase = rotation.pair(i, j);
    const [a, b, x, y] = [alpha[i]!, beta[i]!, alpha[j]!, beta[j]!];
    const cosine = 2 * r * s * Math.cos(phase);
    const mixed = a * b * x * y;
    this.#derive(basis, k, (a * x * r) ** 2, (b * y * s) ** 2, mixed * cosine, mixed * 2 * r * s * Math.sin(phase));
    const [xr, ar] = [x * x * r * r, a * a * r * r];
    const [ys, bs] = [y * y * s * s, b * b * s * s];
    basis.fractionRow[k] = inverseNorm[i]! * (2 * a * b * (ys - xr) + (a * a - b * b) * x * y * cosine);
    basis.fractionColumn[k] = inverseNorm[j]! * (2 * x * y * (bs - ar) + (x * x - y * y) * a * b * cosine);
  }

  factorForm(): FactorForm {
    this.#factors.ensureSlopes();
    const { row, column, rowSlopes, columnSlopes, inverseNorm, reference, sample } = this.#factors;
    return {
      components: 4,
      row,
      column,
      rowSlopes,
      columnSlopes,
      inverseNorm,
      decays: [reference, sample],
      powers: POWERS,
      rotates: true,
    };
  }

  kernelArrays(): KernelArrays {
    const { rowSums, columnSums } = this;
    const { row, column, tile: tileFactors } = this.#factors;
    return { row, column, rowSums, columnSums, tileFactors, columnsLackContrast: false };
  }

  clearSums(): void {
    this.rowSums.fill(0);
    this.columnSums.fill(0);
  }

  collect(rowScale: number, columnScale: number, sink: ChannelGradient): number {
    const { reference, sample, row, column } = this.#factors;
    const results = this.#results.fill(0);
    this.#collectSide(columnScale, -1, column, this.columnSums, reference.column, sample.column, sink);
    sink.byKappa += results[1]!;
    results.fill(0);
    this.#collectSide(rowScale, 1, row, this.rowSums, reference.row, sample.row, sink);
    sink.byKappa += results[1]!;
    return results[0]!;
  }

  /** One side: `direction` is the sign with which its integrals enter −(C_j − C_i). */
  #collectSide(
    scale: number,
    direction: number,
    vectors: Float64Array,
    sums: Float64Array,
    reference: Float64Array,
    sample: Float64Array,
    sink: ChannelGradient,
  ): void {
    const { alpha, beta, inverseNorm, rotation, velocity, half, kappa } = this.#factors;
    const { cos, sin } = rotation;
    const [byReference, bySample, byVelocity, byFraction] = sink.byValue;
    this.#frame.collect(
      {
        vectors,
        sums,
        reference,
        sample,
        alpha,
        beta,
        inverseNorm,
        cos,
        sin,
        velocity,
        byReference: byReference!,
        bySample: bySample!,
        byVelocity: byVelocity!,
        byFraction: byFraction!,
      },
      { scale, decay: scale * direction * half, kappa, origin: velocity[0]! },
      this.#layout.count,
      this.#layout.padded,
      this.#results,
    );
  }
}
