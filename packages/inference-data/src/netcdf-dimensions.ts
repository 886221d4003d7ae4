import type { Dataset } from "h5wasm";
import { InferenceDataError } from "./inference-data-error.ts";
import { attributeNumbers } from "./netcdf-attributes.ts";

/** Dimension scales by the identity that NetCDF gives to a dimension. */
export type ScalesById = ReadonlyMap<number, Dataset>;

/** Later scales come before earlier ones: those of a group before those of its parent. */
export function scalesById(scales: readonly Dataset[]): ScalesById {
  return new Map(
    scales.flatMap((scale) => {
      const id = attributeNumbers(scale.attrs["_Netcdf4Dimid"])[0];
      return id === undefined ? [] : [[id, scale] as const];
    }),
  );
}

/**
 * Paths of the scales of a variable, one for each of its dimensions: by the identities that NetCDF keeps beside it, which
 * is quick, or else by the references of HDF5, for which the library searches the whole file.
 *
 * @throws {InferenceDataError} when a dimension has no scale.
 */
export function scalePaths(dataset: Dataset, known: ScalesById, place: string): string[] {
  const shape = dataset.shape ?? [];
  const ids = attributeNumbers(dataset.attrs["_Netcdf4Coordinates"]);
  const named = ids.map((id) => known.get(id));
  const isComplete = ids.length === shape.length && named.every((scale, axis) => scale?.shape?.[0] === shape[axis]);
  if (isComplete) return named.map((scale) => scale!.path);
  return shape.map((_, axis) => {
    const path = dataset.get_attached_scales(axis)[0];
    if (path === undefined) throw new InferenceDataError("NetCDF", place, `has no named dimension on axis ${axis}`);
    return path;
  });
}
