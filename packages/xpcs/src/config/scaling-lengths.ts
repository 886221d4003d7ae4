import type { Config } from "./config.ts";
import { ConfigError } from "./config-error.ts";

/**
 * Checks that lists of contrast and offset fit the angles: one value per angle, or one for all. Of values that are fitted
 * there may also be one per angle of `phi_angles`, though fewer angles are chosen: a fit does not begin from them.
 *
 * @param angles number of angles that are simulated or fitted.
 * @throws {ConfigError} with the line and column of a list that does not fit.
 */
export function checkScalingLengths(config: Config, angles: number): void {
  const problems = (["contrast", "offset"] as const).flatMap((name) => {
    const count = config.scaling.perAngle[name]?.length ?? 1;
    const isForAll = config.scaling[name].isFree && count === config.phiAngles?.length;
    if (count === 1 || count === angles || isForAll) return [];
    const path = `initial_parameters.per_angle_scaling.${name}`;
    const message = `has ${count} values for ${angles} angles; give one per angle, or one for all`;
    return [{ ...(config.positions[path] ?? { line: 1, column: 1 }), path, message }];
  });
  if (problems.length > 0) throw new ConfigError(config.path, problems);
}
