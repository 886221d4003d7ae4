import {
  type Attributes,
  type AttributeValue,
  type Group,
  type InferenceData,
  type NamedGroup,
  namedGroups,
  type Variable,
} from "./inference-data.ts";
import { InferenceDataError } from "./inference-data-error.ts";
import { decodeItems, encodeItems } from "./number-text.ts";

/** What JSON says of the format. */
export const FORMAT = "siegert-inference-data";
export const FORMAT_VERSION = 1;

/** An object of JSON whose values are not known yet. */
export interface JsonObject {
  readonly [key: string]: unknown;
}

/** Everything but elements and labels, which `describeGroup` adds where the format keeps them in the text. */
export function describe(data: InferenceData, describeGroup: (group: NamedGroup) => JsonObject): JsonObject {
  const groups = namedGroups(data).map((group) => {
    return [group.name, { attributes: encodeAttributes(group.group.attributes), ...describeGroup(group) }] as const;
  });
  return {
    format: FORMAT,
    version: FORMAT_VERSION,
    attributes: encodeAttributes(data.attributes),
    groups: Object.fromEntries(groups),
  };
}

/** What both formats say of a variable. */
export function describeVariable({ dims, attributes }: Variable): JsonObject {
  return { dims: [...dims], attributes: encodeAttributes(attributes) };
}

function encodeAttributes(attributes: Attributes): JsonObject {
  return Object.fromEntries(Object.entries(attributes ?? {}).map(([name, value]) => [name, encodeItems(value)]));
}

/**
 * Reads what {@link describe} wrote.
 *
 * @throws {InferenceDataError} naming the place, when the text is not JSON of this format.
 */
export function parseDescription(
  format: string,
  text: string,
  readGroup: (name: string, group: JsonObject) => Omit<Group, "attributes">,
): { groups: [string, Group][]; attributes: Attributes } {
  const root = objectAt(format, "", parse(format, text));
  if (root["format"] !== FORMAT) {
    throw new InferenceDataError(format, "", `is not of the format ${FORMAT}: it lacks "format": "${FORMAT}"`);
  }
  if (root["version"] !== FORMAT_VERSION) {
    const version = JSON.stringify(root["version"]);
    throw new InferenceDataError(format, "", `has version ${version} of the format; ${FORMAT_VERSION} can be read`);
  }
  const groups = Object.entries(objectAt(format, "groups", root["groups"])).map(([name, value]): [string, Group] => {
    const group = objectAt(format, name, value);
    return [name, { ...readGroup(name, group), attributes: decodeAttributes(format, name, group["attributes"]) }];
  });
  return { groups, attributes: decodeAttributes(format, "attributes", root["attributes"]) };
}

function parse(format: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InferenceDataError(format, "", `is not JSON: ${(cause as Error).message}`, cause);
  }
}

/** @throws {InferenceDataError} unless the value is an object. */
export function objectAt(format: string, place: string, value: unknown): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InferenceDataError(format, place, "must be an object");
  }
  return value as JsonObject;
}

/** @throws {InferenceDataError} unless the value is a list. */
export function listAt(format: string, place: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new InferenceDataError(format, place, "must be a list");
  return value;
}

/** Dimensions and attributes of a variable. */
export function variableDescription(
  format: string,
  place: string,
  value: unknown,
): Pick<Variable, "dims" | "attributes"> {
  const { dims, attributes } = objectAt(format, place, value);
  return {
    dims: listAt(format, `${place}.dims`, dims) as readonly string[],
    attributes: decodeAttributes(format, place, attributes),
  };
}

function decodeAttributes(format: string, place: string, value: unknown): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  for (const [name, encoded] of Object.entries(objectAt(format, place, value ?? {}))) {
    const decoded = decodeItems(encoded);
    if (decoded === undefined) {
      throw new InferenceDataError(format, `${place}.attributes.${name}`, "must be numbers or strings");
    }
    attributes[name] = decoded;
  }
  return attributes;
}
