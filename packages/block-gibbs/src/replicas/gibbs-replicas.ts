/** Discrete models as problems for parallel tempering. */
import { InvalidArgumentError } from "@siegert/errors";
import type { ReplicaIdentity, ReplicaProblem } from "@siegert/log-density";
import type { EnergyModel } from "../models/energy-model.ts";
import { zeroState } from "../models/zero-state.ts";
import type { Block, Superblock } from "../nodes/block.ts";
import { blockSpec } from "../nodes/block-spec.ts";
import {
  type BlocksOfTemperature,
  blocksByTemperature,
  type TemperatureBlockOptions,
} from "../partition/blocks-by-temperature.ts";
import { coloredBlocks } from "../program/colored-blocks.ts";
import { gibbsProgram } from "../program/gibbs-program.ts";
import { TrackedSweep } from "../program/tracked-sweep.ts";
import type { ClampedValues } from "../run/gibbs-chain.ts";
import { checkInteger } from "../run/schedule.ts";
import type { ConditionalSampler } from "../samplers/conditional-sampler.ts";
import { GibbsGroup } from "./gibbs-group.ts";
import type { SharedReplicaParts, TrackedProgram } from "./replica-parts.ts";

/** A discrete model, and how a replica of it moves. */
export interface GibbsReplicaOptions {
  /** Spins and categories only. Its own β plays no role: tempering gives every chain its β of p ∝ exp(−β V). */
  readonly model: EnergyModel;
  /** Values of blocks that do not move. Default none. */
  readonly clamped?: ClampedValues;
  /**
   * Blocks to draw, the same at every temperature or by β, as `blocksByTemperature` gives. Default: by colours. A function
   * must depend on β alone and give the same arrays for the same blocks, as programs are kept by them.
   */
  readonly free?: readonly Superblock[] | BlocksOfTemperature;
  /** Joint blocks whose size depends on the temperature, with these options of `blocksByTemperature`; instead of `free`. */
  readonly jointBlocks?: Omit<TemperatureBlockOptions, "clamped">;
  /** Samplers of free blocks, as `gibbsProgram` takes. Those that learn start anew at every exploration step. */
  readonly samplers?: ReadonlyMap<Block, ConditionalSampler>;
  /** Sweeps per exploration step. Default 1. */
  readonly sweeps?: number;
  /** Sweeps after which energies are added up anew, as in `EnergyCache`. Default 100. */
  readonly refreshEvery?: number;
}

/**
 * The path π_β ∝ exp(−β V) of a discrete model: the reference, β = 0, is uniform over all states, from which every
 * exploration step draws independently; the statistic is s = −V, kept up to date from what changes. The law at β > 0
 * moves by sweeps of block Gibbs. A replica's random numbers depend on (seed, replica) alone.
 * @throws {InvalidArgumentError} for Gaussian and user-defined nodes, as no uniform law over their values exists (the node is
 * named), and as `gibbsProgram`.
 */
export function gibbsReplicas(options: GibbsReplicaOptions): ReplicaProblem {
  const parts = sharedParts(options);
  const { model } = parts;
  return {
    dim: parts.start.length,
    names: model.nodes.map(({ name }) => name),
    createGroup: (identity: ReplicaIdentity) => new GibbsGroup(parts, identity),
  };
}

function sharedParts(options: GibbsReplicaOptions): SharedReplicaParts {
  const { model, clamped = new Map(), samplers, sweeps = 1, refreshEvery = 100 } = options;
  checkInteger("sweeps", sweeps, 1);
  if (!(refreshEvery >= 1)) throw new InvalidArgumentError("refreshEvery", "be 1 or more", refreshEvery);
  const stranger = model.nodes.find(({ kind }) => kind !== "spin" && kind !== "category");
  if (stranger !== undefined) {
    const wanted = "have spins and categories only: at β = 0 other nodes have no law to draw from";
    throw new InvalidArgumentError("model", wanted, `${stranger.name}, of kind ${stranger.kind}`);
  }
  const held: readonly Block[] = [...clamped.keys()];
  const blocksAt = blockChoice(options, held);
  const programs = new Map<readonly Superblock[], TrackedProgram>();
  const programAt = (beta: number): TrackedProgram => {
    const free = blocksAt(beta);
    const known = programs.get(free);
    if (known !== undefined) return known;
    const program = gibbsProgram({ model, free, clamped: held, ...(samplers && { samplers }) });
    const made = { program, tracked: new TrackedSweep(program) };
    programs.set(free, made);
    return made;
  };
  const first = programAt(1).program;
  const start = zeroState(model);
  const spec = blockSpec(model, [...first.free, ...held]);
  for (const [block, values] of clamped) spec.write(start, block, values);
  const isHeld = new Set(held.flatMap(({ nodes }) => nodes));
  const free = Int32Array.from(model.nodes.keys()).filter((i) => !isHeld.has(model.nodes[i]!));
  return { model, start, free, sweeps, refreshEvery, programAt };
}

/** Blocks by β; the same array for the same blocks. */
function blockChoice(options: GibbsReplicaOptions, held: readonly Block[]): BlocksOfTemperature {
  const { model, free, jointBlocks } = options;
  if (jointBlocks !== undefined) {
    if (free !== undefined)
      throw new InvalidArgumentError("jointBlocks", "not be given together with free", jointBlocks);
    return blocksByTemperature(model, { ...jointBlocks, clamped: held });
  }
  if (typeof free === "function") return free;
  const same = free ?? coloredBlocks(model, held);
  return () => same;
}
