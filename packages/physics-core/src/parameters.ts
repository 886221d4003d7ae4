import type { AnalysisMode } from "./analysis-mode.ts";

/** Everything that is known about a parameter before any data are seen. */
export interface ParameterDefinition {
  /** Name in configurations, results and code. */
  readonly name: string;
  /** Short symbol for tables and figures (plain Unicode). */
  readonly symbol: string;
  /** Unit; empty for a pure number. */
  readonly unit: string;
  /** Starting value when nothing better is known. */
  readonly default: number;
  /** Lowest and highest value allowed. */
  readonly lower: number;
  readonly upper: number;
  /** Prior: a normal with this mean and standard deviation, truncated to the bounds. */
  readonly priorMean: number;
  readonly priorSd: number;
  /** Other names that configurations use. */
  readonly aliases: readonly string[];
  /** Modes whose parameter vector has it; empty for the scaling parameters, which every mode has per angle. */
  readonly modes: readonly AnalysisMode[];
  /** One sentence. */
  readonly description: string;
}

type Row = readonly [
  name: string,
  symbol: string,
  unit: string,
  initial: number,
  bounds: readonly [number, number],
  prior: readonly [number, number],
  description: string,
  aliases?: readonly string[],
];

const HOMODYNE: readonly AnalysisMode[] = ["static_isotropic", "static_anisotropic", "laminar_flow"];
const LAMINAR: readonly AnalysisMode[] = ["laminar_flow"];
const HETERODYNE: readonly AnalysisMode[] = ["two_component"];

const SCALING_ROWS: readonly Row[] = [
  ["contrast", "β", "", 0.5, [0, 1], [0.5, 0.25], "Speckle contrast of one angle"],
  ["offset", "c₀", "", 1, [0.5, 1.5], [1, 0.25], "Baseline of the correlation of one angle"],
];

const DIFFUSION_ROWS: readonly Row[] = [
  ["D0", "D₀", "Å²/s^(1+alpha)", 1000, [100, 1e5], [1000, 1000], "Amplitude of the diffusion coefficient"],
  ["alpha", "α", "", 0.5, [-2, 2], [0.5, 0.5], "Exponent of time in the diffusion coefficient"],
  ["D_offset", "D_off", "Å²/s", 10, [-1e5, 1e5], [10, 200], "Part of the diffusion coefficient constant in time"],
];

const SHEAR_ROWS: readonly Row[] = [
  [
    "gamma_dot_t0",
    "γ̇₀",
    "1/s^(1+beta)",
    0.01,
    [1e-6, 0.5],
    [0.01, 0.1],
    "Amplitude of the shear rate",
    ["gamma_dot_0"],
  ],
  ["beta", "β_γ", "", 0.5, [-2, 2], [0, 0.5], "Exponent of time in the shear rate"],
  [
    "gamma_dot_t_offset",
    "γ̇_off",
    "1/s",
    0,
    [-0.1, 0.1],
    [0, 0.02],
    "Part of the shear rate constant in time",
    ["gamma_dot_offset"],
  ],
  ["phi0", "φ₀", "deg", 0, [-10, 10], [0, 5], "Direction of flow", ["phi_0"]],
];

const TWO_COMPONENT_ROWS: readonly Row[] = [
  [
    "D0_ref",
    "D₀ᵣ",
    "Å²/s^(1+alpha)",
    1e4,
    [100, 1e6],
    [1e4, 5e3],
    "Amplitude of the reference's transport coefficient",
  ],
  ["alpha_ref", "αᵣ", "", 0, [-2, 2], [0, 1], "Exponent of time in the reference's transport coefficient"],
  [
    "D_offset_ref",
    "D_offᵣ",
    "Å²/s",
    0,
    [-1e5, 1e5],
    [0, 1e3],
    "Part of the reference's transport coefficient constant in time",
  ],
  [
    "D0_sample",
    "D₀ₛ",
    "Å²/s^(1+alpha)",
    1e4,
    [100, 1e6],
    [1e4, 5e3],
    "Amplitude of the sample's transport coefficient",
  ],
  ["alpha_sample", "αₛ", "", 0, [-2, 2], [0, 1], "Exponent of time in the sample's transport coefficient"],
  [
    "D_offset_sample",
    "D_offₛ",
    "Å²/s",
    0,
    [-1e5, 1e5],
    [0, 1e3],
    "Part of the sample's transport coefficient constant in time",
  ],
  ["v0", "v₀", "Å/s^(1+beta)", 1e3, [1e-6, 1e4], [1e3, 500], "Amplitude of the sample's velocity"],
  ["beta", "β_v", "", 0, [-2, 2], [0, 1], "Exponent of time in the velocity", ["v_beta"]],
  ["v_offset", "v_off", "Å/s", 0, [-100, 100], [0, 25], "Part of the velocity constant in time"],
  ["f0", "f₀", "", 0.5, [0, 1], [0.5, 0.25], "Amplitude of the sample fraction at time f2"],
  ["f1", "f₁", "1/s", 0, [-10, 10], [0, 5], "Rate of change of the sample fraction"],
  ["f2", "f₂", "s", 0, [-1e4, 1e4], [0, 1e3], "Time at which the sample fraction has amplitude f0"],
  ["f3", "f₃", "", 0, [0, 1], [0, 0.5], "Part of the sample fraction constant in time"],
  ["phi0", "φ₀", "deg", 0, [-10, 10], [0, 5], "Direction of flow", ["phi0_het", "phi_0"]],
];

function define(rows: readonly Row[], modes: readonly AnalysisMode[]): ParameterDefinition[] {
  return rows.map(([name, symbol, unit, initial, [lower, upper], [priorMean, priorSd], description, aliases = []]) => ({
    name,
    symbol,
    unit,
    default: initial,
    lower,
    upper,
    priorMean,
    priorSd,
    aliases,
    modes,
    description,
  }));
}

/** The physical parameters of all modes, each mode's in the order of its parameter vector. */
export const PARAMETERS: readonly ParameterDefinition[] = [
  ...define(DIFFUSION_ROWS, HOMODYNE),
  ...define(SHEAR_ROWS, LAMINAR),
  ...define(TWO_COMPONENT_ROWS, HETERODYNE),
];

/** Contrast and offset, which every angle has. */
export const SCALING_PARAMETERS: readonly ParameterDefinition[] = define(SCALING_ROWS, []);

/** The parameter of a mode (or a scaling parameter) by its name or an alias, or `undefined`. */
export function findParameter(mode: AnalysisMode, nameOrAlias: string): ParameterDefinition | undefined {
  const candidates = [...PARAMETERS.filter((parameter) => parameter.modes.includes(mode)), ...SCALING_PARAMETERS];
  return (
    candidates.find((parameter) => parameter.name === nameOrAlias) ??
    candidates.find((parameter) => parameter.aliases.includes(nameOrAlias))
  );
}
