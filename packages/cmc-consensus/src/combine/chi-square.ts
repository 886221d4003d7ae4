/**
 * Tail probabilities and quantiles of χ² and F, to about 1e-13 relative. The incomplete gamma and beta functions are summed
 * from their series and continued fractions (Abramowitz & Stegun 1964, 6.5.29, 6.5.31, 26.5.8) by Lentz's method.
 */

/** ln Γ(x) for x > 0: Stirling's series (Abramowitz & Stegun 6.1.41) from x = 10, below it by recurrence. */
export function logGamma(x: number): number {
  let shift = 0;
  let t = x;
  while (t < 10) {
    shift -= Math.log(t);
    t += 1;
  }
  const q = 1 / (t * t);
  const series =
    1 / 12 - q * (1 / 360 - q * (1 / 1260 - q * (1 / 1680 - q * (1 / 1188 - q * (691 / 360360 - q / 156)))));
  return shift + (t - 0.5) * Math.log(t) - t + 0.5 * Math.log(2 * Math.PI) + series / t;
}

/** P(χ² > x) for `degrees` > 0 degrees of freedom, not necessarily an integer. 1 for x ≤ 0. */
export function chiSquareTail(x: number, degrees: number): number {
  if (!(x > 0)) return 1;
  const a = degrees / 2;
  const t = x / 2;
  return t < a + 1 ? 1 - gammaSeries(a, t) : gammaFraction(a, t);
}

/** The x with P(χ² > x) = `tail`, 0 < tail < 1. */
export function chiSquareQuantile(tail: number, degrees: number): number {
  // Bisection on the logarithm: the tail falls monotonically, and this is never in a hot loop.
  let low = -80;
  let high = Math.log(degrees + 40 * Math.sqrt(degrees) + 1500);
  for (let k = 0; k < 200 && high - low > 1e-15 * Math.abs(high); k++) {
    const middle = (low + high) / 2;
    if (chiSquareTail(Math.exp(middle), degrees) > tail) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

/** P(F > x) for the F distribution with d1 and d2 degrees of freedom, both > 0. 1 for x ≤ 0. */
export function fTail(x: number, d1: number, d2: number): number {
  if (!(x > 0)) return 1;
  // I_y(d2/2, d1/2) at y = d2 / (d2 + d1 x).
  return incompleteBeta(d2 / (d2 + d1 * x), (d1 * x) / (d2 + d1 * x), d2 / 2, d1 / 2);
}

/** Regularised lower incomplete gamma function by its series. */
function gammaSeries(a: number, t: number): number {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; k < 10_000 && term > sum * 1e-17; k++) {
    term *= t / (a + k);
    sum += term;
  }
  return sum * Math.exp(a * Math.log(t) - t - logGamma(a));
}

/** Regularised upper incomplete gamma function by its continued fraction. */
function gammaFraction(a: number, t: number): number {
  let b = t + 1 - a;
  let c = Infinity;
  let d = 1 / b;
  let fraction = d;
  for (let k = 1; k < 10_000; k++) {
    const an = -k * (k - a);
    b += 2;
    d = 1 / nonZero(an * d + b);
    c = nonZero(b + an / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return fraction * Math.exp(a * Math.log(t) - t - logGamma(a));
}

/** I_y(a, b), with z = 1 − y given apart so that neither loses digits. */
function incompleteBeta(y: number, z: number, a: number, b: number): number {
  if (y <= 0) return 0;
  if (z <= 0) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(y) + b * Math.log(z));
  return y < (a + 1) / (a + b + 2) ? (front * betaFraction(y, a, b)) / a : 1 - (front * betaFraction(z, b, a)) / b;
}

function betaFraction(y: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * y) / (a + 1));
  let fraction = d;
  for (let k = 1; k < 10_000; k++) {
    const even = (k * (b - k) * y) / ((a + 2 * k - 1) * (a + 2 * k));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    fraction *= c * d;
    const odd = (-(a + k) * (a + b + k) * y) / ((a + 2 * k) * (a + 2 * k + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return fraction;
}

function nonZero(x: number): number {
  return Math.abs(x) < 1e-300 ? 1e-300 : x;
}
