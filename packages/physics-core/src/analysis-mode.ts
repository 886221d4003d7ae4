/** What the scatterers do. The two static modes share their physics and differ in how angles are scaled. */
export type AnalysisMode = "static_isotropic" | "static_anisotropic" | "laminar_flow" | "two_component";

/** Every analysis mode. */
export const ANALYSIS_MODES: readonly AnalysisMode[] = [
  "static_isotropic",
  "static_anisotropic",
  "laminar_flow",
  "two_component",
];
