import type { LogDensity } from "@siegert/log-density";

/** Weight, position and width of each mode along x; y follows x. */
const MODES = [
  { weight: 0.3, mean: -4, sd: 0.5 },
  { weight: 0.7, mean: 5, sd: 1 },
] as const;
/** y given x is normal around SLOPE · x. */
const [SLOPE, SPREAD] = [0.5, 0.6];
const LOG_NORM = 0.5 * Math.log(2 * Math.PI);

/** What a sampler should find. */
export const TRUTH = {
  /** Logarithm of the integral of the density. */
  logZ: 2.5,
  /** P(x < 0). */
  leftShare: 0.3000002,
} as const;

/**
 * Two modes in the plane, nine units apart with widths of 0.5 and 1, and weights 0.3 and 0.7: between them the density
 * falls by a factor of 10⁸, which trajectories do not cross.
 */
export const bimodalTarget: LogDensity = {
  dim: 2,
  logDensity: (position) => bimodalTarget.logDensityAndGradient(position, new Float64Array(2)),
  logDensityAndGradient(position, gradient) {
    const [x, y] = [position[0]!, position[1]!];
    const logs = MODES.map(
      ({ weight, mean, sd }) => Math.log(weight) - LOG_NORM - Math.log(sd) - 0.5 * ((x - mean) / sd) ** 2,
    );
    const top = Math.max(...logs);
    const shares = logs.map((value) => Math.exp(value - top));
    const total = shares.reduce((sum, share) => sum + share, 0);
    const slope = MODES.reduce((sum, { mean, sd }, k) => sum + ((shares[k]! / total) * (mean - x)) / (sd * sd), 0);
    const residual = (y - SLOPE * x) / SPREAD;
    gradient[0] = slope + (SLOPE * residual) / SPREAD;
    gradient[1] = -residual / SPREAD;
    return TRUTH.logZ + top + Math.log(total) - LOG_NORM - Math.log(SPREAD) - 0.5 * residual * residual;
  },
};
