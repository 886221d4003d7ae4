import { InvalidArgumentError } from "@siegert/errors";
import type { Model } from "@siegert/physics-core";
import type { ParameterBox } from "./coordinates.ts";
import type { FitParameter } from "./fit-options.ts";

/**
 * Checks the parameters of a fit and settles which are free.
 *
 * @param notes receives what the user should know.
 * @throws {InvalidArgumentError} that names the parameter.
 */
export function parameterBox(model: Model, parameters: readonly FitParameter[], notes: string[]): ParameterBox {
  if (parameters.length !== model.parameters.length) {
    throw new InvalidArgumentError(
      "parameters",
      `have one entry per parameter of ${model.mode}, ${model.parameters.length}`,
      parameters,
    );
  }
  for (const [k, { start, lower, upper, isFree }] of parameters.entries()) {
    const { name } = model.parameters[k]!;
    if (!(lower <= upper))
      throw new InvalidArgumentError(`parameters.${name}`, `have lower <= upper (upper is ${upper})`, lower);
    if (!Number.isFinite(start)) throw new InvalidArgumentError(`parameters.${name}.start`, "be finite", start);
    if (isFree && !(start >= lower && start <= upper)) {
      throw new InvalidArgumentError(`parameters.${name}.start`, `lie within its bounds [${lower}, ${upper}]`, start);
    }
  }
  const free = parameters.flatMap(({ isFree, tiedTo, lower, upper }, k) =>
    isFree && tiedTo === undefined && lower < upper ? [k] : [],
  );
  return {
    values: distinguished(model, parameters, free),
    lower: Float64Array.from(parameters, (p) => p.lower),
    upper: Float64Array.from(parameters, (p) => p.upper),
    free: withoutGauge(model, free, notes),
    tied: new Map(parameters.flatMap(({ tiedTo }, k) => (tiedTo === undefined ? [] : [[k, tiedTo] as const]))),
  };
}

/**
 * The starting values. Two components with equal transport are indistinguishable, and the data then have no slope that
 * could tell them apart: their amplitudes start a factor of two on either side.
 */
function distinguished(model: Model, parameters: readonly FitParameter[], free: readonly number[]): Float64Array {
  const values = Float64Array.from(parameters, (p) => p.start);
  const isEqual = model.kind === "heterodyne" && [0, 1, 2].every((k) => values[k] === values[k + 3]);
  if (!isEqual) return values;
  for (const [k, factor] of [
    [0, 0.5],
    [3, 2],
  ] as const) {
    const { lower, upper } = parameters[k]!;
    if (free.includes(k)) values[k] = Math.min(Math.max(values[k]! * factor, lower), upper);
  }
  return values;
}

/** f0, f1 and f2 enter through f0·exp(−f1·f2) and f1 alone: with all three free, f2 stays where it is. */
function withoutGauge(model: Model, free: number[], notes: string[]): number[] {
  if (model.kind !== "heterodyne" || ![9, 10, 11].every((k) => free.includes(k))) return free;
  notes.push(
    "f2 is held at its starting value: the data determine only f1 and f0·exp(−f1·f2), reported as fraction_amplitude; f0 holds for this f2",
  );
  return free.filter((k) => k !== 11);
}
