import { standardExponential } from "./exponential.ts";
import { standardNormal } from "./normal.ts";
import type { PhiloxWords } from "./philox-words.ts";
import { exp, log, log1p } from "./portable-math.ts";
import { uniform } from "./uniform.ts";

/** Below this, exp of minus it is a normal double. */
const EXPONENT_LIMIT = 700;

/**
 * Gamma variate of any positive shape and scale. For shape < 1: a variate of shape + 1 times U^(1/shape), where
 * −log U is drawn directly, so that small values keep their accuracy down to the smallest double.
 */
export function gamma(words: PhiloxWords, shape: number, scale: number): number {
  if (shape >= 1) return scale * gammaFromOne(words, shape);
  const boosted = gammaFromOne(words, shape + 1);
  const drop = standardExponential(words) / shape;
  if (drop < EXPONENT_LIMIT) return scale * (boosted * exp(-drop));
  return exp(log(boosted) + log(scale) - drop);
}

/** Logarithm of a gamma variate of scale 1; never underflows for shapes from 1e-300 on. */
export function logGamma(words: PhiloxWords, shape: number): number {
  if (shape >= 1) return log(gammaFromOne(words, shape));
  const boosted = gammaFromOne(words, shape + 1);
  return log(boosted) - standardExponential(words) / shape;
}

/**
 * Gamma variate of shape ≥ 1 and scale 1.
 * Source: Marsaglia & Tsang (2000), A simple method for generating gamma variables, ACM TOMS 26, 363,
 * 10.1145/358407.358414. With x = y/c and c² = 1/(9d), the paper's bound x²/2 + d(1 − v + log v) is
 * 3d(log(1 + y) − y + y²/2 − y³/3): written so, it loses no digits for large shapes.
 */
export function gammaFromOne(words: PhiloxWords, shape: number): number {
  const d = shape - 1 / 3;
  const c = 1 / (3 * Math.sqrt(d));
  for (;;) {
    const x = standardNormal(words);
    const y = c * x;
    if (y <= -1) continue;
    const v = (1 + y) * (1 + y) * (1 + y);
    const u = uniform(words);
    if (u < squeeze(x) || log(u) < 3 * d * cubicRemainderOfLog(y)) return d * v;
  }
}

/** Lower bound of the acceptance probability of x, for every shape. */
export function squeeze(x: number): number {
  const square = x * x;
  return 1 - 0.0331 * square * square;
}

/** log(1 + y) − y + y²/2 − y³/3. */
export function cubicRemainderOfLog(y: number): number {
  if (Math.abs(y) > 0.05) return log1p(y) - y * (1 - y * (1 / 2 - y / 3));
  const square = y * y;
  return -square * square * (1 / 4 - y * (1 / 5 - y * (1 / 6 - y * (1 / 7 - y * (1 / 8 - y * (1 / 9 - y / 10))))));
}
