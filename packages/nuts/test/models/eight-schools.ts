/** Eight schools (Rubin 1981), non-centred: theta = mu + tau t, t ~ N(0, 1), mu ~ N(0, 5), tau ~ half-Cauchy(5). */
import { constrainedDensity, type NamedLogDensity, positive, real } from "@siegert/log-density";

const y = [28, 8, -3, 7, -1, 1, 18, 12];
const sigma = [15, 10, 16, 11, 9, 11, 10, 18];

/** Its constrained values are theta (8), mu, tau. */
export function eightSchools(): NamedLogDensity {
  const inner = constrainedDensity({
    parameters: { t: real([8]), mu: real(), tau: positive() },
    logDensityAndGradient(x, gradient) {
      const [mu, tau] = [x[8]!, x[9]!];
      let value = -(mu ** 2) / 50 - Math.log1p((tau / 5) ** 2);
      gradient[8] = -mu / 25;
      gradient[9] = (-2 * tau) / (25 + tau ** 2);
      for (let i = 0; i < 8; i++) {
        const residual = (y[i]! - mu - tau * x[i]!) / sigma[i]! ** 2;
        value += -0.5 * x[i]! ** 2 - 0.5 * residual ** 2 * sigma[i]! ** 2;
        gradient[i] = -x[i]! + tau * residual;
        gradient[8] = gradient[8]! + residual;
        gradient[9] = gradient[9]! + x[i]! * residual;
      }
      return value;
    },
  });
  return {
    ...inner,
    constrain(position, values) {
      inner.constrain(position, values);
      for (let i = 0; i < 8; i++) values[i] = values[8]! + values[9]! * values[i]!;
      return values;
    },
  };
}

/** Means and standard deviations of posteriordb's reference draws (eight_schools-eight_schools_noncentered). */
export const eightSchoolsReference = [
  { mean: 6.1505, sd: 5.62 },
  { mean: 4.9396, sd: 4.65 },
  { mean: 3.9059, sd: 5.28 },
  { mean: 4.796, sd: 4.77 },
  { mean: 3.6144, sd: 4.61 },
  { mean: 4.0511, sd: 4.8 },
  { mean: 6.3172, sd: 5.0 },
  { mean: 4.884, sd: 5.32 },
  { mean: 4.4105, sd: 3.31 },
  { mean: 3.6021, sd: 3.2 },
];
