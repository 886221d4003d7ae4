import type { Coordinate, VariableData } from "./inference-data.ts";
import { InferenceDataError } from "./inference-data-error.ts";

/** Labels as files keep them: int64 when all are whole numbers, as ArviZ does, else float64, or strings. */
export function storedLabels(labels: Coordinate): BigInt64Array | Float64Array | readonly string[] {
  if (typeof labels[0] === "string") return labels as readonly string[];
  const numbers = labels as readonly number[];
  const isWhole = numbers.every((label) => Number.isSafeInteger(label) && !Object.is(label, -0));
  return isWhole ? BigInt64Array.from(numbers, BigInt) : Float64Array.from(numbers);
}

/** @throws {InferenceDataError} when integers are too large to be told apart as numbers. */
export function labelsFrom(format: string, place: string, data: VariableData): Coordinate {
  if (!ArrayBuffer.isView(data)) return [...data];
  const labels = Array.from(data as ArrayLike<number | bigint>, Number);
  if (data instanceof BigInt64Array && !labels.every(Number.isSafeInteger)) {
    throw new InferenceDataError(format, place, "has labels beyond 2^53, which numbers cannot tell apart");
  }
  return labels;
}
