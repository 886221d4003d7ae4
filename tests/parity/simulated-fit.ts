/** Simulated data sets and fits of them from the default starting values. */
import { type AnalysisMode, createModel, type Experiment, type Model, timeAxis } from "@siegert/physics-core";
import { correlationMap } from "@siegert/physics-meshgrid";
import { createRandom } from "@siegert/random";
import { type FitOptions, type FitResult, fitCorrelation } from "@siegert/xpcs";

export interface Simulation {
  readonly mode: AnalysisMode;
  readonly truth: readonly number[];
  readonly phi: readonly number[];
  readonly frames: number;
  readonly dt: number;
  readonly noise: number;
  readonly seed: number;
}

export interface SimulatedSet {
  readonly model: Model;
  readonly experiment: Experiment;
  readonly maps: readonly Float64Array[];
}

export const CONTRAST = 0.3;
export const OFFSET = 1;

export function simulate({ mode, truth, phi, frames, dt, noise, seed }: Simulation): SimulatedSet {
  const model = createModel({ mode });
  const times = timeAxis({ frames, dt, start: model.kind === "heterodyne" ? 1 : 0 });
  const experiment = { q: 0.0054, gap: 2e6, phi, times };
  const maps = phi.map((_, angle) => {
    const map = correlationMap(model, experiment, Float64Array.from(truth), angle, {
      contrast: CONTRAST,
      offset: OFFSET,
    });
    const random = createRandom(seed, "noise", angle);
    for (let i = 0; i < frames; i++) {
      for (let j = i + 1; j < frames; j++) {
        map[i * frames + j]! += noise * random.normal();
        map[j * frames + i] = map[i * frames + j]!;
      }
    }
    return map;
  });
  return { model, experiment, maps };
}

/** Fits from the registry's defaults, but for parameters held at given values. */
export function fitFromDefaults(
  { model, experiment, maps }: SimulatedSet,
  held: Readonly<Record<string, number>> = {},
  extra: Partial<FitOptions> = {},
): Promise<FitResult> {
  return fitCorrelation({
    model,
    experiment,
    c2: (angle) => maps[angle]!,
    parameters: model.parameters.map((p) => ({
      start: held[p.name] ?? p.default,
      lower: p.lower,
      upper: p.upper,
      isFree: !(p.name in held),
    })),
    ...extra,
  });
}
