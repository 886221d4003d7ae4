import type { FractionLimit } from "@siegert/physics-core";
import * as tf from "@tensorflow/tfjs-core";
import type { Constants } from "./constants.ts";

/** exp beyond this overflows in float32; a fraction of that size has long met its limit. */
const LARGEST_EXPONENT = 80;
/** Sharpness of the smooth limit. */
const SHARPNESS = 50;

/** amplitude·t^exponent + offset; parameters of shape (…batch, 1) give (…batch, frames). */
export function powerLaw(
  constants: Constants,
  amplitude: tf.Tensor,
  exponent: tf.Tensor,
  offset: tf.Tensor,
): tf.Tensor {
  const power = tf.mul(tf.pow(constants.times, exponent), constants.isLater);
  return tf.add(tf.mul(amplitude, power), offset);
}

/** Sample and reference fractions over the root of the sum of their squares; each shape (…batch, frames). */
export interface Amplitudes {
  readonly sample: tf.Tensor;
  readonly reference: tf.Tensor;
}

/** From f0, f1, f2, f3 of shape (…batch, 1). */
export function amplitudes(
  constants: Constants,
  f0: tf.Tensor,
  f1: tf.Tensor,
  f2: tf.Tensor,
  f3: tf.Tensor,
  limit: FractionLimit,
): Amplitudes {
  const exponent = tf.mul(f1, tf.sub(constants.clock, f2));
  const growth = tf.exp(tf.clipByValue(exponent, -Infinity, LARGEST_EXPONENT));
  const raw = tf.add(tf.mul(f0, growth), f3);
  const rest = limit === "hard" ? tf.sub(1, tf.clipByValue(raw, 0, 1)) : smoothRest(raw);
  const fraction = tf.sub(1, rest);
  const norm = tf.sqrt(tf.add(tf.square(fraction), tf.square(rest)));
  return { sample: tf.div(fraction, norm), reference: tf.div(rest, norm) };
}

/** 1 less the softplus clip to [0, 1]. */
function smoothRest(raw: tf.Tensor): tf.Tensor {
  const raised = tf.div(tf.softplus(tf.mul(raw, SHARPNESS)), SHARPNESS);
  return tf.div(tf.softplus(tf.mul(tf.sub(1, raised), SHARPNESS)), SHARPNESS);
}
