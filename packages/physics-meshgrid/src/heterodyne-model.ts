import type { Arena } from "./arena.ts";
import type { ChannelGradient } from "./channel-gradient.ts";
import { DecayFactor } from "./decay-factor.ts";
import type { FrameKernels } from "./frame-kernels.ts";
import type { KernelArrays } from "./kernel/kernel-arrays.ts";
import { PhaseRotation } from "./phase-rotation.ts";
import type { FactorForm, PairBasis, SeparableModel } from "./separable-model.ts";
import type { BlockLayout, Tile } from "./tile-layout.ts";

/** Powers of the decays of reference and sample in the four components. */
const POWERS: readonly (readonly number[])[] = [
  [2, 0],
  [0, 2],
  [1, 1],
  [1, 1],
];

/**
 * A moving sample against a reference. With n = fs² + fr², α = fr/√n, β = fs/√n, decays e and phase Φ,
 * M = (α_i α_j e_r)² + (β_i β_j e_s)² + 2 α_i α_j β_i β_j e_r e_s cos Φ = Σ_{k=1..4} u_k,i ū_k,j,
 * where u = (α², β², √2 αβ cos φ, √2 αβ sin φ) times the decays (squared for the first two).
 *
 * α and β are the cosine and sine of one angle ϑ with dϑ/dfs = 1/n, so derivatives by fs swap them.
 */
export class HeterodyneModel implements SeparableModel {
  readonly exponents = 2;
  readonly phaseChannel = 2;
  readonly fractionChannel = 3;
  readonly reference: DecayFactor;
  readonly sample: DecayFactor;
  readonly rotation: PhaseRotation;
  /** u and ū, one component after the other, each `layout.padded` long. */
  readonly row: Float64Array;
  readonly column: Float64Array;
  /** Σ_j weight residual × ū per component and row, in the row's own frame of reference; the same per column with u. */
  readonly rowSums: Float64Array;
  readonly columnSums: Float64Array;
  /** α, β, 1/n per used frame. */
  readonly alpha: Float64Array;
  readonly beta: Float64Array;
  readonly inverseNorm: Float64Array;
  /** Factors of the tile that is set: of components 1 and 2, and of 3 and 4 times cos and sin of its rotation. */
  readonly tileFactors: Float64Array = new Float64Array(4);
  readonly #frame: FrameKernels;
  readonly #layout: BlockLayout;
  readonly #half: number;
  /** ∂u/∂ϑ and ∂ū/∂ϑ, made when first asked for. */
  readonly #rowSlopes: Float64Array;
  readonly #columnSlopes: Float64Array;
  /** Σ weight residual M, and the gradient by κ, of one side. */
  readonly #results: Float64Array;
  #hasSlopes = false;
  readonly #turned: Float64Array = new Float64Array(4);
  readonly #turnedSlopes: Float64Array = new Float64Array(4);
  #velocity: Float64Array = new Float64Array(0);
  #kappa = 0;
  #source: readonly Float64Array[] = [];
  #channels: readonly Float64Array[] = [];

