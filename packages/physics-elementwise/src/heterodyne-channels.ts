import { ChannelGrid, type Experiment, type Model } from "@siegert/physics-core";
import type { HeterodyneFrames } from "./heterodyne-frames.ts";
import { chainToParameters } from "./physics.ts";

/** From parameters to the integrals and the fraction, and back. */
export interface HeterodyneChannels {
  /** Writes the rows reference, sample, velocity and fraction, and keeps what `chain` needs when `withGradient`. */
  evaluate(parameters: Float64Array, withGradient: boolean): void;
  /** Writes the derivatives by the parameters of the channels from the rows byReference … byFraction. */
  chain(parameters: Float64Array, gradient: Float64Array): void;
}

/** The channels by forward tangents. */
export function heterodyneChannels(model: Model, experiment: Experiment, own: HeterodyneFrames): HeterodyneChannels {
  const grid = new ChannelGrid(model, experiment);
  const frames = experiment.times.length;
  const rows = [own.reference, own.sample, own.velocity, own.fraction];
  const derivatives = [own.byReference, own.bySample, own.byVelocity, own.byFraction].map((row) =>
    row.subarray(0, frames),
  );
  return {
    evaluate: (parameters, withGradient) => {
      if (withGradient) grid.evaluateWithTangents(parameters);
      else grid.evaluate(parameters);
      for (let c = 0; c < rows.length; c++) rows[c]!.set(grid.channels[c]!.values);
    },
    chain: (_, gradient) => chainToParameters(grid, derivatives, gradient),
  };
}
