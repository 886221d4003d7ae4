import { InvalidArgumentError } from "@siegert/errors";
import type { ExploredPath } from "./explored-path.ts";
import type { ExplorerContext, ExplorerKernel } from "./explorer.ts";

/** The settings of enumerated Gibbs updates, complete. */
export interface GibbsChoice {
  readonly kind: "gibbs";
  readonly passes: number;
}

/** Most values of a coordinate that are enumerated. */
const MOST_VALUES = 10_000;

/**
 * Gibbs updates of discrete coordinates: each is drawn from its conditional law, whose probabilities come from one
 * evaluation per value (Geman & Geman 1984, 10.1109/TPAMI.1984.4767596). For booleans and for integers within bounds.
 */
export class GibbsKernel implements ExplorerKernel {
  readonly tallies: readonly string[] = ["acceptance"];
  readonly #passes: number;
  readonly #lower: Float64Array;
  readonly #counts: Int32Array;
  readonly #trial: Float64Array;
  readonly #weights: Float64Array;

  /** @throws {InvalidArgumentError} for a real coordinate, and for an integer with more than 10 000 values. */
  constructor({ passes }: GibbsChoice, { dim, kinds }: ExplorerContext) {
    this.#passes = passes;
    this.#lower = new Float64Array(dim);
    this.#counts = new Int32Array(dim).fill(2);
    kinds.forEach((kind, i) => {
      if (kind.kind === "boolean") return;
      const count = kind.kind === "integer" ? kind.upper - kind.lower + 1 : Infinity;
      if (!(count <= MOST_VALUES)) {
        const received = kind.kind === "real" ? `gibbs on real coordinate ${i}` : `${count} values of coordinate ${i}`;
        throw new InvalidArgumentError("explorer", `take at most ${MOST_VALUES} values of a coordinate`, received);
      }
      if (kind.kind === "integer") this.#lower[i] = kind.lower;
      this.#counts[i] = count;
    });
    this.#trial = new Float64Array(dim);
    this.#weights = new Float64Array(Math.max(...this.#counts));
  }

  explore(path: ExploredPath, tallies: Float64Array, at: number): void {
    let moved = 0;
    this.#trial.set(path.position);
    for (let pass = 0; pass < this.#passes; pass++) {
      for (let i = 0; i < path.dim; i++) if (this.#update(path, i)) moved++;
    }
    tallies[at] = tallies[at]! + moved / (this.#passes * path.dim);
  }

  #update(path: ExploredPath, i: number): boolean {
    const weights = this.#weights;
    const trial = this.#trial;
    const count = this.#counts[i]!;
    const lower = this.#lower[i]!;
    const old = path.position[i]!;
    let largest = path.logDensity;
    for (let k = 0; k < count; k++) {
      trial[i] = lower + k;
      weights[k] = trial[i] === old ? path.logDensity : path.evaluate(trial);
      if (weights[k]! > largest) largest = weights[k]!;
    }
    let total = 0;
    for (let k = 0; k < count; k++) total += Math.exp(weights[k]! - largest);
    let left = path.random.uniform() * total;
    let chosen = old - lower;
    for (let k = 0; k < count; k++) {
      left -= Math.exp(weights[k]! - largest);
      if (left < 0) {
        chosen = k;
        break;
      }
    }
    trial[i] = lower + chosen;
    if (trial[i] === old) return false;
    path.moveTo(trial, weights[chosen]!);
    return true;
  }
}
