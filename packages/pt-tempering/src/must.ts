import { InvalidArgumentError } from "@siegert/errors";

/** Refuses an argument that breaks a documented precondition. @throws {InvalidArgumentError} unless `isGood`. */
export function must(isGood: unknown, argument: string, requirement: string, received: unknown): asserts isGood {
  if (!isGood) throw new InvalidArgumentError(argument, requirement, received);
}

/** @throws {InvalidArgumentError} unless the value is an integer from `least` to `most`. */
export function mustCount(argument: string, value: number, least: number, most: number): number {
  const isGood = Number.isSafeInteger(value) && value >= least && value <= most;
  must(isGood, argument, `be an integer from ${least} to ${most}`, value);
  return value;
}
