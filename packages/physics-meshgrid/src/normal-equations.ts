import type { EvaluationPoint } from "./evaluation-point.ts";
import type { GradientPass } from "./gradient-pass.ts";
import type { LaminarGram } from "./laminar-gram.ts";
import type { Loss } from "./loss.ts";
import type { SemiseparableGram } from "./semiseparable-gram.ts";
import type { TileLayout } from "./tile-layout.ts";

/** JᵀJ and Jᵀr at the point that is set, by the shortest way that the model and the weights allow. */
export class NormalEquations {
  readonly #point: EvaluationPoint;
  readonly #pass: GradientPass;
  readonly #layout: TileLayout;
  /** Physical parameters, contrast and offset. */
  readonly #size: number;
  readonly #columns: number;

  constructor(point: EvaluationPoint, pass: GradientPass, layout: TileLayout) {
    this.#point = point;
    this.#pass = pass;
    this.#layout = layout;
    this.#size = point.model.parameters.length + 2;
    this.#columns = point.model.parameters.length + 2 * point.angles;
  }

  /** ½ scale² Σ ρ, and adds J̃ᵀJ̃ and J̃ᵀr̃. */
  add(x: Float64Array, loss: Loss, isUniform: boolean, jtj: Float64Array, jtr: Float64Array): number {
    const { gram, laminarGram, kernels } = this.#point.engine;
    if (loss.name === "linear" && isUniform) {
      if (gram !== undefined) return this.#addFiniteRank(x, gram, jtj, jtr);
      if (laminarGram !== undefined && kernels.gathersGram && !this.#hasSteepBlocks()) {
        return this.#addLaminar(x, laminarGram, jtj, jtr);
      }
    }
    return this.#addPairs(x, loss, jtj, jtr);
  }

  #hasSteepBlocks(): boolean {
    for (let block = 0; block < this.#layout.blocks; block++) {
      if (this.#point.engine.separable.isSteep(block)) return true;
    }
    return false;
  }

  /** One pass for the gradient, and running sums for the matrix. */
  #addFiniteRank(x: Float64Array, gram: SemiseparableGram, jtj: Float64Array, jtr: Float64Array): number {
    const total = this.#pass.run(x, jtr);
    const product = new Float64Array(this.#size * this.#size);
    gram.setChannels(this.#point.engine.channels.values);
    for (let angle = 0; angle < this.#point.angles; angle++) {
      const { contrast, kappa, kappaByPhi0 } = this.#point.stateOf(x, angle);
      product.fill(0);
      gram.add(contrast, kappa, kappaByPhi0, product);
      this.scatter(product, angle, jtj);
    }
    return 0.5 * total;
  }

  /** One pass for both. */
  #addLaminar(x: Float64Array, gram: LaminarGram, jtj: Float64Array, jtr: Float64Array): number {
    const product = new Float64Array(this.#size * this.#size);
    const total = this.#pass.run(x, jtr, gram, (angle, contrast) => {
      product.fill(0);
      gram.finish(contrast, product);
      this.scatter(product, angle, jtj);
    });
    return 0.5 * total;
  }

  /** Row by row of the Jacobian. */
  #addPairs(x: Float64Array, loss: Loss, jtj: Float64Array, jtr: Float64Array): number {
    const size = this.#size;
    const physical = size - 2;
    const product = new Float64Array(size * size);
    const projection = new Float64Array(size);
    let total = 0;
    for (let angle = 0; angle < this.#point.angles; angle++) {
      product.fill(0);
      projection.fill(0);
      const state = this.#point.setAngle(x, angle);
      total += this.#point.engine.pass.normalEquations(state, loss, product, projection);
      this.scatter(product, angle, jtj);
      for (let p = 0; p < physical; p++) jtr[p]! += projection[p]!;
      jtr[physical + 2 * angle] = projection[physical]!;
      jtr[physical + 2 * angle + 1] = projection[physical + 1]!;
    }
    return total;
  }

  /** Adds the meat of the sandwich. */
  addScores(x: Float64Array, loss: Loss, out: Float64Array): void {
    const product = new Float64Array(this.#size * this.#size);
    for (let angle = 0; angle < this.#point.angles; angle++) {
      product.fill(0);
      this.#point.engine.pass.scores(this.#point.setAngle(x, angle), loss, product);
      this.scatter(product, angle, out);
    }
  }

  /** Adds the lower triangle of one angle's matrix to both triangles of the whole one. */
  scatter(product: Float64Array, angle: number, out: Float64Array): void {
    const size = this.#size;
    const columns = this.#columns;
    const physical = size - 2;
    const shift = 2 * angle;
    for (let p = 0; p < size; p++) {
      const row = p < physical ? p : p + shift;
      for (let q = 0; q <= p; q++) {
        const column = q < physical ? q : q + shift;
        const value = product[p * size + q]!;
        out[row * columns + column]! += value;
        if (p !== q) out[column * columns + row]! += value;
      }
    }
  }
}
