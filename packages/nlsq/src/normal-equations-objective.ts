/** A problem that accumulates its own normal equations, as the solvers see it. */
import { type LinearModel, modelFromNormalEquations } from "./linear-model.ts";
import type { Loss } from "./loss.ts";
import { NonFiniteStartError } from "./non-finite-start-error.ts";
import { type FreeParameters, type Objective, scatter } from "./objective.ts";
import type { NormalEquationsProblem } from "./problem.ts";

/** Objective of a problem that accumulates its own normal equations. */
export class NormalEquationsObjective implements Objective {
  evaluations = 0;
  jacobianEvaluations = 0;
  readonly rankTolerance: number;
  readonly #problem: NormalEquationsProblem;
  readonly #parameters: FreeParameters;
  readonly #loss: Loss;
  readonly #jtj: Float64Array;
  readonly #jtr: Float64Array;
  /** At the latest x. */
  #cost = Number.NaN;

  constructor(problem: NormalEquationsProblem, parameters: FreeParameters, loss: Loss) {
    const n = parameters.full.length;
    this.#problem = problem;
    this.#parameters = parameters;
    this.#loss = loss;
    this.#jtj = new Float64Array(n * n);
    this.#jtr = new Float64Array(n);
    // Squaring J costs half the digits.
    this.rankTolerance = Math.sqrt(10 * n * Number.EPSILON);
  }

  cost(x: Float64Array): number {
    this.evaluations++;
    this.#cost = this.#problem.cost(scatter(this.#parameters, x), this.#loss);
    return this.#cost;
  }

  linearise(x: Float64Array): LinearModel | undefined {
    this.jacobianEvaluations++;
    const cost = this.#evaluate(x);
    if (!Number.isFinite(cost)) return undefined;
    const gradient = Float64Array.from(this.#parameters.indices, (index) => this.#jtr[index]!);
    return modelFromNormalEquations(this.#freeBlock(this.#jtj), gradient);
  }

  /**
   * A cost of 0 is exact when the gradient is 0 as well and JᵀJ is not: where nothing is left of that either, the whole
   * problem may have underflowed.
   */
  isExact(): boolean {
    return this.#cost === 0 && this.#jtr.every((value) => value === 0) && this.#jtj.some((value) => value !== 0);
  }

  #evaluate(x: Float64Array): number {
    this.#jtj.fill(0);
    this.#jtr.fill(0);
    return this.#problem.normalEquations(scatter(this.#parameters, x), this.#loss, this.#jtj, this.#jtr);
  }

  #freeBlock(full: Float64Array): Float64Array {
    const { indices } = this.#parameters;
    const size = this.#parameters.full.length;
    const n = indices.length;
    return Float64Array.from({ length: n * n }, (_, k) => full[indices[Math.floor(k / n)]! * size + indices[k % n]!]!);
  }

  scoreOuterProducts(x: Float64Array): Float64Array | undefined {
    if (!this.#problem.scoreOuterProducts) return undefined;
    const meat = new Float64Array(this.#jtj.length);
    this.#problem.scoreOuterProducts(scatter(this.#parameters, x), this.#loss, meat);
    return this.#freeBlock(meat);
  }

  residualSumOfSquares(x: Float64Array): number {
    // A linear loss gives back Σ r² itself whatever the loss of the fit.
    return 2 * this.#problem.cost(scatter(this.#parameters, x), { name: "linear", scale: 1 });
  }

  firstNonFinite(x: Float64Array): NonFiniteStartError {
    const cost = this.#problem.cost(scatter(this.#parameters, x), this.#loss);
    if (!Number.isFinite(cost)) return new NonFiniteStartError("cost(start)", "be finite", cost);
    this.#evaluate(x);
    const n = this.#parameters.full.length;
    const entry = this.#jtj.findIndex((value) => !Number.isFinite(value));
    if (entry >= 0) {
      return new NonFiniteStartError(
        `jtj(start)[${Math.floor(entry / n)}, ${entry % n}]`,
        "be finite",
        this.#jtj[entry],
      );
    }
    const row = this.#jtr.findIndex((value) => !Number.isFinite(value));
    if (row >= 0) return new NonFiniteStartError(`jtr(start)[${row}]`, "be finite", this.#jtr[row]);
    return new NonFiniteStartError("normalEquations(start)", "return a finite cost", Number.NaN);
  }
}
