import type { Config } from "../config/config.ts";
import { fitOptions } from "../fit/configured-fit.ts";
import { fitCorrelation } from "../fit/fit-correlation.ts";
import type { FitOptions } from "../fit/fit-options.ts";
import type { FitResult } from "../fit/fit-result.ts";
import type { FittedData } from "../fit/write-fit.ts";

/**
 * The fit that sampling starts from: the one that there is, or, where sampling lets contrast and offset depend on the angle
 * in another way, one in that way that starts from its parameters.
 *
 * @param sampling the configuration as sampling sees it.
 */
export async function samplingFit(
  config: Config,
  sampling: Config,
  fitted: FitResult,
  { experiment, c2 }: FittedData,
  { onProgress, signal }: Pick<FitOptions, "onProgress" | "signal">,
): Promise<FitResult> {
  if (sampling.nlsq.antiDegeneracy.perAngleMode === config.nlsq.antiDegeneracy.perAngleMode) return fitted;
  const options = fitOptions(sampling, experiment, c2, { onProgress, signal });
  return fitCorrelation({
    ...options,
    parameters: options.parameters.map((parameter, k) => ({ ...parameter, start: fitted.vector[k]! })),
    multistart: { ...options.multistart, when: "never" },
  });
}
