import type { Attribute, Dataset, Group as Hdf5Group } from "h5wasm";
import { assembleInferenceData } from "./assemble-inference-data.ts";
import { readHdf5 } from "./hdf5-library.ts";
import type { Coordinate, Group, InferenceData, Variable } from "./inference-data.ts";
import { InferenceDataError } from "./inference-data-error.ts";
import { labelsFrom } from "./labels.ts";
import { attributeNumbers, attributeValue, readAttributes } from "./netcdf-attributes.ts";
import { scalePaths, scalesById } from "./netcdf-dimensions.ts";
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
  const coordinates: Record<string, Coordinate> = {};
  const entries = datasets(group, hdf5);
  const scales = entries.filter(isScale);
  for (const scale of scales) readLabels(scale, groupName, coordinates);
  // A dimension may belong to a group further up.
  const inherited = datasets(group.root, hdf5).filter(isScale);
  const known = scalesById([...inherited, ...scales]);
  const variables: Record<string, Variable> = {};
  for (const dataset of entries) {
    if (scales.includes(dataset)) continue;
    const name = baseName(dataset.path);
    const place = `${groupName}.${name}`;
    const paths = scalePaths(dataset, known, place);
    for (const path of paths) {
      if (Object.hasOwn(coordinates, baseName(path))) continue;
      const scale = group.root.get(path);
      if (scale instanceof hdf5.Dataset) readLabels(scale, groupName, coordinates);
    }
    variables[name] = readVariable(dataset, paths.map(baseName), place);
  }
  return { variables, coordinates, attributes: readAttributes(group) };
}

function datasets(group: Hdf5Group, hdf5: Hdf5): Dataset[] {
  return group.keys().flatMap((name) => {
    const entity = group.get(name);
    return entity instanceof hdf5.Dataset ? [entity] : [];
  });
}

function isScale(dataset: Dataset): boolean {
  return dataset.get_scale_name() !== null;
}

function readVariable(dataset: Dataset, dims: readonly string[], place: string): Variable {
  const attributes = dataset.attrs;
  if ("_Unsigned" in attributes) {
    throw new InferenceDataError("NetCDF", place, "has the attribute _Unsigned, which is not supported");
  }
  const { data, isBoolean } = readValues(dataset, place);
  const isTruth = isBoolean || attributeValue(attributes["dtype"]) === "bool";
  const plain =
    isTruth && ArrayBuffer.isView(data) ? Uint8Array.from(data as Int32Array) : unpack(data, packing(attributes));
  return { dims, shape: [...(dataset.shape ?? [])], data: plain, attributes: readAttributes(dataset) };
}

function packing(attributes: Record<string, Attribute>): Parameters<typeof unpack>[1] {
  return {
    fillValues: [...attributeNumbers(attributes["_FillValue"]), ...attributeNumbers(attributes["missing_value"])],
    scaleFactor: attributeNumbers(attributes["scale_factor"])[0] ?? 1,
    addOffset: attributeNumbers(attributes["add_offset"])[0] ?? 0,
  };
}

function readLabels(scale: Dataset, groupName: string, coordinates: Record<string, Coordinate>): void {
  const dim = baseName(scale.path);
  const place = `${groupName}.${dim}`;
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
