/** P(χ² > x) for n degrees of freedom, by recursion from one or two degrees: Q(a + 1, t) = Q(a, t) + tᵃ e⁻ᵗ / Γ(a + 1). */
export function chiSquareTail(x: number, degrees: number): number {
  const a = degrees / 2;
  const t = x / 2;
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

/**
 * p value of the hypothesis that counts come from these probabilities. Outcomes that are expected fewer than 10 times are
 * counted as one; an outcome of probability 0 that was seen gives 0.
 */
export function lawP(counts: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  const total = Array.from(counts).reduce((a, b) => a + b, 0);
  let [statistic, cells, rareCount, rareExpected] = [0, 0, 0, 0];
  for (let k = 0; k < counts.length; k++) {
    const expected = total * probabilities[k]!;
    if (probabilities[k] === 0 && counts[k]! > 0) return 0;
    if (expected < 10) {
      rareCount += counts[k]!;
      rareExpected += expected;
      continue;
    }
    statistic += (counts[k]! - expected) ** 2 / expected;
    cells++;
  }
  if (rareExpected > 0) {
    statistic += (rareCount - rareExpected) ** 2 / rareExpected;
    cells++;
  }
  return chiSquareTail(statistic, cells - 1);
}
