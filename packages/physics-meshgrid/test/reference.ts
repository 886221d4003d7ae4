/** Residuals, Jacobian and what follows from them, by complex steps and dense sums: the slow truth for small problems. */
import type { Experiment, Model } from "@siegert/physics-core";
import type { Loss } from "../src/index.ts";
import { complex } from "./complex.ts";
import { complexCorrelation } from "./complex-correlation.ts";

const STEP = 1e-30;

export interface Reference {
  /** √w (model − data) in the order (angle, i, j > i). */
  readonly residuals: Float64Array;
  /** Row-major residuals × parameters. */
  readonly jacobian: Float64Array;
  /** Angle and frames of each residual. */
  readonly pairs: readonly (readonly [angle: number, i: number, j: number])[];
}

export function reference(
  model: Model,
  experiment: Experiment,
  c2: Float64Array,
  x: Float64Array,
  weights?: Float64Array,
): Reference {
  const n = experiment.times.length;
  const physical = model.parameters.length;
  const first = model.kind === "heterodyne" && experiment.times[0] === 0 ? 1 : 0;
  const pairs: [number, number, number][] = [];
  for (let a = 0; a < experiment.phi.length; a++) {
    for (let i = first; i < n; i++) for (let j = i + 1; j < n; j++) pairs.push([a, i, j]);
  }
  const residuals = new Float64Array(pairs.length);
  const jacobian = new Float64Array(pairs.length * x.length);
  for (let p = 0; p < x.length; p++) {
    let angle = -1;
    let correlation = (_i: number, _j: number) => complex(0);
    for (const [k, [a, i, j]] of pairs.entries()) {
      if (a !== angle) {
        angle = a;
        const own = [...Array.from({ length: physical }, (_, q) => q), physical + 2 * a, physical + 2 * a + 1];
        const moved = own.map((q) => complex(x[q]!, q === p ? STEP : 0));
        correlation = complexCorrelation(model, experiment, moved, a);
      }
      const at = (a * n + i) * n + j;
      const root = weights === undefined ? 1 : Math.sqrt(weights[at]!);
      const value = correlation(i, j);
      residuals[k] = root === 0 ? 0 : root * (value.re - c2[at]!);
      jacobian[k * x.length + p] = (root * value.im) / STEP;
    }
  }
  return { residuals, jacobian, pairs };
}

/** ρ, ρ′, ρ″ as SciPy's least_squares has them. */
export function rho(name: Loss["name"], z: number): readonly [number, number, number] {
  if (name === "soft_l1") return [2 * (Math.sqrt(1 + z) - 1), (1 + z) ** -0.5, -0.5 * (1 + z) ** -1.5];
  if (name === "huber") return z <= 1 ? [z, 1, 0] : [2 * Math.sqrt(z) - 1, z ** -0.5, -0.5 * z ** -1.5];
  if (name === "cauchy") return [Math.log1p(z), 1 / (1 + z), -1 / (1 + z) ** 2];
  if (name === "arctan") return [Math.atan(z), 1 / (1 + z * z), (-2 * z) / (1 + z * z) ** 2];
  return [z, 1, 0];
}

export interface DenseEquations {
  readonly cost: number;
  readonly jtj: Float64Array;
  readonly jtr: Float64Array;
  /** Σ_frames s_f s_fᵀ − Σ_pairs s sᵀ. */
  readonly meat: Float64Array;
}

/** The normal equations with SciPy's scaling, and the meat of the sandwich, from a dense Jacobian. */
export function denseEquations({ residuals, jacobian, pairs }: Reference, loss: Loss): DenseEquations {
  const n = jacobian.length / residuals.length;
  const jtj = new Float64Array(n * n);
  const jtr = new Float64Array(n);
  const meat = new Float64Array(n * n);
  const byFrame = new Map<string, Float64Array>();
  let cost = 0;
  for (let k = 0; k < residuals.length; k++) {
    const r = residuals[k]!;
    const z = (r / loss.scale) ** 2;
    const [value, first, second] = rho(loss.name, z);
    cost += 0.5 * loss.scale ** 2 * value;
    const curvature = Math.max(first + 2 * second * z, Number.EPSILON);
    const row = jacobian.subarray(k * n, (k + 1) * n);
    const score = row.map((value) => value * first * r);
    const [angle, i, j] = pairs[k]!;
    for (const frame of [`${angle} ${i}`, `${angle} ${j}`]) {
      const sum = byFrame.get(frame) ?? new Float64Array(n);
      for (let p = 0; p < n; p++) sum[p]! += score[p]!;
      byFrame.set(frame, sum);
    }
    for (let p = 0; p < n; p++) {
      jtr[p]! += score[p]!;
      for (let q = 0; q < n; q++) {
        jtj[p * n + q]! += curvature * row[p]! * row[q]!;
        meat[p * n + q]! -= score[p]! * score[q]!;
      }
    }
  }
  for (const sum of byFrame.values()) {
    for (let p = 0; p < n; p++) for (let q = 0; q < n; q++) meat[p * n + q]! += sum[p]! * sum[q]!;
  }
  return { cost, jtj, jtr, meat };
}

/** Largest |a − b| of two matrices whose entry (p, q) is counted in units of √(scale_p scale_q). */
export function scaledDistance(a: Float64Array, b: Float64Array, scales: Float64Array): number {
  const n = scales.length;
  let largest = 0;
  for (let p = 0; p < n; p++) {
    for (let q = 0; q < n; q++) {
      const unit = Math.sqrt(scales[p]! * scales[q]!);
      const difference = Math.abs(a[p * n + q]! - b[p * n + q]!);
      if (Number.isNaN(difference)) return Infinity;
      largest = Math.max(largest, unit > 0 ? difference / unit : difference);
    }
  }
  return largest;
}

export function diagonal(matrix: Float64Array): Float64Array {
  const n = Math.sqrt(matrix.length);
  return Float64Array.from({ length: n }, (_, p) => matrix[p * n + p]!);
}
