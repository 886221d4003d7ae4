import { InvalidArgumentError } from "@siegert/errors";
import { checkExperiment, type Experiment, type Model } from "@siegert/physics-core";
import { assemble, type Engine } from "./engine.ts";
import { createNoise, gaussianLogLikelihood, type Noise } from "./noise.ts";
import { type PairIndices, type PairList, sortPairs } from "./pair-list.ts";
import type { Physics } from "./physics.ts";
import type { ShardMemory } from "./shard-memory.ts";

/** Measured correlations at chosen pairs of frames. */
export interface ShardOptions {
  readonly model: Model;
  /** Where and when the frames were measured; `angle` counts its `phi`, `i` and `j` its `times`. */
  readonly experiment: Experiment;
  /** Frames of each pair, in any order (the correlation is symmetric); a pair may occur more than once. */
  readonly i: PairIndices;
  readonly j: PairIndices;
  /** Index of each pair's angle. */
  readonly angle: PairIndices;
  /** Measured correlation of each pair. */
  readonly c2: Float64Array;
  /**
   * Standard deviation of the noise, of all pairs or of each. Without it, it is a parameter: the last one, `sigma`.
   */
  readonly sigma?: number | Float64Array | undefined;
  /** `wasm`, `plain` (TypeScript), or `auto`: wasm where the machine has it. Default `auto`. */
  readonly engine?: "auto" | Engine | undefined;
}

/**
 * Likelihood of a set of pairs. The parameter vector is the physical parameters in the model's order, then contrast_k
 * and offset_k of each angle k, then sigma when it is a parameter. Calls create no arrays; one shard serves one thread.
 */
export interface Shard {
  readonly pairCount: number;
  /** Length of the parameter vector. */
  readonly parameterCount: number;
  /** Names of the parameters: those of the model, `contrast_0`, `offset_0`, `contrast_1`, …, and `sigma`. */
  readonly names: readonly string[];
  /** What the pairs are computed with. */
  readonly engine: Engine;
  /**
   * The model's correlation at each pair, in the order in which the pairs were given.
   *
   * @param x parameter vector.
   * @param out shape (pairCount); returned. Holds NaN where parameters out of range give no finite number.
   */
  c2(x: Float64Array, out: Float64Array): Float64Array;
  /** Gaussian log-likelihood with its normalising constant; −∞ where it is not finite or sigma is not positive. */
  logLikelihood(x: Float64Array): number;
  /**
   * The same value, and its derivatives by every parameter.
   *
   * @param gradient shape (parameterCount); overwritten, with zeros where the value is −∞.
   */
  logLikelihoodAndGradient(x: Float64Array, gradient: Float64Array): number;
}

/**
 * Prepares a shard: sorts the pairs, copies the data, picks the engine. Memory is O(pairs + angles·frames).
 *
 * Pairs at t = 0 are allowed; whether they carry information is the caller's affair (in `two_component` they do not,
 * and loaders leave them out). A pair of a frame with itself is offset + contrast, whatever the physics.
 *
 * @throws {InvalidArgumentError} for an invalid experiment, arrays of unequal length, an index out of range (named by its
 * position), a correlation that is not finite, a σ that is not positive, or the wasm engine where there is none.
 */
export function createShard(options: ShardOptions): Shard {
  const { model, experiment, i, j, angle, c2 } = options;
  checkExperiment(experiment);
  const pairs = sortPairs(i, j, angle, experiment.times.length, experiment.phi.length);
  if (c2.length !== i.length) throw new InvalidArgumentError("c2", `have length ${i.length}, as i has`, c2);
  for (let k = 0; k < c2.length; k++) {
    if (!Number.isFinite(c2[k])) throw new InvalidArgumentError(`c2[${k}]`, "be finite", c2[k]);
  }
  const noise = createNoise(options.sigma, i.length);
  const own: Experiment = { ...experiment, phi: Float64Array.from(experiment.phi) };
  return new PairShard(model, own, pairs, c2, noise, options.engine ?? "auto");
}

class PairShard implements Shard {
  readonly pairCount: number;
  readonly parameterCount: number;
  readonly names: readonly string[];
  readonly engine: Engine;
  readonly #physics: Physics;
  readonly #memory: ShardMemory;
  readonly #pairs: PairList;
  readonly #noise: Noise;
  readonly #physical: number;

  constructor(
    model: Model,
    experiment: Experiment,
    pairs: PairList,
    c2: Float64Array,
    noise: Noise,
    wanted: "auto" | Engine,
  ) {
    const { engine, physics, memory } = assemble(model, experiment, pairs, c2, noise.weights, wanted);
    this.engine = engine;
    this.#physics = physics;
    this.#memory = memory;
    this.#pairs = pairs;
    this.#noise = noise;
    this.#physical = model.parameters.length;
    this.pairCount = c2.length;
    const scaling = Array.from({ length: pairs.angles }, (_, k) => [`contrast_${k}`, `offset_${k}`]).flat();
    this.names = [
      ...model.parameters.map((parameter) => parameter.name),
      ...scaling,
      ...(noise.isParameter ? ["sigma"] : []),
    ];
    this.parameterCount = this.names.length;
  }

