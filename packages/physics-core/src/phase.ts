import { DEFAULT_GAP, type Experiment } from "./instrument.ts";
import type { Model } from "./model.ts";

const DEGREE = Math.PI / 180;

/** Factor κ that turns an integral of flow into a phase, and its derivative by phi0. */
export interface PhaseFactor {
  /** Phase per unit of the integral: rad/(∫γ̇ dt) for shear, rad/Å for velocity. */
  readonly kappa: number;
  /** ∂κ/∂phi0, per degree. */
  readonly kappaByPhi0: number;
}

/**
 * Phase factor of one angle.
 *
 * - `laminar_flow`: κ = (q L / 2π) cos(phi0 − phi) with the convention `coded`, (q L / 2) cos(phi0 − phi) with `derived`;
 * - `two_component`: κ = q cos(phi + phi0) (plus: the two literatures count the flow direction oppositely);
 * - static modes: 0.
 *
 * @param phi angle of the map, degrees.
 * @param phi0 direction of flow, degrees.
 */
export function phaseFactor(
  model: Model,
  experiment: Pick<Experiment, "q" | "gap">,
  phi: number,
  phi0: number,
): PhaseFactor {
  if (model.kind === "heterodyne") {
    const angle = (phi + phi0) * DEGREE;
    return { kappa: experiment.q * Math.cos(angle), kappaByPhi0: -experiment.q * Math.sin(angle) * DEGREE };
  }
  if (model.phi0Index < 0) return { kappa: 0, kappaByPhi0: 0 };
  const lever = experiment.q * (experiment.gap ?? DEFAULT_GAP) * (model.shear === "coded" ? 1 / (2 * Math.PI) : 0.5);
  const angle = (phi0 - phi) * DEGREE;
  return { kappa: lever * Math.cos(angle), kappaByPhi0: -lever * Math.sin(angle) * DEGREE };
}
