import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig, simulate, writeSimulation } from "@siegert/xpcs";

/** Size of a simulated measurement. */
export interface LargeDataOptions {
  readonly frames: number;
  /** Degrees. */
  readonly phi: readonly number[];
}

/** Seconds that the frames span, whatever their number. */
const SPAN = 20;

/** What the data are simulated with: diffusion that ages, under shear that grows. */
export const LARGE_DATA_TRUTH = {
  D0: 12000,
  alpha: -0.4,
  D_offset: 500,
  gamma_dot_t0: 3e-4,
  beta: 0.3,
  gamma_dot_t_offset: 2e-5,
  phi0: 3,
} as const;

/** Writes simulated maps of laminar flow, data.npz, and a configuration that fits them from default values, fit.yaml. */
export async function writeLargeData(folder: string, { frames, phi }: LargeDataOptions): Promise<void> {
  const instrument = `analysis_mode: laminar_flow
analyzer_parameters:
  dt: ${SPAN / frames}
  start_frame: 1
  end_frame: ${frames}
  scattering: { wavevector_q: 0.0054 }
  geometry: { stator_rotor_gap: 2.0e+6 }
phi_angles: [${phi.join(", ")}]
`;
  const truth = { ...LARGE_DATA_TRUTH, contrast: 0.25, offset: 1 };
  const simulated = parseConfig(
    `${instrument}initial_parameters:
  parameter_names: [${Object.keys(truth).join(", ")}]
  values: [${Object.values(truth).join(", ")}]
simulation: { noise: 0.01, seed: 42 }
`,
    { path: "simulation.yaml" },
  );
  await writeSimulation(join(folder, "data.npz"), simulate(simulated));
  writeFileSync(join(folder, "fit.yaml"), `${instrument}experimental_data: { file_path: data.npz }\n`);
}
