import { InvalidArgumentError } from "@siegert/errors";

/** How many sweeps a chain makes, and which states are drawn: the first right after warmup, then one every so often. */
export interface Schedule {
  /** Sweeps before the first draw; samplers may learn in them. Default 500. */
  readonly warmup?: number;
  /** Default 1000. */
  readonly draws?: number;
  /** Sweeps from one draw to the next. Default 1. */
  readonly stepsPerDraw?: number;
}

/** @throws {InvalidArgumentError} for numbers that are not integers, fewer than 0 (warmup) or 1 (draws, steps). */
export function resolveSchedule({ warmup = 500, draws = 1000, stepsPerDraw = 1 }: Schedule): Required<Schedule> {
  checkInteger("warmup", warmup, 0);
  checkInteger("draws", draws, 1);
  checkInteger("stepsPerDraw", stepsPerDraw, 1);
  return { warmup, draws, stepsPerDraw };
}

/** @throws {InvalidArgumentError} unless the value is an integer and at least `least`. */
export function checkInteger(argument: string, value: number, least: number): void {
  if (!(Number.isSafeInteger(value) && value >= least)) {
    throw new InvalidArgumentError(argument, `be an integer, at least ${least}`, value);
  }
}
