import { InvalidArgumentError } from "@siegert/errors";
import type { PerCoordinate } from "../references/reference-choice.ts";
import type { ExploredPath } from "./explored-path.ts";
import type { ExplorerContext, ExplorerKernel } from "./explorer.ts";

/** The settings of slice sampling, complete. */
export interface SliceChoice {
  readonly kind: "slice";
  /** Initial width of the interval, for all coordinates or for each. */
  readonly width: PerCoordinate;
  /** Most doublings of the interval. */
  readonly doublings: number;
  /** Passes over all coordinates in one exploration step. */
  readonly passes: number;
  /** Most trials of one update. */
  readonly maxIterations: number;
}

/**
 * Slice sampling of one coordinate after the other (Neal 2003, Annals of Statistics 31, 705, 10.1214/aos/1056562461):
 * the interval grows by doubling (figure 4), shrinks to the old value (figure 5), and a new value is taken if the same
 * interval could have come from it (figure 6). No step size to tune.
 *
 * An integer n is updated as a real number spread evenly over [n, n + 1), which the same method leaves invariant; a
 * boolean is drawn from its two values. A coordinate whose interval collapses keeps its value.
 */
export class SliceKernel implements ExplorerKernel {
  readonly tallies: readonly string[] = ["acceptance"];
  readonly #settings: SliceChoice;
  readonly #widths: Float64Array;
  readonly #trial: Float64Array;
  #path!: ExploredPath;
  /** The coordinate that is being updated. */
  #coordinate = 0;
  #isInteger = false;
  /** Ends of the interval after doubling, and the log densities there. */
  #left = 0;
  #right = 0;
  #leftValue = 0;
  #rightValue = 0;

  /** @throws {InvalidArgumentError} for a width that does not fit. */
  constructor(settings: SliceChoice, { dim }: ExplorerContext) {
    this.#settings = settings;
    const { width } = settings;
    this.#widths = typeof width === "number" ? new Float64Array(dim).fill(width) : Float64Array.from(width);
    if (this.#widths.length !== dim) {
      throw new InvalidArgumentError("explorer.width", `be a number, or ${dim} of them`, width);
    }
    this.#trial = new Float64Array(dim);
  }

  explore(path: ExploredPath, tallies: Float64Array, at: number): void {
    const { passes } = this.#settings;
    const { dim, kinds } = path;
    this.#path = path;
    this.#trial.set(path.position);
    let moved = 0;
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < dim; i++) {
        const { kind } = kinds[i]!;
        this.#coordinate = i;
        this.#isInteger = kind === "integer";
        if (kind === "boolean" ? this.#flip() : this.#update(this.#widths[i]!)) moved++;
      }
    }
    tallies[at] = tallies[at]! + moved / (passes * dim);
  }

  /** Draws a boolean from its two values. */
  #flip(): boolean {
    const path = this.#path;
    const i = this.#coordinate;
    const before = path.position[i]!;
    const here = path.logDensity;
    this.#trial[i] = 1 - before;
    const there = path.evaluate(this.#trial);
    if (path.random.uniform() * (1 + Math.exp(here - there)) < 1) {
      path.accept(this.#trial);
      return true;
    }
    this.#trial[i] = before;
    return false;
  }

  #update(width: number): boolean {
    const path = this.#path;
    const i = this.#coordinate;
    const { random } = path;
    const old = path.position[i]!;
    const x0 = this.#isInteger ? old + random.uniform() : old;
    const level = path.logDensity - random.exponential();
    this.#double(x0, level, width);
    let left = this.#left;
    let right = this.#right;
    for (let n = 0; n < this.#settings.maxIterations; n++) {
      const x = left + random.uniform() * (right - left);
      const value = this.#valueAt(x);
      if (value > level && this.#isReachable(x0, x, level, width)) {
        const isMoved = this.#put(x) !== old;
        if (isMoved) path.moveTo(this.#trial, value);
        return isMoved;
      }
      if (x < x0) left = x;
      else right = x;
      if (!(right - left > 0)) break;
    }
    this.#trial[i] = old;
    return false;
  }

  /** Doubles the interval, to either side at random, until both ends are below the level. */
  #double(x0: number, level: number, width: number): void {
    const { random } = this.#path;
    this.#left = x0 - width * random.uniform();
    this.#right = this.#left + width;
    this.#leftValue = this.#valueAt(this.#left);
    this.#rightValue = this.#valueAt(this.#right);
    for (let k = this.#settings.doublings; k > 0; k--) {
      if (level >= this.#leftValue && level >= this.#rightValue) return;
      const length = this.#right - this.#left;
      if (random.uniform() < 0.5) {
        this.#left -= length;
        this.#leftValue = this.#valueAt(this.#left);
      } else {
        this.#right += length;
        this.#rightValue = this.#valueAt(this.#right);
      }
    }
  }

  /** Whether doubling from x could have given the same interval. */
  #isReachable(x0: number, x: number, level: number, width: number): boolean {
    let left = this.#left;
    let right = this.#right;
    let leftValue = this.#leftValue;
    let rightValue = this.#rightValue;
    let differs = false;
    while (right - left > 1.1 * width) {
      const middle = (left + right) / 2;
      if (x0 < middle !== x < middle) differs = true;
      // Values at the ends are wanted only once the two paths differ; NaN stands for one not yet known.
      if (x < middle) {
        right = middle;
        rightValue = Number.NaN;
      } else {
        left = middle;
        leftValue = Number.NaN;
      }
      if (!differs) continue;
      if (Number.isNaN(leftValue)) leftValue = this.#valueAt(left);
      if (level < leftValue) continue;
      if (Number.isNaN(rightValue)) rightValue = this.#valueAt(right);
      if (level >= rightValue) return false;
    }
    return true;
  }

  #valueAt(x: number): number {
    this.#put(x);
    return this.#path.evaluate(this.#trial);
  }

  #put(x: number): number {
    const value = this.#isInteger ? Math.floor(x) : x;
    this.#trial[this.#coordinate] = value;
    return value;
  }
}
