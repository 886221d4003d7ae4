import { nearest } from "@siegert/errors";
import {
  ANALYSIS_MODES,
  type AnalysisMode,
  createModel,
  findParameter,
  type ParameterDefinition,
  SCALING_PARAMETERS,
} from "@siegert/physics-core";
import type { SourcePosition } from "./config-error.ts";
import type { YamlSource } from "./yaml-source.ts";

/** Further spellings of the two-component parameters that configurations use. */
const SPELLINGS: Readonly<Record<string, string>> = {
  D0_reference: "D0_ref",
  D0_ref_value: "D0_ref",
  alpha_reference: "alpha_ref",
  D_offset_reference: "D_offset_ref",
  velocity: "v0",
  v_0: "v0",
  velocity_offset: "v_offset",
  fraction_0: "f0",
  fraction_1: "f1",
  fraction_2: "f2",
  fraction_3: "f3",
  angle_phi0: "phi0",
};

/** Finds parameters of a mode by the names of a file, and notes those it does not know. */
export class ParameterNames {
  readonly #source: YamlSource;
  readonly #mode: AnalysisMode;
  readonly #foreign: { name: string; position: SourcePosition; path: string }[] = [];
  /** The parameters of the mode, in its order, then contrast and offset. */
  readonly definitions: readonly ParameterDefinition[];

  constructor(source: YamlSource, mode: AnalysisMode) {
    this.#source = source;
    this.#mode = mode;
    this.definitions = [...createModel({ mode }).parameters, ...SCALING_PARAMETERS];
  }

  /**
   * The parameter of a name or alias. A name that no mode knows is a problem that names the nearest; one of another mode
   * earns a warning and counts as not there.
   */
  find(name: string, position: SourcePosition, path: string): ParameterDefinition | undefined {
    const spelled = this.#mode === "two_component" ? (SPELLINGS[name] ?? name) : name;
    const found = findParameter(this.#mode, spelled);
    if (found !== undefined) return found;
    if (ANALYSIS_MODES.some((mode) => findParameter(mode, SPELLINGS[name] ?? name) !== undefined)) {
      this.#foreign.push({ name, position, path });
      return undefined;
    }
    const known = this.definitions.map((definition) => definition.name);
    const near = nearest(name, known);
    const hint = near === undefined ? `parameters of ${this.#mode}: ${known.join(", ")}` : `did you mean ${near}?`;
    this.#source.complain(position, path, `unknown parameter ${name}; ${hint}`);
    return undefined;
  }

  /** Warns once about all names of other modes. */
  reportForeign(): void {
    const [first] = this.#foreign;
    if (first === undefined) return;
    const names = [...new Set(this.#foreign.map((entry) => entry.name))].join(", ");
    this.#source.warn(first.position, first.path, `not parameters of ${this.#mode}, ignored: ${names}`);
  }
}
