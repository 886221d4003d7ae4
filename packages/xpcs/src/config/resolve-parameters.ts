import type { AnalysisMode } from "@siegert/physics-core";
import type { GivenKeys } from "./collect-keys.ts";
import type { ConfigParameter, ConfigPrior, ConfigScaling, PriorType } from "./config.ts";
import type { SourcePosition } from "./config-error.ts";
import { type Draft, emptyDraft, startWithin, stated } from "./parameter-draft.ts";
import { ParameterNames } from "./parameter-names.ts";
import { resolvePerAngle } from "./resolve-per-angle.ts";
import { resolvePrior } from "./resolve-prior.ts";
import type { ParameterSetting, Settings } from "./settings.ts";
import type { YamlSource } from "./yaml-source.ts";

/** No physical quantity in these units comes near it; far beyond, squares overflow. */
const LARGEST = 1e30;

/** The parameters of a mode, with the file's start values, bounds, priors and constraints on top of the registry's. */
export interface ResolvedParameters {
  readonly parameters: readonly ConfigParameter[];
  readonly scaling: ConfigScaling;
}

/**
 * Settles the parameters. Problems: unknown names, lists of different lengths, bounds in the wrong order, start values
 * outside the bounds, a parameter stated twice, ties that lead nowhere.
 */
export function resolveParameters(
  source: YamlSource,
  settings: Settings,
  given: GivenKeys,
  mode: AnalysisMode,
): ResolvedParameters {
  return new ParameterResolver(source, settings, given, mode).resolve();
}

class ParameterResolver {
  readonly #source: YamlSource;
  readonly #settings: Settings;
  readonly #names: ParameterNames;
  readonly #drafts: Map<string, Draft>;
  readonly #given: GivenKeys;

  constructor(source: YamlSource, settings: Settings, given: GivenKeys, mode: AnalysisMode) {
    this.#source = source;
    this.#given = given;
    this.#settings = settings;
    this.#names = new ParameterNames(source, mode);
    this.#drafts = new Map(this.#names.definitions.map((definition) => [definition.name, emptyDraft(definition)]));
  }

  resolve(): ResolvedParameters {
    const { parameterSpace, parameters } = this.#settings;
    for (const bound of parameterSpace.bounds ?? []) this.#addBound(bound, "bounds are stated");
    for (const prior of parameterSpace.priors ?? []) this.#addPrior(prior);
    this.#addStartValues();
    for (const parameter of parameters ?? []) this.#addGrouped(parameter);
    this.#addActive();
    this.#addFixed();
    this.#addTied();
    this.#names.reportForeign();
    const alone = [...this.#drafts.values()].map((draft) => this.#settle(draft));
    // A tied parameter has the value of its parent, whatever is stated for itself.
    const settled = alone.map((parameter) => {
      const parent = alone.find((other) => other.name === parameter.tiedTo);
      return parent === undefined ? parameter : { ...parameter, value: parent.value };
    });
    const [offset, contrast] = [settled.pop()!, settled.pop()!];
    return {
      parameters: settled,
      scaling: { contrast, offset, perAngle: resolvePerAngle(this.#source, this.#settings, contrast, offset) },
    };
  }

  #place(path: string): SourcePosition {
    return this.#given.get(path)?.position ?? { line: 1, column: 1 };
  }

  #draft(name: string, position: ParameterSetting["position"], path: string): Draft | undefined {
    const definition = this.#names.find(name, position, path);
    return definition === undefined ? undefined : this.#drafts.get(definition.name);
  }

  #addBound(bound: ParameterSetting, what: string): void {
    const draft = this.#draft(bound.name, bound.position, bound.path);
    if (draft === undefined) return;
    if (draft.boundsPath !== "") {
      this.#source.complain(bound.position, bound.path, `${what} twice for ${draft.definition.name}; keep one`);
      return;
    }
    draft.boundsPath = bound.path;
    draft.lower = bound.min;
    draft.upper = bound.max;
    draft.prior = { ...draft.prior, ...stated(bound.prior) };
    draft.priorPlace = bound;
  }

