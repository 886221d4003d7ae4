import { nearest } from "@siegert/errors";
import type { Node } from "yaml";
import type { SourcePosition } from "./config-error.ts";
import type { ReadContext, Reader } from "./schema.ts";
import type { ParameterSetting, PriorSetting } from "./settings.ts";
import { shownValue } from "./shown-value.ts";
import type { Located } from "./value-readers.ts";
import type { YamlSource } from "./yaml-source.ts";

type Setting = { -readonly [Key in keyof ParameterSetting]: ParameterSetting[Key] };
type Prior = { -readonly [Key in keyof PriorSetting]: PriorSetting[Key] };

/** Keys of one entry, and what each does. `ignored` keys describe the entry to people. */
type EntryKeys = Readonly<
  Record<string, "value" | "min" | "max" | "mean" | "sd" | "type" | "vary" | "shape" | "name" | "ignored">
>;

const BOUND_KEYS: EntryKeys = {
  name: "name",
  min: "min",
  max: "max",
  prior_mu: "mean",
  prior_sigma: "sd",
  type: "type",
  unit: "ignored",
  description: "ignored",
  log_space: "ignored",
};

const PRIOR_KEYS: EntryKeys = {
  dist_type: "type",
  mu: "mean",
  sigma: "sd",
  min_val: "min",
  max_val: "max",
  unit: "ignored",
  description: "ignored",
};

const GROUPED_KEYS: EntryKeys = {
  value: "value",
  min: "min",
  max: "max",
  vary: "vary",
  prior: "type",
  prior_params: "shape",
  unit: "ignored",
  description: "ignored",
};

/** Groups of `parameters`, as configurations of the two-component model write them. */
const GROUPS: readonly string[] = ["reference", "sample", "velocity", "fraction", "angle", "scaling"];

/** Reads `parameter_space.bounds`: a list of maps with a name, or a map of names to such maps or to [min, max]. */
export const readBounds: Reader<readonly ParameterSetting[] | null> = ({ source, path, node }) => {
  const items = source.items(node);
  if (items === undefined) return readNamed(source, path, node, BOUND_KEYS, true);
  const list: ParameterSetting[] = [];
  for (const [index, item] of items.entries()) {
    const at = `${path}[${index}]`;
    const position = source.positionOf(item ?? node);
    const setting = readEntry(source, at, position, "", item, BOUND_KEYS);
    if (setting === undefined) continue;
    if (setting.name === "") source.complain(position, at, "must have the key name: the parameter that it bounds");
    else list.push(setting);
  }
  return { value: list };
};

/** Reads `parameter_space.priors`: a map of names. */
export const readPriors: Reader<readonly ParameterSetting[] | null> = ({ source, path, node }) =>
  readNamed(source, path, node, PRIOR_KEYS, false);

/** Reads `parameters`: names within groups. */
export const readGroupedParameters: Reader<readonly ParameterSetting[] | null> = ({
  source,
  path,
  node,
  value,
}: ReadContext) => {
  const groups = source.entries(node);
  if (groups === undefined) return `be a map of groups (${GROUPS.join(", ")}); received ${shownValue(value)}`;
  const list: ParameterSetting[] = [];
  for (const group of groups) {
    const at = `${path}.${group.key}`;
    if (!GROUPS.includes(group.key)) {
      const near = nearest(group.key, GROUPS);
      source.complain(
        group.keyPosition,
        at,
        `unknown group; ${near === undefined ? `groups: ${GROUPS.join(", ")}` : `did you mean ${near}?`}`,
      );
      continue;
    }
    const result = readNamed(source, at, group.node, GROUPED_KEYS, false);
    if (typeof result === "string") source.complain(group.keyPosition, at, `must ${result}`);
    else list.push(...result.value);
  }
  return { value: list };
};

function readNamed(
  source: YamlSource,
  path: string,
  node: Node | undefined,
  keys: EntryKeys,
  allowsPairs: boolean,
): { value: readonly ParameterSetting[] } | string {
  const entries = source.entries(node);
  if (entries === undefined) return "be a map of parameter names";
  const list: ParameterSetting[] = [];
  for (const { key, keyPosition, node: item } of entries) {
    const at = `${path}.${key}`;
    const pair = allowsPairs ? source.items(item) : undefined;
    if (pair !== undefined) {
      const [min, max] = pair.map((limit) => readNumber(source, at, limit));
      if (pair.length !== 2) source.complain(keyPosition, at, "must be [min, max]");
      else list.push({ name: key, position: keyPosition, path: at, min, max, prior: {} });
      continue;
    }
    const setting = readEntry(source, at, keyPosition, key, item, keys);
    if (setting !== undefined) list.push(setting);
  }
  return { value: list };
}

function readEntry(
  source: YamlSource,
  path: string,
  position: SourcePosition,
  name: string,
  node: Node | undefined,
  keys: EntryKeys,
): ParameterSetting | undefined {
  const entries = source.entries(node);
  if (entries === undefined) {
    source.complain(
      position,
      path,
      `must be a map with ${Object.keys(keys).slice(0, 4).join(", ")} …; received ${shownValue(source.valueOf(node))}`,
    );
    return undefined;
  }
  const setting: Setting = { name, position, path, prior: {} };
  const prior: Prior = {};
  for (const entry of entries) {
    const at = `${path}.${entry.key}`;
    const role = Object.hasOwn(keys, entry.key) ? keys[entry.key] : undefined;
    const value = source.valueOf(entry.node);
    if (role === undefined) {
      const near = nearest(entry.key, Object.keys(keys));
      source.complain(
        entry.keyPosition,
        at,
        `unknown key; ${near === undefined ? `keys here: ${Object.keys(keys).join(", ")}` : `did you mean ${near}?`}`,
      );
    } else if (value === null || role === "ignored") continue;
    else if (role === "name") setting.name = String(value);
    else if (role === "value" || role === "min" || role === "max") setting[role] = readNumber(source, at, entry.node);
    else if (role === "mean" || role === "sd") prior[role] = readNumber(source, at, entry.node)?.value;
    else if (role === "vary") setting.isVaried = readFlag(source, at, entry.node, value);
    else if (role === "type") prior.type = String(value);
    else prior.shape = readShape(source, at, entry.node, prior);
  }
  return { ...setting, prior };
}

function readNumber(source: YamlSource, path: string, node: Node | undefined): Located<number> | undefined {
  const value = source.valueOf(node);
  const position = source.positionOf(node);
  if (typeof value === "number" && !Number.isNaN(value)) return { value, position };
  source.complain(position, path, `must be a number; received ${shownValue(value)}`);
  return undefined;
}

function readFlag(source: YamlSource, path: string, node: Node | undefined, value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  source.complain(source.positionOf(node), path, `must be true or false; received ${shownValue(value)}`);
  return undefined;
}

/** Parameters of a distribution; loc and scale are mean and standard deviation. */
function readShape(
  source: YamlSource,
  path: string,
  node: Node | undefined,
  prior: Prior,
): Readonly<Record<string, number>> {
  const shape: Record<string, number> = {};
  for (const entry of source.entries(node) ?? []) {
    const number = readNumber(source, `${path}.${entry.key}`, entry.node);
    if (number === undefined) continue;
    if (entry.key === "loc" || entry.key === "mu") prior.mean = number.value;
    else if (entry.key === "scale" || entry.key === "sigma") prior.sd = number.value;
    else shape[entry.key] = number.value;
  }
  return shape;
}
