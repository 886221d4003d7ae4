import { type ChannelGrid, type PowerLawGrid, sampleFraction } from "@siegert/physics-core";
import type { Arena } from "./arena.ts";
import type { ChannelGradient } from "./channel-gradient.ts";
import type { FrameKernels } from "./frame-kernels.ts";

/** exp of the exponent at which physics-core caps the growth of the sample fraction. */
const LARGEST_GROWTH = Math.exp(700);

/** What is kept between evaluation and the way back of one channel. */
interface Work {
  readonly grid: PowerLawGrid | undefined;
  /** ln t, or t for the fraction, with the padding of {@link FrameKernels}. */
  readonly source: Float64Array;
  /** t^exponent, or the growth of the fraction. */
  readonly shape: Float64Array;
}

/**
 * Values of the channels of a grid per frame, and the reverse-mode derivative from them to the parameters: what a gradient
 * needs, without the tangents that a Jacobian needs. Agrees with `ChannelGrid` to rounding.
 */
export class ChannelValues {
  /** Per channel; every frame, and two more entries that repeat the last. */
  readonly values: readonly Float64Array[];
  readonly #grid: ChannelGrid;
  readonly #frame: FrameKernels;
  readonly #first: number;
  readonly #work: readonly Work[];
  readonly #parameters: Float64Array;
  /** Of a smooth sample fraction. */
  readonly #tangents: Float64Array;

