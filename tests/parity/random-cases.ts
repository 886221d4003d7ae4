/** Random but realistic experiments and parameters, the same at every run. */
import {
  type AnalysisMode,
  createModel,
  type Experiment,
  type FractionLimit,
  type Model,
  type ShearConvention,
  timeAxis,
} from "@siegert/physics-core";
import { createRandom } from "@siegert/random";

export interface RandomCase {
  readonly label: string;
  readonly model: Model;
  readonly experiment: Experiment;
  readonly parameters: Float64Array;
}

/** Parameters about which the random ones scatter by up to ±40 %. */
const CENTRES: Readonly<Record<AnalysisMode, readonly number[]>> = {
  static_isotropic: [8000, -0.3, 200],
  static_anisotropic: [8000, -0.3, 200],
  laminar_flow: [3000, -0.3, 100, 1e-3, 0.2, 2e-5, 3],
  two_component: [8000, -0.3, 50, 20000, 0.2, 10, 1500, 0.2, 5, 0.4, -0.05, 1, 0.1, 3],
};

const VARIANTS: readonly (readonly [AnalysisMode, ShearConvention, FractionLimit])[] = [
  ["static_isotropic", "coded", "hard"],
  ["static_anisotropic", "coded", "hard"],
  ["laminar_flow", "coded", "hard"],
  ["laminar_flow", "derived", "hard"],
  ["two_component", "coded", "hard"],
  ["two_component", "coded", "smooth"],
];

const ANGLES: readonly (readonly number[])[] = [[0], [10, 100], [-170, -40, 5, 60, 135]];

/** All models, conventions and angle modes, `each` times over, on grids of the given numbers of frames. */
export function randomCases(frameCounts: readonly number[], each: number, seed: number): RandomCase[] {
  const cases: RandomCase[] = [];
  for (const [v, [mode, shear, fractionLimit]] of VARIANTS.entries()) {
    for (let k = 0; k < each; k++) {
      const random = createRandom(seed, "parity", v, k);
      const frames = frameCounts[(k + v) % frameCounts.length]!;
      const phi = ANGLES[k % ANGLES.length]!;
      const times = timeAxis({ frames, dt: 0.1, start: k % 2 });
      const parameters = Float64Array.from(CENTRES[mode], (c) => c * (0.6 + 0.8 * random.uniform()));
      cases.push({
        label: `${mode} ${mode === "two_component" ? fractionLimit : shear}, ${frames} frames, ${phi.length} angle(s), start ${k % 2}, draw ${k}`,
        model: createModel({ mode, shear, fractionLimit }),
        experiment: { q: 0.0054, gap: 2e6, phi, times },
        parameters,
      });
    }
  }
  return cases;
}

/** Full vector with a scaling of its own for every angle. */
export function withScalings(parameters: Float64Array, angles: number): Float64Array {
  const x = new Float64Array(parameters.length + 2 * angles);
  x.set(parameters);
  for (let k = 0; k < angles; k++) x.set([0.25 + 0.02 * k, 1 + 0.01 * k], parameters.length + 2 * k);
  return x;
}
