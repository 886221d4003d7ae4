import { DEFAULT_GAP, type Experiment, type Model } from "@siegert/physics-core";
import * as tf from "@tensorflow/tfjs-core";

const DEGREE = Math.PI / 180;

/** Tensors of an experiment, made once. */
export interface Constants {
  /** Times with 0 replaced, s; shape (frames). */
  readonly times: tf.Tensor1D;
  /** 0 at t = 0 and 1 elsewhere, for powers of time; shape (frames). */
  readonly isLater: tf.Tensor1D;
  /** Time of each frame, s, as it is; shape (frames). */
  readonly clock: tf.Tensor1D;
  /** −½q² dt/2 for i ≤ j and +½q² dt/2 for i > j: times a pair integral of a rate ≥ 0, the exponent of g1. */
  readonly decay: tf.Tensor2D;
  /** Angles of the maps, rad; shape (angles). */
  readonly phi: tf.Tensor1D;
  /** 1 where a pair is counted by χ²: i < j and, with two components, t > 0; shape (frames, frames). */
  readonly mask: tf.Tensor2D;
}

/** Phase per pair integral and unit of cos: q·L/2π or q·L/2 (shear), q (velocity); times dt/2. */
export function phaseLever(model: Model, { q, gap = DEFAULT_GAP }: Experiment, dt: number): number {
  if (model.kind === "heterodyne") return q * 0.5 * dt;
  return q * gap * (model.shear === "coded" ? 1 / (2 * Math.PI) : 0.5) * 0.5 * dt;
}

/** Radians per degree, for parameters. */
export const RADIANS: number = DEGREE;

export function createConstants(model: Model, experiment: Experiment, dt: number): Constants {
  const { times, q } = experiment;
  const frames = times.length;
  const isHeterodyne = model.kind === "heterodyne";
  // The homodyne model replaces t by max(t, dt/2, 1e-8); the heterodyne one counts t^p as 0 at t = 0.
  const shortest = isHeterodyne ? 0 : Math.max(dt / 2, 1e-8);
  const shifted = Array.from(times, (t) => Math.max(t, shortest));
  const decay = 0.25 * q * q * dt;
  const signs = new Float32Array(frames * frames);
  const mask = new Float32Array(frames * frames);
  for (let i = 0; i < frames; i++) {
    for (let j = 0; j < frames; j++) {
      signs[i * frames + j] = i <= j ? -decay : decay;
      mask[i * frames + j] = i < j && !(isHeterodyne && times[i] === 0) ? 1 : 0;
    }
  }
  return tf.tidy(() => ({
    times: tf.keep(tf.tensor1d(shifted.map((t) => (t === 0 ? 1 : t)))),
    isLater: tf.keep(tf.tensor1d(shifted.map((t) => (t === 0 ? 0 : 1)))),
    clock: tf.keep(tf.tensor1d(Float32Array.from(times))),
    decay: tf.keep(tf.tensor2d(signs, [frames, frames])),
    phi: tf.keep(tf.tensor1d(Array.from(experiment.phi, (angle) => angle * DEGREE))),
    mask: tf.keep(tf.tensor2d(mask, [frames, frames])),
  }));
}

export function disposeConstants(constants: Constants): void {
  for (const tensor of Object.values(constants) as tf.Tensor[]) tensor.dispose();
}
