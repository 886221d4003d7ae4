import type { Random } from "@siegert/random";
import type { CompiledGraph } from "../compiled/compiled-graph.ts";
import type { DirectedTerms } from "../compiled/directed-terms.ts";
import type { Block } from "../nodes/block.ts";
import type { NodeKind } from "../nodes/node.ts";
import type { NodeNumbers } from "../nodes/node-numbers.ts";

/** A way to draw the nodes of a block from their conditional laws. */
export interface ConditionalSampler {
  /** For messages. */
  readonly name: string;
  /** Kinds of nodes that it draws. */
  readonly kinds: readonly NodeKind[];
  /**
   * Whether it draws the nodes of a block from their joint law, which joint blocks with edges inside need. Default
   * false: every node on its own, given the others as they were.
   */
  readonly drawsJointly?: boolean;
  /**
   * Gets ready for a block, once per program.
   * @throws {InvalidArgumentError} for a block that it cannot draw.
   */
  bind(target: SamplerTarget): BoundSampler;
}

/** What a sampler is asked to draw. */
export interface SamplerTarget {
  readonly graph: CompiledGraph;
  readonly block: Block;
  /** Numbers of the block's nodes in the model. */
  readonly nodes: Int32Array;
  /** Interactions beyond those of the factors. */
  readonly directed: DirectedTerms;
  readonly numbers: NodeNumbers;
}

/** A sampler that knows its block. It keeps nothing between calls but what is in `memory`, which every chain has of its own. */
export interface BoundSampler {
  /** How many numbers it remembers per chain. */
  readonly memorySize: number;
  /** Writes what a new chain remembers. */
  initMemory?(memory: Float64Array): void;
  /** Draws the block: reads `state`, leaves it as it was, and writes the new values into `out`, node after node. */
  draw(state: Float64Array, out: Float64Array, move: SamplerMove): void;
  /** What there is to say of a chain, per node of the block, such as acceptances. */
  report?(memory: Float64Array): Record<string, Float64Array>;
}

/** What a draw is made with. */
export interface SamplerMove {
  /** Inverse temperature: the law is ∝ exp(−beta · V). */
  readonly beta: number;
  readonly random: Random;
  /** What the sampler remembers of this chain. */
  readonly memory: Float64Array;
  /** Whether the draw is thrown away, so that the sampler may still learn. */
  readonly isWarmup: boolean;
}
