import { InvalidArgumentError } from "@siegert/errors";
import type { CoordinateKind } from "../references/coordinate-kind.ts";

/** @throws {InvalidArgumentError} when a coordinate is discrete, which this explorer cannot move. */
export function requireReal(explorer: string, kinds: readonly CoordinateKind[]): void {
  const at = kinds.findIndex(({ kind }) => kind !== "real");
  if (at < 0) return;
  throw new InvalidArgumentError(
    "explorer",
    `be slice() or gibbs() for coordinate ${at}, which is discrete; use onCoordinates to leave ${explorer} the real ones`,
    `${explorer} on a coordinate of kind ${kinds[at]!.kind}`,
  );
}
