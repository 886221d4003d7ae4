import { InvalidArgumentError } from "@siegert/errors";
import { type DeflateOptions, unzipSync, type Zippable, zipSync } from "fflate";
import { assembleInferenceData, readingErrors } from "./assemble-inference-data.ts";
import { checkInferenceData } from "./check-inference-data.ts";
import { describe, describeVariable, objectAt, parseDescription, variableDescription } from "./group-description.ts";
import {
  type Coordinate,
  completeCoordinates,
  type Group,
  type InferenceData,
  type Variable,
} from "./inference-data.ts";
import { InferenceDataError } from "./inference-data-error.ts";
import { labelsFrom, storedLabels } from "./labels.ts";
import { decodeNpy, encodeNpy, type NpyArray } from "./npy.ts";

export interface NpzOptions {
  /** Deflate level, 0 (none, so that NumPy reads fastest) to 9. Default 0. */
  readonly compressionLevel?: number | undefined;
}

/** A deflate level, as the zip library types it. */
type Level = NonNullable<DeflateOptions["level"]>;

/** The entry with dimensions and attributes: a string array of one, which holds JSON. */
const DESCRIPTION = "inference_data";
/** Zip without its 64-bit extension. */
const LARGEST = 0xffffffff;

/**
 * The data as bytes of an .npz archive that `numpy.load` opens: variables as `posterior/mu`, labels as `posterior/chain`,
 * and `inference_data`, a string of JSON with the dimensions and attributes. Equal data give equal bytes.
 *
 * @throws {InvalidArgumentError} when the data are not consistent or take 4 GiB or more.
 */
export function toNpz(data: InferenceData, options: NpzOptions = {}): Uint8Array<ArrayBuffer> {
  const { compressionLevel: level = 0 } = options;
  if (!(Number.isInteger(level) && level >= 0 && level <= 9)) {
    throw new InvalidArgumentError("compressionLevel", "be a whole number from 0 to 9", level);
  }
  checkInferenceData(data);
  const entries: Zippable = {};
  let size = 0;
  const add = (name: string, array: NpyArray): void => {
    const bytes = encodeNpy(array);
    size += bytes.length + 200 + 8 * name.length;
    if (size > LARGEST) throw new InvalidArgumentError("data", "take less than 4 GiB as an .npz archive", name);
    entries[`${name}.npy`] = bytes;
  };
  const description = describe(data, ({ name, group }) => {
    const coordinates = completeCoordinates(group);
    for (const [dim, labels] of Object.entries(coordinates)) {
      add(`${name}/${dim}`, { data: storedLabels(labels), shape: [labels.length] });
    }
    const variables = Object.entries(group.variables).map(([variableName, variable]) => {
      add(`${name}/${variableName}`, variable);
      return [variableName, describeVariable(variable)];
    });
    return { coordinates: Object.keys(coordinates), variables: Object.fromEntries(variables) };
  });
  add(DESCRIPTION, { data: [JSON.stringify(description)], shape: [] });
  // The first date of the format, so that equal content gives equal bytes.
  return zipSync(entries, { level: level as Level, mtime: new Date(1980, 0, 1) });
}

/**
 * InferenceData from the bytes that {@link toNpz} made, or that `numpy.savez` made of the same arrays.
 *
 * @throws {InferenceDataError} when the bytes are not that, naming the variable.
 */
export function fromNpz(bytes: Uint8Array): InferenceData {
  return readingErrors("NPZ", () => {
    const entries = new Map(Object.entries(unzip(bytes)));
    const arrayAt = (name: string): NpyArray => {
      const entry = entries.get(`${name}.npy`);
      if (entry === undefined) throw new InferenceDataError("NPZ", name, "is missing from the archive");
      return decodeNpy(entry, name);
    };
    const text = arrayAt(DESCRIPTION).data[0];
    if (typeof text !== "string") throw new InferenceDataError("NPZ", DESCRIPTION, "must be a string");
    const { groups, attributes } = parseDescription("NPZ", text, (name, group) => readGroup(name, group, arrayAt));
    return assembleInferenceData("NPZ", groups, attributes);
  });
}

function unzip(bytes: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes);
  } catch (cause) {
    throw new InferenceDataError("NPZ", "", "is not an .npz archive, or is damaged", cause);
  }
}

function readGroup(
  groupName: string,
  described: { readonly [key: string]: unknown },
  arrayAt: (name: string) => NpyArray,
): Omit<Group, "attributes"> {
  const coordinates: Record<string, Coordinate> = {};
  for (const dim of Array.isArray(described["coordinates"]) ? described["coordinates"] : []) {
    const place = `${groupName}/${dim}`;
    coordinates[String(dim)] = labelsFrom("NPZ", place, arrayAt(place).data);
  }
  const variables: Record<string, Variable> = {};
  for (const [name, value] of Object.entries(objectAt("NPZ", `${groupName}.variables`, described["variables"]))) {
    variables[name] = {
      ...variableDescription("NPZ", `${groupName}.${name}`, value),
      ...arrayAt(`${groupName}/${name}`),
    };
  }
  return { variables, coordinates };
}
