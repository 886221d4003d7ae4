import { ANALYSIS_MODES, type AnalysisMode, createModel, findParameter } from "@siegert/physics-core";
import type { GivenKeys } from "./collect-keys.ts";
import type { Settings } from "./settings.ts";
import type { YamlSource } from "./yaml-source.ts";

/**
 * The analysis mode: the override, else what the file says, else the only mode whose parameters the file names.
 * `undefined`, with a problem noted, when there is none.
 */
export function resolveMode(
  source: YamlSource,
  settings: Settings,
  given: GivenKeys,
  override: AnalysisMode | undefined,
): AnalysisMode | undefined {
  const mode = override ?? settings.analysisMode ?? inferMode(settings);
  const isBroken = settings.analysisMode === null && given.has("analysis_mode");
  if (mode === undefined && !isBroken) {
    source.complain({ line: 1, column: 1 }, "analysis_mode", `is missing; give one of ${ANALYSIS_MODES.join(", ")}`);
  }
  const { model } = settings.parameterSpace;
  const place = given.get("parameter_space.model");
  if (
    override === undefined &&
    mode !== undefined &&
    model !== null &&
    place !== undefined &&
    kindOf(model) !== kindOf(mode)
  ) {
    source.warn(place.position, "parameter_space.model", `has no effect here: analysis_mode says ${mode}`);
  }
  return mode;
}

/** The modes of two static analyses have the same parameters. */
function kindOf(mode: AnalysisMode): string {
  return createModel({ mode })
    .parameters.map((parameter) => parameter.name)
    .join();
}

/** The names that only one mode has tell it; the static modes cannot be told apart and are not guessed. */
function inferMode({ initialParameters, parameters, parameterSpace }: Settings): AnalysisMode | undefined {
  const names = [
    ...(initialParameters.parameterNames ?? []).map((name) => name.value),
    ...(parameters ?? []).map((parameter) => parameter.name),
    ...(parameterSpace.bounds ?? []).map((bound) => bound.name),
  ];
  if (names.some((name) => findParameter("two_component", name) !== undefined && name.match(/_(ref|sample)$/))) {
    return "two_component";
  }
  return names.some((name) => name.startsWith("gamma_dot")) ? "laminar_flow" : undefined;
}
