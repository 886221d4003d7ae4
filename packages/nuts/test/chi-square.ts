/** P(χ² > x) for n degrees of freedom: the regularised upper incomplete gamma function Q(n/2, x/2). */
export function chiSquareTail(x: number, degrees: number): number {
  const a = degrees / 2;
  const t = x / 2;
  // Half-integer a from Q(1/2, t) or Q(1, t) by Q(a + 1, t) = Q(a, t) + tᵃ e⁻ᵗ / Γ(a + 1).
  let from = degrees % 2 === 0 ? 1 : 0.5;
  let q = degrees % 2 === 0 ? Math.exp(-t) : erfc(Math.sqrt(t));
  let logGamma = degrees % 2 === 0 ? 0 : 0.5 * Math.log(Math.PI);
  while (from < a) {
    logGamma += Math.log(from);
    q += Math.exp(from * Math.log(t) - t - logGamma);
    from += 1;
  }
  return q;
}

/** Complementary error function by its continued fraction or series; enough for tests. */
function erfc(x: number): number {
  if (x > 3) {
    let fraction = 0;
    for (let k = 60; k > 0; k--) fraction = k / 2 / (x + fraction);
    return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction));
  }
  let term = x;
  let sum = x;
  for (let k = 1; k < 200; k++) {
    term *= (-x * x) / k;
    sum += term / (2 * k + 1);
  }
  return 1 - (2 / Math.sqrt(Math.PI)) * sum;
}

/** p value of the hypothesis that counts are of equal probability. */
export function uniformityP(counts: readonly number[]): number {
  const total = counts.reduce((a, b) => a + b, 0);
  const expected = total / counts.length;
  const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return chiSquareTail(statistic, counts.length - 1);
}
