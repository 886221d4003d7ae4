import type { Dataset } from "h5wasm";
import type { VariableData } from "./inference-data.ts";
import { InferenceDataError } from "./inference-data-error.ts";

type Metadata = Dataset["metadata"];

/** Classes of HDF5 element types, as the library numbers them. */
const INTEGER = 0;
const FLOAT = 1;
const STRING = 3;
const ENUM = 8;

/** Stored elements and how they are to be understood. */
export interface StoredValues {
  readonly data: VariableData;
  /** Whether the elements are truth values, and not merely bytes. */
  readonly isBoolean: boolean;
}

/**
 * Elements of a dataset: floats as float64, integers as 32 bits where the type fits and as 64 otherwise.
 *
 * @throws {InferenceDataError} for types other than numbers, truth values and strings.
 */
export function readValues(dataset: Dataset, place: string): StoredValues {
  const metadata = dataset.metadata;
  if (metadata.shape === null) throw new InferenceDataError("NetCDF", place, "is empty: it has no shape");
  if (metadata.type === STRING) {
    return { data: listOf<string>(dataset.value), isBoolean: false };
  }
  if (metadata.type === FLOAT && (metadata.size === 8 || metadata.size === 4)) {
    const data = dataset.value;
    return { data: data instanceof Float64Array ? data : Float64Array.from(listOf<number>(data)), isBoolean: false };
  }
  if (metadata.type === INTEGER) return { data: integers(dataset, place), isBoolean: false };
  if (metadata.type === ENUM && isBooleanEnum(metadata)) {
    return { data: Uint8Array.from(listOf<number>(dataset.value)), isBoolean: true };
  }
  throw new InferenceDataError("NetCDF", place, "holds elements that are neither numbers nor strings");
}

/** The library hands a single element out bare. */
function listOf<T>(value: unknown): T[] {
  if (Array.isArray(value)) return value as T[];
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<T>);
  return [value as T];
}

function integers(dataset: Dataset, place: string): Int32Array | BigInt64Array {
  const { size, signed } = dataset.metadata;
  const value = dataset.value;
  if (size < 4 || (size === 4 && signed))
    return value instanceof Int32Array ? value : Int32Array.from(listOf<number>(value));
  if (value instanceof BigInt64Array) return value;
  const list = listOf<number | bigint>(value);
  const large = list.find((item) => item > 0x7fffffffffffffffn);
  if (large !== undefined) throw new InferenceDataError("NetCDF", place, `holds ${large}, more than 64 signed bits`);
  return BigInt64Array.from(list, BigInt);
}

/** h5py's storage of truth values. */
function isBooleanEnum({ enum_type }: Metadata): boolean {
  const members = enum_type?.members ?? {};
  return Object.keys(members).length === 2 && members["FALSE"] === 0 && members["TRUE"] === 1;
}

/** Attributes by which CF conventions pack numbers. */
export interface Packing {
  readonly fillValues: readonly number[];
  readonly scaleFactor: number;
  readonly addOffset: number;
}

/**
 * Undoes packing as xarray does: fill values become NaN, then value × scale + offset; integers become float64 when any of
 * it applies (CF conventions 1.11, sections 2.5.1 and 8.1).
 */
export function unpack(data: VariableData, { fillValues, scaleFactor, addOffset }: Packing): VariableData {
  if (!ArrayBuffer.isView(data)) return data;
  const fills = fillValues.filter((value) => !Number.isNaN(value));
  const isScaled = scaleFactor !== 1 || addOffset !== 0;
  if (fills.length === 0 && !isScaled) return data;
  const numbers = Float64Array.from(data as ArrayLike<number | bigint>, Number);
  if (!isScaled && !numbers.some((value) => fills.includes(value))) return data;
  return numbers.map((value) => (fills.includes(value) ? Number.NaN : value * scaleFactor + addOffset));
}
