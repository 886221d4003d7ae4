import { InvalidArgumentError } from "@siegert/errors";
import { ANALYSIS_MODES, type AnalysisMode } from "./analysis-mode.ts";
import { PARAMETERS, type ParameterDefinition } from "./parameters.ts";

/**
 * Meaning of the shear phase Φ (sinc is unnormalised, sin x / x):
 * - `coded`: c2 decays as sinc(Φ)⁴ with Φ = (q L / 2π) cos(φ₀ − φ) ∫γ̇, what the Python packages compute;
 * - `derived`: c2 decays as sinc(Φ)² with Φ = (q L / 2) cos(φ₀ − φ) ∫γ̇, what the derivation gives (He et al., PNAS 2024,
 *   10.1073/pnas.2401162121).
 *
 * For small phases a shear rate fitted with `coded` is π/√2 = 2.22 times the one fitted with `derived`.
 */
export type ShearConvention = "coded" | "derived";

/** How the sample fraction is kept in [0, 1]: a clip, or a softplus clip of sharpness 50 that stays differentiable. */
export type FractionLimit = "hard" | "smooth";

/** Choice of model and conventions. */
export interface ModelOptions {
  readonly mode: AnalysisMode;
  /** Default `coded`. Read by `laminar_flow` only. */
  readonly shear?: ShearConvention | undefined;
  /** Default `hard`. Read by `two_component` only. */
  readonly fractionLimit?: FractionLimit | undefined;
}

/** A model with its conventions settled. Plain data: it can be sent to another thread. */
export interface Model {
  readonly mode: AnalysisMode;
  /** `homodyne`: one population; `heterodyne`: moving sample against a reference. */
  readonly kind: "homodyne" | "heterodyne";
  readonly shear: ShearConvention;
  readonly fractionLimit: FractionLimit;
  /** Power of sinc(Φ) in c2: 4 for `coded`, 2 for `derived`. */
  readonly sincPower: 2 | 4;
  /** Physical parameters, in the order of every parameter vector. Scaling (contrast, offset) is not among them. */
  readonly parameters: readonly ParameterDefinition[];
  /** Index of the flow direction phi0 among the parameters, or −1 when the model has none. */
  readonly phi0Index: number;
}

/**
 * The model of an analysis mode.
 *
 * @throws {InvalidArgumentError} for an unknown mode or convention.
 */
export function createModel(options: ModelOptions): Model {
  const { mode, shear = "coded", fractionLimit = "hard" } = options;
  if (!ANALYSIS_MODES.includes(mode)) {
    throw new InvalidArgumentError("mode", `be one of ${ANALYSIS_MODES.join(", ")}`, mode);
  }
  if (shear !== "coded" && shear !== "derived") {
    throw new InvalidArgumentError("shear", "be 'coded' or 'derived'", shear);
  }
  if (fractionLimit !== "hard" && fractionLimit !== "smooth") {
    throw new InvalidArgumentError("fractionLimit", "be 'hard' or 'smooth'", fractionLimit);
  }
  const parameters = PARAMETERS.filter((parameter) => parameter.modes.includes(mode));
  return {
    mode,
    kind: mode === "two_component" ? "heterodyne" : "homodyne",
    shear,
    fractionLimit,
    sincPower: shear === "coded" ? 4 : 2,
    parameters,
    phi0Index: parameters.findIndex((parameter) => parameter.name === "phi0"),
  };
}
