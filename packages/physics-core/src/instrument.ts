import { InvalidArgumentError } from "@siegert/errors";

/** Wavevector used when none is given, 1/Å. */
export const DEFAULT_Q = 0.0054;
/** Stator-rotor gap used when none is given, Å. */
export const DEFAULT_GAP = 2e6;
/** Time between frames used when none is given, s. */
export const DEFAULT_DT = 0.1;

/** How and where the scattering was measured. */
export interface Experiment {
  /** Scattering wavevector, 1/Å. */
  readonly q: number;
  /** Stator-rotor gap L of the shear cell, Å; read by `laminar_flow` only. Default 2e6. */
  readonly gap?: number | undefined;
  /** Angles of the maps, degrees. */
  readonly phi: Float64Array | readonly number[];
  /** Times of the frames, s: uniform and increasing, from {@link timeAxis}. */
  readonly times: Float64Array;
}

/** Description of a uniform time grid. */
export interface TimeAxisOptions {
  /** Number of frames N ≥ 2. */
  readonly frames: number;
  /** Time between frames, s. */
  readonly dt: number;
  /** Number of the first frame: time i is (start + i)·dt. Default 0; `two_component` data count from the start frame. */
  readonly start?: number | undefined;
}

/**
 * Times of the frames, s; shape (frames).
 *
 * @throws {InvalidArgumentError} unless frames ≥ 2, dt > 0 and start ≥ 0.
 */
export function timeAxis({ frames, dt, start = 0 }: TimeAxisOptions): Float64Array {
  if (!(Number.isInteger(frames) && frames >= 2))
    throw new InvalidArgumentError("frames", "be an integer of at least 2", frames);
  if (!(dt > 0 && dt < Infinity)) throw new InvalidArgumentError("dt", "be positive and finite, in seconds", dt);
  if (!(start >= 0 && start < Infinity))
    throw new InvalidArgumentError("start", "be zero or positive, a frame number", start);
  return Float64Array.from({ length: frames }, (_, i) => (start + i) * dt);
}

/**
 * Checks an experiment.
 *
 * @throws {InvalidArgumentError} for a q or gap that is not positive, angles that are not finite, or times that are not
 * uniform, increasing and ≥ 0.
 */
export function checkExperiment({ q, gap = DEFAULT_GAP, phi, times }: Experiment): void {
  if (!(q > 0 && q < Infinity)) throw new InvalidArgumentError("q", "be positive and finite, in 1/Å", q);
  if (!(gap > 0 && gap < Infinity)) throw new InvalidArgumentError("gap", "be positive and finite, in Å", gap);
  if (phi.length === 0) throw new InvalidArgumentError("phi", "hold at least one angle", phi);
  for (let k = 0; k < phi.length; k++) {
    if (!Number.isFinite(phi[k])) throw new InvalidArgumentError(`phi[${k}]`, "be finite, in degrees", phi[k]);
  }
  if (times.length < 2) throw new InvalidArgumentError("times", "hold at least two frames", times);
  const dt = times[1]! - times[0]!;
  if (!(dt > 0 && times[0]! >= 0 && dt < Infinity))
    throw new InvalidArgumentError("times", "increase and start at 0 or later, in seconds", times);
  const tolerance = 1e-9 * Math.max(dt, (times[0]! + times.length * dt) * 1e-3);
  for (let i = 2; i < times.length; i++) {
    const expected = times[0]! + i * dt;
    // dt itself comes from rounded times, so the allowance grows with i.
    if (!(Math.abs(times[i]! - expected) <= tolerance * i)) {
      throw new InvalidArgumentError(`times[${i}]`, `continue the uniform grid (about ${expected})`, times[i]);
    }
  }
}
