import type { Experiment, Model } from "@siegert/physics-core";
import { correlationMap } from "@siegert/physics-meshgrid";
import { createRandom } from "@siegert/random";
import type { PosteriorDraws } from "./posterior-draws.ts";

/** Mean correlation per lag, for a check of the posterior against the data; row-major (…, angles, lags). */
export interface LagMeans {
  /** Lags in frames, from 1. */
  readonly lags: readonly number[];
  /** Of the data; shape (angles, lags). */
  readonly observed: Float64Array;
  /** Of data that the posterior predicts, noise included; shape (chains, draws, angles, lags). */
  readonly predicted: Float64Array;
  /** Numbers of the draws that were taken, the same of every chain. */
  readonly draws: readonly number[];
}

/** Pairs that the predictive check may compute in all. */
const MOST_PAIRS = 2e9;

/**
 * Predicts the mean correlation at every lag from some draws of every chain: the model's mean plus noise of σ/√pairs.
 *
 * @param sigma noise of each draw, (chain · draw).
 */
export function predictLagMeans(
  model: Model,
  experiment: Experiment,
  maps: readonly Float64Array[],
  posterior: PosteriorDraws,
  sigma: (sample: number) => number,
  seed: number,
): LagMeans {
  const frames = experiment.times.length;
  const angles = maps.length;
  const { chains, draws: total } = posterior.draws;
  const affordable = Math.max(2, Math.floor(MOST_PAIRS / (chains * angles * frames * frames)));
  const count = Math.min(50, total, affordable);
  const draws = Array.from({ length: count }, (_, k) => Math.floor(((k + 0.5) * total) / count));
  const lags = Array.from({ length: frames - 1 }, (_, k) => k + 1);
  const width = lags.length;
  const observed = new Float64Array(angles * width);
  for (const [angle, map] of maps.entries())
    lagMeans(map, frames, observed.subarray(angle * width, (angle + 1) * width));
  const predicted = new Float64Array(chains * count * angles * width);
  const one = new Float64Array(frames * frames);
  const physical = model.parameters.length;
  const random = createRandom(seed, "posterior predictive");
  let at = 0;
  for (let chain = 0; chain < chains; chain++) {
    for (const draw of draws) {
      const sample = chain * total + draw;
      const vector = posterior.vectors.subarray(sample * posterior.vectorLength, (sample + 1) * posterior.vectorLength);
      for (let angle = 0; angle < angles; angle++, at += width) {
        const scaling = { contrast: vector[physical + 2 * angle]!, offset: vector[physical + 2 * angle + 1]! };
        correlationMap(model, experiment, vector.slice(0, physical), angle, scaling, one);
        const means = predicted.subarray(at, at + width);
        lagMeans(one, frames, means);
        for (let k = 0; k < width; k++) means[k]! += (sigma(sample) / Math.sqrt(frames - lags[k]!)) * random.normal();
      }
    }
  }
  return { lags, observed, predicted, draws };
}

function lagMeans(map: Float64Array, frames: number, out: Float64Array): void {
  for (let lag = 1; lag < frames; lag++) {
    let sum = 0;
    for (let i = 0; i + lag < frames; i++) sum += map[i * frames + i + lag]!;
    out[lag - 1] = sum / (frames - lag);
  }
}
