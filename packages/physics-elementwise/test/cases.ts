import { createModel, type Experiment, type Model, type ModelOptions, timeAxis } from "@siegert/physics-core";

/** One model with its conventions at ordinary parameters. */
export interface Case {
  readonly name: string;
  readonly model: Model;
  readonly physical: readonly number[];
}

const LAMINAR = [1000, -0.3, 20, 1e-3, 0.1, 1e-5, 3];
const HETERODYNE = [1e4, -0.3, 50, 2e4, 0.1, 10, 1e3, 0.2, 5, 0.4, -0.05, 1, 0.1, 3];

function define(name: string, options: ModelOptions, physical: readonly number[]): Case {
  return { name, model: createModel(options), physical };
}

export const CASES: readonly Case[] = [
  define("static isotropic", { mode: "static_isotropic" }, [1000, -0.3, 20]),
  define("static anisotropic", { mode: "static_anisotropic" }, [5000, 0.2, -10]),
  define("laminar flow, coded", { mode: "laminar_flow" }, LAMINAR),
  define("laminar flow, derived", { mode: "laminar_flow", shear: "derived" }, LAMINAR),
  define("laminar flow, slow", { mode: "laminar_flow" }, [1000, -0.3, 20, 1e-5, 0.1, 1e-6, 3]),
  define("two components, hard limit", { mode: "two_component" }, HETERODYNE),
  define("two components, smooth limit", { mode: "two_component", fractionLimit: "smooth" }, HETERODYNE),
  define(
    "two components, fraction clipped in part",
    { mode: "two_component" },
    [1e4, -0.3, 50, 2e4, 0.1, 10, 1e3, 0.2, 5, 0.9, -0.3, 2, 0.05, 3],
  ),
  define(
    "two components, almost only the sample",
    { mode: "two_component" },
    [1e4, -0.3, 50, 2e4, 0.1, 10, 1e3, 0.2, 5, 1e-7, 0.1, 0, 0.9999, 3],
  ),
  define(
    "two components, flow turning back",
    { mode: "two_component" },
    [1e4, 0.3, -50, 2e4, -0.1, 10, 1e3, -0.4, -100, 0.4, 0.02, 1, 0.1, -8],
  ),
];

export const PHI: readonly number[] = [0, 30, 97.5];

export function experimentOf(frames: number, start = 1): Experiment {
  return { q: 0.0054, gap: 2e6, phi: PHI, times: timeAxis({ frames, dt: 0.1, start }) };
}

/** The full vector: physics, contrast and offset of each angle, sigma when wanted. */
export function vectorOf(physical: readonly number[], sigma?: number): Float64Array {
  const scaling = PHI.flatMap((_, k) => [0.3 + 0.05 * k, 1 + 0.01 * k]);
  return Float64Array.from([...physical, ...scaling, ...(sigma === undefined ? [] : [sigma])]);
}

/** Largest relative difference. */
export function largestError(actual: Float64Array, expected: Float64Array): number {
  return actual.reduce((worst, value, k) => Math.max(worst, Math.abs(value / expected[k]! - 1)), 0);
}

/** Largest difference of components, each relative to its entry of `scale`; a component without scale must agree. */
export function gradientError(actual: Float64Array, expected: Float64Array, scale: Float64Array): number {
  return actual.reduce((worst, value, k) => {
    const difference = Math.abs(value - expected[k]!);
    return Math.max(worst, difference === 0 ? 0 : difference / scale[k]!);
  }, 0);
}
