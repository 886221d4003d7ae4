import { InvalidArgumentError } from "@siegert/errors";
import type { PortableReplicaProblem, ReplicaProblem } from "@siegert/log-density";
import { indexAddress } from "../index-address.ts";
import { type ModelData, modelData, modelFromData } from "../models/model-data.ts";
import { type Block, block, blocksOf, type Superblock } from "../nodes/block.ts";
import { type NodeNumbers, numberOf } from "../nodes/node-numbers.ts";
import type { TemperatureBlockOptions } from "../partition/blocks-by-temperature.ts";
import { type GibbsReplicaOptions, gibbsReplicas } from "./gibbs-replicas.ts";

/** The options of `gibbsReplicas` as plain data. */
export interface GibbsReplicaData {
  readonly model: ModelData;
  readonly clamped: readonly { readonly block: BlockData; readonly values: readonly number[] }[];
  readonly free: readonly (readonly BlockData[])[] | undefined;
  readonly jointBlocks: Omit<TemperatureBlockOptions, "clamped"> | undefined;
  readonly sweeps: number | undefined;
  readonly refreshEvery: number | undefined;
}

/** A block as plain data, with nodes by their numbers. */
export interface BlockData {
  readonly name: string;
  readonly nodes: readonly number[];
  readonly isJoint: boolean;
}

/**
 * The problem of `gibbsReplicas(options)` as plain data, for worker threads and files.
 * @throws {InvalidArgumentError} for what cannot travel: user-defined factors, samplers and blocks chosen by a function
 * (`jointBlocks` can). Export a function from a module that calls `gibbsReplicas` for these.
 */
export function portableGibbs(options: GibbsReplicaOptions): PortableReplicaProblem {
  const {
    model,
    clamped = new Map<Block, ArrayLike<number>>(),
    free,
    samplers,
    jointBlocks,
    sweeps,
    refreshEvery,
  } = options;
  const how = "be data to run on other threads: export a function that makes the problem from a module";
  if (typeof free === "function") throw new InvalidArgumentError("free", `${how}, or give jointBlocks`, free);
  if (samplers !== undefined) throw new InvalidArgumentError("samplers", how, samplers);
  gibbsReplicas(options);
  const argument: GibbsReplicaData = {
    model: modelData(model),
    clamped: [...clamped].map(([own, values]) => ({
      block: blockData(model.numbers, own),
      values: Array.from(values),
    })),
    free: free?.map((superblock) => blocksOf(superblock).map((own) => blockData(model.numbers, own))),
    jointBlocks: jointBlocks && { ...jointBlocks },
    sweeps,
    refreshEvery,
  };
  return { kind: "module", module: indexAddress(), export: "gibbsReplicasFromData", argument };
}

function blockData(numbers: NodeNumbers, { name, nodes, isJoint }: Block): BlockData {
  return { name, nodes: nodes.map((node) => numberOf(numbers, node, `block ${name}`)), isJoint };
}

/** The problem that `portableGibbs` was given. @throws {InvalidArgumentError} for what is no such data. */
export function gibbsReplicasFromData(data: GibbsReplicaData): ReplicaProblem {
  const model = modelFromData(data?.model);
  const blockOf = ({ name, nodes, isJoint }: BlockData): Block =>
    block(
      nodes.map((number) => model.nodes[number]!),
      { name, joint: isJoint },
    );
  const superblockOf = (blocks: readonly BlockData[]): Superblock => blocks.map(blockOf);
  return gibbsReplicas({
    model,
    clamped: new Map(data.clamped.map(({ block: own, values }) => [blockOf(own), values])),
    ...(data.free && { free: data.free.map(superblockOf) }),
    ...(data.jointBlocks && { jointBlocks: data.jointBlocks }),
    ...(data.sweeps !== undefined && { sweeps: data.sweeps }),
    ...(data.refreshEvery !== undefined && { refreshEvery: data.refreshEvery }),
  });
}
