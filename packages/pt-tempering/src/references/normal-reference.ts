import { InvalidArgumentError } from "@siegert/errors";
import type { Random } from "@siegert/random";
import { cholesky, solveFactor, solveTransposed, timesFactor } from "./cholesky.ts";
import type { Reference } from "./reference.ts";

/** A normal density with any covariance, normalised. */
export class NormalReference implements Reference {
  readonly dim: number;
  readonly #mean: Float64Array;
  readonly #factor: Float64Array;
  readonly #constant: number;
  readonly #work: Float64Array;

  /**
   * @param covariance lower triangle, packed row by row.
   * @throws {InvalidArgumentError} unless the covariance is positive definite.
   */
  constructor(mean: ArrayLike<number>, covariance: ArrayLike<number>, argument = "reference.covariance") {
    this.dim = mean.length;
    this.#mean = Float64Array.from(mean);
    this.#work = new Float64Array(this.dim);
    const factor = cholesky(covariance, this.dim);
    if (!factor) throw new InvalidArgumentError(argument, "be positive definite", covariance);
    this.#factor = factor;
    let constant = -0.5 * this.dim * Math.log(2 * Math.PI);
    for (let i = 0; i < this.dim; i++) constant -= Math.log(factor[(i * (i + 3)) / 2]!);
    this.#constant = constant;
  }

  logDensity(position: Float64Array): number {
    const z = this.#work;
    for (let i = 0; i < z.length; i++) z[i] = position[i]! - this.#mean[i]!;
    solveFactor(this.#factor, z);
    let sum = 0;
    for (let i = 0; i < z.length; i++) sum += z[i]! * z[i]!;
    return this.#constant - 0.5 * sum;
  }

  logDensityAndGradient(position: Float64Array, gradient: Float64Array): number {
    const value = this.logDensity(position);
    const z = this.#work;
    solveTransposed(this.#factor, z);
    for (let i = 0; i < z.length; i++) gradient[i] = -z[i]!;
    return value;
  }

  draw(random: Random, position: Float64Array): void {
    const z = this.#work;
    random.fillNormal(z);
    timesFactor(this.#factor, z, z);
    for (let i = 0; i < z.length; i++) position[i] = this.#mean[i]! + z[i]!;
  }
}
