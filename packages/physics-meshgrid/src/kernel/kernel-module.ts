import type { Model } from "@siegert/physics-core";
import { instantiate, ModuleBuilder, type WasmMemory, type WasmModule } from "@siegert/wasm";
import type { Role } from "../tangent-table.ts";
import { addFiniteRankKernel } from "./finite-rank-kernel.ts";
import { addFrameKernels } from "./frame-module.ts";
import { addGramRow } from "./gram-row.ts";
import { addJacobianKernels } from "./jacobian-module.ts";
import { addLaminarKernel } from "./laminar-kernel.ts";
import { addSymmetricProductKernel } from "./symmetric-product-kernel.ts";
import type { TileFunction } from "./tile-kernel.ts";
import type { FrameExports } from "./wasm-frame-kernels.ts";
import type { JacobianExports } from "./wasm-jacobian-kernels.ts";

/** What a module of kernels gives. */
export interface KernelExports extends FrameExports, JacobianExports {
  readonly memory: WasmMemory;
  readonly chi2: TileFunction;
  readonly chi2Weighted: TileFunction;
  readonly gradient: TileFunction;
  readonly gradientWeighted: TileFunction;
  /** With the arguments of `GRAM_PARAMETERS`; only for shear flow. */
  readonly gram?: TileFunction;
  readonly gramWeighted?: TileFunction;
  readonly symmetricProduct: (
    a: number,
    sizeBytes: number,
    strideBytes: number,
    startBytes: number,
    endBytes: number,
    out: number,
  ) => void;
}

/** Compiled modules by kind of model: a module depends on nothing else. */
const compiled = new Map<string, WasmModule>();

/** Kernels of a model in a module of their own, with a memory of at least `bytes`. @throws when the host refuses. */
export function createKernels(model: Model, roles: readonly Role[], bytes: number): KernelExports {
  const exports = instantiate<KernelExports>(moduleOf(model, roles));
  exports.memory.grow(Math.ceil(bytes / 65536));
  return exports;
}

function moduleOf(model: Model, roles: readonly Role[]): WasmModule {
  const isStatic = model.kind === "homodyne" && model.phi0Index < 0;
  const kind = isStatic ? "static" : model.kind === "homodyne" ? `laminar ${model.sincPower}` : "two components";
  let module = compiled.get(kind);
  if (module === undefined) {
    module = build(model, roles, isStatic);
    compiled.set(kind, module);
  }
  return module;
}

function build(model: Model, roles: readonly Role[], isStatic: boolean): WasmModule {
  const module = new ModuleBuilder();
  module.memory({ minimum: 1, export: "memory" });
  for (const hasGradient of [false, true]) {
    for (const hasWeights of [false, true]) {
      const name = `${hasGradient ? "gradient" : "chi2"}${hasWeights ? "Weighted" : ""}`;
      if (model.kind === "homodyne" && !isStatic) {
        addLaminarKernel(module, name, { power: model.sincPower, hasGradient, hasWeights });
      } else {
        addFiniteRankKernel(module, name, { components: isStatic ? 1 : 4, hasGradient, hasWeights });
      }
    }
  }
  if (model.kind === "homodyne" && !isStatic) {
    const gramRow = addGramRow(module);
    const shape = { power: model.sincPower, hasGradient: true, gramRow };
    addLaminarKernel(module, "gram", { ...shape, hasWeights: false });
    addLaminarKernel(module, "gramWeighted", { ...shape, hasWeights: true });
  }
  addSymmetricProductKernel(module);
  addFrameKernels(module);
  addJacobianKernels(module, roles);
  return module.compile();
}
