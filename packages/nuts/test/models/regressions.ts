/** Linear regressions y ~ N(X b, sigma) of posteriordb, and a mixture of two normals. */
import { constrainedDensity, interval, type NamedLogDensity, ordered, positive, real } from "@siegert/log-density";

/** Log prior of sigma and its derivative. */
type ScalePrior = (sigma: number) => readonly [number, number];

export const flat: ScalePrior = () => [0, 0];
export const halfNormal = (scale: number): ScalePrior => {
  return (sigma) => [-0.5 * (sigma / scale) ** 2, -sigma / scale ** 2];
};
export const halfCauchy = (scale: number): ScalePrior => {
  return (sigma) => [-Math.log1p((sigma / scale) ** 2), (-2 * sigma) / (scale ** 2 + sigma ** 2)];
};

/** @param sd standard deviation of the normal prior of all coefficients; Infinity for a flat one. */
export function linearRegression(
  rows: readonly (readonly number[])[],
  y: readonly number[],
  sd: number,
  scalePrior: ScalePrior,
): NamedLogDensity {
  const dim = rows[0]!.length;
  const X = Float64Array.from(rows.flat());
  return constrainedDensity({
    parameters: { beta: real([dim]), sigma: positive() },
    logDensityAndGradient(p, gradient) {
      const sigma = p[dim]!;
      const [prior, slope] = scalePrior(sigma);
      let value = prior - y.length * Math.log(sigma);
      gradient.fill(0);
      let squares = 0;
      for (let n = 0; n < y.length; n++) {
        let z = y[n]!;
        for (let k = 0; k < dim; k++) z -= X[n * dim + k]! * p[k]!;
        z /= sigma;
        squares += z * z;
        for (let k = 0; k < dim; k++) gradient[k] = gradient[k]! + (z * X[n * dim + k]!) / sigma;
      }
      value -= 0.5 * squares;
      for (let k = 0; k < dim; k++) {
        value -= 0.5 * (p[k]! / sd) ** 2;
        gradient[k] = gradient[k]! - p[k]! / sd ** 2;
      }
      gradient[dim] = slope + (squares - y.length) / sigma;
      return value;
    },
  });
}

/**
 * y ~ theta N(mu₁, sigma₁) + (1 − theta) N(mu₂, sigma₂); mu ordered ~ N(0, 2), sigma ~ N⁺(0, 2), theta ~ beta(5, 5).
 */
export function normalMixture(y: readonly number[]): NamedLogDensity {
  return constrainedDensity({
    parameters: { mu: ordered(2), sigma: positive([2]), theta: interval(0, 1) },
    logDensityAndGradient(p, gradient) {
      const [m1, m2, s1, s2, theta] = [p[0]!, p[1]!, p[2]!, p[3]!, p[4]!];
      let value = -(m1 ** 2 + m2 ** 2 + s1 ** 2 + s2 ** 2) / 8 + 4 * Math.log(theta) + 4 * Math.log1p(-theta);
      gradient.set([-m1 / 4, -m2 / 4, -s1 / 4, -s2 / 4, 4 / theta - 4 / (1 - theta)]);
      for (const yi of y) {
        const [z1, z2] = [(yi - m1) / s1, (yi - m2) / s2];
        const a = Math.log(theta) - Math.log(s1) - 0.5 * z1 * z1;
        const b = Math.log1p(-theta) - Math.log(s2) - 0.5 * z2 * z2;
        const share = 1 / (1 + Math.exp(b - a));
        value += Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
        gradient[0] = gradient[0]! + (share * z1) / s1;
        gradient[1] = gradient[1]! + ((1 - share) * z2) / s2;
        gradient[2] = gradient[2]! + (share * (z1 * z1 - 1)) / s1;
        gradient[3] = gradient[3]! + ((1 - share) * (z2 * z2 - 1)) / s2;
        gradient[4] = gradient[4]! + share / theta - (1 - share) / (1 - theta);
      }
      return value;
    },
  });
}
