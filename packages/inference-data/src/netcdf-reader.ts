import type { Attribute, Dataset, Group as Hdf5Group } from "h5wasm";
import { assembleInferenceData } from "./assemble-inference-data.ts";
import { STORAGE_ATTRIBUTES } from "./check-names.ts";
import { readHdf5 } from "./hdf5-library.ts";
import type { Attributes, AttributeValue, Coordinate, Group, InferenceData, Variable } from "./inference-data.ts";
import { InferenceDataError } from "./inference-data-error.ts";
import { labelsFrom } from "./labels.ts";
import { readValues, unpack } from "./netcdf-values.ts";

type Hdf5 = typeof import("h5wasm");

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** What NetCDF writes as the NAME of a dimension without labels. */
const UNLABELLED = "This is a netCDF dimension but not a netCDF variable";

/**
 * InferenceData from the bytes of a NetCDF-4 file, as ArviZ (0.x and 1.x, either engine), {@link toNetcdf} and other
 * writers of the schema make it. Floats come as Float64Array, integers as Int32Array or, where the file has 64 bits (as
 * ArviZ writes them), BigInt64Array; {@link float64Values} makes numbers of both. Fill values and packing of the CF
 * conventions are undone as xarray does. Variables outside groups, groups within groups, and attributes that are neither
 * numbers nor text are left out. A list of one, as an attribute, is read as a single value: NetCDF makes no difference.
 *
 * @throws {InferenceDataError} when the bytes are not such a file, naming the variable.
 */
export async function fromNetcdf(bytes: Uint8Array): Promise<InferenceData> {
  checkSignature(bytes);
  return readHdf5(bytes, (file, hdf5) => {
    const groups: [string, Group][] = [];
    for (const name of file.keys()) {
      const entity = file.get(name);
      if (entity instanceof hdf5.Group) groups.push([name, readGroup(entity, name, hdf5)]);
    }
    return assembleInferenceData("NetCDF", groups, readAttributes(file));
  });
}

function checkSignature(bytes: Uint8Array): void {
  if (!(bytes instanceof Uint8Array)) throw new InferenceDataError("NetCDF", "", "must be a Uint8Array");
  if (bytes[0] === 0x43 && bytes[1] === 0x44 && bytes[2] === 0x46) {
    throw new InferenceDataError("NetCDF", "", "is a file of the classic format; NetCDF-4 has groups");
  }
  // The signature stands at 0, or behind a user block at 512, 1024, 2048 …
  for (let start = 0; start < bytes.length; start = start === 0 ? 512 : 2 * start) {
    if (SIGNATURE.every((byte, i) => bytes[start + i] === byte)) return;
  }
  throw new InferenceDataError("NetCDF", "", "is not a NetCDF-4 file: it lacks the signature of HDF5");
}

function readGroup(group: Hdf5Group, groupName: string, hdf5: Hdf5): Group {
  const variables: Record<string, Variable> = {};
  const coordinates: Record<string, Coordinate> = {};
  const root = group.root;
  for (const name of group.keys()) {
    const dataset = group.get(name);
    if (!(dataset instanceof hdf5.Dataset)) continue;
    const place = `${groupName}.${name}`;
    if (dataset.get_scale_name() !== null) {
      readLabels(dataset, name, place, coordinates);
      continue;
    }
    const variable = readVariable(dataset, place);
    for (const { path } of variable.scales) {
      // A dimension may belong to a group further up.
      const scale = root.get(path);
      if (scale instanceof hdf5.Dataset) readLabels(scale, baseName(path), place, coordinates);
    }
    variables[name] = variable.variable;
  }
  return { variables, coordinates, attributes: readAttributes(group) };
}

function readVariable(dataset: Dataset, place: string): { variable: Variable; scales: { path: string }[] } {
  const attributes = dataset.attrs;
  if ("_Unsigned" in attributes) {
    throw new InferenceDataError("NetCDF", place, "has the attribute _Unsigned, which is not supported");
  }
  const { data, isBoolean } = readValues(dataset, place);
  const shape = dataset.shape ?? [];
  const scales = shape.map((_, axis) => {
    const path = dataset.get_attached_scales(axis)[0];
    if (path === undefined) throw new InferenceDataError("NetCDF", place, `has no named dimension on axis ${axis}`);
    return { path };
  });
  const isTruth = isBoolean || attributeValue(attributes["dtype"]) === "bool";
  const plain =
    isTruth && ArrayBuffer.isView(data) ? Uint8Array.from(data as Int32Array) : unpack(data, packing(attributes));
  const dims = scales.map(({ path }) => baseName(path));
  return { variable: { dims, shape: [...shape], data: plain, attributes: readAttributes(dataset) }, scales };
}

function packing(attributes: Record<string, Attribute>): Parameters<typeof unpack>[1] {
  const numbers = (name: string): number[] => {
    const value = attributeValue(attributes[name]);
    return (Array.isArray(value) ? value : [value]).filter((item): item is number => typeof item === "number");
  };
  return {
    fillValues: [...numbers("_FillValue"), ...numbers("missing_value")],
    scaleFactor: numbers("scale_factor")[0] ?? 1,
    addOffset: numbers("add_offset")[0] ?? 0,
  };
}

function readLabels(scale: Dataset, dim: string, place: string, coordinates: Record<string, Coordinate>): void {
  if (Object.hasOwn(coordinates, dim)) return;
  const name = attributeValue(scale.attrs["NAME"]);
  const length = scale.shape?.[0] ?? 0;
  if (typeof name === "string" && name.startsWith(UNLABELLED)) {
    coordinates[dim] = Array.from({ length }, (_, i) => i);
    return;
  }
  coordinates[dim] = labelsFrom("NetCDF", place, unpack(readValues(scale, place).data, packing(scale.attrs)));
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function readAttributes(target: Hdf5Group | Dataset): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  const stored = target.attrs;
  for (const name of Object.keys(stored)) {
    if (STORAGE_ATTRIBUTES.has(name)) continue;
    const value = attributeValue(stored[name]);
    if (value !== undefined) attributes[name] = value;
  }
  return attributes;
}

/** The value of an attribute; undefined when there is none or it is neither numbers nor text. */
function attributeValue(attribute: Attribute | undefined): AttributeValue | undefined {
  if (attribute === undefined) return undefined;
  const value = attribute.value;
  if (value === null) return [];
  const list: unknown[] = Array.isArray(value)
    ? value
    : ArrayBuffer.isView(value)
      ? Array.from(value as ArrayLike<unknown>)
      : [value];
  const items = list.map((item) => (typeof item === "bigint" ? Number(item) : item));
  const isUniform = items.every((item) => typeof item === "number") || items.every((item) => typeof item === "string");
  if (!isUniform) return undefined;
  return items.length === 1 ? (items[0] as string | number) : (items as string[] | number[]);
}
