import { InvalidArgumentError } from "@siegert/errors";
import { checkExperiment, type Experiment, type Model } from "@siegert/physics-core";
import * as tf from "@tensorflow/tfjs-core";
import { type Constants, createConstants, disposeConstants, phaseLever } from "./constants.ts";
import { normalisedMaps } from "./normalised-maps.ts";

/** What the maps are of. */
export interface TensorModelOptions {
  readonly model: Model;
  readonly experiment: Experiment;
}

/**
 * Two-time correlation maps as TensorFlow.js operations, on whatever backend is set, in float32. Both functions can be
 * differentiated with `tf.grad`, `tf.valueAndGrads` and the like, and follow the usual rules of memory: call them inside
 * `tf.tidy`, or dispose of what they return.
 */
export interface TensorModel {
  /**
   * Correlation of all pairs of frames.
   *
   * @param parameters physical parameters in the model's order; shape (…batch, parameters).
   * @param scaling contrast and offset of each angle; shape (…batch, angles, 2), with the same batch.
   * @returns shape (…batch, angles, frames, frames); symmetric, contrast + offset on the diagonal.
   * @throws {InvalidArgumentError} for other shapes.
   */
  c2(parameters: tf.Tensor, scaling: tf.Tensor): tf.Tensor;
  /**
   * Σ weight·(data − c2)² over angles and pairs.
   *
   * @param data measured maps; shape (angles, frames, frames) or (…batch, angles, frames, frames).
   * @param weights 0 and 1, or 1/σ²; any shape that broadcasts to (…batch, angles, frames, frames). Without it every
   * measured pair counts once with weight 1: i < j and, with two components, not the frame at t = 0.
   * @returns shape (…batch).
   * @throws {InvalidArgumentError} for other shapes.
   */
  chi2(parameters: tf.Tensor, scaling: tf.Tensor, data: tf.Tensor, weights?: tf.Tensor): tf.Tensor;
  /** Frees the constants. The model cannot be used afterwards. */
  dispose(): void;
}

/**
 * Prepares the constants of an experiment.
 *
 * @throws {InvalidArgumentError} for an invalid experiment.
 */
export function createTensorModel({ model, experiment }: TensorModelOptions): TensorModel {
  checkExperiment(experiment);
  const { times } = experiment;
  const frames = times.length;
  const angles = experiment.phi.length;
  const dt = (times[frames - 1]! - times[0]!) / (frames - 1);
  const lever = phaseLever(model, experiment, dt);
  const constants: Constants = createConstants(model, experiment, dt);

  const c2 = (parameters: tf.Tensor, scaling: tf.Tensor): tf.Tensor => {
    checkShapes(model.parameters.length, angles, parameters, scaling);
    return tf.tidy(() => {
      const [contrast, offset] = tf.split(tf.expandDims(scaling, -2), 2, -1);
      const maps = normalisedMaps(model, constants, lever, parameters);
      return tf.add(tf.mul(contrast!, maps), offset!);
    });
  };

  const chi2 = (parameters: tf.Tensor, scaling: tf.Tensor, data: tf.Tensor, weights?: tf.Tensor): tf.Tensor => {
    const map = [angles, frames, frames];
    if (!endsWith(data.shape, map)) {
      throw new InvalidArgumentError("data", `have a shape that ends with (${map.join(", ")})`, data.shape);
    }
    return tf.tidy(() => {
      const residual = tf.sub(data, c2(parameters, scaling));
      const terms = tf.mul(tf.square(residual), weights ?? constants.mask);
      // Row by row: one running sum over a whole map would lose digits.
      return tf.sum(tf.sum(tf.sum(terms, -1), -1), -1);
    });
  };

  return { c2, chi2, dispose: () => disposeConstants(constants) };
}

function checkShapes(physical: number, angles: number, parameters: tf.Tensor, scaling: tf.Tensor): void {
  if (!endsWith(parameters.shape, [physical])) {
    throw new InvalidArgumentError("parameters", `have a shape that ends with (${physical})`, parameters.shape);
  }
  const expected = [...parameters.shape.slice(0, -1), angles, 2];
  if (scaling.shape.length !== expected.length || !endsWith(scaling.shape, expected)) {
    throw new InvalidArgumentError("scaling", `have shape (${expected.join(", ")})`, scaling.shape);
  }
}

function endsWith(shape: readonly number[], end: readonly number[]): boolean {
  const start = shape.length - end.length;
  return start >= 0 && end.every((size, k) => shape[start + k] === size);
}
