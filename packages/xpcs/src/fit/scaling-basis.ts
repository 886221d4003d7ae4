import { InvalidArgumentError } from "@siegert/errors";
import { leastSquares } from "@siegert/nlsq";

/**
 * How contrast and offset depend on the angle:
 * - `individual`: both free for every angle;
 * - `constant`: found for every angle, then held fixed while the physics is fitted;
 * - `constant_averaged`: one pair, found as the average over angles, then held fixed;
 * - `auto`: one free pair for three angles or more, else `individual`;
 * - `fourier`: both a Fourier series of the angle, of order 2 (lower when there are fewer than five angles).
 */
export type ScalingMode = "individual" | "constant" | "constant_averaged" | "auto" | "fourier";

export const SCALING_MODES: readonly ScalingMode[] = ["individual", "constant", "constant_averaged", "auto", "fourier"];

/** Limits of contrast and offset. */
export interface ScalingBounds {
  readonly contrast: readonly [lower: number, upper: number];
  readonly offset: readonly [lower: number, upper: number];
}

/** Limits when none are given. */
export const DEFAULT_SCALING_BOUNDS: ScalingBounds = { contrast: [0, 1], offset: [0.5, 1.5] };

/**
 * A linear family of scalings: (contrast_0, offset_0, contrast_1, …) = matrix · coefficients + fixed.
 */
