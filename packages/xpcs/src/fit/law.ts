import type { Model } from "@siegert/physics-core";
import { powerLawsOf } from "./coordinates.ts";

/** Parameters of a law A·e^{pL} + c, with L = ln t of a power law or the time of an exponential, and L in mid-measurement. */
export interface Law {
  readonly parameters: readonly [amplitude: number, exponent: number, offset: number];
  readonly middle: number;
  /** L at the frames, increasing. */
  readonly at: readonly number[];
}

/** The laws of a model: its rates, and the fraction of two components. */
export function lawsOf(model: Model, vector: Float64Array, times: Float64Array): Law[] {
  const logTimes = Array.from(times).flatMap((t) => (t > 0 ? [Math.log(t)] : []));
  const powerLaws = powerLawsOf(model).map(([a, p]) => law([a, p, a + 2], logTimes));
  if (model.kind !== "heterodyne") return powerLaws;
  const lapses = Array.from(times, (t) => t - vector[11]!);
  return [...powerLaws, law([9, 10, 12], lapses)];
}

function law(parameters: Law["parameters"], at: readonly number[]): Law {
  return { parameters, at, middle: at[at.length >> 1]! };
}

/**
 * Moves one parameter of a law and the two others with it, so that the law keeps its value and slope in mid-measurement:
 * where a fit with that parameter held will end, about. Bounds are left to the caller.
 *
 * @param vector changed in place.
 */
export function followLaw({ parameters, middle }: Law, vector: Float64Array, moved: number, to: number): void {
  const [a, p, c] = parameters;
  const growth = Math.exp(vector[p]! * middle);
  const value = vector[a]! * growth + vector[c]!;
  const slope = vector[a]! * growth * vector[p]!;
  vector[moved] = to;
  // The amplitude in mid-measurement B = A·e^{pL}: slope = B·p, value = B + c.
  let amplitude: number;
  if (moved === c) amplitude = value - to;
  else if (moved === p) amplitude = slope / to;
  else amplitude = to * Math.exp(exponentFor(slope, to, middle, vector[p]!) * middle);
  if (!(amplitude > 0 && amplitude < Infinity)) return;
  if (moved !== p) vector[p] = slope / amplitude;
  if (moved !== a) vector[a] = amplitude * Math.exp(-vector[p]! * middle);
  if (moved !== c) vector[c] = value - amplitude;
}

/** Solves A·p·e^{pL} = slope for p from a guess, by a damped fixed point: a good start needs no more. */
function exponentFor(slope: number, amplitude: number, middle: number, guess: number): number {
  let p = guess;
  for (let k = 0; k < 40; k++) p = 0.5 * (p + (slope / amplitude) * Math.exp(-p * middle));
  return Number.isFinite(p) ? p : guess;
}
