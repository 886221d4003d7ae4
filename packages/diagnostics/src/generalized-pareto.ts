/** The generalized Pareto distribution: fit to a tail, and quantiles. */

/** Shape k and scale σ of a generalized Pareto distribution of exceedances ≥ 0. */
export interface ParetoFit {
  /** Shape, drawn towards ½ by a prior worth 10 observations; NaN when the data are far from any Pareto tail. */
  readonly shape: number;
  /** Scale; NaN with the shape. */
  readonly scale: number;
}

/**
 * Empirical Bayes fit of Zhang & Stephens (2009), 10.1198/tech.2009.08017, with the prior on the shape of Vehtari,
 * Simpson, Gelman, Yao & Gabry (2024), Pareto Smoothed Importance Sampling, JMLR 25(72), arXiv:1507.02646, appendix C.
 *
 * @param exceedances ascending, ≥ 0, at least 5.
 */
export function fitGeneralizedPareto(exceedances: Float64Array): ParetoFit {
  const n = exceedances.length;
  const quartile = exceedances[Math.floor(n / 4 + 0.5) - 1]!;
  if (!(quartile > exceedances[0]!)) return { shape: Number.NaN, scale: Number.NaN };
  const points = 30 + Math.floor(Math.sqrt(n));
  const rates = new Float64Array(points);
  const logWeights = new Float64Array(points);
  for (let j = 0; j < points; j++) {
    const rate = 1 / exceedances[n - 1]! + (1 - Math.sqrt(points / (j + 0.5))) / (3 * quartile);
    const shape = meanLog1p(exceedances, -rate);
    rates[j] = rate;
    logWeights[j] = n * (Math.log(-rate / shape) - shape - 1);
  }
  const rate = weightedMean(rates, logWeights);
  const raw = meanLog1p(exceedances, -rate);
  if (Number.isNaN(raw)) return { shape: Infinity, scale: Number.NaN };
  return { shape: (n * raw + 5) / (n + 10), scale: -raw / rate };
}

/** Quantile of the exceedance at a probability: σ ((1 − p)⁻ᵏ − 1) / k. */
export function paretoQuantile(prob: number, { shape, scale }: ParetoFit): number {
  const tail = Math.log1p(-prob);
  return shape === 0 ? -scale * tail : (scale * Math.expm1(-shape * tail)) / shape;
}

function meanLog1p(values: Float64Array, factor: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.log1p(factor * values[i]!);
  return sum / values.length;
}

/** Mean with weights exp(logWeights); those below ten units of rounding are left out. */
function weightedMean(values: Float64Array, logWeights: Float64Array): number {
  let largest = -Infinity;
  for (let j = 0; j < values.length; j++) largest = Math.max(largest, logWeights[j]!);
  let total = 0;
  for (let j = 0; j < values.length; j++) total += Math.exp(logWeights[j]! - largest);
  const negligible = 10 * Number.EPSILON * total;
  let sum = 0;
  let kept = 0;
  for (let j = 0; j < values.length; j++) {
    const weight = Math.exp(logWeights[j]! - largest);
    if (!(weight >= negligible)) continue;
    sum += weight * values[j]!;
    kept += weight;
  }
  return sum / kept;
}
