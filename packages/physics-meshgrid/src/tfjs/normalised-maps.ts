import type { Model } from "@siegert/physics-core";
import * as tf from "@tensorflow/tfjs-core";
import { type Constants, RADIANS } from "./constants.ts";
import { pairIntegral } from "./pair-integral.ts";
import { amplitudes, powerLaw } from "./rates.ts";
import { sincPower } from "./sinc.ts";

/** Lowest diffusion coefficient (Å²/s) and shear rate (1/s) of the homodyne model. */
const HOMODYNE_FLOOR = 1e-10;

/**
 * (c2 − offset)/contrast of all pairs.
 *
 * @param parameters shape (…batch, parameters).
 * @param lever phase per pair integral and unit of cos.
 * @returns shape (…batch, angles, frames, frames); (…batch, 1, frames, frames) where the angle does not matter.
 */
export function normalisedMaps(model: Model, constants: Constants, lever: number, parameters: tf.Tensor): tf.Tensor {
  const columns = tf.split(parameters, model.parameters.length, -1);
  return model.kind === "homodyne"
    ? homodyne(model, constants, lever, columns)
    : heterodyne(model, constants, lever, columns);
}

function homodyne(model: Model, constants: Constants, lever: number, columns: readonly tf.Tensor[]): tf.Tensor {
  const [amplitude, exponent, offset] = columns;
  const diffusion = tf.maximum(powerLaw(constants, amplitude!, exponent!, offset!), HOMODYNE_FLOOR);
  // c2 has the square of g1, whose exponent is −½q²∫.
  const decay = tf.exp(tf.mul(pairIntegral(diffusion), tf.mul(2, constants.decay)));
  if (model.phi0Index < 0) return tf.expandDims(decay, -3);
  const shear = tf.maximum(powerLaw(constants, columns[3]!, columns[4]!, columns[5]!), HOMODYNE_FLOOR);
  const angle = tf.sub(tf.mul(columns[6]!, RADIANS), constants.phi);
  const sinc = sincPower(phases(pairIntegral(shear), angle, lever), model.sincPower);
  return tf.mul(tf.expandDims(decay, -3), sinc);
}

function heterodyne(model: Model, constants: Constants, lever: number, columns: readonly tf.Tensor[]): tf.Tensor {
  const [f0, f1, f2, f3, phi0] = columns.slice(9);
  const fractions = amplitudes(constants, f0!, f1!, f2!, f3!, model.fractionLimit);
  const reference = tf.mul(outer(fractions.reference), transport(constants, columns, 0));
  const sample = tf.mul(outer(fractions.sample), transport(constants, columns, 3));
  const velocity = powerLaw(constants, columns[6]!, columns[7]!, columns[8]!);
  const angle = tf.add(tf.mul(phi0!, RADIANS), constants.phi);
  const phase = phases(pairIntegral(velocity), angle, lever);
  const still = tf.add(tf.square(reference), tf.square(sample));
  const mixed = tf.mul(2, tf.mul(reference, sample));
  return tf.add(tf.expandDims(still, -3), tf.mul(tf.expandDims(mixed, -3), tf.cos(phase)));
}

/** e^{−½q²|∫J|} of the transport coefficient whose parameters begin at `first`. */
function transport(constants: Constants, columns: readonly tf.Tensor[], first: number): tf.Tensor {
  const [amplitude, exponent, offset] = columns.slice(first);
  const rate = tf.maximum(powerLaw(constants, amplitude!, exponent!, offset!), 0);
  return tf.exp(tf.mul(pairIntegral(rate), constants.decay));
}

/** lever·cos(angle)·integral; shapes (…batch, angles) and (…batch, frames, frames) give (…batch, angles, frames, frames). */
function phases(integral: tf.Tensor, angle: tf.Tensor, lever: number): tf.Tensor {
  const kappa = tf.expandDims(tf.expandDims(tf.mul(tf.cos(angle), lever), -1), -1);
  return tf.mul(kappa, tf.expandDims(integral, -3));
}

/** values[i]·values[j]. */
function outer(values: tf.Tensor): tf.Tensor {
  return tf.mul(tf.expandDims(values, -1), tf.expandDims(values, -2));
}
