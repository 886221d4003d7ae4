import { InvalidArgumentError, nearest } from "@siegert/errors";

/** @throws {InvalidArgumentError} for a field that is none of the known ones, with a guess at what was meant. */
export function checkFields(argument: string, settings: object, known: readonly string[]): void {
  for (const name of Object.keys(settings)) {
    if (known.includes(name)) continue;
    const guess = nearest(name, known);
    const hint = guess ? `; did you mean ${guess}?` : "";
    throw new InvalidArgumentError(argument, `have no fields but ${known.join(", ")}${hint}`, name);
  }
}