  constructor(q: number, layout: BlockLayout, arena: Arena, frame: FrameKernels) {
    this.#layout = layout;
    this.#frame = frame;
    this.#half = 0.5 * q * q;
    this.reference = new DecayFactor(layout, arena, frame, this.#half);
    this.sample = new DecayFactor(layout, arena, frame, this.#half);
    this.rotation = new PhaseRotation(layout, arena, frame);
    this.row = arena.allocate(4 * layout.padded);
    this.column = arena.allocate(4 * layout.padded);
    this.rowSums = arena.allocate(4 * layout.padded);
    this.columnSums = arena.allocate(4 * layout.padded);
    this.alpha = arena.allocate(layout.padded);
    this.beta = arena.allocate(layout.padded);
    this.inverseNorm = arena.allocate(layout.padded);
    this.#results = arena.allocate(2);
    this.#rowSlopes = new Float64Array(4 * layout.padded);
    this.#columnSlopes = new Float64Array(4 * layout.padded);
  }

  setChannels(values: readonly Float64Array[]): void {
    const { first, count } = this.#layout;
    if (values !== this.#source) {
      this.#source = values;
      this.#channels = values.map((channel) => channel.subarray(first));
    }
    const [reference, sample, velocity, fraction] = this.#channels;
    this.reference.set(reference!);
    this.sample.set(sample!);
    this.#velocity = velocity!;
    const { alpha, beta, inverseNorm } = this;
    for (let i = 0; i < count; i++) {
      const s = fraction![i]!;
      const r = 1 - s;
      const n = s * s + r * r;
      const root = Math.sqrt(n);
      alpha[i] = r / root;
      beta[i] = s / root;
      inverseNorm[i] = 1 / n;
    }
  }

  setAngle(kappa: number): void {
    this.#kappa = kappa;
    this.#hasSlopes = false;
    this.rotation.set(this.#velocity, kappa);
    const { alpha, beta, reference, sample, row, column } = this;
    const { cos, sin } = this.rotation;
    const { count, padded } = this.#layout;
    this.#frame.mix(alpha, beta, reference.row, sample.row, cos, sin, count, padded, row);
    this.#frame.mix(alpha, beta, reference.column, sample.column, cos, sin, count, padded, column);
  }

  #ensureSlopes(): void {
    if (this.#hasSlopes) return;
    this.#setSlopes(this.#rowSlopes, this.reference.row, this.sample.row);
    this.#setSlopes(this.#columnSlopes, this.reference.column, this.sample.column);
    this.#hasSlopes = true;
  }

  #setSlopes(out: Float64Array, reference: Float64Array, sample: Float64Array): void {
    const { alpha, beta } = this;
    const { cos, sin } = this.rotation;
    const { count, padded } = this.#layout;
    for (let i = 0; i < count; i++) {
      const [a, b, r, s] = [alpha[i]!, beta[i]!, reference[i]!, sample[i]!];
      const mixed = Math.SQRT2 * (a * a - b * b) * r * s;
      out[i] = -2 * a * b * r * r;
      out[padded + i] = 2 * a * b * s * s;
      out[2 * padded + i] = mixed * cos[i]!;
      out[3 * padded + i] = mixed * sin[i]!;
    }
  }

  isSteep(block: number): boolean {
    return this.reference.isSteep(block) || this.sample.isSteep(block);
  }

  setTile(tile: Tile): void {
    const reference = this.reference.tile(tile);
    const sample = this.sample.tile(tile);
    const phase = this.rotation.tile(tile);
    const factors = this.tileFactors;
    factors[0] = reference * reference;
    factors[1] = sample * sample;
    factors[2] = reference * sample * Math.cos(phase);
    factors[3] = reference * sample * Math.sin(phase);
  }

  /** Vectors of frame i in the frame of reference of the columns of the tile. */
  #turn(vectors: Float64Array, i: number, out: Float64Array): Float64Array {
    const factors = this.tileFactors;
    const { padded } = this.#layout;
    const third = vectors[2 * padded + i]!;
    const fourth = vectors[3 * padded + i]!;
    out[0] = vectors[i]! * factors[0]!;
    out[1] = vectors[padded + i]! * factors[1]!;
    out[2] = third * factors[2]! + fourth * factors[3]!;
    out[3] = fourth * factors[2]! - third * factors[3]!;
    return out;
  }

  valueRow(tile: Tile, r: number, start: number, out: Float64Array): void {
    const u = this.#turn(this.row, tile.row + r, this.#turned);
    const u1 = u[0]!;
    const u2 = u[1]!;
    const u3 = u[2]!;
    const u4 = u[3]!;
    const { padded } = this.#layout;
    const { column } = this;
    let k = tile.column + start;
    for (let c = start; c < tile.columns; c++, k++) {
      const own = u1 * column[k]! + u2 * column[padded + k]!;
      out[c] = own + (u3 * column[2 * padded + k]! + u4 * column[3 * padded + k]!);
    }
  }

  gradientRow(tile: Tile, r: number, start: number, residuals: Float64Array): void {
    const u = this.#turn(this.row, tile.row + r, this.#turned);
    const u1 = u[0]!;
    const u2 = u[1]!;
    const u3 = u[2]!;
    const u4 = u[3]!;
    const { padded } = this.#layout;
    const { column, columnSums, rowSums, tileFactors } = this;
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
    this.#ensureSlopes();
    const i = tile.row + r;
    const u = this.#turn(this.row, i, this.#turned);
    const slope = this.#turn(this.#rowSlopes, i, this.#turnedSlopes);
    const { padded } = this.#layout;
    const { column, inverseNorm } = this;
    const columnSlopes = this.#columnSlopes;
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
    const h = this.#half;
    basis.value[k] = reference + sample + cosine;
    basis.exponents[0]![k] = -h * (2 * reference + cosine);
    basis.exponents[1]![k] = -h * (2 * sample + cosine);
    basis.phase[k] = -sine;
  }

  pair(i: number, j: number, basis: PairBasis, k: number): void {
    const { alpha, beta, inverseNorm } = this;
    const r = this.reference.pair(i, j);
    const s = this.sample.pair(i, j);
    const phase = this.rotation.pair(i, j);
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
    this.#ensureSlopes();
    return {
      components: 4,
      row: this.row,
      column: this.column,
      rowSlopes: this.#rowSlopes,
      columnSlopes: this.#columnSlopes,
      inverseNorm: this.inverseNorm,
      decays: [this.reference, this.sample],
      powers: POWERS,
      rotates: true,
    };
  }

  kernelArrays(): KernelArrays {
    const { row, column, rowSums, columnSums, tileFactors } = this;
    return { row, column, rowSums, columnSums, tileFactors, columnsLackContrast: false };
  }

  clearSums(): void {
    this.rowSums.fill(0);
    this.columnSums.fill(0);
  }

  collect(rowScale: number, columnScale: number, sink: ChannelGradient): number {
    const { reference, sample } = this;
    const results = this.#results.fill(0);
    this.#collectSide(columnScale, -1, this.column, this.columnSums, reference.column, sample.column, sink);
    sink.byKappa += results[1]!;
    results.fill(0);
    this.#collectSide(rowScale, 1, this.row, this.rowSums, reference.row, sample.row, sink);
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
    const { alpha, beta, inverseNorm, rotation } = this;
    const { cos, sin } = rotation;
    const velocity = this.#velocity;
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
      { scale, decay: scale * direction * this.#half, kappa: this.#kappa, origin: velocity[0]! },
      this.#layout.count,
      this.#layout.padded,
      this.#results,
    );
  }
}