  /** A prior's own limits do not move the bounds of the fit. */
  #addPrior(setting: ParameterSetting): void {
    const draft = this.#draft(setting.name, setting.position, setting.path);
    if (draft === undefined) return;
    draft.prior = { ...draft.prior, ...stated(setting.prior) };
    draft.priorPlace = setting;
    const { min, max } = setting;
    if (min !== undefined && max !== undefined && !(min.value < max.value)) {
      this.#source.complain(min.position, `${setting.path}.min_val`, `${min.value} must be below max_val ${max.value}`);
    }
  }

  #addStartValues(): void {
    const { parameterNames, values } = this.#settings.initialParameters;
    const areUnreadable = this.#source.hasProblem("initial_parameters.values");
    if (values === null || areUnreadable) {
      for (const name of parameterNames ?? [])
        this.#draft(name.value, name.position, "initial_parameters.parameter_names");
      return;
    }
    const place = values[0]?.position ?? { line: 1, column: 1 };
    if (parameterNames === null) {
      this.#source.complain(
        place,
        "initial_parameters.values",
        "need initial_parameters.parameter_names: which value is whose",
      );
      return;
    }
    if (this.#source.hasProblem("initial_parameters.parameter_names")) return;
    if (parameterNames.length !== values.length) {
      this.#source.complain(
        place,
        "initial_parameters.values",
        `${values.length} values for ${parameterNames.length} parameter_names; give as many`,
      );
      return;
    }
    for (const [index, name] of parameterNames.entries()) {
      const path = `initial_parameters.values[${index}]`;
      const draft = this.#draft(name.value, name.position, `initial_parameters.parameter_names[${index}]`);
      const { value, position } = values[index]!;
      if (draft === undefined || value === null) continue;
      if (draft.start !== undefined) {
        this.#source.complain(position, path, `${draft.definition.name} is named twice in parameter_names`);
      }
      draft.start = { value, position, path };
    }
  }

  #addGrouped(setting: ParameterSetting): void {
    const draft = this.#draft(setting.name, setting.position, setting.path);
    if (draft === undefined) return;
    const isPair = (setting.min === undefined) === (setting.max === undefined);
    if (!isPair && !this.#source.hasProblem(setting.path)) {
      this.#source.complain(setting.position, setting.path, "must have both min and max, or neither");
    }
    if (setting.value !== undefined) draft.start = { ...setting.value, path: `${setting.path}.value` };
    if (setting.isVaried === false) draft.isVaried = false;
    if (setting.min !== undefined && setting.max !== undefined) {
      draft.lower = setting.min;
      draft.upper = setting.max;
      draft.boundsPath = setting.path;
    }
    if (setting.prior.type !== undefined || setting.prior.mean !== undefined) draft.priorPlace = setting;
    draft.prior = { ...draft.prior, ...stated(setting.prior) };
  }

  #addActive(): void {
    const { activeParameters } = this.#settings.initialParameters;
    if (activeParameters === null) return;
    const list = "initial_parameters.active_parameters";
    if (activeParameters.length === 0 && !this.#source.hasProblem(list)) {
      this.#source.complain(
        this.#place(list),
        list,
        "names no parameter, so nothing would be fitted; leave it out to fit all",
      );
    }
    const active = activeParameters.map(({ value, position }, index) =>
      this.#draft(value, position, `${list}[${index}]`),
    );
    for (const draft of active) if (draft !== undefined) draft.isActive = true;
    for (const draft of this.#drafts.values()) {
      // Contrast and offset follow per_angle_mode: lists of active parameters are about the physics.
      if (draft.definition.modes.length > 0 && !active.includes(draft)) draft.isVaried = false;
    }
  }

  #addFixed(): void {
    for (const { name, value, position } of this.#settings.initialParameters.fixedParameters ?? []) {
      const draft = this.#draft(name, position, `initial_parameters.fixed_parameters.${name}`);
      if (draft === undefined) continue;
      draft.fixedAt = { value, position };
      const path = `initial_parameters.fixed_parameters.${name}`;
      if (draft.isActive) {
        this.#source.complain(position, path, `${name} is among active_parameters too; keep one of them`);
      }
      if (Math.abs(value) > LARGEST) {
        this.#source.complain(position, path, `must be below ${LARGEST} in size; received ${value}`);
      }
    }
  }

  #addTied(): void {
    const ties = (this.#settings.initialParameters.tiedParameters ?? []).map(({ name, value, position }) => {
      const path = `initial_parameters.tied_parameters.${name}`;
      const [child, parent] = [this.#draft(name, position, path), this.#draft(value, position, path)];
      return { child, parent, value, position, path };
    });
    for (const { child, parent, value, position, path } of ties) {
      if (child === undefined || parent === undefined) continue;
      const isScaling = child.definition.modes.length === 0 || parent.definition.modes.length === 0;
      if (isScaling) this.#source.complain(position, path, "contrast and offset cannot be tied");
      else if (ties.some((other) => other.child === parent)) {
        this.#source.complain(position, path, `must name a parameter that is not tied itself; received ${value}`);
      } else child.tiedTo = parent.definition.name;
    }
  }

  #settle(draft: Draft): ConfigParameter {
    const { definition, fixedAt, start } = draft;
    const lower = draft.lower?.value ?? definition.lower;
    const upper = draft.upper?.value ?? definition.upper;
    const areOrdered = this.#checkBounds(draft, lower, upper);
    const stated = fixedAt ?? start;
    if (areOrdered && fixedAt !== undefined && !(fixedAt.value >= lower && fixedAt.value <= upper)) {
      this.#source.warn(
        fixedAt.position,
        `initial_parameters.fixed_parameters.${definition.name}`,
        `${fixedAt.value} is outside the bounds of ${definition.name} [${lower}, ${upper}]; it is held there all the same`,
      );
    }
    if (areOrdered && fixedAt === undefined && start !== undefined && !(start.value >= lower && start.value <= upper)) {
      this.#source.complain(
        start.position,
        start.path,
        `start value ${start.value} of ${definition.name} is outside its bounds [${lower}, ${upper}]`,
      );
    }
    return {
      definition,
      name: definition.name,
      unit: definition.unit,
      value: stated?.value ?? startWithin(definition.default, lower, upper),
      isGiven: stated !== undefined,
      lower,
      upper,
      isFree: fixedAt === undefined && draft.isVaried && draft.tiedTo === undefined,
      tiedTo: draft.tiedTo,
      prior: this.#prior(draft),
      position: stated?.position,
    };
  }

  #checkBounds({ definition, lower, upper, boundsPath }: Draft, low: number, high: number): boolean {
    if (boundsPath !== "" && this.#source.hasProblem(boundsPath)) return false;
    if (low < high) return true;
    const place = (lower ?? upper)?.position ?? { line: 1, column: 1 };
    const remedy = low === high ? "; to hold it there use initial_parameters.fixed_parameters" : "";
    this.#source.complain(
      place,
      boundsPath,
      `lower bound ${low} of ${definition.name} must be below its upper bound ${high}${remedy}`,
    );
    return false;
  }

  #prior(draft: Draft): ConfigPrior {
    const { definition, prior, priorPlace } = draft;
    const fallback: ConfigPrior & { type: PriorType } = {
      type: "TruncatedNormal",
      mean: definition.priorMean,
      sd: definition.priorSd,
      shape: {},
    };
    return priorPlace === undefined ? fallback : resolvePrior(this.#source, priorPlace, prior, fallback);
  }
}
