/** Distribution functions that the tests compare with; checked against mpmath in goodness-of-fit.test.ts. */

/** log Γ(x) for x > 0: Stirling's series after moving x above 10. */
export function logGammaFunction(x: number): number {
  let shift = 0;
  for (; x < 10; x++) shift += Math.log(x);
  const z = 1 / (x * x);
  const series = (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z * (1 / 1188 - (z * 691) / 360360))))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

/** P(X ≤ x) of a gamma variate of scale 1: its series below the mean, Legendre's continued fraction above. */
export function gammaCdf(shape: number, x: number): number {
  if (x <= 0) return 0;
  const front = Math.exp(shape * Math.log(x) - x - logGammaFunction(shape));
  if (x >= shape + 1) return 1 - front * upperFraction(shape, x);
  let term = 1 / shape;
  let sum = term;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= x / (shape + n);
    sum += term;
  }
  return front * sum;
}

/** P(X > x) of a gamma variate of scale 1, accurate when small. */
export function gammaSurvival(shape: number, x: number): number {
  if (x < shape + 1) return 1 - gammaCdf(shape, x);
  return Math.exp(shape * Math.log(x) - x - logGammaFunction(shape)) * upperFraction(shape, x);
}

function upperFraction(shape: number, x: number): number {
  return 1 / continuedFraction((n) => [n === 0 ? 0 : -n * (n - shape), x + 1 + 2 * n - shape]);
}

/** P(X ≤ x) of a beta variate. */
export function betaCdf(a: number, b: number, x: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf(b, a, 1 - x);
  const logFront =
    a * Math.log(x) + b * Math.log1p(-x) + logGammaFunction(a + b) - logGammaFunction(a) - logGammaFunction(b);
  const fraction = continuedFraction((n) => {
    const m = n >> 1;
    if (n === 0) return [0, 1];
    if (n % 2 === 0) return [(m * (b - m) * x) / ((a + n - 1) * (a + n)), 1];
    return [(-(a + m) * (a + b + m) * x) / ((a + n - 1) * (a + n)), 1];
  });
  return Math.exp(logFront) / (a * fraction);
}

/** P(Z ≤ z) of a standard normal variate. */
export function normalCdf(z: number): number {
  return z < 0 ? normalSurvival(-z) : 1 - normalSurvival(z);
}

/** P(Z > z) of a standard normal variate, accurate when small. */
export function normalSurvival(z: number): number {
  return z < 0 ? 1 - normalSurvival(-z) : gammaSurvival(0.5, (z * z) / 2) / 2;
}

/** b₀ + a₁/(b₁ + a₂/(b₂ + …)) with terms(n) = [aₙ, bₙ], by Lentz's method. */
function continuedFraction(terms: (n: number) => [number, number]): number {
  let value = terms(0)[1];
  let c = value;
  let d = 0;
  for (let n = 1; n < 10_000; n++) {
    const [a, b] = terms(n);
    d = 1 / (b + a * d);
    c = b + a / c;
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) return value;
  }
  throw new Error("the continued fraction did not converge");
}
