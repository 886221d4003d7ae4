import * as tf from "@tensorflow/tfjs-core";

/**
 * Integrals of rates between all pairs of frames, in units of dt/2: out[…, i, j] = (2/dt) ∫ᵢʲ rate dt by the trapezoid
 * rule, positive for i < j where the rate is.
 *
 * In float32 a difference of two running sums is off by the rounding of the larger one, which for far frames spoils
 * every pair near the diagonal. So each rate is split into a part on a coarse grid and a rest: sums and differences of
 * the coarse parts stay whole numbers of grid steps below 2²⁴ and are exact, and the rests are so small that their
 * rounding does not count. What remains is the rounding of the result itself, relative 6e-8.
 *
 * The operation is linear, so its gradient is written out: column sums less row sums, then the transposed running sum.
 *
 * @param rate shape (…batch, frames).
 * @returns shape (…batch, frames, frames).
 */
export function pairIntegral(rate: tf.Tensor): tf.Tensor {
  return operation(rate);
}

const operation: (rate: tf.Tensor) => tf.Tensor = tf.customGrad((rate) => ({
  value: differences(rate as tf.Tensor),
  gradFunc: (dy: tf.Tensor) => {
    const byEnd = tf.sub(tf.sum(dy, -2), tf.sum(dy, -1));
    return tf.sub(tf.mul(2, tf.cumsum(byEnd, byEnd.rank - 1, false, true)), byEnd);
  },
}));

function differences(rate: tf.Tensor): tf.Tensor {
  const frames = rate.shape[rate.rank - 1]!;
  // Adding and taking away a number M rounds to multiples of its last digit, 2⁻²⁴ M or more; running sums of the
  // rounded rates stay below 2/3 M.
  const rounder = tf.mul(tf.max(tf.abs(rate), -1, true), 3 * frames);
  const coarse = tf.sub(tf.add(rate, rounder), rounder);
  const rest = tf.sub(rate, coarse);
  return tf.add(pairDifferences(doubledTrapezoid(coarse)), pairDifferences(doubledTrapezoid(rest)));
}

/** 2 Σ_{k≤i} r_k − r_i: twice the trapezoid sum, but for a constant that differences do not see. */
function doubledTrapezoid(rate: tf.Tensor): tf.Tensor {
  return tf.sub(tf.mul(2, tf.cumsum(rate, rate.rank - 1)), rate);
}

function pairDifferences(values: tf.Tensor): tf.Tensor {
  return tf.sub(tf.expandDims(values, -2), tf.expandDims(values, -1));
}