  c2(x: Float64Array, out: Float64Array): Float64Array {
    this.#checkLength("x", x);
    if (out.length !== this.pairCount) throw new InvalidArgumentError("out", `have length ${this.pairCount}`, out);
    const kernel = this.#physics.prepare(x, false);
    const { frames, angles, rowStart, order } = this.#pairs;
    const { normalised } = this.#memory;
    for (let angle = 0; angle < angles; angle++) {
      const contrast = x[this.#physical + 2 * angle]!;
      const offset = x[this.#physical + 2 * angle + 1]!;
      kernel.fill(angle);
      const end = rowStart[(angle + 1) * frames]!;
      for (let k = rowStart[angle * frames]!; k < end; k++) out[order[k]!] = offset + contrast * normalised[k]!;
      const diagonal = angles * frames + angle;
      for (let k = rowStart[diagonal]!; k < rowStart[diagonal + 1]!; k++) out[order[k]!] = offset + contrast;
    }
    return out;
  }

  logLikelihood(x: Float64Array): number {
    this.#checkLength("x", x);
    const sd = this.#sd(x);
    if (!(sd > 0 && isFiniteThroughout(x))) return -Infinity;
    const kernel = this.#physics.prepare(x, false);
    let square = 0;
    for (let angle = 0; angle < this.#pairs.angles; angle++) {
      kernel.fill(angle);
      square += this.#square(x, angle);
    }
    return finiteOrRejected(gaussianLogLikelihood(this.#noise, this.pairCount, square, sd));
  }

  logLikelihoodAndGradient(x: Float64Array, gradient: Float64Array): number {
    this.#checkLength("x", x);
    this.#checkLength("gradient", gradient);
    const value = this.#evaluate(x, gradient);
    if (value > -Infinity && isFiniteThroughout(gradient)) return value;
    gradient.fill(0);
    return -Infinity;
  }

  #evaluate(x: Float64Array, gradient: Float64Array): number {
    const sd = this.#sd(x);
    if (!(sd > 0 && isFiniteThroughout(x))) return -Infinity;
    const precision = 1 / (sd * sd);
    const physics = this.#physics;
    const { sums } = this.#memory;
    const kernel = physics.prepare(x, true);
    physics.reset();
    let square = 0;
    for (let angle = 0; angle < this.#pairs.angles; angle++) {
      const at = this.#physical + 2 * angle;
      const contrast = x[at]!;
      kernel.accumulate(angle, contrast, x[at + 1]!);
      physics.collect(angle, contrast * precision);
      this.#addDiagonal(angle, contrast + x[at + 1]!);
      square += sums[0]!;
      gradient[at] = precision * sums[2]!;
      gradient[at + 1] = precision * sums[1]!;
    }
    physics.finish(x, gradient);
    if (this.#noise.isParameter) {
      gradient[this.parameterCount - 1] = (square * precision - this.pairCount) / sd;
    }
    return finiteOrRejected(gaussianLogLikelihood(this.#noise, this.pairCount, square, sd));
  }

  /** Adds the pairs of a frame with itself, where m = 1, to the sums of an angle. */
  #addDiagonal(angle: number, value: number): void {
    const { measured, weights, sums, rowStart } = this.#memory;
    const row = this.#pairs.angles * this.#pairs.frames + angle;
    const isWeighted = weights.length > 0;
    for (let k = rowStart[row]!; k < rowStart[row + 1]!; k++) {
      const residual = measured[k]! - value;
      const u = isWeighted ? weights[k]! * residual : residual;
      sums[0]! += u * residual;
      sums[1]! += u;
      sums[2]! += u;
    }
  }

  /** Σ w r² of an angle whose normalised correlations are filled in. */
  #square(x: Float64Array, angle: number): number {
    const { measured, weights, normalised, rowStart } = this.#memory;
    const { frames, angles } = this.#pairs;
    const isWeighted = weights.length > 0;
    const contrast = x[this.#physical + 2 * angle]!;
    const offset = x[this.#physical + 2 * angle + 1]!;
    const end = rowStart[(angle + 1) * frames]!;
    let square = 0;
    for (let k = rowStart[angle * frames]!; k < end; k++) {
      const residual = measured[k]! - offset - contrast * normalised[k]!;
      square += isWeighted ? weights[k]! * residual * residual : residual * residual;
    }
    const diagonal = angles * frames + angle;
    for (let k = rowStart[diagonal]!; k < rowStart[diagonal + 1]!; k++) {
      const residual = measured[k]! - offset - contrast;
      square += isWeighted ? weights[k]! * residual * residual : residual * residual;
    }
    return square;
  }

  #sd(x: Float64Array): number {
    return this.#noise.isParameter ? x[this.parameterCount - 1]! : this.#noise.sd;
  }

  #checkLength(name: string, vector: Float64Array): void {
    if (vector.length !== this.parameterCount) {
      throw new InvalidArgumentError(name, `have length ${this.parameterCount}`, vector);
    }
  }
}

function finiteOrRejected(value: number): number {
  return Number.isFinite(value) ? value : -Infinity;
}

function isFiniteThroughout(values: Float64Array): boolean {
  for (let k = 0; k < values.length; k++) {
    if (!Number.isFinite(values[k]!)) return false;
  }
  return true;
}
