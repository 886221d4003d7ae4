import { SiegertError } from "@siegert/errors";

/** Bytes or text from outside are not what they should be, or hold what this package cannot represent. */
export class InferenceDataError extends SiegertError {
  override readonly name: string = "InferenceDataError";
  /** The format that was being read: NetCDF, NPZ or JSON. */
  readonly format: string;
  /** Where in the file: a group, a variable as `group.variable`, or "" for the file as a whole. */
  readonly place: string;

  /**
   * @param format the format that was being read.
   * @param place group, or `group.variable`, or "".
   * @param problem end of the sentence "place …".
   * @param cause the error underneath, if there is one.
   */
  constructor(format: string, place: string, problem: string, cause?: unknown) {
    super(`${format}: ${place === "" ? "the input" : place} ${problem}`, cause === undefined ? undefined : { cause });
    this.format = format;
    this.place = place;
  }
}
