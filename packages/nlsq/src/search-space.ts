/** The region that a multistart samples: finite bounds, evenly or logarithmically spaced per parameter. */
import { InvalidArgumentError } from "@siegert/errors";
import { type Bounds, type Box, boxOf } from "./bounds.ts";

/** How points are spread over a parameter's range: 'log' spreads its logarithm evenly. */
export type Spacing = "linear" | "log";

export class SearchSpace {
  readonly box: Box;
  readonly spacing: readonly Spacing[];

  /**
   * @throws {InvalidArgumentError} for a bound that is not finite, a spacing that does not fit the parameters, or a
   * 'log' parameter whose lower bound is not positive.
   */
  constructor(
    argument: string,
    bounds: Bounds,
    n: number,
    spacing: Spacing | readonly Spacing[],
    names: readonly string[],
  ) {
    this.box = boxOf(bounds, n, names);
    this.spacing = typeof spacing === "string" ? new Array<Spacing>(n).fill(spacing) : spacing;
    if (this.spacing.length !== n) {
      throw new InvalidArgumentError("spacing", `have one entry per parameter, ${n}`, spacing);
    }
    for (let j = 0; j < n; j++) this.#check(argument, j, names[j]!);
  }

  #check(argument: string, j: number, name: string): void {
    const lower = this.box.lower[j]!;
    const upper = this.box.upper[j]!;
    if (!Number.isFinite(lower))
      throw new InvalidArgumentError(`${argument}.lower[${j}]`, `be finite (${name})`, lower);
    if (!Number.isFinite(upper))
      throw new InvalidArgumentError(`${argument}.upper[${j}]`, `be finite (${name})`, upper);
    const spacing = this.spacing[j];
    if (spacing !== "linear" && spacing !== "log") {
      throw new InvalidArgumentError(`spacing[${j}]`, "be 'linear' or 'log'", spacing);
    }
    if (spacing === "log" && !(lower > 0)) {
      throw new InvalidArgumentError(`${argument}.lower[${j}]`, `be positive for spacing 'log' (${name})`, lower);
    }
  }

  /** The point at unit coordinates, each in [0, 1]. */
  pointAt(unit: Float64Array): Float64Array {
    return unit.map((u, j) => {
      const lower = this.box.lower[j]!;
      const upper = this.box.upper[j]!;
      const value = this.spacing[j] === "log" ? lower * (upper / lower) ** u : lower + u * (upper - lower);
      return Math.min(upper, Math.max(lower, value));
    });
  }

  /** Largest difference of two points in units of the ranges; parameters of no range do not count. */
  distance(a: Float64Array, b: Float64Array): number {
    let largest = 0;
    for (let j = 0; j < a.length; j++) {
      const lower = this.box.lower[j]!;
      const upper = this.box.upper[j]!;
      if (lower === upper) continue;
      // A fit may end outside the region sampled, where a logarithm may not exist: then the linear measure serves.
      const isLog = this.spacing[j] === "log" && a[j]! > 0 && b[j]! > 0;
      const apart = isLog ? Math.log(a[j]! / b[j]!) / Math.log(upper / lower) : (a[j]! - b[j]!) / (upper - lower);
      largest = Math.max(largest, Math.abs(apart));
    }
    return largest;
  }
}
