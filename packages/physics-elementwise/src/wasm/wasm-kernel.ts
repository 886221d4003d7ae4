import { features, instantiate, ModuleBuilder, type WasmMemory, type WasmModule } from "@siegert/wasm";
import type { Kernel } from "../kernel.ts";
import { LANES, type ShardMemory } from "../shard-memory.ts";
import { addHeterodyneChannels, type ChannelExports } from "./heterodyne-channels.ts";
import { addHeterodyneKernels } from "./heterodyne-module.ts";
import { addHeterodyneStage, type StageExports } from "./heterodyne-stage.ts";
import { addHomodyneKernels } from "./homodyne-module.ts";
import { addHomodyneStage, type HomodyneStageExports } from "./homodyne-stage.ts";

/** Which kernels a module holds. */
export interface KernelVariant {
  /** Power of sinc, or the two-component formula. */
  readonly formula: 0 | 2 | 4 | "heterodyne";
  readonly isWeighted: boolean;
}

type PairLoop = (
  row: number,
  rowsEnd: number,
  left: number,
  right: number,
  leftGradient: number,
  rightGradient: number,
  column: number,
  measured: number,
  weight: number,
  sums: number,
  contrast: number,
  offset: number,
) => void;

/** What an instance gives; of the loops over frames, those of its formula. */
export interface KernelExports extends StageExports, ChannelExports, HomodyneStageExports {
  readonly memory: WasmMemory;
  readonly fill: PairLoop;
  readonly accumulate: PairLoop;
}

const PAGE = 65_536;
/** Addresses have 32 bits; half of the range keeps them clear of the sign. */
const LARGEST_BYTES = 2 ** 31 - PAGE;

const compiled = new Map<string, WasmModule>();

/** Whether this machine can run the kernels on that many bytes. */
export function hasWasm(bytes: number): boolean {
  return features().simd && bytes <= LARGEST_BYTES;
}

/** An instance with memory for a shard. */
export function instantiateKernels(variant: KernelVariant, bytes: number): KernelExports {
  const key = `${variant.formula} ${variant.isWeighted}`;
  let module = compiled.get(key);
  if (module === undefined) {
    module = describe(variant).compile();
    compiled.set(key, module);
  }
  const exports = instantiate<KernelExports>(module);
  exports.memory.grow(Math.ceil(bytes / PAGE));
  return exports;
}

function describe({ formula, isWeighted }: KernelVariant): ModuleBuilder {
  const module = new ModuleBuilder();
  module.memory({ minimum: 0, export: "memory" });
  if (formula === "heterodyne") {
    addHeterodyneKernels(module, isWeighted);
    addHeterodyneStage(module);
    addHeterodyneChannels(module);
  } else {
    addHomodyneKernels(module, formula, isWeighted);
    addHomodyneStage(module);
  }
  return module;
}

/** Kernels of an instance whose memory holds the shard. */
export function wasmKernel(exports: KernelExports, memory: ShardMemory): Kernel {
  const { pairs, left, right, leftGradient, rightGradient, rowStart, column, measured, normalised, weights, sums } =
    memory;
  const { frames } = pairs;
  const table = 8 * LANES * frames;
  const call = (run: PairLoop, angle: number, perPair: number, contrast: number, offset: number): void => {
    const row = rowStart.byteOffset + 4 * angle * frames;
    const at = angle * table;
    run(
      row,
      row + 4 * frames,
      left.byteOffset + at,
      right.byteOffset + at,
      leftGradient.byteOffset + at,
      rightGradient.byteOffset + at,
      column.byteOffset,
      perPair,
      weights.byteOffset,
      sums.byteOffset,
      contrast,
      offset,
    );
  };
  return {
    fill: (angle) => call(exports.fill, angle, normalised.byteOffset, 0, 0),
    accumulate: (angle, contrast, offset) => {
      const first = LANES * angle * frames;
      leftGradient.fill(0, first, first + LANES * frames);
      rightGradient.fill(0, first, first + LANES * frames);
      call(exports.accumulate, angle, measured.byteOffset, contrast, offset);
    },
  };
}
