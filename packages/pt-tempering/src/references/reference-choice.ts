import { InvalidArgumentError } from "@siegert/errors";
import type { CoordinateLaw } from "./coordinate-law.ts";
import type { ModuleChoice } from "./load-module.ts";
import type { Reference } from "./reference.ts";

/** One number for all coordinates, or one for each. */
export type PerCoordinate = number | readonly number[];

/** A fixed reference as plain data. */
export type FixedReferenceChoice =
  | { readonly kind: "normal"; readonly mean: PerCoordinate; readonly sd: PerCoordinate }
  | {
      readonly kind: "normal";
      readonly mean: PerCoordinate;
      /** Rows of a symmetric, positive definite matrix. */
      readonly covariance: readonly (readonly number[])[];
    }
  | { readonly kind: "uniform"; readonly lower: PerCoordinate; readonly upper: PerCoordinate }
  | { readonly kind: "independent"; readonly coordinates: readonly CoordinateLaw[] }
  /** The module's function gives a `Reference`. */
  | ModuleChoice;

/** A normal reference that is fitted to the target's draws between rounds. */
export interface FittedReferenceChoice {
  readonly kind: "fitted-normal";
  /** Serves until the first fit. */
  readonly start: FixedReferenceChoice | Reference;
  readonly covariance: "diagonal" | "full";
  /** Round, from 0, after which it is fitted for the first time. */
  readonly firstRound: number;
}

/** A reference as data, or an object that is one. */
export type ReferenceChoice = FixedReferenceChoice | FittedReferenceChoice | Reference;

/** A normal reference: `{ mean, sd }` for independent coordinates, `{ mean, covariance }` for any. */
export function normalReference(
  settings:
    | { readonly mean: PerCoordinate; readonly sd: PerCoordinate }
    | { readonly mean: PerCoordinate; readonly covariance: readonly (readonly number[])[] },
): FixedReferenceChoice {
  return { kind: "normal", ...settings };
}

/** A uniform reference on the box between two corners. The path lives in the box, the target included. */
export function uniformReference(settings: {
  readonly lower: PerCoordinate;
  readonly upper: PerCoordinate;
}): FixedReferenceChoice {
  return { kind: "uniform", ...settings };
}

/** A product of one law per coordinate; the way to states with integers and booleans. */
export function independentReference(coordinates: readonly CoordinateLaw[]): FixedReferenceChoice {
  return { kind: "independent", coordinates };
}

/**
 * A normal reference that is fitted between rounds to the mean and the (co)variance of the target's draws in the round
 * before: the variational reference of Surjanovic, Syed, Bouchard-Côté & Campbell (2022, arXiv 2206.00080). It shortens
 * the path where the target is far from the fixed reference and close to normal; where it might lose a mode of the target, keep the
 * fixed reference as a second leg.
 * @param settings.firstRound round, counted from 0, after which the first fit is made. Default 5: 64 scans in the round
 *   that uses it.
 * @throws {InvalidArgumentError} for another covariance than "diagonal" and "full", and for a bad round.
 */
export function fittedNormalReference(settings: {
  readonly start: FixedReferenceChoice | Reference;
  readonly covariance?: "diagonal" | "full";
  readonly firstRound?: number;
}): FittedReferenceChoice {
  const { start, covariance = "diagonal", firstRound = 5 } = settings;
  checkFitting(covariance, firstRound);
  return { kind: "fitted-normal", start, covariance, firstRound };
}

/** @throws {InvalidArgumentError} as `fittedNormalReference` does. */
export function checkFitting(covariance: unknown, firstRound: unknown): void {
  if (covariance !== "diagonal" && covariance !== "full") {
    throw new InvalidArgumentError("reference.covariance", 'be "diagonal" or "full"', covariance);
  }
  if (!Number.isSafeInteger(firstRound) || (firstRound as number) < 0) {
    throw new InvalidArgumentError("reference.firstRound", "be a non-negative integer", firstRound);
  }
}