  constructor(grid: ChannelGrid, first: number, arena: Arena, frame: FrameKernels) {
    const frames = grid.times.length;
    this.#grid = grid;
    this.#frame = frame;
    this.#first = first;
    this.values = grid.channels.map(() => arena.allocate(frames + 2));
    this.#work = grid.rateGrids.map((rateGrid) => {
      const source = arena.allocate(frames + 2);
      // A measuring arena gives no room.
      if (source.length > 0) source.set(rateGrid?.logTimes ?? grid.times);
      return { grid: rateGrid, source, shape: arena.allocate(frames + 2) };
    });
    this.#parameters = new Float64Array(grid.model.parameters.length);
    const isSmooth = grid.model.kind === "heterodyne" && grid.model.fractionLimit === "smooth";
    this.#tangents = new Float64Array(isSmooth ? 4 * frames : 0);
  }

  /** @param x begins with the physical parameters. */
  evaluate(x: Float64Array): void {
    const parameters = this.#parameters;
    for (let p = 0; p < parameters.length; p++) parameters[p] = x[p]!;
    const frames = this.#grid.times.length;
    for (let c = 0; c < this.values.length; c++) {
      const [a, b, o, d] = this.#parametersOf(c);
      const { grid, source, shape } = this.#work[c]!;
      const values = this.values[c]!;
      if (grid !== undefined) {
        this.#frame.exponential(source, 0, frames, 0, b, shape);
        this.#integrate(shape, a, o, grid.floor, values);
      } else if (this.#tangents.length === 0) {
        this.#frame.exponential(source, 0, frames, o, b, shape);
        clip(shape, a, d, frames, values);
      } else {
        const limit = this.#grid.model.fractionLimit;
        sampleFraction(this.#grid.times, a, b, o, d, limit, values.subarray(0, frames), this.#tangents);
      }
      values[frames] = values[frames - 1]!;
      values[frames + 1] = values[frames - 1]!;
    }
  }

  /** Cumulative trapezoids of max(amplitude · shape + offset, floor). */
  #integrate(shape: Float64Array, amplitude: number, offset: number, floor: number, out: Float64Array): void {
    const half = 0.5 * this.#grid.dt;
    const frames = this.#grid.times.length;
    let sum = 0;
    let previous = floored(amplitude * shape[0]! + offset, floor);
    out[0] = 0;
    for (let i = 1; i < frames; i++) {
      const rate = floored(amplitude * shape[i]! + offset, floor);
      sum += previous + rate;
      out[i] = half * sum;
      previous = rate;
    }
  }

  /** Adds ∂/∂parameters (all but phi0) to `gradient`, from ∂/∂values at the point evaluated last. */
  chain(sink: ChannelGradient, gradient: Float64Array): void {
    for (let c = 0; c < this.values.length; c++) {
      const byValue = sink.byValue[c]!;
      if (this.#work[c]!.grid !== undefined) this.#chainRate(c, byValue, gradient);
      else if (this.#tangents.length === 0) this.#chainFraction(c, byValue, gradient);
      else this.#chainTangents(c, byValue, gradient);
    }
  }

  /** Transposed cumulative trapezoids, and the derivatives of a power law. */
  #chainRate(c: number, byValue: Float64Array, gradient: Float64Array): void {
    const [amplitude, , offset] = this.#parametersOf(c);
    const { grid, source, shape } = this.#work[c]!;
    const { floor } = grid!;
    const { dt } = this.#grid;
    const first = this.#first;
    let tail = 0;
    let byAmplitude = 0;
    let byExponent = 0;
    let byOffset = 0;
    // Frame 0 is apart: its integral is 0 whatever the parameters, and its ln t may be −∞.
    for (let i = this.#grid.times.length - 1; i > 0; i--) {
      const own = byValue[i - first]!;
      const byRate = dt * (0.5 * own + tail);
      tail += own;
      const power = shape[i]!;
      if (!(amplitude * power + offset > floor)) continue;
      const byShape = byRate * power;
      byAmplitude += byShape;
      byOffset += byRate;
      byExponent += byShape * source[i]!;
    }
    if (amplitude * shape[0]! + offset > floor) {
      const byRate = 0.5 * dt * tail;
      byAmplitude += byRate * shape[0]!;
      byOffset += byRate;
      if (shape[0]! > 0) byExponent += byRate * shape[0]! * source[0]!;
    }
    const { parameters } = this.#grid.channels[c]!;
    gradient[parameters[0]!]! += byAmplitude;
    gradient[parameters[1]!]! += amplitude * byExponent;
    gradient[parameters[2]!]! += byOffset;
  }

  /** Derivatives of a clipped sample fraction f0 exp(f1 (t − f2)) + f3. */
  #chainFraction(c: number, byValue: Float64Array, gradient: Float64Array): void {
    const [f0, f1, f2, f3] = this.#parametersOf(c);
    const { source, shape } = this.#work[c]!;
    const first = this.#first;
    let byAmplitude = 0;
    let byRate = 0;
    let byShift = 0;
    let byOffset = 0;
    for (let i = first; i < this.#grid.times.length; i++) {
      const growth = shape[i]!;
      const isCapped = !(growth < LARGEST_GROWTH);
      const raw = f0 * (isCapped ? LARGEST_GROWTH : growth) + f3;
      if (!(raw >= 0 && raw <= 1)) continue;
      const own = byValue[i - first]!;
      const scaled = own * (isCapped ? LARGEST_GROWTH : growth);
      byOffset += own;
      byAmplitude += scaled;
      if (isCapped) continue;
      byRate += scaled * (source[i]! - f2);
      byShift += scaled;
    }
    const { parameters } = this.#grid.channels[c]!;
    gradient[parameters[0]!]! += byAmplitude;
    gradient[parameters[1]!]! += f0 * byRate;
    gradient[parameters[2]!]! -= f0 * f1 * byShift;
    gradient[parameters[3]!]! += byOffset;
  }

  #chainTangents(c: number, byValue: Float64Array, gradient: Float64Array): void {
    const frames = this.#grid.times.length;
    const first = this.#first;
    const { parameters } = this.#grid.channels[c]!;
    for (let p = 0; p < parameters.length; p++) {
      let sum = 0;
      for (let i = first; i < frames; i++) sum += byValue[i - first]! * this.#tangents[p * frames + i]!;
      gradient[parameters[p]!]! += sum;
    }
  }

  #parametersOf(c: number): readonly [number, number, number, number] {
    const [a, b, o, d] = this.#grid.channels[c]!.parameters;
    const p = this.#parameters;
    return [p[a!]!, p[b!]!, p[o!]!, d === undefined ? 0 : p[d]!];
  }
}

/** max(rate, floor), and NaN for NaN. */
function floored(rate: number, floor: number): number {
  return rate <= floor ? floor : rate;
}

/** f0 · growth + f3, clipped to [0, 1]. */
function clip(shape: Float64Array, f0: number, f3: number, frames: number, out: Float64Array): void {
  for (let i = 0; i < frames; i++) {
    const growth = shape[i]!;
    const raw = f0 * (growth < LARGEST_GROWTH ? growth : LARGEST_GROWTH) + f3;
    out[i] = raw < 0 ? 0 : raw > 1 ? 1 : raw;
  }
}
