import { SiegertError } from "@siegert/errors";

/** Line and column in a configuration, both from 1. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong (or worth a warning) in a configuration. */
export interface ConfigProblem extends SourcePosition {
  /** Dotted path of the key, `optimization.nlsq.loss`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong and what to do. */
  readonly message: string;
}

/** A configuration cannot be used. It tells all problems at once, one per line of the message, in the file's order. */
export class ConfigError extends SiegertError {
  override readonly name: string = "ConfigError";
  /** The configuration's file. */
  readonly path: string;
  readonly problems: readonly ConfigProblem[];

  constructor(path: string, problems: readonly ConfigProblem[]) {
    super(problems.map((problem) => describeProblem(path, problem)).join("\n"));
    this.path = path;
    this.problems = problems;
  }
}

/** `file.yaml:12:5 key.path: message`, as editors and terminals link it. */
export function describeProblem(path: string, { line, column, path: key, message }: ConfigProblem): string {
  return `${path}:${line}:${column} ${key === "" ? "" : `${key}: `}${message}`;
}
