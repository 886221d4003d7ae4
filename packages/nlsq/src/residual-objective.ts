/** A problem that gives residuals, as the solvers see it: Jacobian, robust weights and scores are formed here. */
import { Differentiator, type FiniteDifferenceSettings } from "./finite-difference.ts";
import { type LinearModel, modelFromJacobian } from "./linear-model.ts";
import { type Loss, robustCost, robustFactors } from "./loss.ts";
import { NonFiniteStartError } from "./non-finite-start-error.ts";
import { type FreeParameters, type Objective, scatter } from "./objective.ts";
import type { ResidualProblem } from "./problem.ts";

/** Objective of a problem that gives residuals. */
export class ResidualObjective implements Objective {
  evaluations = 0;
  jacobianEvaluations = 0;
  readonly rankTolerance: number;
  readonly #problem: ResidualProblem;
  readonly #parameters: FreeParameters;
  readonly #loss: Loss;
  readonly #clusters: Int32Array | undefined;
  readonly #differentiator: Differentiator | undefined;
  readonly #residuals: Float64Array;
  readonly #scaled: Float64Array;
  readonly #jacobian: Float64Array;
  readonly #fullJacobian: Float64Array;

  constructor(
    problem: ResidualProblem,
    parameters: FreeParameters,
    loss: Loss,
    differences: FiniteDifferenceSettings,
    clusters: Int32Array | undefined,
  ) {
    const m = problem.residualCount;
    const n = parameters.indices.length;
    this.#problem = problem;
    this.#parameters = parameters;
    this.#loss = loss;
    this.#clusters = clusters;
    this.#residuals = new Float64Array(m);
    this.#scaled = new Float64Array(m);
    this.#jacobian = new Float64Array(m * n);
    const isWhole = n === parameters.full.length;
    const residuals = (x: Float64Array, out: Float64Array): void => problem.residuals(x, out);
    this.#fullJacobian = isWhole || !problem.jacobian ? this.#jacobian : new Float64Array(m * parameters.full.length);
    this.#differentiator = problem.jacobian
      ? undefined
      : new Differentiator(residuals, m, differences, parameters.box, parameters.indices);
    const noise = problem.jacobian ? Math.max(m, n) * Number.EPSILON : differenceNoise(differences);
    this.rankTolerance = Math.max(noise, Math.max(m, n) * Number.EPSILON);
  }

  cost(x: Float64Array): number {
    this.evaluations++;
    this.#problem.residuals(scatter(this.#parameters, x), this.#residuals);
    return robustCost(this.#loss, this.#residuals);
  }

  linearise(x: Float64Array): LinearModel | undefined {
    this.#fill(x);
    return modelFromJacobian(this.#scaled, this.#jacobian, this.#parameters.indices.length);
  }

  isExact(): boolean {
    return this.#residuals.every((value) => value === 0);
  }

  /** Robust residuals and their Jacobian at x, into the buffers. */
  #fill(x: Float64Array): void {
    this.jacobianEvaluations++;
    const full = scatter(this.#parameters, x);
    const n = this.#parameters.indices.length;
    if (this.#differentiator) this.#differentiator.jacobian(full, this.#residuals, this.#jacobian);
    else {
      this.#fullJacobian.fill(0);
      this.#problem.jacobian?.(full, this.#fullJacobian);
      if (this.#fullJacobian !== this.#jacobian) gatherColumns(this.#fullJacobian, this.#parameters, this.#jacobian);
    }
    this.#scaled.set(this.#residuals);
    if (this.#loss.name === "linear") return;
    const factors = new Float64Array(3);
    for (let i = 0; i < this.#scaled.length; i++) {
      robustFactors(this.#loss, this.#scaled[i]!, factors);
      this.#scaled[i]! *= factors[1]!;
      for (let j = 0; j < n; j++) this.#jacobian[i * n + j]! *= factors[2]!;
    }
  }

  scoreOuterProducts(x: Float64Array): Float64Array {
    this.#problem.residuals(scatter(this.#parameters, x), this.#residuals);
    this.#fill(x);
    return sumOfScores(this.#scaled, this.#jacobian, this.#parameters.indices.length, this.#clusters);
  }

  residualSumOfSquares(x: Float64Array): number {
    this.#problem.residuals(scatter(this.#parameters, x), this.#residuals);
    return 2 * robustCost({ name: "linear", scale: 1 }, this.#residuals);
  }

  firstNonFinite(x: Float64Array): NonFiniteStartError {
    this.#problem.residuals(scatter(this.#parameters, x), this.#residuals);
    const row = this.#residuals.findIndex((value) => !Number.isFinite(value));
    if (row >= 0) return new NonFiniteStartError(`residuals(start)[${row}]`, "be finite", this.#residuals[row]);
    this.#fill(x);
    const n = this.#parameters.indices.length;
    const entry = this.#jacobian.findIndex((value) => !Number.isFinite(value));
    if (entry < 0) return new NonFiniteStartError("cost(start)", "not overflow", Infinity);
    const name = `jacobian(start)[${Math.floor(entry / n)}, ${this.#parameters.indices[entry % n]}]`;
    return new NonFiniteStartError(name, "be finite", this.#jacobian[entry]);
  }
}

/** Relative error of a difference quotient: rounding ε/h and, for central differences, truncation h², both times 10. */
function differenceNoise(settings: FiniteDifferenceSettings): number {
  return 10 * Number.EPSILON ** (settings.method === "2-point" ? 1 / 2 : 2 / 3);
}

function gatherColumns(source: Float64Array, parameters: FreeParameters, out: Float64Array): void {
  const { indices, full } = parameters;
  const n = indices.length;
  for (let row = 0; row * n < out.length; row++) {
    for (let j = 0; j < n; j++) out[row * n + j] = source[row * full.length + indices[j]!]!;
  }
}

function sumOfScores(
  residuals: Float64Array,
  jacobian: Float64Array,
  n: number,
  clusters: Int32Array | undefined,
): Float64Array {
  const groups = new Map<number, Float64Array>();
  const total = new Float64Array(n * n);
  const single = new Float64Array(n);
  for (let i = 0; i < residuals.length; i++) {
    let score: Float64Array = single;
    if (clusters) {
      score = groups.get(clusters[i]!) ?? new Float64Array(n);
      groups.set(clusters[i]!, score);
    } else score.fill(0);
    for (let j = 0; j < n; j++) score[j]! += residuals[i]! * jacobian[i * n + j]!;
    if (!clusters) addOuterProduct(total, score);
  }
  for (const score of groups.values()) addOuterProduct(total, score);
  return total;
}

function addOuterProduct(total: Float64Array, score: Float64Array): void {
  const n = score.length;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) total[i * n + j]! += score[i]! * score[j]!;
}
