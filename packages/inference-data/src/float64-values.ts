import { InvalidArgumentError } from "@siegert/errors";
import type { Variable } from "./inference-data.ts";

/**
 * Elements of a variable as float64, in row-major order: integers of 64 bits are rounded to the nearest double, truth
 * values become 0 and 1. A Float64Array is returned as it is, without a copy.
 *
 * @throws {InvalidArgumentError} for a variable of strings.
 */
export function float64Values({ data }: Variable): Float64Array {
  if (data instanceof Float64Array) return data;
  if (data instanceof BigInt64Array) return Float64Array.from(data, Number);
  if (data instanceof Int32Array || data instanceof Uint8Array) return Float64Array.from(data);
  throw new InvalidArgumentError("variable", "hold numbers", data);
}