export interface ScalingBasis {
  readonly names: readonly string[];
  /** Row-major (2·angles, coefficients). */
  readonly matrix: Float64Array;
  /** Shape (2·angles). */
  readonly fixed: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Fourier functions of the angle up to `order`, as (name, value) pairs. */
function harmonics(phi: number, order: number): [string, number][] {
  const angle = (phi * Math.PI) / 180;
  const terms: [string, number][] = [["mean", 1]];
  for (let m = 1; m <= order; m++) terms.push([`cos${m}`, Math.cos(m * angle)], [`sin${m}`, Math.sin(m * angle)]);
  return terms;
}

/** The free family of a mode; `constant` and `constant_averaged` begin from their free counterparts. */
export function freeScaling(mode: ScalingMode, phi: ArrayLike<number>, bounds: ScalingBounds): ScalingBasis {
  const angles = phi.length;
  const isShared = mode === "constant_averaged" || (mode === "auto" && angles >= 3);
  if (isShared) return seriesScaling(phi, 0, bounds);
  if (mode === "fourier") return seriesScaling(phi, Math.min(2, Math.floor((angles - 1) / 2)), bounds);
  const size = 2 * angles;
  const matrix = new Float64Array(size * size);
  for (let k = 0; k < size; k++) matrix[k * size + k] = 1;
  const limits = (side: 0 | 1) =>
    Float64Array.from({ length: size }, (_, k) => bounds[k % 2 === 0 ? "contrast" : "offset"][side]);
  const names = Array.from({ length: size }, (_, k) => `${k % 2 === 0 ? "contrast" : "offset"}[${k >> 1}]`);
  return { names, matrix, fixed: new Float64Array(size), lower: limits(0), upper: limits(1) };
}

function seriesScaling(phi: ArrayLike<number>, order: number, bounds: ScalingBounds): ScalingBasis {
  const terms = Array.from(phi, (angle) => harmonics(angle, order));
  const perKind = 2 * order + 1;
  const count = 2 * perKind;
  const matrix = new Float64Array(2 * phi.length * count);
  for (const [k, row] of terms.entries()) {
    for (const [t, [, value]] of row.entries()) {
      matrix[2 * k * count + t] = value;
      matrix[(2 * k + 1) * count + perKind + t] = value;
    }
  }
  const names: string[] = [];
  const lower: number[] = [];
  const upper: number[] = [];
  for (const kind of ["contrast", "offset"] as const) {
    for (const [t, [name]] of terms[0]!.entries()) {
      names.push(order === 0 ? kind : `${kind}.${name}`);
      lower.push(t === 0 ? bounds[kind][0] : -Infinity);
      upper.push(t === 0 ? bounds[kind][1] : Infinity);
    }
  }
  return {
    names,
    matrix,
    fixed: new Float64Array(2 * phi.length),
    lower: Float64Array.from(lower),
    upper: Float64Array.from(upper),
  };
}

/** The family of one member: everything fixed at `scaling`. */
export function fixedScaling(scaling: Float64Array): ScalingBasis {
  const nothing = new Float64Array(0);
  return { names: [], matrix: nothing, fixed: scaling.slice(), lower: nothing, upper: nothing };
}

/** The family with contrast or offset held at one value per angle. */
export function holdScaling(basis: ScalingBasis, kind: "contrast" | "offset", values: readonly number[]): ScalingBasis {
  const count = basis.names.length;
  const kept = basis.names.flatMap((name, k) => (name.startsWith(kind) ? [] : [k]));
  const fixed = basis.fixed.slice();
  for (const [angle, value] of values.entries()) fixed[2 * angle + (kind === "contrast" ? 0 : 1)] = value;
  const matrix = new Float64Array(fixed.length * kept.length);
  for (let row = 0; row < fixed.length; row++) {
    for (const [c, k] of kept.entries()) matrix[row * kept.length + c] = basis.matrix[row * count + k]!;
  }
  return {
    names: kept.map((k) => basis.names[k]!),
    matrix,
    fixed,
    lower: Float64Array.from(kept, (k) => basis.lower[k]!),
    upper: Float64Array.from(kept, (k) => basis.upper[k]!),
  };
}

/** What a family is chosen by: the part of a fit's options that concerns scaling. */
export interface ScalingChoice {
  readonly scalingMode?: ScalingMode | undefined;
  readonly experiment: { readonly phi: ArrayLike<number> };
  readonly fixedScaling?:
    | { readonly contrast?: readonly number[] | undefined; readonly offset?: readonly number[] | undefined }
    | undefined;
}

/**
 * The family of a mode with what is fixed held.
 *
 * @throws {InvalidArgumentError} unless fixed values are one per angle.
 */
export function scalingFamily(
  { scalingMode = "auto", experiment, fixedScaling }: ScalingChoice,
  bounds: ScalingBounds,
): ScalingBasis {
  let basis = freeScaling(scalingMode, experiment.phi, bounds);
  for (const kind of ["contrast", "offset"] as const) {
    const values = fixedScaling?.[kind];
    if (values === undefined) continue;
    if (values.length !== experiment.phi.length) {
      throw new InvalidArgumentError(
        `fixedScaling.${kind}`,
        `hold one value per angle, ${experiment.phi.length}`,
        values,
      );
    }
    basis = holdScaling(basis, kind, values);
  }
  return basis;
}

/** Writes the scaling of a set of coefficients; shape (2·angles). */
export function applyScaling(basis: ScalingBasis, coefficients: Float64Array, out: Float64Array): void {
  const count = basis.names.length;
  for (let row = 0; row < out.length; row++) {
    let sum = basis.fixed[row]!;
    for (let k = 0; k < count; k++) sum += basis.matrix[row * count + k]! * coefficients[k]!;
    out[row] = sum;
  }
}

/** The coefficients within bounds that come closest to a scaling. */
export function projectScaling(basis: ScalingBasis, scaling: Float64Array): Float64Array {
  const count = basis.names.length;
  if (count === 0) return new Float64Array(0);
  const problem = {
    residualCount: scaling.length,
    residuals: (x: Float64Array, out: Float64Array) => {
      applyScaling(basis, x, out);
      for (let row = 0; row < out.length; row++) out[row]! -= scaling[row]!;
    },
    jacobian: (_: Float64Array, out: Float64Array) => out.set(basis.matrix),
  };
  const start = Float64Array.from(basis.lower, (lower, k) =>
    Number.isFinite(lower) ? 0.5 * (lower + basis.upper[k]!) : 0,
  );
  return leastSquares(problem, start, { bounds: { lower: basis.lower, upper: basis.upper }, covariance: "none" }).x;
}
