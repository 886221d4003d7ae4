import { InvalidArgumentError } from "@siegert/errors";

/**
 * Two-sample Kolmogorov-Smirnov test: largest distance between the empirical distribution functions, and the
 * probability of a larger one when both samples have the same law, from the asymptotic series with Stephens' correction
 * (1970, J. R. Statist. Soc. B 32, 115). Where values are tied, as discrete ones are, the p value is too large: the test
 * then rejects less often than it says.
 * @throws {InvalidArgumentError} for an empty sample or NaN.
 */
export function kolmogorovSmirnov(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): { readonly distance: number; readonly p: number } {
  const x = sorted("a", a);
  const y = sorted("b", b);
  let distance = 0;
  for (let i = 0, j = 0; i < x.length && j < y.length; ) {
    const value = Math.min(x[i]!, y[j]!);
    while (i < x.length && x[i] === value) i++;
    while (j < y.length && y[j] === value) j++;
    distance = Math.max(distance, Math.abs(i / x.length - j / y.length));
  }
  const size = Math.sqrt((x.length * y.length) / (x.length + y.length));
  return { distance, p: tail((size + 0.12 + 0.11 / size) * distance) };
}

/** P(K > t) of Kolmogorov's law: the series that converges fast on either side of 1. */
function tail(t: number): number {
  if (t <= 0) return 1;
  if (t < 1) {
    let sum = 0;
    for (let k = 1; k <= 9; k += 2) sum += Math.exp(-((k * Math.PI) ** 2) / (8 * t * t));
    return 1 - (Math.sqrt(2 * Math.PI) / t) * sum;
  }
  let sum = 0;
  for (let k = 1; k <= 10; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * t * t);
  return Math.max(0, sum);
}

function sorted(argument: string, values: ArrayLike<number>): Float64Array {
  const copy = Float64Array.from(values);
  if (copy.length === 0) throw new InvalidArgumentError(argument, "have at least one value", values);
  if (copy.some((value) => Number.isNaN(value))) throw new InvalidArgumentError(argument, "not hold NaN", values);
  return copy.sort();
}
