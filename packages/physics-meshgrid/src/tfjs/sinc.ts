import * as tf from "@tensorflow/tfjs-core";

/**
 * Even power series below |Φ| = 1, where quotients would be differences of nearly equal numbers; coefficients of Φ²ᵏ,
 * each list long enough for float32.
 */
const SINC = [1, -1 / 6, 1 / 120, -1 / 5040, 1 / 362880];
/** Of (d sinc/dΦ)/Φ. */
const SLOPE = [-1 / 3, 1 / 30, -1 / 840, 1 / 45360, -1 / 3991680];
/** Of d² sinc/dΦ². */
const CURVATURE = [-1 / 3, 1 / 10, -1 / 168, 1 / 6480, -1 / 443520];

/** (sin Φ / Φ)^power; can be differentiated twice. */
export function sincPower(phase: tf.Tensor, power: 2 | 4): tf.Tensor {
  const squared = tf.square(sinc(phase));
  return power === 4 ? tf.square(squared) : squared;
}

const sinc: (phase: tf.Tensor) => tf.Tensor = withDerivative(
  (phase) =>
    piecewise(
      phase,
      (square) => series(SINC, square),
      (large) => tf.div(tf.sin(large), large),
    ),
  (phase) => slope(phase),
);

const slope: (phase: tf.Tensor) => tf.Tensor = withDerivative(
  (phase) =>
    piecewise(
      phase,
      (square) => tf.mul(phase, series(SLOPE, square)),
      (large) => tf.div(tf.sub(tf.cos(large), tf.div(tf.sin(large), large)), large),
    ),
  (phase) => curvature(phase),
);

/** From sinc″ = −sinc − 2 sinc′/Φ. */
function curvature(phase: tf.Tensor): tf.Tensor {
  return piecewise(
    phase,
    (square) => series(CURVATURE, square),
    (large) => tf.neg(tf.add(sinc(large), tf.div(tf.mul(2, slope(large)), large))),
  );
}

/** A function of one tensor with its derivative written out: the choice between the branches is not differentiated. */
function withDerivative(
  value: (x: tf.Tensor) => tf.Tensor,
  derivative: (x: tf.Tensor) => tf.Tensor,
): (x: tf.Tensor) => tf.Tensor {
  return tf.customGrad((x, save) => {
    const input = x as tf.Tensor;
    (save as tf.GradSaveFunc)([input]);
    return {
      value: value(input),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, derivative(saved[0]!)),
    };
  });
}

/** `small` of Φ² where |Φ| < 1, `large` of Φ elsewhere; each sees harmless numbers where the other is chosen. */
function piecewise(
  phase: tf.Tensor,
  small: (square: tf.Tensor) => tf.Tensor,
  large: (phase: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const square = tf.square(phase);
  const isSmall = tf.less(square, 1);
  const one = tf.onesLike(square);
  return tf.where(isSmall, small(tf.minimum(square, 1)), large(tf.where(isSmall, one, phase)));
}

/** Horner's rule. */
function series(coefficients: readonly number[], x: tf.Tensor): tf.Tensor {
  const last = coefficients.length - 1;
  let sum: tf.Tensor = tf.mul(x, coefficients[last]!);
  for (let k = last - 1; k > 0; k--) sum = tf.mul(tf.add(sum, coefficients[k]!), x);
  return tf.add(sum, coefficients[0]!);
}
