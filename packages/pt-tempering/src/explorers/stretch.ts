import { timesFactor } from "../references/cholesky.ts";
import type { ExploredPath } from "./explored-path.ts";
import type { ExplorerContext, ExplorerKernel } from "./explorer.ts";
import { requireReal } from "./require-real.ts";
import type { RungShapes } from "./rung-shapes.ts";

/** The settings of the stretch move, complete. */
export interface StretchChoice {
  readonly kind: "stretch";
  /** Proposals in one exploration step; undefined: twice as many as coordinates, at least 5. */
  readonly steps: number | undefined;
  /** Largest stretch a > 1; factors lie between 1/a and a. */
  readonly maxStretch: number;
}

/**
 * The affine-invariant stretch move (Goodman & Weare 2010, 10.2140/camcos.2010.5.65): the state moves along the line
 * through a companion z, x → z + a (x − z) with a density of a ∝ 1/√a, accepted with aᵈ⁻¹ times the ratio of densities.
 *
 * The companions are not other walkers, which a replica does not have: they are drawn from the normal law with the
 * mean and covariance that the rung's states had in the round before. The companion is thus independent of
 * the state, for which the move is reversible whatever the companion; and like the mean and the covariance it follows every linear
 * change of coordinates.
 */
export class StretchKernel implements ExplorerKernel {
  readonly tallies: readonly string[] = ["acceptance"];
  readonly #steps: number;
  readonly #maxStretch: number;
  readonly #shapes: RungShapes;
  readonly #trial: Float64Array;
  readonly #companion: Float64Array;

  /** @throws {InvalidArgumentError} unless all coordinates are real. */
  constructor({ steps, maxStretch }: StretchChoice, { dim, kinds, shapes }: ExplorerContext) {
    requireReal("stretch", kinds);
    this.#steps = steps ?? Math.max(5, 2 * dim);
    this.#maxStretch = maxStretch;
    shapes.requireCovariance();
    this.#shapes = shapes;
    this.#trial = new Float64Array(dim);
    this.#companion = new Float64Array(dim);
  }

  explore(path: ExploredPath, tallies: Float64Array, at: number): void {
    const { mean, factor } = this.#shapes.at(path.chain, path.leg, path.beta);
    const { random, dim } = path;
    const companion = this.#companion;
    const trial = this.#trial;
    let sum = 0;
    for (let n = 0; n < this.#steps; n++) {
      random.fillNormal(companion);
      timesFactor(factor!, companion, companion);
      const root = 1 + (this.#maxStretch - 1) * random.uniform();
      const stretch = (root * root) / this.#maxStretch;
      for (let i = 0; i < dim; i++) {
        const z = mean[i]! + companion[i]!;
        trial[i] = z + stretch * (path.position[i]! - z);
      }
      const before = path.logDensity;
      const ratio = Math.exp(Math.min(0, (dim - 1) * Math.log(stretch) + path.evaluate(trial) - before));
      sum += ratio;
      if (random.uniform() < ratio) path.accept(trial);
    }
    tallies[at] = tallies[at]! + sum / this.#steps;
  }
}
