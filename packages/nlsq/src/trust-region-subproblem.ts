/**
 * The step that minimises ½‖z + Rp‖² within ‖p‖ ≤ radius, from the singular value decomposition of R.
 *
 * Source: Moré (1978), The Levenberg–Marquardt algorithm: implementation and theory, section 5 (Newton's iteration on
 * the secular equation with safeguards).
 */
import type { Spectrum } from "./jacobi-svd.ts";

export interface SubproblemStep {
  readonly step: Float64Array;
  /** Levenberg–Marquardt parameter of the step; 0 when the Gauss–Newton step lies inside. */
  readonly damping: number;
}

export interface SubproblemOptions {
  /** Damping of the previous step, scaled to the present radius: where the iteration starts. */
  readonly initialDamping: number;
  /** Relative deviation of ‖p‖ from the radius that is good enough. */
  readonly tolerance: number;
  /** Whether the step found is stretched to the radius exactly. */
  readonly onBoundary: boolean;
}

const MAX_ITERATIONS = 10;

/**
 * Solves the subproblem. Directions whose singular value is below rounding are left out, so that a rank-deficient
 * model gives the shortest of its solutions.
 */
export function solveSubproblem(spectrum: Spectrum, radius: number, options: SubproblemOptions): SubproblemStep {
  const { values, projected, columns } = spectrum;
  const floor = Number.EPSILON * columns * (values[0] ?? 0);
  let rank = 0;
  while (rank < values.length && values[rank]! > floor) rank++;
  const hasFullRank = rank === columns;
  const newton = stepAt(spectrum, rank, 0);
  if (norm(newton) <= radius) return { step: newton, damping: 0 };

  let slope = 0;
  for (let i = 0; i < rank; i++) slope += (values[i]! * projected[i]!) ** 2;
  let upper = Math.sqrt(slope) / radius;
  let lower = 0;
  if (hasFullRank) {
    const [phi, derivative] = secular(spectrum, rank, 0, radius);
    lower = -phi / derivative;
  }
  let damping = options.initialDamping;
  if (damping === 0 && !hasFullRank) damping = Math.max(0.001 * upper, Math.sqrt(lower * upper));
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    if (!(damping >= lower && damping <= upper)) damping = Math.max(0.001 * upper, Math.sqrt(lower * upper));
    const [phi, derivative] = secular(spectrum, rank, damping, radius);
    if (phi < 0) upper = damping;
    const ratio = phi / derivative;
    lower = Math.max(lower, damping - ratio);
    if (Math.abs(phi) <= options.tolerance * radius) break;
    damping -= ((phi + radius) * ratio) / radius;
  }
  const step = stepAt(spectrum, rank, damping);
  const length = norm(step);
  if (options.onBoundary && length > 0) for (let j = 0; j < columns; j++) step[j]! *= radius / length;
  return { step, damping };
}

/** ‖p(α)‖ − radius and its derivative with respect to α. */
function secular(spectrum: Spectrum, rank: number, damping: number, radius: number): readonly [number, number] {
  const { values, projected } = spectrum;
  let square = 0;
  let derivative = 0;
  for (let i = 0; i < rank; i++) {
    const denominator = values[i]! ** 2 + damping;
    const component = (values[i]! * projected[i]!) / denominator;
    square += component * component;
    derivative -= (component * component) / denominator;
  }
  const length = Math.sqrt(square);
  return [length - radius, derivative / length];
}

/** p(α) = −V s/(s² + α) Uᵀz over the first `rank` directions. */
function stepAt(spectrum: Spectrum, rank: number, damping: number): Float64Array {
  const { values, vectors, projected, columns } = spectrum;
  const step = new Float64Array(columns);
  for (let i = 0; i < rank; i++) {
    const value = values[i]!;
    const factor = damping === 0 ? projected[i]! / value : (value * projected[i]!) / (value * value + damping);
    for (let j = 0; j < columns; j++) step[j]! -= factor * vectors[i * columns + j]!;
  }
  return step;
}

/** Euclidean length. */
export function norm(a: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * a[j]!;
  return Math.sqrt(sum);
}
