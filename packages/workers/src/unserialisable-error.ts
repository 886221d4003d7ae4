import { SiegertError } from "@siegert/errors";

/** A value that should travel to or from a worker holds something that cannot: a function, a symbol, a promise ... */
export class UnserialisableError extends SiegertError {
  override readonly name: string = "UnserialisableError";
  /** Where it is: `argument.model.logDensity`, `result[3]`. */
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}
