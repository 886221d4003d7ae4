import { InvalidArgumentError } from "@siegert/errors";
import { isExplained, type LogDensity } from "./log-density.ts";
import { coordinateName, isNamed } from "./named-log-density.ts";

/** What a look at a target before sampling found. */
export interface PreflightReport {
  readonly isGood: boolean;
  readonly logDensity: number;
  /** One sentence each: which value, term or parameter, and what to do. */
  readonly problems: readonly string[];
}

/**
 * Evaluates a target once and says what is not as it should be: a value that is not finite and the terms it comes from,
 * entries of the gradient with their parameters' names, values that disagree, a position that is changed, exceptions.
 * @param position unconstrained; default: the prior medians, else 0.
 * @throws {InvalidArgumentError} when the position has the wrong length.
 */
export function preflight(target: LogDensity, position?: ArrayLike<number>): PreflightReport {
  const { dim } = target;
  const median = isNamed(target) ? target.priorMedian : undefined;
  const at = Float64Array.from(position ?? median ?? new Float64Array(dim));
  if (at.length !== dim) throw new InvalidArgumentError("position", `have length ${dim}`, position);
  const gradient = new Float64Array(dim).fill(Number.NaN);
  const given = at.slice();
  let logDensity: number;
  let alone: number;
  try {
    logDensity = target.logDensityAndGradient(at, gradient);
    alone = target.logDensity(at);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { isGood: false, logDensity: Number.NaN, problems: [`The log density threw: ${what}`] };
  }
  const problems = [
    ...valueProblems(target, given, logDensity, alone),
    ...gradientProblems(target, gradient),
    ...(at.some((value, i) => value !== given[i])
      ? ["The target changed the position that it was given; it must not."]
      : []),
  ];
  return { isGood: problems.length === 0, logDensity, problems };
}

function valueProblems(target: LogDensity, at: Float64Array, value: number, alone: number): string[] {
  if (!Number.isFinite(value)) {
    const terms = isExplained(target) ? target.terms(at).filter((term) => !Number.isFinite(term.value)) : [];
    const blame = terms.map(({ name, value: share }) => `${name} is ${share}`);
    const because = blame.length > 0 ? `: ${blame.join(", ")}` : "; give the target a method terms() to see which term";
    return [`The log density is ${value}${because}.`];
  }
  const tolerance = 1e-8 * Math.max(1, Math.abs(value));
  if (Math.abs(value - alone) <= tolerance) return [];
  return [`logDensity gives ${alone} and logDensityAndGradient ${value} at the same position; they must agree.`];
}

function gradientProblems(target: LogDensity, gradient: Float64Array): string[] {
  const bad = Array.from(gradient.keys()).filter((i) => !Number.isFinite(gradient[i]));
  const named = bad.slice(0, 5).map((i) => `${coordinateName(target, i)} (${gradient[i]})`);
  if (bad.length === 0) return [];
  const more = bad.length > 5 ? ` and ${bad.length - 5} more` : "";
  return [`The gradient is not finite with respect to ${named.join(", ")}${more}.`];
}
