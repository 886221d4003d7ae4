/**
 * Loss functions of robust least squares: cost = ½ scale² Σ ρ((r/scale)²), r = √w (model − data).
 *
 * Names, formulas and scaling are SciPy's (`scipy.optimize.least_squares`); the correction of the Gauss–Newton matrix is
 * that of Triggs, McLauchlan, Hartley & Fitzgibbon (2000), Bundle adjustment — a modern synthesis, section 4.3.
 */
import { InvalidArgumentError } from "@siegert/errors";

/** linear ρ = z; soft_l1 2(√(1+z) − 1); huber z, or 2√z − 1 beyond 1; cauchy ln(1+z); arctan atan z. */
export type LossName = "linear" | "soft_l1" | "huber" | "cauchy" | "arctan";

/** A loss and the size of residual at which it begins to differ from least squares. */
export interface Loss {
  readonly name: LossName;
  /** > 0, in units of the residuals √w (model − data). */
  readonly scale: number;
}

/** @throws {InvalidArgumentError} for an unknown name or a scale that is not positive and finite. */
export function checkLoss({ name, scale }: Loss): void {
  const names: readonly string[] = ["linear", "soft_l1", "huber", "cauchy", "arctan"];
  if (!names.includes(name)) throw new InvalidArgumentError("loss.name", `be one of ${names.join(", ")}`, name);
  if (!(scale > 0 && scale < Infinity)) throw new InvalidArgumentError("loss.scale", "be positive and finite", scale);
}

/**
 * Turns `count` residuals r (from `start` on, in place) into the robust r̃ = r ρ′/√js with js = max(ρ′ + 2ρ″z, ε), writes
 * √js to `rowFactor`, and returns ½ scale² Σ ρ(z). J̃ = √js J then has J̃ᵀr̃ as the gradient of the cost.
 */
export function applyLoss(
  loss: Loss,
  residuals: Float64Array,
  rowFactor: Float64Array,
  start: number,
  count: number,
): number {
  const { name, scale } = loss;
  const end = start + count;
  let sum = 0;
  if (name === "linear") {
    for (let k = start; k < end; k++) {
      sum += residuals[k]! * residuals[k]!;
      rowFactor[k] = 1;
    }
    return 0.5 * sum;
  }
  const inverse = 1 / (scale * scale);
  for (let k = start; k < end; k++) {
    const r = residuals[k]!;
    const z = r * r * inverse;
    const first = lossSlope(name, z);
    const root = Math.sqrt(Math.max(first + 2 * lossCurvature(name, z) * z, Number.EPSILON));
    sum += lossValue(name, z);
    rowFactor[k] = root;
    residuals[k] = (r * first) / root;
  }
  return 0.5 * scale * scale * sum;
}

/** ½ scale² Σ ρ((r/scale)²) over `count` residuals from `start` on. */
export function lossCost(loss: Loss, residuals: Float64Array, start: number, count: number): number {
  const { name, scale } = loss;
  const end = start + count;
  let sum = 0;
  if (name === "linear") {
    for (let k = start; k < end; k++) sum += residuals[k]! * residuals[k]!;
    return 0.5 * sum;
  }
  const inverse = 1 / (scale * scale);
  for (let k = start; k < end; k++) sum += lossValue(name, residuals[k]! * residuals[k]! * inverse);
  return 0.5 * scale * scale * sum;
}

function lossValue(name: LossName, z: number): number {
  if (name === "soft_l1") return (2 * z) / (1 + Math.sqrt(1 + z));
  if (name === "huber") return z <= 1 ? z : 2 * Math.sqrt(z) - 1;
  if (name === "cauchy") return Math.log1p(z);
  // atan saturates, and an infinite residual must not pass for a finite cost.
  if (name === "arctan") return z < Infinity ? Math.atan(z) : Number.NaN;
  return z;
}

/** ρ′(z). */
export function lossSlope(name: LossName, z: number): number {
  if (name === "soft_l1") return 1 / Math.sqrt(1 + z);
  if (name === "huber") return z <= 1 ? 1 : 1 / Math.sqrt(z);
  if (name === "cauchy") return 1 / (1 + z);
  if (name === "arctan") return 1 / (1 + z * z);
  return 1;
}

/** ρ″(z). */
function lossCurvature(name: LossName, z: number): number {
  if (name === "soft_l1") return -0.5 / ((1 + z) * Math.sqrt(1 + z));
  if (name === "huber") return z <= 1 ? 0 : -0.5 / (z * Math.sqrt(z));
  if (name === "cauchy") return -1 / ((1 + z) * (1 + z));
  if (name === "arctan") return (-2 * z) / ((1 + z * z) * (1 + z * z));
  return 0;
}
