import { assembleInferenceData, readingErrors } from "./assemble-inference-data.ts";
import { checkInferenceData } from "./check-inference-data.ts";
import {
  describe,
  describeVariable,
  listAt,
  objectAt,
  parseDescription,
  variableDescription,
} from "./group-description.ts";
import {
  type Coordinate,
  completeCoordinates,
  type Group,
  type InferenceData,
  type Variable,
  type VariableData,
} from "./inference-data.ts";
import { InferenceDataError } from "./inference-data-error.ts";
import { decodeItems, decodeNumber, encodeItems, encodeNumber } from "./number-text.ts";

/**
 * The data as JSON: `{format, version, attributes, groups}`, each group with `attributes`, `coordinates` and `variables`
 * of `dims`, `shape`, `type` (float64, int32, int64, bool or string) and `data`, row-major. NaN, infinities and −0 are
 * `{"number": "NaN"}` and the like, integers of 64 bits strings of digits, so that every value survives.
 *
 * @throws {InvalidArgumentError} when the data are not consistent.
 */
export function toJsonText(data: InferenceData): string {
  checkInferenceData(data);
  const description = describe(data, ({ group }) => {
    const coordinates = Object.entries(completeCoordinates(group)).map(([dim, labels]) => [dim, encodeItems(labels)]);
    const variables = Object.entries(group.variables).map(([name, variable]) => {
      const { type, items } = encodeData(variable.data);
      return [name, { ...describeVariable(variable), shape: [...variable.shape], type, data: items }];
    });
    return { coordinates: Object.fromEntries(coordinates), variables: Object.fromEntries(variables) };
  });
  return JSON.stringify(description);
}

function encodeData(data: VariableData): { type: string; items: readonly unknown[] } {
  if (data instanceof Float64Array) return { type: "float64", items: Array.from(data, encodeNumber) };
  if (data instanceof Int32Array) return { type: "int32", items: Array.from(data) };
  if (data instanceof BigInt64Array) return { type: "int64", items: Array.from(data, String) };
  if (data instanceof Uint8Array) return { type: "bool", items: Array.from(data, (value) => value === 1) };
  return { type: "string", items: data };
}

/**
 * InferenceData from the text that {@link toJsonText} made.
 *
 * @throws {InferenceDataError} when the text is not that, naming the place.
 */
export function fromJsonText(text: string): InferenceData {
  return readingErrors("JSON", () => {
    const { groups, attributes } = parseDescription("JSON", text, (name, group) => ({
      coordinates: decodeCoordinates(name, group["coordinates"]),
      variables: decodeVariables(name, group["variables"]),
    }));
    return assembleInferenceData("JSON", groups, attributes);
  });
}

function decodeCoordinates(group: string, value: unknown): Record<string, Coordinate> {
  const coordinates: Record<string, Coordinate> = {};
  for (const [dim, labels] of Object.entries(objectAt("JSON", `${group}.coordinates`, value))) {
    const place = `${group}.coordinates.${dim}`;
    const decoded = decodeItems(listAt("JSON", place, labels));
    if (typeof decoded !== "object") throw new InferenceDataError("JSON", place, "must be numbers or strings");
    coordinates[dim] = decoded;
  }
  return coordinates;
}

function decodeVariables(group: string, value: unknown): Group["variables"] {
  const variables: Record<string, Variable> = {};
  for (const [name, described] of Object.entries(objectAt("JSON", `${group}.variables`, value))) {
    const place = `${group}.${name}`;
    const { shape, type, data } = objectAt("JSON", place, described);
    variables[name] = {
      ...variableDescription("JSON", place, described),
      shape: listAt("JSON", `${place}.shape`, shape) as readonly number[],
      data: decodeData(place, type, listAt("JSON", `${place}.data`, data)),
    };
  }
  return variables;
}

function decodeData(place: string, type: unknown, items: readonly unknown[]): VariableData {
  switch (type) {
    case "float64":
      return Float64Array.from(items, (item, i) => required(decodeNumber(item), place, i, "a number"));
    case "int32":
      return Int32Array.from(items as readonly number[], (item, i) => {
        return required((item | 0) === item ? item : undefined, place, i, "an integer of 32 bits");
      });
    case "int64": {
      const integers = items.map((item, i) =>
        required(bigInteger(item), place, i, "an integer of 64 bits, as a string"),
      );
      return BigInt64Array.from(integers);
    }
    case "bool":
      return Uint8Array.from(items, (item, i) => {
        return Number(required(typeof item === "boolean" ? item : undefined, place, i, "true or false"));
      });
    case "string":
      return items.map((item, i) => required(typeof item === "string" ? item : undefined, place, i, "a string"));
    default:
      throw new InferenceDataError("JSON", `${place}.type`, "must be float64, int32, int64, bool or string");
  }
}

function bigInteger(item: unknown): bigint | undefined {
  if (typeof item !== "string" || !/^-?\d{1,19}$/.test(item)) return undefined;
  const value = BigInt(item);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

function required<T>(value: T | undefined, place: string, i: number, what: string): T {
  if (value === undefined) throw new InferenceDataError("JSON", `${place}.data[${i}]`, `must be ${what}`);
  return value;
}
