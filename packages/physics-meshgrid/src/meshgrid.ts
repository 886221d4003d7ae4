import { InvalidArgumentError } from "@siegert/errors";
import { ChannelGrid, type Experiment, type Model, phaseFactor } from "@siegert/physics-core";
import { CorrelationMaps, checkAngle, mapBuffer } from "./correlation-map.ts";
import { createEngine, type Engine } from "./engine.ts";
import { type LinearScaling, ScalingRegression } from "./linear-scaling.ts";
import { checkLoss, type Loss } from "./loss.ts";
import { checkOptions, type EngineName, type MeshgridOptions } from "./meshgrid-options.ts";
import { packAngles } from "./packed-data.ts";
import type { AngleState } from "./pair-pass.ts";
import type { SemiseparableGram } from "./semiseparable-gram.ts";
import { SteepPairs } from "./steep-pairs.ts";
import { firstFrame, TileLayout } from "./tile-layout.ts";

const LINEAR: Loss = { name: "linear", scale: 1 };

/**
 * Least squares of two-time correlation maps: c2 of all pairs of frames i < j of one or many angles against data.
 *
 * The parameter vector x is [physical parameters in the order of `model.parameters`, contrast₀, offset₀, contrast₁,
 * offset₁, …], one contrast and offset per angle. The diagonal never counts, nor does a frame at t = 0 with two
 * components. A vector x, or a model value, that is not finite gives NaN as the cost (a rejected point), never an error.
 *
 * Calls allocate little and share buffers: not for use by two callers at once. Made by {@link createMeshgrid}.
 */
export class Meshgrid {
  readonly model: Model;
  readonly experiment: Experiment;
  /** N, frames of a map. */
  readonly frames: number;
  readonly angles: number;
  /** Length of x: physical parameters + 2 · angles. */
  readonly parameterCount: number;
  /** Pairs that count: i < j, no excluded frame, weight > 0. */
  readonly pairCount: number;
  /** Length of `residuals`: as `pairCount`, but with the pairs of weight 0, whose residuals are 0. */
  readonly residualCount: number;
  readonly engine: EngineName;
  /** `weighted` where weights were given. */
  readonly route: "uniform" | "weighted";
  readonly #layout: TileLayout;
  readonly #grid: ChannelGrid;
  readonly #engine: Engine;
  readonly #steep: SteepPairs;
  #maps: CorrelationMaps | undefined;

