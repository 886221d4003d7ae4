import { quantile, sortedSample, sortedSizes } from "./color-range.ts";

/** Consistency factor of the median absolute deviation for the normal distribution, 1 / Φ⁻¹(3/4). */
const MAD_FACTOR = 1.4826022185056018;

/** How residuals are brought to units of σ. */
export interface ResidualScale {
  /** Divisor of the residuals; 1 where σ is neither given nor can be estimated. */
  readonly sigma: number;
  /** `given`, `estimated` (from the median absolute residual) or `none`. */
  readonly source: "given" | "estimated" | "none";
  /** What normalised residuals are called on an axis. */
  readonly label: string;
}

/** The scale of residuals: σ as given, else 1.4826 × the median of |residual| over all parts, else none. */
export function residualScale(parts: readonly Float64Array[], sigma: number | undefined): ResidualScale {
  if (sigma !== undefined) return { sigma, source: "given", label: "residual / σ" };
  const sizes = sortedSizes(Float64Array.from(parts.flatMap((part) => Array.from(sortedSample(part)))));
  const estimate = sizes.length === 0 ? 0 : MAD_FACTOR * quantile(sizes, 0.5);
  if (!(estimate > 0)) return { sigma: 1, source: "none", label: "residual" };
  return { sigma: estimate, source: "estimated", label: "residual / σ (σ from median |residual|)" };
}
