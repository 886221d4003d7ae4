import { InvalidArgumentError } from "@siegert/errors";
import type { Dataset, File, Group as Hdf5Group } from "h5wasm";
import { checkInferenceData } from "./check-inference-data.ts";
import { writeHdf5 } from "./hdf5-library.ts";
import {
  type Attributes,
  type AttributeValue,
  completeCoordinates,
  type InferenceData,
  type NamedGroup,
  namedGroups,
  type Variable,
} from "./inference-data.ts";
import { storedLabels } from "./labels.ts";

export interface NetcdfOptions {
  /** Deflate level of numbers, 0 (none) to 9. Default 0, as ArviZ 1.x: draws hardly shrink. */
  readonly compressionLevel?: number | undefined;
}

/** Largest chunk of a compressed variable, in elements: 1 MiB of float64. */
const CHUNK_ELEMENTS = 131_072;
/** Variables below this size stay as they are: the index of chunks would take more than deflate saves. */
const COMPRESSED_BYTES = 16_384;

/**
 * The data as bytes of a NetCDF-4 file in the InferenceData schema, as `arviz.from_netcdf` opens it: one HDF5 group for
 * each group, dimensions as dimension scales that hold the labels (int64, float64 or UTF-8 strings), truth values as int8
 * with the attribute `dtype = "bool"`, as xarray stores them. Nothing is written to disk. Equal data give files of equal
 * content.
 *
 * Conventions: NetCDF-4 format specification (Unidata), HDF5 dimension scale specification (The HDF Group).
 *
 * @throws {InvalidArgumentError} when the data are not consistent, or a variable does not fit into the 2 GiB of
 * memory that the HDF5 library has.
 */
export async function toNetcdf(data: InferenceData, options: NetcdfOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  const { compressionLevel = 0 } = options;
  if (!(Number.isInteger(compressionLevel) && compressionLevel >= 0 && compressionLevel <= 9)) {
    throw new InvalidArgumentError("compressionLevel", "be a whole number from 0 to 9", compressionLevel);
  }
  checkInferenceData(data);
  return writeHdf5((file) => {
    let dimensionId = 0;
    writeAttributes(file, data.attributes);
    for (const group of namedGroups(data)) dimensionId = writeGroup(file, group, dimensionId, compressionLevel);
  });
}

/** @returns the first identity that no dimension has: NetCDF counts dimensions through the whole file. */
function writeGroup(file: File, { name, key, group }: NamedGroup, firstId: number, compressionLevel: number): number {
  const target = file.create_group(name, true);
  writeAttributes(target, group.attributes);
  const ids = new Map<string, number>();
  for (const [dim, labels] of Object.entries(completeCoordinates(group))) {
    const scale = writeLabels(target, dim, storedLabels(labels));
    scale.make_scale(dim);
    const id = firstId + ids.size;
    ids.set(dim, id);
    scale.create_attribute("_Netcdf4Dimid", Int32Array.of(id), []);
  }
  for (const [variableName, variable] of Object.entries(group.variables)) {
    const dataset = withinMemory(`${key}.${variableName}`, variable, () =>
      writeVariable(target, variableName, variable, compressionLevel),
    );
    for (const [axis, dim] of variable.dims.entries()) dataset.attach_scale(axis, `/${name}/${dim}`);
    if (variable.dims.length > 0) {
      dataset.create_attribute(
        "_Netcdf4Coordinates",
        Int32Array.from(variable.dims, (dim) => ids.get(dim)!),
      );
    }
    if (variable.data instanceof Uint8Array) dataset.create_attribute("dtype", "bool", [], "S");
    writeAttributes(dataset, variable.attributes);
  }
  return firstId + ids.size;
}

function writeLabels(target: Hdf5Group, dim: string, labels: ReturnType<typeof storedLabels>): Dataset {
  if (ArrayBuffer.isView(labels)) return target.create_dataset({ name: dim, data: labels });
  return target.create_dataset({ name: dim, data: [...labels], shape: [labels.length], dtype: "S" });
}

function writeVariable(target: Hdf5Group, name: string, { data, shape }: Variable, compressionLevel: number): Dataset {
  if (!ArrayBuffer.isView(data)) {
    return target.create_dataset({ name, data: [...data], shape: [...shape], dtype: "S" });
  }
  const stored = data instanceof Uint8Array ? new Int8Array(data.buffer, data.byteOffset, data.length) : data;
  const isCompressed = compressionLevel > 0 && data.byteLength >= COMPRESSED_BYTES;
  return target.create_dataset({
    name,
    data: stored,
    shape: [...shape],
    ...(isCompressed ? { chunks: chunkShape(shape), compression: "gzip", compression_opts: compressionLevel } : {}),
  });
}

/** The library takes a variable whole; that it has no room is its only failure that depends on the data. */
function withinMemory(place: string, { data }: Variable, write: () => Dataset): Dataset {
  try {
    return write();
  } catch (cause) {
    if (!(cause instanceof Error && /allocation/i.test(cause.message) && ArrayBuffer.isView(data))) throw cause;
    const requirement = "fit into the memory of the HDF5 library, 2 GiB with what it holds already";
    throw new InvalidArgumentError(`${place}.data`, requirement, `${data.byteLength} bytes`);
  }
}

/** The shape, its longest side halved until a chunk is small enough. */
function chunkShape(shape: readonly number[]): number[] {
  const chunk = [...shape];
  while (chunk.reduce((product, length) => product * length, 1) > CHUNK_ELEMENTS) {
    const longest = chunk.indexOf(Math.max(...chunk));
    chunk[longest] = Math.ceil(chunk[longest]! / 2);
  }
  return chunk;
}

function writeAttributes(target: Hdf5Group | Dataset, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) writeAttribute(target, name, value);
}

function writeAttribute(target: Hdf5Group | Dataset, name: string, value: AttributeValue): void {
  const list = typeof value === "object" ? value : [value];
  const shape = typeof value === "object" ? [list.length] : [];
  if (typeof list[0] === "string") {
    target.create_attribute(name, [...(list as readonly string[])], shape, "S");
    return;
  }
  const numbers = list as readonly number[];
  const isWhole = numbers.length > 0 && numbers.every((item) => Object.is(item | 0, item));
  target.create_attribute(name, isWhole ? Int32Array.from(numbers) : Float64Array.from(numbers), shape);
}
