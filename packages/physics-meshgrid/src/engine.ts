import type { ChannelGrid } from "@siegert/physics-core";
import { hostArena } from "./arena.ts";
import { createSeparable } from "./create-separable.ts";
import { type AngleData, type Kernels, PlainKernels } from "./kernels.ts";
import type { EngineName, MeshgridOptions } from "./meshgrid-options.ts";
import { allocateAngles } from "./packed-data.ts";
import type { SeparableModel } from "./separable-model.ts";
import type { TileLayout } from "./tile-layout.ts";

/** Where the numbers lie and who works on them. */
export interface Engine {
  readonly name: EngineName;
  readonly separable: SeparableModel;
  readonly data: readonly AngleData[];
  readonly kernels: Kernels;
}

export function createEngine(options: MeshgridOptions, layout: TileLayout, _grid: ChannelGrid): Engine {
  const { model, experiment, weights } = options;
  const separable = createSeparable(model, experiment, layout, hostArena);
  const data = allocateAngles(layout, experiment.phi.length, weights !== undefined, hostArena);
  return { name: "plain", separable, data, kernels: new PlainKernels(separable, layout, data) };
}
