import { SiegertError } from "@siegert/errors";

/** One thing that is wrong in a model file. */
export interface ModelFileProblem {
  /** From 1; undefined for the file as a whole. */
  readonly line?: number;
  readonly column?: number;
  /** Dotted path of the key; empty for the file as a whole. */
  readonly key: string;
  /** What is wrong and what to do. */
  readonly message: string;
}

/** A model file cannot be used; the message has all problems, one per line. */
export class ModelFileError extends SiegertError {
  override readonly name: string = "ModelFileError";
  readonly path: string;
  readonly problems: readonly ModelFileProblem[];

  constructor(path: string, problems: readonly ModelFileProblem[]) {
    super(
      problems
        .map(({ line, column, key, message }) => {
          const place = line === undefined ? "" : `:${line}:${column ?? 1}`;
          return `${path}${place}${key === "" ? "" : ` ${key}`}: ${message}`;
        })
        .join("\n"),
    );
    this.path = path;
    this.problems = problems;
  }
}
