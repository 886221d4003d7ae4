/** Models, parameters and simulated maps that the tests share. */
import {
  type AnalysisMode,
  createModel,
  DirectCorrelation,
  type Experiment,
  type FractionLimit,
  type Model,
  type ShearConvention,
  timeAxis,
} from "@siegert/physics-core";

export interface Case {
  readonly mode: AnalysisMode;
  readonly shear: ShearConvention;
  readonly fractionLimit: FractionLimit;
  /** Physical parameters. */
  readonly centre: readonly number[];
}

export const LAMINAR: readonly number[] = [1000, -0.3, 20, 1e-3, 0.1, 1e-5, 3];
export const STATIC: readonly number[] = LAMINAR.slice(0, 3);
export const TWO_COMPONENT: readonly number[] = [1e4, -0.3, 50, 2e4, 0.1, 10, 1e3, 0.2, 5, 0.4, -0.05, 1, 0.1, 3];

export const CASES: readonly Case[] = [
  { mode: "static_isotropic", shear: "coded", fractionLimit: "hard", centre: STATIC },
  { mode: "static_anisotropic", shear: "coded", fractionLimit: "hard", centre: STATIC },
  { mode: "laminar_flow", shear: "coded", fractionLimit: "hard", centre: LAMINAR },
  { mode: "laminar_flow", shear: "derived", fractionLimit: "hard", centre: LAMINAR },
  { mode: "two_component", shear: "coded", fractionLimit: "hard", centre: TWO_COMPONENT },
  { mode: "two_component", shear: "coded", fractionLimit: "smooth", centre: TWO_COMPONENT },
];

export const nameOf = ({ mode, shear, fractionLimit }: Case): string => `${mode}, ${shear}, ${fractionLimit}`;

export function modelOf({ mode, shear, fractionLimit }: Case): Model {
  return createModel({ mode, shear, fractionLimit });
}

export function experimentOf(frames: number, phi: readonly number[] = [30, 100], start = 1): Experiment {
  return { q: 0.0054, phi, times: timeAxis({ frames, dt: 0.1, start }) };
}

/** x = [physical, contrast, offset per angle]. */
export function vectorOf(physical: readonly number[], angles: number): Float64Array {
  const scaling = Array.from({ length: angles }, (_, k) => [0.3 - 0.05 * k, 1 + 0.02 * k]);
  return Float64Array.from([...physical, ...scaling.flat()]);
}

/** A small generator of its own (xorshift), so that the tests' noise does not depend on another package. */
export function noise(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32 - 0.5;
  };
}

/** Maps of the model at x by the direct formula, plus uniform noise of the given half width. */
export function simulate(
  model: Model,
  experiment: Experiment,
  x: Float64Array,
  halfWidth: number,
  seed: number,
): Float64Array {
  const n = experiment.times.length;
  const p = model.parameters.length;
  const direct = new DirectCorrelation(model, experiment);
  const random = noise(seed);
  direct.setParameters(x.subarray(0, p));
  const out = new Float64Array(experiment.phi.length * n * n);
  for (let angle = 0; angle < experiment.phi.length; angle++) {
    const [contrast, offset] = [x[p + 2 * angle]!, x[p + 2 * angle + 1]!];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const value = offset + contrast * direct.normalised(i, j, angle) + 2 * halfWidth * random();
        out[(angle * n + i) * n + j] = value;
      }
    }
  }
  return out;
}

/** Largest difference, relative to the largest entry of `b`. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, size] = [0, 0];
  for (let k = 0; k < b.length; k++) {
    // NaN anywhere must not pass.
    if (Number.isNaN(a[k]! - b[k]!)) return Infinity;
    difference = Math.max(difference, Math.abs(a[k]! - b[k]!));
    size = Math.max(size, Math.abs(b[k]!));
  }
  return size === 0 ? difference : difference / size;
}
