import type { ConfigParameter, ConfigScaling } from "./config.ts";
import type { Settings } from "./settings.ts";
import type { Located } from "./value-readers.ts";
import type { YamlSource } from "./yaml-source.ts";

/** Settles lists of contrast and offset: within their bounds, and as many as `phi_angles` where the file gives those. */
export function resolvePerAngle(
  source: YamlSource,
  settings: Settings,
  contrast: ConfigParameter,
  offset: ConfigParameter,
): ConfigScaling["perAngle"] {
  const lists = settings.initialParameters.perAngleScaling;
  const settle = (parameter: ConfigParameter, list: readonly Located<number>[] | null): number[] | undefined => {
    if (list === null || list.length === 0) return undefined;
    for (const [index, { value, position }] of list.entries()) {
      if (value >= parameter.lower && value <= parameter.upper) continue;
      source.complain(
        position,
        `initial_parameters.per_angle_scaling.${parameter.name}[${index}]`,
        `${value} is outside the bounds of ${parameter.name} [${parameter.lower}, ${parameter.upper}]`,
      );
    }
    const { phiAngles } = settings;
    if (phiAngles !== null && list.length !== 1 && list.length !== phiAngles.length) {
      source.complain(
        list[0]!.position,
        `initial_parameters.per_angle_scaling.${parameter.name}`,
        `${list.length} values for the ${phiAngles.length} angles of phi_angles; give one per angle, or one for all`,
      );
    }
    return list.map((item) => item.value);
  };
  return { contrast: settle(contrast, lists.contrast), offset: settle(offset, lists.offset) };
}
