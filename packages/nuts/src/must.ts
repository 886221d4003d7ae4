import { InvalidArgumentError } from "@siegert/errors";

/** Refuses an argument that breaks a documented precondition. @throws {InvalidArgumentError} unless `isGood`. */
export function must(isGood: unknown, argument: string, requirement: string, received: unknown): asserts isGood {
  if (!isGood) throw new InvalidArgumentError(argument, requirement, received);
}

/** @throws {InvalidArgumentError} unless the value is positive and finite. */
export function mustBePositive(argument: string, value: number): void {
  must(value > 0 && value < Infinity, argument, "be positive and finite", value);
}
