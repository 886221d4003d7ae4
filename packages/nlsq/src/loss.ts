/**
 * Loss functions of robust least squares, cost = ½ scale² Σ ρ((r/scale)²).
 *
 * Names, formulas and scaling are those of SciPy's `least_squares`, so that fits can be compared digit for digit.
 * Source of the correction to the Gauss–Newton matrix: Triggs, McLauchlan, Hartley & Fitzgibbon (2000), Bundle
 * adjustment — a modern synthesis, section 4.3.
 */
import { InvalidArgumentError, nearest } from "@siegert/errors";

/** linear ρ = z; soft_l1 2(√(1+z) − 1); huber z or 2√z − 1 beyond 1; cauchy log(1+z); arctan atan z. */
export type LossName = "linear" | "soft_l1" | "huber" | "cauchy" | "arctan";

/** A loss and the residual size at which it begins to differ from least squares. */
export interface Loss {
  readonly name: LossName;
  /** Soft threshold between inliers and outliers, in units of the residuals; > 0. SciPy's f_scale. */
  readonly scale: number;
}

/** The losses that can be asked for by name. */
export const lossNames: readonly LossName[] = ["linear", "soft_l1", "huber", "cauchy", "arctan"];

/**
 * ρ(z), ρ′(z) and ρ″(z) of a loss at z = (r/scale)² ≥ 0, written to out[0], out[1], out[2]; the scale does not enter.
 *
 * @param loss the loss or its name.
 */
export function rho(loss: Loss | LossName, z: number, out: Float64Array): void {
  switch (typeof loss === "string" ? loss : loss.name) {
    case "linear":
      write(out, z, 1, 0);
      return;
    case "soft_l1": {
      const root = Math.sqrt(1 + z);
      write(out, (2 * z) / (root + 1), 1 / root, -0.5 / (root * (1 + z)));
      return;
    }
    case "huber": {
      const root = Math.sqrt(z);
      if (z <= 1) write(out, z, 1, 0);
      else write(out, 2 * root - 1, 1 / root, -0.5 / (root * z));
      return;
    }
    case "cauchy":
      write(out, Math.log1p(z), 1 / (1 + z), -1 / (1 + z) ** 2);
      return;
    case "arctan":
      write(out, Math.atan(z), 1 / (1 + z * z), (-2 * z) / (1 + z * z) ** 2);
  }
}

function write(out: Float64Array, value: number, first: number, second: number): void {
  out[0] = value;
  out[1] = first;
  out[2] = second;
}

/**
 * What one residual adds to the cost, and the factors that turn r and its row of J into the robust r̃ and J̃ of which
 * J̃ᵀr̃ is the gradient of the cost and J̃ᵀJ̃ its Gauss–Newton matrix (Triggs correction, kept positive):
 * out[0] = ½ scale² ρ, out[1] = factor of r, out[2] = factor of the row of J.
 * For models that accumulate their own normal equations.
 */
export function robustFactors(loss: Loss, residual: number, out: Float64Array): void {
  if (loss.name === "linear") {
    write(out, 0.5 * residual * residual, 1, 1);
    return;
  }
  const z = (residual / loss.scale) ** 2;
  rho(loss.name, z, out);
  const first = out[1]!;
  const curvature = first + 2 * out[2]! * z;
  const rowFactor = Math.sqrt(Math.max(curvature, Number.EPSILON));
  write(out, 0.5 * loss.scale * loss.scale * out[0]!, first / rowFactor, rowFactor);
}

const BLOCK = 256;

/** ½ scale² Σ ρ((r/scale)²) over all residuals; NaN or ±Infinity when a residual is not finite. */
export function robustCost(loss: Loss, residuals: Float64Array): number {
  let total = 0;
  // Sums of blocks, so that rounding grows with the number of blocks and not with the number of residuals.
  for (let from = 0; from < residuals.length; from += BLOCK) {
    total += blockCost(loss, residuals, from, Math.min(residuals.length, from + BLOCK));
  }
  return total;
}

const triple = new Float64Array(3);

function blockCost(loss: Loss, residuals: Float64Array, from: number, to: number): number {
  let sum = 0;
  if (loss.name === "linear") {
    for (let i = from; i < to; i++) sum += residuals[i]! * residuals[i]!;
    return 0.5 * sum;
  }
  for (let i = from; i < to; i++) {
    const residual = residuals[i]!;
    // atan saturates: an infinite residual must not pass for a finite cost.
    if (!Number.isFinite(residual)) return Number.NaN;
    rho(loss.name, (residual / loss.scale) ** 2, triple);
    sum += triple[0]!;
  }
  return 0.5 * loss.scale * loss.scale * sum;
}

/** The loss by name and scale. @throws {InvalidArgumentError} for an unknown name or a scale that is not positive. */
export function lossOf(name: string, scale: number): Loss {
  const known = lossNames.find((candidate) => candidate === name);
  if (known === undefined) {
    const hint = nearest(String(name), lossNames);
    throw new InvalidArgumentError(
      "loss",
      `be one of ${lossNames.join(", ")}${hint ? ` (nearest: ${hint})` : ""}`,
      name,
    );
  }
  if (!(scale > 0 && scale < Infinity)) throw new InvalidArgumentError("fScale", "be positive and finite", scale);
  return { name: known, scale };
}
