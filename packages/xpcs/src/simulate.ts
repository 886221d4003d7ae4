import { InvalidArgumentError } from "@siegert/errors";
import { type AnalysisMode, createModel, type Experiment, type Model, timeAxis } from "@siegert/physics-core";
import { correlationMap } from "@siegert/physics-meshgrid";
import { createRandom, type Random } from "@siegert/random";
import type { Config } from "./config/config.ts";
import { ConfigError } from "./config/config-error.ts";
import { checkScalingLengths } from "./config/scaling-lengths.ts";

/** 16 GiB of float64. */
const MOST_ELEMENTS = 2 ** 31;

/** Options of {@link simulate}. */
export interface SimulateOptions {
  /** Standard deviation of the noise of c2; 0 for none. Default: the configuration's `simulation.noise`. */
  readonly noise?: number | undefined;
  /** Default: the configuration's `simulation.seed`. */
  readonly seed?: number | undefined;
}

/** What simulated data were made from. */
export interface SimulationTruth {
  readonly mode: AnalysisMode;
  /** Physical parameters by name, in the order of the model. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Contrast and offset per angle. */
  readonly scaling: readonly { readonly phi: number; readonly contrast: number; readonly offset: number }[];
  /** Standard deviation of the noise. */
  readonly noise: number;
  readonly seed: number;
}

/** Simulated correlation maps. */
export interface SimulatedData {
  /** 1/Å. */
  readonly q: number;
  /** Degrees; shape (angles). */
  readonly phi: Float64Array;
  /** Times of the frames, s; shape (N). */
  readonly times: Float64Array;
  /** Number of the first frame. */
  readonly startFrame: number;
  /** Shape (angles, N, N) row-major, symmetric. */
  readonly c2: Float64Array;
  readonly truth: SimulationTruth;
}

/**
 * Times of frames `startFrame` … of a configuration, s: `two_component` counts from the start of the measurement,
 * (startFrame + i)·dt, the other modes from the first frame used, i·dt.
 *
 * @param frames number of frames.
 */
export function frameTimes(
  { mode, dt, startFrame }: Pick<Config, "mode" | "dt" | "startFrame">,
  frames: number,
): Float64Array {
  return timeAxis({ frames, dt, start: mode === "two_component" ? startFrame : 0 });
}

/**
 * Makes up data: the maps of the configuration's starting values at its `phi_angles` (0° when it has none) and frames,
 * with independent Gaussian noise on every pair of frames. Each angle has its own random stream, so that the noise of one
 * does not depend on how many there are.
 *
 * @throws {ConfigError} when `end_frame` is not a number of frames or of more than memory holds, lists per angle do not fit
 * `phi_angles`, or parameters make maps that are not finite.
 * @throws {InvalidArgumentError} for a negative noise or a seed that is no whole number.
 */
export function simulate(config: Config, options: SimulateOptions = {}): SimulatedData {
  const { noise = config.simulation.noise, seed = config.simulation.seed } = options;
  if (!(noise >= 0 && noise < Infinity))
    throw new InvalidArgumentError("noise", "be a finite number of at least 0", noise);
  if (!Number.isSafeInteger(seed)) throw new InvalidArgumentError("seed", "be a whole number", seed);
  const phi = Float64Array.from(config.phiAngles ?? [0]);
  const frames = frameCount(config);
  checkSize(config, phi.length, frames);
  const times = frameTimes(config, frames);
  const scaling = scalingOf(config, phi);
  const model = createModel({ mode: config.mode, shear: config.shearConvention, fractionLimit: config.fractionLimit });
  const values = Float64Array.from(config.parameters, (parameter) => parameter.value);
  const experiment = { q: config.q, gap: config.gap, phi, times };
  const c2 = allocate(config, phi.length, frames);
  for (let k = 0; k < phi.length; k++) {
    const map = c2.subarray(k * frames * frames, (k + 1) * frames * frames);
    correlationMap(model, experiment, values, k, scaling[k]!, map);
    if (!map.every(Number.isFinite)) throw notFinite(config, model, experiment, values, k, scaling[k]!);
    if (noise > 0) addNoise(map, frames, noise, createRandom(seed, "simulation", "noise", k));
  }
  const parameters = Object.fromEntries(config.parameters.map(({ name, value }) => [name, value]));
  return {
    q: config.q,
    phi,
    times,
    startFrame: config.startFrame,
    c2,
    truth: { mode: config.mode, parameters, scaling, noise, seed },
  };
}

/** The same noise on both triangles; the diagonal has its own. */
function addNoise(map: Float64Array, n: number, sd: number, random: Random): void {
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      const value = map[i * n + j]! + random.normal(0, sd);
      map[i * n + j] = value;
      map[j * n + i] = value;
    }
  }
}

function frameCount(config: Config): number {
  if (config.endFrame > config.startFrame) return config.endFrame - config.startFrame + 1;
  throw problem(
    config,
    "analyzer_parameters.end_frame",
    "must be a number of frames, not -1: a simulation has no file to take it from",
  );
}

function checkSize(config: Config, angles: number, frames: number): void {
  if (angles * frames * frames <= MOST_ELEMENTS) return;
  throw tooLarge(config, angles, frames);
}

function allocate(config: Config, angles: number, frames: number): Float64Array {
  try {
    return new Float64Array(angles * frames * frames);
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(config, angles, frames);
    throw cause;
  }
}

function tooLarge(config: Config, angles: number, frames: number): ConfigError {
  const size = Number(((8 * angles * frames * frames) / 2 ** 30).toPrecision(3));
  return problem(
    config,
    "analyzer_parameters.end_frame",
    `${angles} maps of ${frames} × ${frames} frames take ${size} GiB, more than can be held; use fewer frames or angles`,
  );
}

/** Names the parameter whose default in place of its value makes the map finite, when there is one. */
function notFinite(
  config: Config,
  model: Model,
  experiment: Experiment,
  values: Float64Array,
  angle: number,
  scaling: SimulationTruth["scaling"][number],
): ConfigError {
  const culprit = config.parameters.find(({ definition, value }, k) => {
    if (value === definition.default) return false;
    const changed = values.with(k, definition.default);
    return correlationMap(model, experiment, changed, angle, scaling).every(Number.isFinite);
  });
  const at = culprit?.position ?? { line: 1, column: 1 };
  const what = culprit === undefined ? "the parameters together make" : `${culprit.name} = ${culprit.value} makes`;
  const message = `${what} the map at ${experiment.phi[angle]}° NaN or infinite; choose another value`;
  return new ConfigError(config.path, [{ ...at, path: "initial_parameters", message }]);
}

function scalingOf(config: Config, phi: Float64Array): SimulationTruth["scaling"] {
  const { scaling } = config;
  checkScalingLengths(config, phi.length);
  const pick = (name: "contrast" | "offset", angle: number): number => {
    const list = scaling.perAngle[name];
    if (list === undefined) return scaling[name].value;
    return list.length === 1 ? list[0]! : list[angle]!;
  };
  return Array.from(phi, (angle, k) => ({ phi: angle, contrast: pick("contrast", k), offset: pick("offset", k) }));
}

function problem(config: Config, path: string, message: string): ConfigError {
  const position = config.positions[path] ?? { line: 1, column: 1 };
  return new ConfigError(config.path, [{ ...position, path, message }]);
}
