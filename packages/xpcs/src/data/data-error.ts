import { SiegertError } from "@siegert/errors";

/** Where in a file the trouble is. */
export interface DataErrorDetails {
  /** The dataset inside the file (HDF5 path, or array name of an npz). */
  readonly dataset?: string | undefined;
  /** What caused it, when another library reported it. */
  readonly cause?: unknown;
}

/** A data file cannot be used: it is missing, damaged, of another format, or its content contradicts the request. */
export class DataError extends SiegertError {
  override readonly name: string = "DataError";
  /** The file, as it was given. */
  readonly path: string;
  /** The dataset inside the file, where one is concerned. */
  readonly dataset: string | undefined;
  /** The trouble and the remedy, without the path. */
  readonly problem: string;

  /**
   * @param path the file.
   * @param problem one line: what is wrong and what to do.
   */
  constructor(path: string, problem: string, { dataset, cause }: DataErrorDetails = {}) {
    super(`${path}${dataset === undefined ? "" : `: ${dataset}`}: ${problem}`, cause === undefined ? {} : { cause });
    this.path = path;
    this.dataset = dataset;
    this.problem = problem;
  }
}
