import { InvalidArgumentError } from "@siegert/errors";
import { type CoordinateKind, REAL } from "./coordinate-kind.ts";
import { checkFields } from "./known-fields.ts";

/** The law of one coordinate of an independent reference; plain data. */
export type CoordinateLaw =
  | { readonly law: "normal"; readonly mean: number; readonly sd: number }
  | { readonly law: "uniform"; readonly lower: number; readonly upper: number }
  /** Uniform on the integers from `lower` to `upper`, both included. */
  | { readonly law: "integer"; readonly lower: number; readonly upper: number }
  /** 1 with this probability, else 0. */
  | { readonly law: "boolean"; readonly probability: number }
  /** Always this value: a coordinate that is known. */
  | { readonly law: "fixed"; readonly value: number };

/** @throws {InvalidArgumentError} naming the field that is wrong. */
export function checkLaw(law: CoordinateLaw, argument: string): void {
  switch (law?.law) {
    case "normal":
      checkFields(argument, law, ["law", "mean", "sd"]);
      checkFinite(`${argument}.mean`, law.mean);
      check(law.sd > 0 && law.sd < Infinity, `${argument}.sd`, "be positive and finite", law.sd);
      return;
    case "uniform":
      checkFields(argument, law, ["law", "lower", "upper"]);
      checkRange(argument, law.lower, law.upper);
      check(law.lower < law.upper, `${argument}.upper`, `be above the lower bound ${law.lower}`, law.upper);
      return;
    case "integer":
      checkFields(argument, law, ["law", "lower", "upper"]);
      checkRange(argument, law.lower, law.upper);
      check(Number.isSafeInteger(law.lower), `${argument}.lower`, "be an integer", law.lower);
      check(Number.isSafeInteger(law.upper), `${argument}.upper`, "be an integer", law.upper);
      check(law.lower <= law.upper, `${argument}.upper`, `be at least ${law.lower}`, law.upper);
      return;
    case "boolean":
      checkFields(argument, law, ["law", "probability"]);
      check(law.probability > 0 && law.probability < 1, `${argument}.probability`, "lie in (0, 1)", law.probability);
      return;
    case "fixed":
      checkFields(argument, law, ["law", "value"]);
      checkFinite(`${argument}.value`, law.value);
      return;
    default:
      throw new InvalidArgumentError(
        `${argument}.law`,
        "be normal, uniform, integer, boolean or fixed",
        (law as { readonly law?: unknown } | undefined)?.law,
      );
  }
}

/** What values a law gives. */
export function kindOf(law: CoordinateLaw): CoordinateKind {
  if (law.law === "boolean") return { kind: "boolean" };
  return law.law === "integer" ? { kind: "integer", lower: law.lower, upper: law.upper } : REAL;
}

function checkRange(argument: string, lower: number, upper: number): void {
  checkFinite(`${argument}.lower`, lower);
  checkFinite(`${argument}.upper`, upper);
}

function checkFinite(argument: string, value: number): void {
  check(Number.isFinite(value), argument, "be finite", value);
}

function check(isGood: boolean, argument: string, requirement: string, received: unknown): void {
  if (!isGood) throw new InvalidArgumentError(argument, requirement, received);
}
