import { InvalidArgumentError } from "@siegert/errors";
import { compileInteractions } from "../compiled/compile-interactions.ts";
import type { DirectedTerms } from "../compiled/directed-terms.ts";
import type { InteractionGroup } from "../factors/interaction-group.ts";
import type { EnergyModel } from "../models/energy-model.ts";
import { type Block, blocksOf, type Superblock } from "../nodes/block.ts";
import { type BlockSpec, blockSpec } from "../nodes/block-spec.ts";
import { numberOf } from "../nodes/node-numbers.ts";
import { sizeOf } from "../nodes/node-size.ts";
import type { ConditionalSampler } from "../samplers/conditional-sampler.ts";
import { coloredBlocks } from "./colored-blocks.ts";
import { checkConflicts } from "./conflicts.ts";
import { defaultSampler } from "./default-sampler.ts";
import type { ProgramStep, SweepContext } from "./program-step.ts";
import { drawSuperblock, writeSuperblock } from "./sweep-superblock.ts";

/** What `gibbsProgram` needs to know. */
export interface GibbsProgramDefinition {
  readonly model: EnergyModel;
  /**
   * Blocks to be drawn, in this order; blocks within a superblock are drawn from one snapshot. Default: the nodes that
   * are not clamped, coloured so that all of one colour can be drawn at once.
   */
  readonly free?: readonly Superblock[];
  /** Blocks that keep their values. Default none. */
  readonly clamped?: readonly Block[];
  /** Samplers of free blocks. Default: that of the nodes' kind; for joint blocks, from their joint law. */
  readonly samplers?: ReadonlyMap<Block, ConditionalSampler>;
  /** Directed interactions beyond those of the factors; they act on conditional laws and have no energy. Default none. */
  readonly interactions?: readonly InteractionGroup[];
}

/**
 * A model with the order in which its blocks are drawn and what draws them, compiled once into flat arrays. One program
 * serves any number of chains, one after the other.
 */
export interface GibbsProgram {
  readonly model: EnergyModel;
  readonly free: readonly Superblock[];
  readonly clamped: readonly Block[];
  readonly spec: BlockSpec;
  /** Length of what the samplers remember of a chain. */
  readonly memorySize: number;
  /** Steps of a sweep, superblock by superblock. */
  readonly steps: readonly (readonly ProgramStep[])[];
  /** What the samplers remember of a new chain. */
  newMemory(): Float64Array;
  /** One sweep: every superblock once, its blocks drawn from one snapshot and written back together. */
  sweep(state: Float64Array, context: SweepContext): void;
  /** The same at another inverse temperature. @throws {InvalidArgumentError} unless it is finite and not negative. */
  withBeta(beta: number): GibbsProgram;
  /**
   * The same for a model with the same nodes and factors and other weights, as `withWeights` makes.
   * @throws {InvalidArgumentError} for a model of other nodes.
   */
  withModel(model: EnergyModel): GibbsProgram;
}

/**
 * Compiles a sampling program.
 * @throws {InvalidArgumentError} for a node in no block or in two, a superblock with an edge in it (the edge is named; a
 * joint block may have edges), a sampler for nodes it cannot draw or for a block that is not free, and interactions with
 * nodes that are not the model's.
 */
export function gibbsProgram(definition: GibbsProgramDefinition): GibbsProgram {
  const { model, clamped = [], samplers = new Map(), interactions = [] } = definition;
  const directed = compileInteractions(model.numbers, model.graph.offset, interactions);
  const free = definition.free ?? coloredBlocks(model, clamped, directed);
  const spec = blockSpec(model, [...free, ...clamped]);
  checkSamplers(free, samplers);
  checkConflicts(model.graph, model.numbers, free, directed);
  return programOf({ model, free, clamped, spec, samplers, directed });
}

type Parts = Pick<GibbsProgram, "model" | "free" | "clamped" | "spec"> & {
  readonly samplers: ReadonlyMap<Block, ConditionalSampler>;
  readonly directed: DirectedTerms;
};

function programOf(parts: Parts): GibbsProgram {
  const { steps, memorySize } = bindSteps(parts);
  return withSteps(parts, steps, memorySize);
}

function withSteps(parts: Parts, steps: readonly (readonly ProgramStep[])[], memorySize: number): GibbsProgram {
  const { model, free, clamped, spec } = parts;
  return Object.freeze({
    model,
    free,
    clamped,
    spec,
    memorySize,
    steps,
    newMemory() {
      const memory = new Float64Array(memorySize);
      for (const { sampler, memoryAt } of steps.flat()) {
        sampler.initMemory?.(memory.subarray(memoryAt, memoryAt + sampler.memorySize));
      }
      return memory;
    },
    sweep(state: Float64Array, context: SweepContext) {
      for (let s = 0; s < steps.length; s++) {
        drawSuperblock(steps[s]!, state, context);
        writeSuperblock(steps[s]!, state);
      }
    },
    withBeta: (beta: number) => withSteps({ ...parts, model: model.withBeta(beta) }, steps, memorySize),
    withModel(other: EnergyModel) {
      const isSame = other.nodes === model.nodes && other.graph.members === model.graph.members;
      if (!isSame) throw new InvalidArgumentError("model", "have the same nodes and factors as the program's", other);
      return programOf({ ...parts, model: other });
    },
  });
}

function bindSteps(parts: Parts): { steps: ProgramStep[][]; memorySize: number } {
  const { model, free, samplers, directed } = parts;
  const { graph, numbers } = model;
  let memorySize = 0;
  const steps = free.map((superblock) =>
    blocksOf(superblock).map((block) => {
      const nodes = Int32Array.from(block.nodes, (node) => numberOf(numbers, node, `block ${block.name}`));
      const sampler = (samplers.get(block) ?? defaultSampler(block)).bind({ graph, block, nodes, directed, numbers });
      const memoryAt = memorySize;
      memorySize += sampler.memorySize;
      const size = block.nodes.reduce((sum, node) => sum + sizeOf(node), 0);
      const places = new Int32Array(size);
      let at = 0;
      for (const node of nodes) for (let a = graph.offset[node]!; a < graph.offset[node + 1]!; a++) places[at++] = a;
      return { block, places, sampler, memoryAt, out: new Float64Array(size) };
    }),
  );
  return { steps, memorySize };
}

function checkSamplers(free: readonly Superblock[], samplers: ReadonlyMap<Block, ConditionalSampler>): void {
  const blocks = new Set(free.flatMap(blocksOf));
  for (const [block, sampler] of samplers) {
    if (!blocks.has(block)) {
      throw new InvalidArgumentError("samplers", "be for free blocks", block?.name ?? block);
    }
    if (!sampler.kinds.includes(block.kind)) {
      const wanted = `draw nodes of kind ${block.kind}`;
      throw new InvalidArgumentError(`sampler of block ${block.name}`, wanted, sampler.name);
    }
    if (block.isJoint && sampler.drawsJointly !== true) {
      const wanted = "draw from the joint law, as the block is joint";
      throw new InvalidArgumentError(`sampler of block ${block.name}`, wanted, sampler.name);
    }
  }
}
