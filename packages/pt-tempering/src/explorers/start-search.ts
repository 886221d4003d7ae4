import { LogDensityError } from "@siegert/log-density";
import type { GuardedTarget } from "./guarded-target.ts";
import type { Replica } from "./replica.ts";
import type { TemperedPath } from "./tempered-path.ts";

const MOST_TRIES = 1000;

/**
 * Brings a replica to a state that every rung allows: a given start, or the first of up to 1000 draws from a reference
 * (the legs' in turn) at which the target is positive.
 * @throws {LogDensityError} naming the values, when a given start has density 0, no draw has a positive one, or
 * the reference's draws are not its density's.
 */
export function findStart(
  path: TemperedPath,
  replica: Replica,
  number: number,
  starts: readonly (readonly number[])[] | undefined,
  target: GuardedTarget,
): void {
  const leg = number % replica.logReferences.length;
  if (starts) {
    const start = number % starts.length;
    replica.position.set(starts[start]!);
    path.begin(replica, 0, leg, 1);
    if (replica.logTarget > -Infinity) return;
    fail(`The density is 0 at starts[${start}]: ${target.describe(replica.position)}`, replica);
  }
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    path.refresh(replica, leg);
    if (replica.logTarget > -Infinity) return;
  }
  if (replica.logReferences[leg] === -Infinity) {
    const where = target.describe(replica.position);
    fail(`The reference's log density is not finite at a draw of its own: ${where}`, replica);
  }
  fail(
    `No start for replica ${number}: the target is 0 at ${MOST_TRIES} draws from the reference, the last being ` +
      `${target.describe(replica.position)}; choose a reference closer to the target, or give starts`,
    replica,
  );
}

function fail(message: string, { position }: Replica): never {
  throw new LogDensityError(message, { isRecoverable: false, position });
}
