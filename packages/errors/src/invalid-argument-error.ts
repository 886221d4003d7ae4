import { SiegertError } from "./siegert-error.ts";

/** An argument breaks a documented precondition. Thrown before any work is done. */
export class InvalidArgumentError extends SiegertError {
  override readonly name: string = "InvalidArgumentError";
  /** Name of the argument, with its path when it is nested: `options.bounds.lower[3]`. */
  readonly argument: string;
  /** What the argument must do, as the end of the sentence "it must …". */
  readonly requirement: string;
  /** The value that was given. */
  readonly received: unknown;

  /**
   * @param argument name of the argument.
   * @param requirement end of the sentence "argument must …", for instance "be positive and finite".
   * @param received the value given; shown in the message, shortened when long.
   */
  constructor(argument: string, requirement: string, received: unknown) {
    super(`${argument} must ${requirement}; received ${shown(received)}`);
    this.argument = argument;
    this.requirement = requirement;
    this.received = received;
  }
}

/** The value as a short piece of text: at most about 80 characters, arrays by length and first entries. */
function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  if (typeof value === "function") return `a function${value.name ? ` (${value.name})` : ""}`;
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return shownArray(value as ArrayLike<unknown>);
  if (typeof value === "object" && value !== null)
    return `an object with keys ${Object.keys(value).slice(0, 6).join(", ") || "(none)"}`;
  return String(value);
}

function shownArray(value: ArrayLike<unknown>): string {
  const first = Array.from({ length: Math.min(4, value.length) }, (_, i) => String(value[i])).join(", ");
  return `an array of length ${value.length} [${first}${value.length > 4 ? ", ..." : ""}]`;
}
