import { InvalidArgumentError } from "@siegert/errors";
import type { ChannelGrid } from "@siegert/physics-core";
import { features } from "@siegert/wasm";
import { type Arena, hostArena, MeasuringArena, MemoryArena } from "./arena.ts";
import { ChannelGradient } from "./channel-gradient.ts";
import { ChannelValues } from "./channel-values.ts";
import { createSeparable } from "./create-separable.ts";
import { type FrameKernels, plainFrameKernels } from "./frame-kernels.ts";
import { type JacobianKernels, plainJacobianKernels } from "./jacobian-rows.ts";
import { createKernels, type KernelExports } from "./kernel/kernel-module.ts";
import { TileMasks } from "./kernel/tile-masks.ts";
import { wasmFrameKernels } from "./kernel/wasm-frame-kernels.ts";
import { wasmJacobianKernels } from "./kernel/wasm-jacobian-kernels.ts";
import { WasmKernels } from "./kernel/wasm-kernels.ts";
import { type Kernels, PlainKernels } from "./kernels.ts";
import { LaminarGram } from "./laminar-gram.ts";
import type { EngineName, MeshgridOptions } from "./meshgrid-options.ts";
import { allocateAngles } from "./packed-data.ts";
import { PairPass, type Workspace } from "./pair-pass.ts";
import { SemiseparableGram } from "./semiseparable-gram.ts";
import { addSymmetricProduct, type SymmetricProduct } from "./symmetric-product.ts";
import { rolesOf, TangentTable } from "./tangent-table.ts";
import type { TileLayout } from "./tile-layout.ts";

/** Where the numbers lie and who works on them. */
export interface Engine extends Workspace {
  readonly name: EngineName;
  readonly kernels: Kernels;
  readonly channels: ChannelValues;
  /** Gradients by the channels. */
  readonly sink: ChannelGradient;
  readonly pass: PairPass;
  /** Where the model has finite rank. */
  readonly gram: SemiseparableGram | undefined;
  /** Where it has not; for kernels that gather JᵀJ. */
  readonly laminarGram: LaminarGram | undefined;
}

/** Loops with a plain and a WebAssembly version. */
interface Tools {
  readonly multiply: SymmetricProduct;
  readonly frame: FrameKernels;
  readonly jacobian: JacobianKernels;
  /** Order of the data: see `AngleData`. */
  readonly isPaired: boolean;
}

const PLAIN: Tools = {
  multiply: addSymmetricProduct,
  frame: plainFrameKernels,
  jacobian: plainJacobianKernels,
  isPaired: false,
};

/** What an engine is made for. */
interface Task {
  readonly options: MeshgridOptions;
  readonly layout: TileLayout;
  readonly grid: ChannelGrid;
}

/**
 * The engine that the options ask for.
 *
 * @throws {InvalidArgumentError} for `wasm` where the host has no SIMD, or refuses the memory.
 */
export function createEngine(options: MeshgridOptions, layout: TileLayout, grid: ChannelGrid): Engine {
  const { engine = "auto" } = options;
  const task: Task = { options, layout, grid };
  if (engine === "plain") return plainEngine(task, hostArena);
  if (!features().simd) {
    if (engine === "auto") return plainEngine(task, hostArena);
    throw new InvalidArgumentError("engine", "be 'plain' or 'auto' on a host without WebAssembly SIMD", engine);
  }
  const bytes = measure(task);
  let exports: KernelExports;
  try {
    exports = createKernels(options.model, rolesOf(grid), bytes);
  } catch (error) {
    // The host refuses memory with a RangeError; anything else is a defect.
    if (!(error instanceof RangeError)) throw error;
    if (engine === "auto") return plainEngine(task, hostArena);
    throw new InvalidArgumentError("engine", `be 'plain' for data of ${Math.ceil(bytes / 2 ** 20)} MiB here`, engine);
  }
  return wasmEngine(task, exports);
}

function plainEngine(task: Task, arena: Arena): Engine {
  const parts = assemble(task, arena, PLAIN);
  return { ...parts, name: "plain", kernels: new PlainKernels(parts.separable, task.layout, parts.data) };
}

function wasmEngine(task: Task, exports: KernelExports): Engine {
  const { layout } = task;
  const arena = new MemoryArena(exports.memory);
  const multiply: SymmetricProduct = (a, size, stride, start, end, out) =>
    exports.symmetricProduct(
      a.byteOffset,
      8 * size,
      8 * stride,
      8 * (start & ~1),
      8 * (end + (end & 1)),
      out.byteOffset,
    );
  const parts = assemble(task, arena, {
    multiply,
    frame: wasmFrameKernels(exports),
    jacobian: wasmJacobianKernels(exports),
    isPaired: true,
  });
  const { separable, data } = parts;
  const kernels = new WasmKernels(
    separable,
    layout,
    data,
    exports,
    new TileMasks(layout, arena),
    scratch(layout, arena),
  );
  return { ...parts, name: "wasm", kernels };
}

function assemble({ options, layout, grid }: Task, arena: Arena, tools: Tools): Omit<Engine, "name" | "kernels"> {
  const { multiply, frame, jacobian, isPaired } = tools;
  const { model, experiment, weights } = options;
  const separable = createSeparable(model, experiment, layout, arena, frame);
  const data = allocateAngles(layout, experiment.phi.length, weights !== undefined, isPaired, arena);
  const tangents = new TangentTable(grid, layout.first, layout.padded, arena);
  const workspace: Workspace = { separable, data, arena, multiply, jacobian, tangents };
  const hasFiniteRank = separable.factorForm() !== undefined;
  return {
    ...workspace,
    channels: new ChannelValues(grid, layout.first, arena, frame),
    sink: new ChannelGradient(grid.channels.length, layout.padded, arena),
    pass: new PairPass(layout, workspace),
    laminarGram: hasFiniteRank ? undefined : new LaminarGram(experiment.q, grid, layout, arena),
    gram: hasFiniteRank
      ? new SemiseparableGram(model, experiment, grid, layout.first, arena, workspace, frame)
      : undefined,
  };
}

/** Results of the kernels, and the residuals of a few rows. */
function scratch(layout: TileLayout, arena: Arena): Float64Array {
  return arena.allocate(8 + 4 * layout.tileSize);
}

/** Bytes that {@link wasmEngine} will allocate. */
function measure(task: Task): number {
  const arena = new MeasuringArena();
  assemble(task, arena, PLAIN);
  new TileMasks(task.layout, arena);
  scratch(task.layout, arena);
  return arena.bytes;
}
