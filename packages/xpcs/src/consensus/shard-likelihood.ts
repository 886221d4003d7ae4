import { createShard, type Shard } from "@siegert/physics-elementwise";
import type { PairLikelihood } from "../posterior/pair-likelihood.ts";
import type { MeasurementSpec } from "../posterior/posterior-spec.ts";
import { PairNumbering } from "./pair-numbering.ts";

/** Some pairs of frames with their measured values. */
export interface ShardPairs {
  /** First frame that counts in the numbering of pairs. */
  readonly first: number;
  /** Numbers of the pairs, ascending; see {@link PairNumbering}. */
  readonly points: Uint32Array;
  /** Measured correlation of each. */
  readonly c2: Float64Array;
}

/** Likelihood of a list of pairs. */
export class ShardLikelihood implements PairLikelihood {
  readonly pairCount: number;
  readonly parameterCount: number;
  readonly #shard: Shard;
  readonly #isNoiseSampled: boolean;
  /** Full vector and sigma, as the engine wants them. */
  readonly #vector: Float64Array;

  /** @throws {InvalidArgumentError} for data or an experiment that cannot be. */
  constructor({ model, q, gap, phi, times, noise, engine }: MeasurementSpec, { first, points, c2 }: ShardPairs) {
    const [i, j, angle] = [1, 2, 3].map(() => new Int32Array(points.length)) as [Int32Array, Int32Array, Int32Array];
    new PairNumbering(times.length, first, phi.length).locate(points, i, j, angle);
    this.#isNoiseSampled = typeof noise !== "number";
    this.#shard = createShard({
      model,
      experiment: { q, gap, phi, times },
      i,
      j,
      angle,
      c2,
      sigma: typeof noise === "number" ? noise : undefined,
      engine,
    });
    this.pairCount = points.length;
    this.parameterCount = model.parameters.length + 2 * phi.length;
    this.#vector = new Float64Array(this.#shard.parameterCount);
  }

  logLikelihood(x: Float64Array, sigma: number): number {
    return this.#shard.logLikelihood(this.#full(x, sigma));
  }

  logLikelihoodAndSlopes(x: Float64Array, sigma: number, slopes: Float64Array): number {
    const last = this.parameterCount;
    if (this.#isNoiseSampled) {
      const value = this.#shard.logLikelihoodAndGradient(this.#full(x, sigma), slopes);
      slopes[last]! *= sigma;
      return value;
    }
    slopes[last] = 0;
    return this.#shard.logLikelihoodAndGradient(this.#full(x, sigma), slopes.subarray(0, last));
  }

  #full(x: Float64Array, sigma: number): Float64Array {
    this.#vector.set(x);
    if (this.#isNoiseSampled) this.#vector[this.parameterCount] = sigma;
    return this.#vector;
  }
}
