import type { createInferenceData } from "@siegert/inference-data";
import type { Experiment } from "@siegert/physics-core";
import type { FitResult } from "../fit/fit-result.ts";
import type { PosteriorDraws } from "./posterior-draws.ts";
import { predictLagMeans } from "./posterior-predictive.ts";

/** Frames per map up to which posterior.nc holds the data whole; of larger ones it holds the means per lag. */
const MOST_FRAMES = 400;

/** What the groups are made of beside the draws. */
export interface InferenceGroupsOptions {
  readonly experiment: Experiment;
  readonly maps: readonly Float64Array[];
  readonly fit: FitResult;
  /** Seed of the noise of predicted data. */
  readonly seed: number;
}

/** The groups posterior, observed_data and posterior_predictive, whatever drew the posterior. */
export function inferenceGroups(
  posterior: PosteriorDraws,
  { experiment, maps, fit, seed }: InferenceGroupsOptions,
): Pick<Parameters<typeof createInferenceData>[0], "posterior" | "observedData" | "posteriorPredictive"> {
  const { chains, draws, names } = posterior.draws;
  const variables = Object.fromEntries(
    names.map((name) => {
      const unit = posterior.units.get(name);
      const data = posterior.draws.values(name);
      return [name, { data, shape: [chains, draws], ...(unit ? { attributes: { units: unit } } : {}) }];
    }),
  );
  const frames = experiment.times.length;
  const angles = experiment.phi.length;
  const isSmall = frames <= MOST_FRAMES;
  const noise = names.includes("sigma") ? posterior.draws.values("sigma") : undefined;
  const sigma = (sample: number) => noise?.[sample] ?? fit.sigma;
  const check = predictLagMeans(fit.model, experiment, maps, posterior, sigma, seed);
  const lagged = { shape: [angles, frames - 1], dims: ["phi", "lag"] };
  const phi = Array.from(experiment.phi);
  const times = Array.from(experiment.times);
  const lag = check.lags.map((count) => count * (times[1]! - times[0]!));
  const whole = isSmall
    ? { c2: { data: joined(maps), shape: [angles, frames, frames], dims: ["phi", "t1", "t2"] } }
    : {};
  return {
    posterior: { variables },
    observedData: {
      variables: { c2_lag_mean: { data: check.observed, ...lagged }, ...whole },
      coordinates: { phi, lag, ...(isSmall ? { t1: times, t2: times } : {}) },
    },
    posteriorPredictive: {
      variables: {
        c2_lag_mean: {
          data: check.predicted,
          shape: [chains, check.draws.length, ...lagged.shape],
          dims: ["chain", "draw", ...lagged.dims],
        },
      },
      coordinates: { phi, lag, draw: check.draws },
    },
  };
}

function joined(maps: readonly Float64Array[]): Float64Array {
  const size = maps[0]?.length ?? 0;
  const all = new Float64Array(maps.length * size);
  for (const [k, map] of maps.entries()) all.set(map, k * size);
  return all;
}
