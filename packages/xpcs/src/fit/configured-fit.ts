import { createModel, type Experiment } from "@siegert/physics-core";
import type { Config, ConfigParameter } from "../config/config.ts";
import type { FitOptions, FitParameter } from "./fit-options.ts";

/** The options of `fitCorrelation` that a configuration stands for. */
export function fitOptions(
  config: Config,
  experiment: Experiment,
  c2: (angle: number) => Float64Array,
  { onProgress, signal }: Pick<FitOptions, "onProgress" | "signal"> = {},
): FitOptions {
  const { nlsq, scaling } = config;
  const { enable, nStarts, seed, refineTopK } = nlsq.multiStart;
  const when = enable === "auto" ? "auto" : enable ? "always" : "never";
  return {
    model: createModel({ mode: config.mode, shear: config.shearConvention, fractionLimit: config.fractionLimit }),
    experiment,
    c2,
    parameters: config.parameters.map((parameter) => fitParameter(parameter, config.parameters)),
    scalingMode: nlsq.antiDegeneracy.perAngleMode,
    scalingBounds: {
      contrast: [scaling.contrast.lower, scaling.contrast.upper],
      offset: [scaling.offset.lower, scaling.offset.upper],
    },
    fixedScaling: {
      contrast: heldScaling(config, "contrast", experiment.phi.length),
      offset: heldScaling(config, "offset", experiment.phi.length),
    },
    sigma: config.sigma,
    loss: nlsq.loss,
    lossScale: nlsq.lossScale,
    tolerance: { ftol: nlsq.ftol, xtol: nlsq.xtol, gtol: nlsq.gtol },
    maxIterations: nlsq.maxIterations,
    multistart: { when, starts: nStarts, refine: refineTopK, seed },
    onProgress,
    signal,
  };
}

function fitParameter(
  { value, lower, upper, isFree, tiedTo }: ConfigParameter,
  all: readonly ConfigParameter[],
): FitParameter {
  const leader = tiedTo === undefined ? -1 : all.findIndex(({ name }) => name === tiedTo);
  return { start: value, lower, upper, isFree, tiedTo: leader < 0 ? undefined : leader };
}

/** One value per angle of a contrast or offset that is not to be fitted. */
function heldScaling({ scaling }: Config, kind: "contrast" | "offset", angles: number): readonly number[] | undefined {
  if (scaling[kind].isFree) return undefined;
  const list = scaling.perAngle[kind];
  if (list === undefined || list.length === 1) return new Array<number>(angles).fill(list?.[0] ?? scaling[kind].value);
  return list;
}
