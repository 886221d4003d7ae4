import { InvalidArgumentError } from "@siegert/errors";
import { ChannelGrid, type Experiment, type Model } from "@siegert/physics-core";
import { CorrelationMaps, checkAngle, mapBuffer } from "./correlation-map.ts";
import { createEngine } from "./engine.ts";
import { EvaluationPoint } from "./evaluation-point.ts";
import { GradientPass } from "./gradient-pass.ts";
import { type LinearScaling, ScalingRegression } from "./linear-scaling.ts";
import { checkLoss, type Loss } from "./loss.ts";
import { checkOptions, type EngineName, type MeshgridOptions } from "./meshgrid-options.ts";
import { NormalEquations } from "./normal-equations.ts";
import { packAngles } from "./packed-data.ts";
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
  readonly #point: EvaluationPoint;
  readonly #gradient: GradientPass;
  readonly #equations: NormalEquations;
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
    const grid = new ChannelGrid(model, this.experiment);
    const engine = createEngine(options, this.#layout, grid);
    this.engine = engine.name;
    this.pairCount = packAngles(this.#layout, options, engine.data);
    this.#point = new EvaluationPoint(model, this.experiment, grid, engine);
    this.#gradient = new GradientPass(this.#point, this.#layout);
    this.#equations = new NormalEquations(this.#point, this.#gradient, this.#layout);
    this.residualCount = this.angles * this.#layout.pairs;
  }

  /** χ² = Σ weight (model − data)². */
  chi2(x: Float64Array): number {
    if (!this.#set(x, false)) return Number.NaN;
    let total = 0;
    for (let angle = 0; angle < this.angles; angle++) {
      const { contrast, offset } = this.#point.setAngle(x, angle);
      total += this.#point.engine.kernels.chi2(angle, contrast, offset);
    }
    return Number.isFinite(total) ? total : Number.NaN;
  }

  /** χ², and writes its gradient; length `parameterCount`. Both are NaN for a rejected point. */
  chi2AndGradient(x: Float64Array, gradient: Float64Array): number {
    this.#checkLength("gradient", gradient, this.parameterCount);
    gradient.fill(0);
    let total = Number.NaN;
    if (this.#set(x, false)) total = this.#gradient.run(x, gradient);
    if (!Number.isFinite(total)) {
      gradient.fill(Number.NaN);
      return Number.NaN;
    }
    for (let p = 0; p < gradient.length; p++) gradient[p]! *= 2;
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
    for (let angle = 0; angle < this.angles; angle++)
      total += this.#point.engine.pass.cost(this.#point.setAngle(x, angle), loss);
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
      total = this.#equations.add(x, loss, this.route === "uniform", jtj, jtr);
    }
    if (Number.isFinite(total)) return total;
    jtj.fill(Number.NaN);
    jtr.fill(Number.NaN);
    return Number.NaN;
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
    this.#checkLength("out", out, this.parameterCount ** 2);
    out.fill(0);
    if (!this.#set(x, true)) {
      out.fill(Number.NaN);
      return;
    }
    this.#equations.addScores(x, loss, out);
  }

  /** Writes √weight (model − data) in the order (angle, i, j > i) of the frames that count; length `residualCount`. */
  residuals(x: Float64Array, out: Float64Array): void {
    this.#checkLength("out", out, this.residualCount);
    if (!this.#set(x, false)) {
      out.fill(Number.NaN);
      return;
    }
    for (let angle = 0; angle < this.angles; angle++) {
      this.#point.engine.pass.residuals(this.#point.setAngle(x, angle), out, angle * this.#layout.pairs);
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
      const state = this.#point.setAngle(x, angle);
      this.#point.engine.pass.jacobian(
        state,
        out,
        angle * this.#layout.pairs,
        this.parameterCount,
        physical + 2 * angle,
      );
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
    const { contrast, offset } = this.#point.stateOf(x, angle);
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
    const { separable, data } = this.#point.engine;
    this.#point.setPhysics(x);
    this.#point.setAngle(x, angle);
    return new ScalingRegression(this.#layout, separable).fit(data[angle]!, loss);
  }

  /** Brings the engine to x; false for a point that has to be rejected. */
  #set(x: Float64Array, withTangents: boolean): boolean {
    this.#checkLength("x", x, this.parameterCount);
    return this.#point.set(x, withTangents);
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
