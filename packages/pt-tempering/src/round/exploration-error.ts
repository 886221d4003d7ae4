import { TemperingError } from "../tempering-error.ts";

/** What a problem threw, with the round in which it did; a refused argument stays what it is. */
export function explorationError(error: unknown, round: number): unknown {
  const { name, message = String(error) } = (error ?? {}) as { readonly name?: string; readonly message?: string };
  if (name === "InvalidArgumentError") return error;
  return new TemperingError(`Exploration threw in round ${round}: ${message}`, {
    reason: "exploration",
    round,
    cause: error,
  });
}
