/**
 * Power-law rates r(t) = amplitude·t^exponent + offset on a time grid, with derivatives.
 *
 * The logarithms of the times are taken once, so an evaluation costs one `exp` per frame.
 */
export interface PowerLawGrid {
  /** ln t per frame; −∞ at t = 0, where t^p counts as 0 whatever the exponent. Shape (frames). */
  readonly logTimes: Float64Array;
  /** Lowest value of the rate; where it binds the derivatives are 0. −∞ for signed rates. */
  readonly floor: number;
}

/**
 * Prepares a grid.
 *
 * @param times s, each ≥ 0; shape (frames).
 * @param floor lowest value of the rate, or −∞.
 */
export function powerLawGrid(times: Float64Array, floor: number): PowerLawGrid {
  return { logTimes: times.map(Math.log), floor };
}

/** Writes the rate; shape (frames). */
export function powerLaw(
  grid: PowerLawGrid,
  amplitude: number,
  exponent: number,
  offset: number,
  rate: Float64Array,
): void {
  const { logTimes, floor } = grid;
  for (let i = 0; i < rate.length; i++) {
    rate[i] = Math.max(amplitude * power(logTimes[i]!, exponent) + offset, floor);
  }
}

/** Writes the rate and its derivatives by amplitude, exponent and offset; each shape (frames). */
export function powerLawWithTangents(
  grid: PowerLawGrid,
  amplitude: number,
  exponent: number,
  offset: number,
  rate: Float64Array,
  byAmplitude: Float64Array,
  byExponent: Float64Array,
  byOffset: Float64Array,
): void {
  const { logTimes, floor } = grid;
  for (let i = 0; i < rate.length; i++) {
    const logTime = logTimes[i]!;
    const shape = power(logTime, exponent);
    const value = amplitude * shape + offset;
    // NaN is no rate at its floor: it stays, so that a rejected point shows.
    const isFree = !(value <= floor);
    rate[i] = isFree ? value : floor;
    byAmplitude[i] = isFree ? shape : 0;
    byExponent[i] = isFree && shape !== 0 ? amplitude * shape * logTime : 0;
    byOffset[i] = isFree ? 1 : 0;
  }
}

function power(logTime: number, exponent: number): number {
  return logTime === -Infinity ? 0 : Math.exp(exponent * logTime);
}
