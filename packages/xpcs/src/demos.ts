import type { Config } from "./config/config.ts";
import { parseConfig } from "./config/parse-config.ts";

/** A simulated measurement with known truth, and the configuration that fits it from default starting values. */
export interface Demo {
  /** Folder name. */
  readonly name: string;
  readonly title: string;
  /** Standard deviation of the noise. */
  readonly noise: number;
  readonly simulation: Config;
  readonly fit: Config;
  /** The text of `fit`. */
  readonly fitYaml: string;
  /** Values that the data are simulated with, by name. */
  readonly truth: ReadonlyMap<string, number>;
}

const FRAMES = 200;
const NOISE = 0.01;
const SEED = 42;
const CONTRAST = 0.25;
const OFFSET = 1;

interface DemoFacts {
  readonly name: string;
  readonly title: string;
  readonly dt: number;
  readonly phi: readonly number[];
  readonly values: Readonly<Record<string, number>>;
}

const FACTS: readonly DemoFacts[] = [
  {
    name: "laminar_flow",
    title: "Laminar flow: ageing diffusion under growing shear",
    dt: 0.1,
    phi: [0, 45, 90],
    values: { D0: 12000, alpha: -0.4, D_offset: 500, gamma_dot_t0: 3e-4, beta: 0.3, gamma_dot_t_offset: 2e-5, phi0: 3 },
  },
  {
    name: "two_component",
    title: "Two components: a moving sample against a slow reference",
    dt: 0.05,
    phi: [0, 45, 100],
    values: {
      D0_ref: 8000,
      alpha_ref: 0.3,
      D_offset_ref: 500,
      D0_sample: 25000,
      alpha_sample: -0.4,
      D_offset_sample: 1000,
      v0: 1200,
      beta: 0.3,
      v_offset: 10,
      f0: 0.45,
      f1: -0.1,
      f2: 0,
      f3: 0.15,
      phi0: 3,
    },
  },
];

function instrumentYaml({ name, dt, phi }: DemoFacts): string {
  return `analysis_mode: ${name}
analyzer_parameters:
  dt: ${dt}
  start_frame: 1
  end_frame: ${FRAMES}
  scattering: { wavevector_q: 0.0054 }
  geometry: { stator_rotor_gap: 2.0e+6 }
phi_angles: [${phi.join(", ")}]
`;
}

function simulationYaml(facts: DemoFacts): string {
  const values = { contrast: CONTRAST, offset: OFFSET, ...facts.values };
  return `${instrumentYaml(facts)}initial_parameters:
  parameter_names: [${Object.keys(values).join(", ")}]
  values: [${Object.values(values).join(", ")}]
simulation: { noise: ${NOISE}, seed: ${SEED} }
`;
}

/** Laminar flow and two components: 3 angles, 200 frames, noise 0.01, seed 42. */
export function demos(): Demo[] {
  return FACTS.map(demoOf);
}

function demoOf(facts: DemoFacts): Demo {
  const { name, title, values } = facts;
  const fitYaml = `# Fits data.h5 beside this file from default starting values.\n${instrumentYaml(facts)}experimental_data: { file_path: data.h5 }\n`;
  return {
    name,
    title,
    noise: NOISE,
    simulation: parseConfig(simulationYaml(facts), { path: `${name}-simulation.yaml` }),
    fit: parseConfig(fitYaml, { path: "fit.yaml" }),
    fitYaml,
    truth: new Map([...Object.entries(values), ["contrast", CONTRAST], ["offset", OFFSET]]),
  };
}
