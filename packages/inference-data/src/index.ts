export {
  createInferenceData,
  type GroupInput,
  type InferenceDataInput,
  type VariableInput,
} from "./create-inference-data.ts";
export { float64Values } from "./float64-values.ts";
export type { GroupKey } from "./group-names.ts";
export type {
  Attributes,
  AttributeValue,
  Coordinate,
  Group,
  InferenceData,
  Variable,
  VariableData,
} from "./inference-data.ts";
export { InferenceDataError } from "./inference-data-error.ts";
export { fromJsonText, toJsonText } from "./json-text.ts";
export { fromNetcdf } from "./netcdf-reader.ts";
export { type NetcdfOptions, toNetcdf } from "./netcdf-writer.ts";
export { fromNpz, type NpzOptions, toNpz } from "./npz.ts";
export { type Provenance, schemaAttributes } from "./schema-attributes.ts";
