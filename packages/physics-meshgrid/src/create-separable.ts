import type { Experiment, Model } from "@siegert/physics-core";
import type { Arena } from "./arena.ts";
import type { FrameKernels } from "./frame-kernels.ts";
import { HeterodyneModel } from "./heterodyne-model.ts";
import { LaminarModel } from "./laminar-model.ts";
import type { SeparableModel } from "./separable-model.ts";
import { StaticModel } from "./static-model.ts";
import type { BlockLayout } from "./tile-layout.ts";

/** The separable form of a model. */
export function createSeparable(
  model: Model,
  experiment: Experiment,
  layout: BlockLayout,
  arena: Arena,
  frame: FrameKernels,
): SeparableModel {
  if (model.kind === "heterodyne") return new HeterodyneModel(experiment.q, layout, arena, frame);
  if (model.phi0Index < 0) return new StaticModel(experiment.q, layout, arena, frame);
  return new LaminarModel(experiment.q, model.sincPower, layout, arena, frame);
}
