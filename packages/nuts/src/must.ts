import { InvalidArgumentError } from "@siegert/errors";

/** Refuses an argument that breaks a documented precondition. @throws {InvalidArgumentError} unless `isGood`. */
export function must(isGood: unknown, argument: string, requirement: string, received: unknown): asserts isGood {
  if (!isGood) throw new InvalidArgumentError(argument, requirement, received);
}
