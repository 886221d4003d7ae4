import {
  createModel,
  DirectCorrelation,
  type Experiment,
  type Model,
  type ModelOptions,
  timeAxis,
} from "@siegert/physics-core";

/** One model with its conventions, at parameters that float32 holds exactly enough: they are rounded to it. */
export interface TensorCase {
  readonly name: string;
  readonly model: Model;
  readonly parameters: Float32Array;
}

const LAMINAR = [1000, -0.3, 20, 1e-3, 0.1, 1e-5, 3];
const HETERODYNE = [1e4, -0.3, 50, 2e4, 0.1, 10, 1e3, 0.2, 5, 0.4, -0.05, 1, 0.1, 3];

function define(name: string, options: ModelOptions, parameters: readonly number[]): TensorCase {
  return { name, model: createModel(options), parameters: Float32Array.from(parameters) };
}

export const TENSOR_CASES: readonly TensorCase[] = [
  define("static isotropic", { mode: "static_isotropic" }, [1000, -0.3, 20]),
  define("static anisotropic, fast", { mode: "static_anisotropic" }, [1e5, 0.5, -10]),
  define("laminar flow, coded", { mode: "laminar_flow" }, LAMINAR),
  define("laminar flow, derived", { mode: "laminar_flow", shear: "derived" }, LAMINAR),
  define("laminar flow, slow", { mode: "laminar_flow" }, [1000, 0.2, 20, 1e-5, 0.1, 1e-6, -5]),
  define("two components, hard limit", { mode: "two_component" }, HETERODYNE),
  define("two components, smooth limit", { mode: "two_component", fractionLimit: "smooth" }, HETERODYNE),
  define(
    "two components, fraction clipped in part",
    { mode: "two_component" },
    [1e4, 0.3, 50, 2e4, -0.1, 10, 1e3, -0.2, 5, 0.9, -0.3, 2, 0.05, -8],
  ),
];

export const TENSOR_PHI: readonly number[] = [0, 30, 97.5];

export function tensorExperiment(frames: number, start = 1): Experiment {
  return { q: 0.0054, gap: 2e6, phi: TENSOR_PHI, times: timeAxis({ frames, dt: 0.1, start }) };
}

/** Contrast and offset per angle, row-major (angles, 2). */
export function tensorScaling(): Float32Array {
  return Float32Array.from(TENSOR_PHI.flatMap((_, k) => [0.3 + 0.05 * k, 1 + 0.01 * k]));
}

/** Maps in float64 by the direct formula, row-major (angles, frames, frames). */
export function directMaps(
  model: Model,
  experiment: Experiment,
  parameters: ArrayLike<number>,
  scaling: ArrayLike<number>,
): Float64Array {
  const frames = experiment.times.length;
  const direct = new DirectCorrelation(model, experiment);
  direct.setParameters(Float64Array.from(parameters));
  return Float64Array.from({ length: experiment.phi.length * frames * frames }, (_, k) => {
    const angle = Math.floor(k / (frames * frames));
    const [i, j] = [Math.floor(k / frames) % frames, k % frames];
    return scaling[2 * angle + 1]! + scaling[2 * angle]! * direct.normalised(i, j, angle);
  });
}

/** χ² in float64 over i < j (and t > 0 with two components). */
export function directChi2(
  model: Model,
  experiment: Experiment,
  parameters: ArrayLike<number>,
  scaling: ArrayLike<number>,
  data: ArrayLike<number>,
): number {
  const frames = experiment.times.length;
  const maps = directMaps(model, experiment, parameters, scaling);
  let sum = 0;
  for (let k = 0; k < maps.length; k++) {
    const [i, j] = [Math.floor(k / frames) % frames, k % frames];
    if (i < j && !(model.kind === "heterodyne" && experiment.times[i] === 0)) sum += (data[k]! - maps[k]!) ** 2;
  }
  return sum;
}

/** ∂f/∂x by central differences of sixth order. */
export function differences(f: (x: Float64Array) => number, x: ArrayLike<number>): Float64Array {
  return Float64Array.from(x, (value, k) => {
    const step = 1e-3 * (Math.abs(value) || 1e-2);
    const at = (steps: number): number => {
      const shifted = Float64Array.from(x);
      shifted[k] = value + steps * step;
      return f(shifted);
    };
    return (45 * (at(1) - at(-1)) - 9 * (at(2) - at(-2)) + (at(3) - at(-3))) / (60 * step);
  });
}

/** A reproducible ripple in place of noise: the data are the model at other parameters, plus this. */
export function ripple(k: number): number {
  return 0.02 * Math.sin(12.9898 * k);
}
