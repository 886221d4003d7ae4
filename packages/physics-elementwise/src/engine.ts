import { InvalidArgumentError } from "@siegert/errors";
import type { Experiment, Model } from "@siegert/physics-core";
import { heterodyneChannels } from "./heterodyne-channels.ts";
import { heterodyneFrames, heterodyneWorkspace } from "./heterodyne-frames.ts";
import { heterodyneKernel } from "./heterodyne-kernel.ts";
import { HeterodynePhysics } from "./heterodyne-physics.ts";
import { heterodyneStage } from "./heterodyne-stage.ts";
import { homodyneKernel } from "./homodyne-kernel.ts";
import { HomodynePhysics } from "./homodyne-physics.ts";
import { homodyneFrames, homodyneStage, homodyneWorkspace } from "./homodyne-stage.ts";
import type { PairList } from "./pair-list.ts";
import type { Physics } from "./physics.ts";
import { type ShardMemory, shardBytes, shardMemory } from "./shard-memory.ts";
import { wasmHeterodyneChannels } from "./wasm/heterodyne-channels.ts";
import { wasmHeterodyneStage } from "./wasm/heterodyne-stage.ts";
import { wasmHomodyneStage } from "./wasm/homodyne-stage.ts";
import { hasWasm, instantiateKernels, wasmKernel } from "./wasm/wasm-kernel.ts";
import { wideHeterodyneKernel } from "./wide-heterodyne-kernel.ts";
import { wideHeterodyneStage } from "./wide-heterodyne-stage.ts";

/** What the loops over pairs run on: WebAssembly with SIMD, or TypeScript. */
export type Engine = "wasm" | "plain";

/** A shard's memory and physics on the engine wanted. */
export interface Assembly {
  readonly engine: Engine;
  readonly physics: Physics;
  readonly memory: ShardMemory;
}

/**
 * Settles the engine and lays out the memory. Pairs with exponents out of the ordinary range run on the plain kernels
 * whatever the engine: they read the same memory.
 *
 * @throws {InvalidArgumentError} for an unknown engine, or `wasm` where the machine has none.
 */
export function assemble(
  model: Model,
  experiment: Experiment,
  pairs: PairList,
  c2: Float64Array,
  weights: Float64Array | undefined,
  wanted: "auto" | Engine,
): Assembly {
  const isWeighted = weights !== undefined;
  const isHeterodyne = model.kind === "heterodyne";
  const workspace = isHeterodyne ? heterodyneWorkspace(pairs.frames, pairs.angles) : homodyneWorkspace(pairs.frames);
  const bytes = shardBytes(pairs, isWeighted, workspace);
  const engine = settleEngine(wanted, bytes);
  const sincPower = model.phi0Index < 0 ? 0 : model.sincPower;
  const formula = isHeterodyne ? "heterodyne" : sincPower;
  const instance = engine === "wasm" ? instantiateKernels({ formula, isWeighted }, bytes) : undefined;
  const memory = shardMemory(pairs, c2, weights, workspace, instance?.memory.buffer ?? new ArrayBuffer(bytes));
  const narrow = instance && wasmKernel(instance, memory);
  if (isHeterodyne) {
    const own = heterodyneFrames(memory);
    const routes = [
      {
        kernel: narrow ?? heterodyneKernel(memory),
        stage: instance ? wasmHeterodyneStage(instance, memory, own) : heterodyneStage(memory, own),
      },
      { kernel: wideHeterodyneKernel(memory), stage: wideHeterodyneStage(memory, own) },
    ] as const;
    const channels =
      instance && model.fractionLimit === "hard"
        ? wasmHeterodyneChannels(instance, experiment, memory, own)
        : heterodyneChannels(model, experiment, own);
    return { engine, memory, physics: new HeterodynePhysics(model, experiment, own, channels, routes) };
  }
  const kernels = [
    narrow ?? homodyneKernel(memory, { sincPower, isWide: false }),
    homodyneKernel(memory, { sincPower, isWide: true }),
  ] as const;
  const own = homodyneFrames(memory);
  const stage = instance
    ? wasmHomodyneStage(instance, model, experiment, memory, own)
    : homodyneStage(model, experiment, memory, own);
  return { engine, memory, physics: new HomodynePhysics(model, experiment, memory, own, stage, kernels) };
}

function settleEngine(wanted: "auto" | Engine, bytes: number): Engine {
  if (wanted !== "auto" && wanted !== "wasm" && wanted !== "plain") {
    throw new InvalidArgumentError("engine", "be 'auto', 'wasm' or 'plain'", wanted);
  }
  if (wanted === "plain") return "plain";
  if (hasWasm(bytes)) return "wasm";
  if (wanted === "auto") return "plain";
  throw new InvalidArgumentError(
    "engine",
    "be 'auto' or 'plain' here: no WebAssembly SIMD with room for the pairs",
    wanted,
  );
}
