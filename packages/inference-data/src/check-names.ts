import { InvalidArgumentError } from "@siegert/errors";

/** Attributes by which NetCDF, HDF5 and xarray describe how a variable is stored. */
export const STORAGE_ATTRIBUTES: ReadonlySet<string> = new Set([
  "CLASS",
  "NAME",
  "REFERENCE_LIST",
  "DIMENSION_LIST",
  "DIMENSION_LABELS",
  "_Netcdf4Dimid",
  "_Netcdf4Coordinates",
  "_NCProperties",
  "_nc3_strict",
  "_FillValue",
  "missing_value",
  "scale_factor",
  "add_offset",
  "_Unsigned",
  "dtype",
  "coordinates",
]);

/** Why a name cannot be that of a variable, dimension, group or attribute in NetCDF; undefined when it can. */
function nameRequirement(name: string): string | undefined {
  if (!/^[A-Za-z0-9_\u0080-\u{10ffff}]/u.test(name)) return "begin with a letter, a digit or an underscore";
  if (name === "__proto__") return "not be __proto__";
  if (/[/\p{Cc}\p{Surrogate}]/u.test(name)) return "hold no slash and no control character";
  if (name.endsWith(" ")) return "not end with a space";
  if (name.normalize("NFC") !== name) return "be in Unicode normal form C";
  return undefined;
}

/** @throws {InvalidArgumentError} unless NetCDF allows the name. */
export function checkName(argument: string, name: string): void {
  const requirement = nameRequirement(name);
  if (requirement !== undefined) throw new InvalidArgumentError(argument, requirement, name);
}

/** @throws {InvalidArgumentError} unless the text can be stored: well-formed Unicode without the character U+0000. */
export function checkText(argument: string, text: unknown): void {
  if (typeof text !== "string") throw new InvalidArgumentError(argument, "be a string", text);
  if (/[\0\p{Surrogate}]/u.test(text)) {
    throw new InvalidArgumentError(argument, "be well-formed Unicode without the character U+0000", text);
  }
}
