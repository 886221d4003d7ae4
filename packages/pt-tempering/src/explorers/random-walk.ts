import type { FinishedRound } from "@siegert/log-density";
import { timesFactor } from "../references/cholesky.ts";
import type { ExploredPath } from "./explored-path.ts";
import type { ExplorerContext, ExplorerKernel } from "./explorer.ts";
import { requireReal } from "./require-real.ts";
import { RungScale } from "./rung-scale.ts";
import type { RungShapes } from "./rung-shapes.ts";

/** The settings of a random walk, complete. */
export interface RandomWalkChoice {
  readonly kind: "random-walk";
  /** Proposals in one exploration step; undefined: as many as coordinates, at least 5. */
  readonly steps: number | undefined;
  /** Whether steps follow the standard deviations that were learned, or the covariance. */
  readonly shape: "diagonal" | "dense";
  readonly targetAccept: number | undefined;
}

/**
 * Metropolis' random walk with normal steps (Metropolis et al. 1953, 10.1063/1.1699114) of covariance s²·2.38²/d·Σ: Σ
 * and s are learned per rung between rounds, from the states and the acceptance of the round before, and fixed while
 * chains run.
 */
export class RandomWalkKernel implements ExplorerKernel {
  readonly tallies: readonly string[] = ["acceptance"];
  readonly #steps: number;
  readonly #isDense: boolean;
  readonly #scale: RungScale;
  readonly #shapes: RungShapes;
  readonly #trial: Float64Array;
  readonly #step: Float64Array;

  /** @throws {InvalidArgumentError} unless all coordinates are real. */
  constructor({ steps, shape, targetAccept }: RandomWalkChoice, { dim, kinds, legs, shapes }: ExplorerContext) {
    requireReal("randomWalk", kinds);
    this.#steps = steps ?? Math.max(5, dim);
    this.#isDense = shape === "dense";
    if (this.#isDense) shapes.requireCovariance();
    // The optimal rates for one and for many coordinates; Roberts & Rosenthal 2001, 10.1214/ss/1015346320.
    const wanted = targetAccept ?? 0.234 + 0.206 / dim;
    this.#scale = new RungScale(legs, 1, wanted, 1);
    this.#shapes = shapes;
    this.#trial = new Float64Array(dim);
    this.#step = new Float64Array(dim);
  }

  explore(path: ExploredPath, tallies: Float64Array, at: number): void {
    const { sd, factor } = this.#shapes.at(path.chain, path.leg, path.beta);
    const { random, dim } = path;
    const scale = (this.#scale.at(path) * 2.38) / Math.sqrt(dim);
    const step = this.#step;
    const trial = this.#trial;
    let sum = 0;
    for (let n = 0; n < this.#steps; n++) {
      random.fillNormal(step);
      if (this.#isDense) timesFactor(factor!, step, step);
      else for (let i = 0; i < dim; i++) step[i] = step[i]! * sd[i]!;
      for (let i = 0; i < dim; i++) trial[i] = path.position[i]! + scale * step[i]!;
      const before = path.logDensity;
      const ratio = Math.exp(Math.min(0, path.evaluate(trial) - before));
      sum += ratio;
      if (random.uniform() < ratio) path.accept(trial);
    }
    tallies[at] = tallies[at]! + sum / this.#steps;
  }

  tune(round: FinishedRound, at: number, width: number): void {
    this.#scale.tune(round, at, width, this.#shapes);
  }

  save(): number[] {
    return this.#scale.save();
  }

  load(saved: readonly number[]): void {
    this.#scale.load(saved);
  }
}
