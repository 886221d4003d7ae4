import { InvalidArgumentError } from "@siegert/errors";
import type { CoordinateKind } from "./coordinate-kind.ts";
import { type CoordinateLaw, kindOf } from "./coordinate-law.ts";
import { FittedReference } from "./fitted-reference.ts";
import { IndependentReference } from "./independent-reference.ts";
import { checkFields } from "./known-fields.ts";
import { loadModule } from "./load-module.ts";
import { NormalReference } from "./normal-reference.ts";
import { isReference, type Reference } from "./reference.ts";
import {
  checkFitting,
  type FittedReferenceChoice,
  type PerCoordinate,
  type ReferenceChoice,
} from "./reference-choice.ts";

/** A reference, and the kinds of its coordinates where it knows them. */
export interface MadeReference {
  readonly reference: Reference;
  readonly kinds: readonly CoordinateKind[] | undefined;
}

/**
 * Makes the reference that was chosen, of the target's dimension.
 * @throws {InvalidArgumentError} naming what is wrong with the choice.
 */
export async function makeReference(
  choice: ReferenceChoice,
  dim: number,
  argument = "reference",
): Promise<MadeReference> {
  const made = await make(choice, dim, argument);
  if (made.reference.dim !== dim) {
    throw new InvalidArgumentError(argument, `have the target's dimension ${dim}`, made.reference.dim);
  }
  return made;
}

async function make(choice: ReferenceChoice, dim: number, argument: string): Promise<MadeReference> {
  if (isReference(choice)) return { reference: choice, kinds: undefined };
  switch (choice?.kind) {
    case "normal":
      checkFields(argument, choice, ["kind", "mean", "covariance" in choice ? "covariance" : "sd"]);
      if ("covariance" in choice) return { reference: normal(choice, dim, argument), kinds: undefined };
      return independent(normalLaws(choice, dim, argument), argument);
    case "uniform":
      checkFields(argument, choice, ["kind", "lower", "upper"]);
      return independent(uniformLaws(choice, dim, argument), argument);
    case "independent":
      checkFields(argument, choice, ["kind", "coordinates"]);
      if (!Array.isArray(choice.coordinates)) {
        throw new InvalidArgumentError(`${argument}.coordinates`, "be an array of laws", choice.coordinates);
      }
      return independent(choice.coordinates as readonly CoordinateLaw[], argument);
    case "fitted-normal": {
      checkFields(argument, choice, ["kind", "start", "covariance", "firstRound"]);
      checkFitting(choice.covariance, choice.firstRound);
      const start = await makeReference(choice.start, dim, `${argument}.start`);
      refuseDiscrete(start.kinds, argument);
      refuseFixed(choice.start, argument);
      return { ...start, reference: new FittedReference(start.reference, choice.covariance, choice.firstRound) };
    }
    case "module": {
      const made = await loadModule(choice, argument);
      if (!isReference(made)) {
        const requirement = "name a function that gives a reference (dim, logDensity, logDensityAndGradient, draw)";
        throw new InvalidArgumentError(`${argument}.export`, requirement, made);
      }
      return { reference: made, kinds: undefined };
    }
    default:
      throw new InvalidArgumentError(
        argument,
        "be made by normalReference, uniformReference, independentReference or fittedNormalReference, " +
          "or have dim, logDensity, logDensityAndGradient and draw",
        choice,
      );
  }
}

/** @throws {InvalidArgumentError} where a coordinate is an integer or a boolean: a normal law cannot be fitted to it. */
export function refuseDiscrete(kinds: readonly CoordinateKind[] | undefined, argument: string): void {
  const at = kinds?.findIndex(({ kind }) => kind !== "real") ?? -1;
  if (at < 0) return;
  throw new InvalidArgumentError(
    argument,
    `be fixed, because coordinate ${at} is discrete and a normal law cannot be fitted to it`,
    `fitted-normal over a coordinate of kind ${kinds![at]!.kind}`,
  );
}

/** @throws {InvalidArgumentError} where a coordinate has no width that could be fitted. */
function refuseFixed(start: FittedReferenceChoice["start"], argument: string): void {
  if (isReference(start) || start.kind !== "independent") return;
  const at = start.coordinates.findIndex(({ law }) => law === "fixed");
  if (at < 0) return;
  throw new InvalidArgumentError(`${argument}.start`, `leave coordinate ${at} a width that can be fitted`, "fixed");
}

function independent(laws: readonly CoordinateLaw[], argument: string): MadeReference {
  return { reference: new IndependentReference(laws, `${argument}.coordinates`), kinds: laws.map(kindOf) };
}

function normal(
  { mean, covariance }: { readonly mean: PerCoordinate; readonly covariance: readonly (readonly number[])[] },
  dim: number,
  argument: string,
): NormalReference {
  const at = `${argument}.covariance`;
  const isSquare = Array.isArray(covariance) && covariance.length === dim && covariance.every((r) => r.length === dim);
  if (!isSquare) throw new InvalidArgumentError(at, `have ${dim} rows of ${dim} numbers`, covariance);
  const packed: number[] = [];
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j <= i; j++) {
      const [a, b] = [covariance[i]![j]!, covariance[j]![i]!];
      if (!Number.isFinite(a) || Math.abs(a - b) > 1e-12 * Math.max(Math.abs(a), Math.abs(b))) {
        throw new InvalidArgumentError(`${at}[${i}][${j}]`, `be finite and equal to entry [${j}][${i}]`, a);
      }
      packed.push(a);
    }
  }
  return new NormalReference(spread(mean, dim, `${argument}.mean`), packed, at);
}

function normalLaws(
  { mean, sd }: { readonly mean: PerCoordinate; readonly sd: PerCoordinate },
  dim: number,
  argument: string,
): CoordinateLaw[] {
  const sds = spread(sd, dim, `${argument}.sd`);
  return spread(mean, dim, `${argument}.mean`).map((m, i) => ({ law: "normal", mean: m, sd: sds[i]! }));
}

function uniformLaws(
  { lower, upper }: { readonly lower: PerCoordinate; readonly upper: PerCoordinate },
  dim: number,
  argument: string,
): CoordinateLaw[] {
  const uppers = spread(upper, dim, `${argument}.upper`);
  return spread(lower, dim, `${argument}.lower`).map((a, i) => ({ law: "uniform", lower: a, upper: uppers[i]! }));
}

function spread(value: PerCoordinate, dim: number, argument: string): number[] {
  const all = typeof value === "number" ? new Array<number>(dim).fill(value) : Array.from(value ?? []);
  const isGood = all.length === dim && all.every((x) => Number.isFinite(x));
  if (!isGood) throw new InvalidArgumentError(argument, `be a finite number, or ${dim} of them`, value);
  return all;
}