  /** @throws {InvalidArgumentError} as {@link createMeshgrid} does. */
  constructor(options: MeshgridOptions) {
    const tileSize = checkOptions(options);
    const { model, experiment } = options;
    this.model = model;
    this.experiment = { ...experiment, phi: Float64Array.from(experiment.phi), times: experiment.times.slice() };
    this.frames = experiment.times.length;
    this.angles = experiment.phi.length;
    this.parameterCount = model.parameters.length + 2 * this.angles;
    this.route = options.weights === undefined ? "uniform" : "weighted";
    const first = firstFrame(model, experiment.times);
    this.#layout = new TileLayout(this.frames, first, tileSize);
    this.#grid = new ChannelGrid(model, experiment);
    this.#engine = createEngine(options, this.#layout, this.#grid);
    const { separable, data } = this.#engine;
    this.engine = this.#engine.name;
    this.pairCount = packAngles(this.#layout, options, data);
    this.residualCount = this.angles * this.#layout.pairs;
    this.#steep = new SteepPairs(this.#engine.channels.values, this.#layout, separable, data);
  }

  /** χ² = Σ weight (model − data)². */
  chi2(x: Float64Array): number {
    if (!this.#set(x, false)) return Number.NaN;
    let total = 0;
    for (let angle = 0; angle < this.angles; angle++) {
      const { contrast, offset } = this.#setAngle(x, angle);
      total += this.#engine.kernels.chi2(angle, contrast, offset);
    }
    return Number.isFinite(total) ? total : Number.NaN;
  }

  /** χ², and writes its gradient; length `parameterCount`. Both are NaN for a rejected point. */
  chi2AndGradient(x: Float64Array, gradient: Float64Array): number {
    this.#checkLength("gradient", gradient, this.parameterCount);
    gradient.fill(0);
    let total = Number.NaN;
    if (this.#set(x, false)) total = this.#gradient(x, gradient);
    if (!Number.isFinite(total)) {
      gradient.fill(Number.NaN);
      return Number.NaN;
    }
    for (let p = 0; p < gradient.length; p++) gradient[p]! *= 2;
    return total;
  }

  /** χ², and adds half its gradient. */
  #gradient(x: Float64Array, gradient: Float64Array): number {
    const { kernels, separable, sink, channels } = this.#engine;
    const physical = this.model.parameters.length;

    sink.clear();
    let total = 0;
    for (let angle = 0; angle < this.angles; angle++) {
      const state = this.#setAngle(x, angle);
      const { contrast, offset } = state;
      sink.byKappa = 0;
      separable.clearSums();
      total += kernels.gradient(angle, contrast, offset);
      const byContrast = separable.collect(contrast, kernels.columnScale(contrast), sink);
      this.#steep.gradient(state, sink);
      const [squares, residuals, values] = this.#steep.sums as unknown as [number, number, number];
      total += squares;
      gradient[physical + 2 * angle] = byContrast + values;
      gradient[physical + 2 * angle + 1] = kernels.residualSum + residuals;
      if (this.model.phi0Index >= 0) gradient[this.model.phi0Index]! += state.kappaByPhi0 * sink.byKappa;
    }
    channels.chain(sink, gradient);
    return total;
  }

  /**
   * ½ scale² Σ ρ((r/scale)²) with r = √weight (model − data); ½ χ² for the linear loss.
   *
   * @throws {InvalidArgumentError} for an unknown loss or a scale that is not positive.
   */
  cost(x: Float64Array, loss: Loss): number {
    checkLoss(loss);
    if (loss.name === "linear") return 0.5 * this.chi2(x);
    if (!this.#set(x, false)) return Number.NaN;
    let total = 0;
    for (let angle = 0; angle < this.angles; angle++) total += this.#engine.pass.cost(this.#setAngle(x, angle), loss);
    return Number.isFinite(total) ? total : Number.NaN;
  }

  /**
   * The cost, and writes the Gauss–Newton matrix `jtj` = J̃ᵀJ̃ (row-major, symmetric) and `jtr` = J̃ᵀr̃, the gradient of the
   * cost; the N² × p Jacobian is never held. NaN throughout for a rejected point.
   *
   * @throws {InvalidArgumentError} for an unknown loss or arrays of the wrong length.
   */
  normalEquations(x: Float64Array, loss: Loss, jtj: Float64Array, jtr: Float64Array): number {
    checkLoss(loss);
    const n = this.parameterCount;
    this.#checkLength("jtj", jtj, n * n);
    this.#checkLength("jtr", jtr, n);
    jtj.fill(0);
    jtr.fill(0);
    let total = Number.NaN;
    if (this.#set(x, true)) {
      const gram = loss.name === "linear" && this.route === "uniform" ? this.#engine.gram : undefined;
      total = gram ? this.#uniformEquations(x, gram, jtj, jtr) : this.#pairEquations(x, loss, jtj, jtr);
    }
    if (Number.isFinite(total)) return total;
    jtj.fill(Number.NaN);
    jtr.fill(Number.NaN);
    return Number.NaN;
  }

  /** Equal weights, finite rank: one pass for the gradient and running sums for the matrix. */
  #uniformEquations(x: Float64Array, gram: SemiseparableGram, jtj: Float64Array, jtr: Float64Array): number {
    const size = this.model.parameters.length + 2;
    const total = this.#gradient(x, jtr);
    const product = new Float64Array(size * size);
    gram.setChannels(this.#engine.channels.values);
    for (let angle = 0; angle < this.angles; angle++) {
      const { contrast, kappa, kappaByPhi0 } = this.#stateOf(x, angle);
      product.fill(0);
      gram.add(contrast, kappa, kappaByPhi0, product);
      this.#scatter(product, angle, jtj);
    }
    return 0.5 * total;
  }

  #pairEquations(x: Float64Array, loss: Loss, jtj: Float64Array, jtr: Float64Array): number {
    const physical = this.model.parameters.length;
    const size = physical + 2;
    const product = new Float64Array(size * size);
    const projection = new Float64Array(size);
    let total = 0;
    for (let angle = 0; angle < this.angles; angle++) {
      product.fill(0);
      projection.fill(0);
      total += this.#engine.pass.normalEquations(this.#setAngle(x, angle), loss, product, projection);
      this.#scatter(product, angle, jtj);
      for (let p = 0; p < physical; p++) jtr[p]! += projection[p]!;
      jtr[physical + 2 * angle] = projection[physical]!;
      jtr[physical + 2 * angle + 1] = projection[physical + 1]!;
    }
    return total;
  }

  /**
   * Writes Σ s sᵀ for the sandwich covariance of data whose pairs depend on each other when they share a frame (dyadic
   * clustering per angle): Σ_frames s_f s_fᵀ − Σ_pairs s_ij s_ijᵀ, s_ij the gradient of the cost of a pair, s_f the sum of
   * those of the pairs with frame f. Row-major, symmetric. It need not be positive definite in small samples.
   * Source: Aronow, Samii & Assenova (2015), Political Analysis 23, 564.
   *
   * @throws {InvalidArgumentError} for an unknown loss or an array of the wrong length.
   */
  scoreOuterProducts(x: Float64Array, loss: Loss, out: Float64Array): void {
    checkLoss(loss);
    const size = this.model.parameters.length + 2;
    this.#checkLength("out", out, this.parameterCount ** 2);
    out.fill(0);
    if (!this.#set(x, true)) {
      out.fill(Number.NaN);
      return;
    }
    const product = new Float64Array(size * size);
    for (let angle = 0; angle < this.angles; angle++) {
      product.fill(0);
      this.#engine.pass.scores(this.#setAngle(x, angle), loss, product);
      this.#scatter(product, angle, out);
    }
  }

  /** Adds the lower triangle of one angle's matrix to both triangles of the whole one. */
  #scatter(product: Float64Array, angle: number, out: Float64Array): void {
    const physical = this.model.parameters.length;
    const size = physical + 2;
    const shift = 2 * angle;
    for (let p = 0; p < size; p++) {
      const row = p < physical ? p : p + shift;
      for (let q = 0; q <= p; q++) {
        const column = q < physical ? q : q + shift;
        const value = product[p * size + q]!;
        out[row * this.parameterCount + column]! += value;
        if (p !== q) out[column * this.parameterCount + row]! += value;
      }
    }
  }

  /** Writes √weight (model − data) in the order (angle, i, j > i) of the frames that count; length `residualCount`. */
  residuals(x: Float64Array, out: Float64Array): void {
    this.#checkLength("out", out, this.residualCount);
    if (!this.#set(x, false)) {
      out.fill(Number.NaN);
      return;
    }
    for (let angle = 0; angle < this.angles; angle++) {
      this.#engine.pass.residuals(this.#setAngle(x, angle), out, angle * this.#layout.pairs);
    }
  }

  /** Writes ∂residual/∂x, row-major `residualCount` × `parameterCount`: for small problems and tests. */
  jacobian(x: Float64Array, out: Float64Array): void {
    this.#checkLength("out", out, this.residualCount * this.parameterCount);
    out.fill(0);
    if (!this.#set(x, true)) {
      out.fill(Number.NaN);
      return;
    }
    const physical = this.model.parameters.length;
    for (let angle = 0; angle < this.angles; angle++) {
      const state = this.#setAngle(x, angle);
      this.#engine.pass.jacobian(state, out, angle * this.#layout.pairs, this.parameterCount, physical + 2 * angle);
    }
  }

  /**
   * c2 of one angle: shape (N, N), symmetric, diagonal offset + contrast.
   *
   * @param out where to write; a new array when omitted.
   * @throws {InvalidArgumentError} for an angle out of range or arrays of the wrong length.
   */
  map(x: Float64Array, angle: number, out?: Float64Array): Float64Array {
    this.#checkLength("x", x, this.parameterCount);
    checkAngle(angle, this.angles);
    const target = mapBuffer(this.frames, out);
    this.#maps ??= new CorrelationMaps(this.model, this.experiment);
    const { contrast, offset } = this.#stateOf(x, angle);
    return this.#maps.write(x.subarray(0, this.model.parameters.length), angle, { contrast, offset }, target);
  }

  /**
   * Contrast and offset that fit one angle best at the physical parameters of x: (weighted) linear regression of the data
   * on (c2 − offset)/contrast, as variable projection needs it. The scaling in x is not read. With a loss, iteratively
   * reweighted to its minimum.
   *
   * @throws {InvalidArgumentError} for an angle out of range, an unknown loss or x of the wrong length.
   */
  linearScaling(x: Float64Array, angle: number, loss: Loss = LINEAR): LinearScaling {
    checkLoss(loss);
    checkAngle(angle, this.angles);
    this.#checkLength("x", x, this.parameterCount);
    const parameters = x.subarray(0, this.model.parameters.length);
    this.#engine.channels.evaluate(parameters);
    this.#engine.separable.setChannels(this.#engine.channels.values);
    this.#setAngle(x, angle);
    return new ScalingRegression(this.#layout, this.#engine.separable).fit(this.#engine.data[angle]!, loss);
  }

  /** Evaluates the channels; false for a point that has to be rejected. */
  #set(x: Float64Array, withTangents: boolean): boolean {
    this.#checkLength("x", x, this.parameterCount);
    for (let p = 0; p < x.length; p++) if (!Number.isFinite(x[p])) return false;
    const parameters = x.subarray(0, this.model.parameters.length);
    const { channels, separable } = this.#engine;
    channels.evaluate(parameters);
    if (withTangents) this.#grid.evaluateWithTangents(parameters);
    // Integrals accumulate, so what is not finite anywhere is not finite at the end.
    const last = this.frames - 1;
    for (const values of channels.values) if (!Number.isFinite(values[last])) return false;
    separable.setChannels(channels.values);
    return true;
  }

  #setAngle(x: Float64Array, angle: number): AngleState {
    const state = this.#stateOf(x, angle);
    this.#engine.separable.setAngle(state.kappa);
    return state;
  }

  #stateOf(x: Float64Array, angle: number): AngleState {
    const { model, experiment } = this;
    const physical = model.parameters.length;
    const phi0 = model.phi0Index < 0 ? 0 : x[model.phi0Index]!;
    const { kappa, kappaByPhi0 } = phaseFactor(model, experiment, experiment.phi[angle]!, phi0);
    const contrast = x[physical + 2 * angle]!;
    const offset = x[physical + 2 * angle + 1]!;
    return { angle, contrast, offset, kappa, kappaByPhi0 };
  }

  #checkLength(argument: string, array: Float64Array, length: number): void {
    if (array.length !== length) throw new InvalidArgumentError(argument, `have length ${length}`, array);
  }
}

/**
 * Packs data for fitting.
 *
 * @throws {InvalidArgumentError} for an invalid experiment, arrays of the wrong length, data that are not finite (how many,
 * and where the first is), negative weights, a tile size or engine that does not exist, or `engine: "wasm"` where the
 * host has no WebAssembly SIMD or not enough memory.
 */
export function createMeshgrid(options: MeshgridOptions): Meshgrid {
  return new Meshgrid(options);
}
