export type { AngleRange } from "./data/angle-ranges.ts";
export { DataError, type DataErrorDetails } from "./data/data-error.ts";
export { type DataEntry, type DataFormat, DataSource, type FrameRange, type FrameWindow } from "./data/data-source.ts";
export {
  correctDiagonal,
  DIAGONAL_METHODS,
  type DiagonalMethod,
  type DiagonalOptions,
} from "./data/diagonal-correction.ts";
export {
  type CorrelationSelection,
  type SelectedCorrelations,
  selectCorrelations,
} from "./data/load-correlations.ts";
export { type FileKind, type OpenOptions, openDataSource } from "./data/open-data-source.ts";
export { type AngleMatch, type AngleMatches, type AngleSelection, selectAngles } from "./data/select-angles.ts";
export { type QMatch, type QSelection, selectQ } from "./data/select-q.ts";
export { type Asymmetry, measureAsymmetry } from "./data/symmetry.ts";
export { type ApsUData, writeApsUHdf5 } from "./output/aps-u-writer.ts";
export { checkWritable, makeFolder, writeAtomically } from "./output/atomic-write.ts";
export { type NpyArray, type NpyData, type NpyStream, writeNpy } from "./output/npy-writer.ts";
export { writeNpz } from "./output/npz-writer.ts";
export { OutputError } from "./output/output-error.ts";
export { toJson, writeJson, writeText } from "./output/write-text.ts";
