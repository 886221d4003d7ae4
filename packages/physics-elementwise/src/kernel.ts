/**
 * The loops over the pairs of one angle. `fill` writes m = (c2 − offset)/contrast of each pair to `normalised`;
 * `accumulate` adds, for residual r = measured − offset − contrast·m and weight w, the derivatives of Σ w·r·m by the
 * factors of each frame (r and w held) to the gradient tables, and writes Σ w r², Σ w r, Σ w r m to `sums`.
 */
export interface Kernel {
  fill(angle: number): void;
  accumulate(angle: number, contrast: number, offset: number): void;
}
