/** Distribution function and quantile of the beta distribution. */

/**
 * x with I_x(a, b) = prob: the quantile of the beta distribution, for shapes from 0.5 to 10⁷ and probabilities from
 * 10⁻⁶ to 0.9999 to 10⁻¹² of x.
 * Newton's method on the distribution function, kept inside a bracket that shrinks.
 *
 * @param prob probability in (0, 1).
 * @param a, b shapes > 0.
 */
export function betaQuantile(prob: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  let x = a / (a + b);
  for (let iteration = 0; iteration < 100; iteration++) {
    const miss = betaDistribution(x, a, b) - prob;
    if (miss > 0) high = x;
    else low = x;
    const slope = binomialFront(x, a, b) / (x * (1 - x));
    const step = miss / slope;
    if (Math.abs(step) <= 1e-15 * x) break;
    const next = x - step;
    x = next > low && next < high ? next : (low + high) / 2;
  }
  return x;
}

/** I_x(a, b): P(X ≤ x) of a beta variate with shapes a and b. Source: DLMF 8.17.22, a continued fraction. */
export function betaDistribution(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  const front = binomialFront(x, a, b);
  const isBelow = x <= (a + 1) / (a + b + 2);
  return isBelow ? front / (a * fraction(x, a, b)) : 1 - front / (b * fraction(1 - x, b, a));
}

/** 1 + d₁/(1 + d₂/(1 + …)) of DLMF 8.17.22, from the front by the recurrence of Thompson & Barnett (1986). */
function fraction(x: number, a: number, b: number): number {
  let value = 1;
  let c = 1;
  let d = 0;
  for (let m = 0; m < 20_000; m++) {
    const before = value;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    value *= c * d;
    const k = m + 1;
    const even = (k * (b - k) * x) / ((a + 2 * k - 1) * (a + 2 * k));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    value *= c * d;
    if (Math.abs(value - before) <= 1e-16 * Math.abs(value)) break;
  }
  return value;
}

/**
 * xᵃ (1 − x)ᵇ / B(a, b), through the deviance of the binomial distribution, which stays exact for large shapes where
 * a difference of log gammas does not. Source: Loader (2000), Fast and Accurate Computation of Binomial Probabilities.
 */
function binomialFront(x: number, a: number, b: number): number {
  const n = a + b;
  const exponent =
    stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * (1 - x));
  return Math.exp(exponent) * Math.sqrt((a * b) / (2 * Math.PI * n));
}

/** k log(k / m) + m − k. */
function deviance(k: number, m: number): number {
  const ratio = m / k;
  return ratio < 0.5 ? k * (ratio - 1 - Math.log(ratio)) : k * ((m - k) / k - Math.log1p((m - k) / k));
}

/** log Γ(z + 1) less Stirling's (z + ½) log z − z + ½ log 2π, z > 0: DLMF 5.11.1 after moving z above 15. */
function stirlingError(z: number): number {
  let moved = 0;
  let y = z;
  for (; y < 15; y++) moved += (y + 0.5) * Math.log1p(1 / y) - 1;
  const w = 1 / (y * y);
  return moved + (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w * (1 / 1188 - (w * 691) / 360360))))) / y;
}
