import { InvalidArgumentError } from "@siegert/errors";
import { features } from "@siegert/wasm";
import { type Arena, hostArena, MeasuringArena, MemoryArena } from "./arena.ts";
import { createSeparable } from "./create-separable.ts";
import { createKernels, type KernelExports } from "./kernel/kernel-module.ts";
import { TileMasks } from "./kernel/tile-masks.ts";
import { WasmKernels } from "./kernel/wasm-kernels.ts";
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

/**
 * The engine that the options ask for.
 *
 * @throws {InvalidArgumentError} for `wasm` where the host has no SIMD, or refuses the memory.
 */
export function createEngine(options: MeshgridOptions, layout: TileLayout): Engine {
  const { engine = "auto" } = options;
  if (engine === "plain") return plainEngine(options, layout);
  if (!features().simd) {
    if (engine === "auto") return plainEngine(options, layout);
    throw new InvalidArgumentError("engine", "be 'plain' or 'auto' on a host without WebAssembly SIMD", engine);
  }
  const bytes = measure(options, layout);
  let exports: KernelExports;
  try {
    exports = createKernels(options.model, bytes);
  } catch {
    if (engine === "auto") return plainEngine(options, layout);
    throw new InvalidArgumentError("engine", `be 'plain' for data of ${Math.ceil(bytes / 2 ** 20)} MiB here`, engine);
  }
  return wasmEngine(options, layout, exports);
}

function plainEngine(options: MeshgridOptions, layout: TileLayout): Engine {
  const { separable, data } = allocate(options, layout, hostArena);
  return { name: "plain", separable, data, kernels: new PlainKernels(separable, layout, data) };
}

function wasmEngine(options: MeshgridOptions, layout: TileLayout, exports: KernelExports): Engine {
  const arena = new MemoryArena(exports.memory);
  const { separable, data } = allocate(options, layout, arena);
  const kernels = new WasmKernels(separable, layout, data, separable.kernelArrays(), exports, arena);
  return { name: "wasm", separable, data, kernels };
}

function allocate(options: MeshgridOptions, layout: TileLayout, arena: Arena): Pick<Engine, "separable" | "data"> {
  const { model, experiment, weights } = options;
  return {
    separable: createSeparable(model, experiment, layout, arena),
    data: allocateAngles(layout, experiment.phi.length, weights !== undefined, arena),
  };
}

/** Bytes that {@link wasmEngine} will allocate. */
function measure(options: MeshgridOptions, layout: TileLayout): number {
  const arena = new MeasuringArena();
  allocate(options, layout, arena);
  new TileMasks(layout, arena);
  arena.allocate(2);
  return arena.bytes;
}
