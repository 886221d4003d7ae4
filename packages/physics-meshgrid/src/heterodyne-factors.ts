import type { Arena } from "./arena.ts";
import { DecayFactor } from "./decay-factor.ts";
import type { FrameKernels } from "./frame-kernels.ts";
import { PhaseRotation } from "./phase-rotation.ts";
import type { BlockLayout, Tile } from "./tile-layout.ts";

/**
 * A moving sample against a reference. With n = fs² + fr², α = fr/√n, β = fs/√n, decays e and phase Φ,
 * M = (α_i α_j e_r)² + (β_i β_j e_s)² + 2 α_i α_j β_i β_j e_r e_s cos Φ = Σ_{k=1..4} u_k,i ū_k,j,
 * where u = (α², β², √2 αβ cos φ, √2 αβ sin φ) times the decays (squared for the first two).
 *
 * α and β are the cosine and sine of one angle ϑ with dϑ/dfs = 1/n, so derivatives by fs swap them.
 */
export class HeterodyneFactors {
  readonly reference: DecayFactor;
  readonly sample: DecayFactor;
  readonly rotation: PhaseRotation;
  /** u and ū, one component after the other, each `layout.padded` long. */
  readonly row: Float64Array;
  readonly column: Float64Array;
  /** ∂u/∂ϑ and ∂ū/∂ϑ, valid after `ensureSlopes`. */
  readonly rowSlopes: Float64Array;
  readonly columnSlopes: Float64Array;
  /** α, β, 1/n per used frame. */
  readonly alpha: Float64Array;
  readonly beta: Float64Array;
  readonly inverseNorm: Float64Array;
  /** Factors of the tile that is set: of components 1 and 2, and of 3 and 4 times cos and sin of its rotation. */
  readonly tile: Float64Array = new Float64Array(4);
  /** Rate of the decays, ½ q². */
  readonly half: number;
  velocity: Float64Array = new Float64Array(0);
  kappa = 0;
  readonly #frame: FrameKernels;
  readonly #layout: BlockLayout;
  #hasSlopes = false;
  #source: readonly Float64Array[] = [];
  #channels: readonly Float64Array[] = [];

  constructor(q: number, layout: BlockLayout, arena: Arena, frame: FrameKernels) {
    this.#layout = layout;
    this.#frame = frame;
    this.half = 0.5 * q * q;
    this.reference = new DecayFactor(layout, arena, frame, this.half);
    this.sample = new DecayFactor(layout, arena, frame, this.half);
    this.rotation = new PhaseRotation(layout, arena, frame);
    this.row = arena.allocate(4 * layout.padded);
    this.column = arena.allocate(4 * layout.padded);
    this.alpha = arena.allocate(layout.padded);
    this.beta = arena.allocate(layout.padded);
    this.inverseNorm = arena.allocate(layout.padded);
    this.rowSlopes = new Float64Array(4 * layout.padded);
    this.columnSlopes = new Float64Array(4 * layout.padded);
  }

  setChannels(values: readonly Float64Array[]): void {
    const { first } = this.#layout;
    if (values !== this.#source) {
      this.#source = values;
      this.#channels = values.map((channel) => channel.subarray(first));
    }
    const [reference, sample, velocity, fraction] = this.#channels;
    this.reference.set(reference!);
    this.sample.set(sample!);
    this.velocity = velocity!;
    this.#frame.split(fraction!, this.#layout.count, this.alpha, this.beta, this.inverseNorm);
  }

  setAngle(kappa: number): void {
    this.kappa = kappa;
    this.#hasSlopes = false;
    this.rotation.set(this.velocity, kappa);
    const { alpha, beta, reference, sample, row, column } = this;
    const { cos, sin } = this.rotation;
    const { count, padded } = this.#layout;
    this.#frame.mix(alpha, beta, reference.row, sample.row, cos, sin, count, padded, row);
    this.#frame.mix(alpha, beta, reference.column, sample.column, cos, sin, count, padded, column);
  }

  /** Makes the derivatives of the factors by ϑ, unless they are there. */
  ensureSlopes(): void {
    if (this.#hasSlopes) return;
    this.#setSlopes(this.rowSlopes, this.reference.row, this.sample.row);
    this.#setSlopes(this.columnSlopes, this.reference.column, this.sample.column);
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
    const factors = this.tile;
    factors[0] = reference * reference;
    factors[1] = sample * sample;
    factors[2] = reference * sample * Math.cos(phase);
    factors[3] = reference * sample * Math.sin(phase);
  }

  /** Vectors of frame i in the frame of reference of the columns of the tile. */
  turn(vectors: Float64Array, i: number, out: Float64Array): Float64Array {
    const factors = this.tile;
    const { padded } = this.#layout;
    const third = vectors[2 * padded + i]!;
    const fourth = vectors[3 * padded + i]!;
    out[0] = vectors[i]! * factors[0]!;
    out[1] = vectors[padded + i]! * factors[1]!;
    out[2] = third * factors[2]! + fourth * factors[3]!;
    out[3] = fourth * factors[2]! - third * factors[3]!;
    return out;
  }
}
