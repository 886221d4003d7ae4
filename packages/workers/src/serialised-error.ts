/**
 * Errors as plain data. The structured clone algorithm keeps message and stack of an error, but neither its own fields
 * nor the name of a class of one's own.
 */

/** An error, or any other thrown value, ready to be posted. */
export type SerialisedError =
  | {
      readonly kind: "error";
      readonly name: string;
      readonly message: string;
      readonly stack: string | undefined;
      /** Own enumerable fields that can be cloned. */
      readonly fields: Readonly<Record<string, unknown>>;
      readonly cause?: SerialisedError;
      /** The errors of an AggregateError. */
      readonly errors?: readonly SerialisedError[];
    }
  | { readonly kind: "value"; readonly value: unknown };

/** Causes deeper than this are left out: a chain of causes may be a circle. */
const DEEPEST_CAUSE = 8;

/** A thrown value as plain data. What cannot be cloned is left out of the fields. */
export function serialiseError(thrown: unknown, depth = 0): SerialisedError {
  if (!(thrown instanceof Error) && !isDomException(thrown)) {
    return { kind: "value", value: isClonable(thrown) ? thrown : String(thrown) };
  }
  const error = thrown as Error;
  const fields: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(error)) {
    if (!["name", "message", "stack", "cause", "errors"].includes(key) && isClonable(value)) fields[key] = value;
  }
  const isShallow = depth < DEEPEST_CAUSE;
  return {
    kind: "error",
    name: String(error.name),
    message: String(error.message),
    stack: error.stack,
    fields,
    ...(isShallow && error.cause !== undefined ? { cause: serialiseError(error.cause, depth + 1) } : {}),
    ...(isShallow && error instanceof AggregateError
      ? { errors: error.errors.map((inner) => serialiseError(inner, depth + 1)) }
      : {}),
  };
}

function isDomException(value: unknown): boolean {
  return typeof DOMException !== "undefined" && value instanceof DOMException;
}

function isClonable(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "function" && typeof value !== "symbol";
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
