/** Means and variances. */

/** Arithmetic mean with one step of refinement, so that a large offset costs no digits. */
export function mean(values: Float64Array): number {
  const count = values.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i]!;
  const rough = sum / count;
  if (!Number.isFinite(rough)) return rough;
  let rest = 0;
  for (let i = 0; i < count; i++) rest += values[i]! - rough;
  return rough + rest / count;
}

/** Σ (x − mean)² / (count − ddof). */
export function variance(values: Float64Array, ddof: 0 | 1): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - centre) ** 2;
  return sum / (values.length - ddof);
}

/** Mean of every chain of a row-major (chain, draw) array. */
export function chainMeans(values: Float64Array, chains: number, draws: number): Float64Array {
  const means = new Float64Array(chains);
  for (let chain = 0; chain < chains; chain++) means[chain] = mean(values.subarray(chain * draws, (chain + 1) * draws));
  return means;
}

/** (x − mean)² of every value. */
export function squaredDeviations(values: Float64Array): Float64Array {
  const centre = mean(values);
  const squares = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) squares[i] = (values[i]! - centre) ** 2;
  return squares;
}
