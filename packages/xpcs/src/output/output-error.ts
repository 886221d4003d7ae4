import { SiegertError } from "@siegert/errors";

/** A result cannot be written. Nothing half-written stays behind. */
export class OutputError extends SiegertError {
  override readonly name: string = "OutputError";
  /** The file or folder that was to be written. */
  readonly path: string;

  constructor(path: string, problem: string, cause?: unknown) {
    super(`${path}: ${problem}`, cause === undefined ? {} : { cause });
    this.path = path;
  }
}

/** An operating system's refusal in words. */
export function outputErrorFrom(path: string, cause: unknown): OutputError {
  if (cause instanceof OutputError) return cause;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const words: Readonly<Record<string, string>> = {
    EACCES: "permission denied",
    EPERM: "operation not permitted",
    EROFS: "the file system is read-only",
    ENOSPC: "no space is left on the device",
    EDQUOT: "the disk quota is used up",
    ENOTDIR: "a part of the path is a file, not a folder",
    EEXIST: "a part of the path is a file, not a folder",
    EISDIR: "it is a folder",
    ENOENT: "no file or folder can be made there",
    ENAMETOOLONG: "the name is too long",
  };
  const reason =
    (code === undefined ? undefined : words[code]) ??
    (cause instanceof Error ? cause.message.split("\n")[0] : String(cause));
  return new OutputError(path, `cannot be written: ${reason}`, cause);
}
