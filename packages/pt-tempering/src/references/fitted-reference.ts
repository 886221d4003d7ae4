import type { Random } from "@siegert/random";
import { IndependentReference } from "./independent-reference.ts";
import { NormalReference } from "./normal-reference.ts";
import type { Reference } from "./reference.ts";

/** Weight of the diagonal in a fitted covariance, in scans: keeps it positive definite when scans are few. */
const SHRINKAGE = 5;

/** A fixed reference until it is fitted, and from then on the normal density with the moments that it was given. */
export class FittedReference implements Reference {
  readonly dim: number;
  readonly covariance: "diagonal" | "full";
  readonly firstRound: number;
  readonly #start: Reference;
  #current: Reference;
  /** Mean and packed covariance of the current fit. */
  #fit: { readonly mean: readonly number[]; readonly covariance: readonly number[] } | undefined;

  constructor(start: Reference, covariance: "diagonal" | "full", firstRound: number) {
    this.dim = start.dim;
    this.covariance = covariance;
    this.firstRound = firstRound;
    this.#start = start;
    this.#current = start;
  }

  /** The same before any fit, for another group of replicas. */
  fresh(): FittedReference {
    return new FittedReference(this.#start, this.covariance, this.firstRound);
  }

  get isFitted(): boolean {
    return this.#fit !== undefined;
  }

  logDensity(position: Float64Array): number {
    return this.#current.logDensity(position);
  }

  logDensityAndGradient(position: Float64Array, gradient: Float64Array): number {
    return this.#current.logDensityAndGradient(position, gradient);
  }

  draw(random: Random, position: Float64Array): void {
    this.#current.draw(random, position);
  }

  /**
   * Takes the moments of the target's draws; keeps what it has when a variance is not positive and finite.
   * @param covariance lower triangle, packed row by row.
   * @param scans how many draws they come from. Correlations are shrunk by 5 scans' worth, and left out of a full fit
   *   from fewer than 2(d + 1) draws.
   */
  fit(mean: Float64Array, covariance: Float64Array, scans: number): void {
    const { dim } = this;
    for (let i = 0; i < dim; i++) {
      const variance = covariance[(i * (i + 3)) / 2]!;
      if (!(variance > 0 && variance < Infinity && Number.isFinite(mean[i]))) return;
    }
    const isFull = this.covariance === "full" && scans >= 2 * (dim + 1);
    const kept = isFull ? scans / (scans + SHRINKAGE) : 0;
    const shrunk = Float64Array.from(covariance);
    for (let i = 0, at = 0; i < dim; i++) {
      for (let j = 0; j <= i; j++, at++) if (i !== j) shrunk[at] = shrunk[at]! * kept;
    }
    this.#set(Array.from(mean), Array.from(shrunk));
  }

  #set(mean: readonly number[], covariance: readonly number[]): void {
    this.#current =
      this.covariance === "full"
        ? new NormalReference(mean, covariance)
        : new IndependentReference(
            mean.map((m, i) => ({ law: "normal", mean: m, sd: Math.sqrt(covariance[(i * (i + 3)) / 2]!) })),
          );
    this.#fit = { mean, covariance };
  }

  /** The fit as numbers; none before the first. */
  save(): number[] {
    return this.#fit ? [...this.#fit.mean, ...this.#fit.covariance] : [];
  }

  load(saved: readonly number[]): void {
    if (saved.length > 0) this.#set(saved.slice(0, this.dim), saved.slice(this.dim));
  }
}
