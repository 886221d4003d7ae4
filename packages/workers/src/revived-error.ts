import { InvalidArgumentError } from "@siegert/errors";
import type { SerialisedError } from "./serialised-error.ts";
import { UnserialisableError } from "./unserialisable-error.ts";

type ErrorClass = new (message: string) => Error;

const builtIn: Readonly<Record<string, ErrorClass>> = {
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

/**
 * The error that was thrown in a worker: message, name, stack and fields as there. Classes of the language,
 * `InvalidArgumentError` and this package's own are restored, others arrive as `Error` with their name. A thrown value
 * that is no error arrives as itself.
 */
export function reviveError(serialised: SerialisedError): unknown {
  if (serialised.kind === "value") return serialised.value;
  const error = blankError(serialised);
  const hidden = { configurable: true, writable: true, enumerable: false };
  if (error.name !== serialised.name) Object.defineProperty(error, "name", { ...hidden, value: serialised.name });
  if (!isDomException(error)) Object.assign(error, serialised.fields);
  if (serialised.stack !== undefined) Object.defineProperty(error, "stack", { ...hidden, value: serialised.stack });
  if (serialised.cause) Object.defineProperty(error, "cause", { ...hidden, value: reviveError(serialised.cause) });
  return error;
}

function blankError(serialised: Extract<SerialisedError, { kind: "error" }>): Error {
  const { name, message, fields } = serialised;
  if (name === "InvalidArgumentError" && "argument" in fields && "requirement" in fields) {
    const error = new InvalidArgumentError(
      String(fields["argument"]),
      String(fields["requirement"]),
      fields["received"],
    );
    error.message = message;
    return error;
  }
  if (name === "UnserialisableError") return new UnserialisableError(String(fields["path"]), message);
  if (serialised.errors) return new AggregateError(serialised.errors.map(reviveError), message);
  if (typeof DOMException !== "undefined" && (name === "AbortError" || name === "TimeoutError")) {
    return new DOMException(message, name);
  }
  const Class = builtIn[name] ?? Error;
  return new Class(message);
}

function isDomException(error: Error): boolean {
  return typeof DOMException !== "undefined" && error instanceof DOMException;
}
