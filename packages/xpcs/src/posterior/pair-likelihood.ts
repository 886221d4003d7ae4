/**
 * Gaussian log-likelihood of measured pairs of frames, independent between pairs, as a function of the full vector
 * x = (physical parameters, contrast and offset of every angle) and of the noise σ that all pairs share. Up to a constant.
 */
export interface PairLikelihood {
  /** Pairs of frames that count. */
  readonly pairCount: number;
  /** Length of x. */
  readonly parameterCount: number;
  /** NaN or −∞ where there is none. */
  logLikelihood(x: Float64Array, sigma: number): number;
  /**
   * The same value, and its derivatives.
   *
   * @param slopes length parameterCount + 1; overwritten with the derivatives by x and, last, by ln σ.
   */
  logLikelihoodAndSlopes(x: Float64Array, sigma: number, slopes: Float64Array): number;
}
