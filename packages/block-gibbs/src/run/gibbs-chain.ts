import { InvalidArgumentError } from "@siegert/errors";
import { createRandom, Random } from "@siegert/random";
import { energy } from "../compiled/compiled-graph.ts";
import { checkState } from "../models/model-state.ts";
import type { Block } from "../nodes/block.ts";
import type { GibbsProgram } from "../program/gibbs-program.ts";
import type { GibbsChainState } from "./gibbs-run.ts";
import { type InitialStates, initialState } from "./initial-states.ts";

/** Values of the clamped blocks. */
export type ClampedValues = ReadonlyMap<Block, ArrayLike<number>>;

/** A chain: its state, its stream, and what the samplers remember of it. */
export class GibbsChain {
  readonly program: GibbsProgram;
  readonly state: Float64Array;
  readonly #context: {
    readonly beta: number;
    readonly random: Random;
    readonly memory: Float64Array;
    isWarmup: boolean;
  };

  constructor(program: GibbsProgram, state: Float64Array, random: Random, memory: Float64Array) {
    this.program = program;
    this.state = state;
    this.#context = { beta: program.model.beta, random, memory, isWarmup: false };
  }

  /**
   * Chain number `chain` of a seed, before its first sweep.
   * @throws {InvalidArgumentError} as `initialState`, and for clamped blocks without values.
   */
  static begin(
    program: GibbsProgram,
    seed: number,
    chain: number,
    start: { initial: InitialStates; index: number; clamped: ClampedValues | undefined },
  ): GibbsChain {
    const random = createRandom(seed, "block-gibbs", chain);
    const state = initialState(program.model, start.initial, start.index, random.split("initial"));
    clamp(program, state, start);
    checkState(program.model.nodes, program.model.graph, state, `start of chain ${chain}`);
    const value = energy(program.model.graph, state);
    if (value === Infinity) {
      throw new InvalidArgumentError(
        `start of chain ${chain}`,
        "have a finite energy: give states that are possible",
        value,
      );
    }
    return new GibbsChain(program, state, random, program.newMemory());
  }

  /** @throws {InvalidArgumentError} for what is no chain of this program. */
  static fromState(program: GibbsProgram, saved: GibbsChainState, chain: number): GibbsChain {
    const state = Float64Array.from(saved?.values ?? []);
    const memory = Float64Array.from(saved?.memory ?? []);
    checkState(program.model.nodes, program.model.graph, state, `state of chain ${chain}`);
    if (memory.length !== program.memorySize) {
      throw new InvalidArgumentError(`memory of chain ${chain}`, `have length ${program.memorySize}`, memory.length);
    }
    return new GibbsChain(program, state, Random.fromState(saved.random), memory);
  }

  sweep(isWarmup: boolean): void {
    this.#context.isWarmup = isWarmup;
    this.program.sweep(this.state, this.#context);
  }

  saved(): GibbsChainState {
    const { memory, random } = this.#context;
    return { values: Array.from(this.state), memory: Array.from(memory), random: random.state() };
  }

  reports(): Map<string, Record<string, Float64Array>> {
    const { memory } = this.#context;
    const reports = new Map<string, Record<string, Float64Array>>();
    for (const { block, sampler, memoryAt } of this.program.steps.flat()) {
      const report = sampler.report?.(memory.subarray(memoryAt, memoryAt + sampler.memorySize));
      if (report !== undefined) reports.set(block.name, report);
    }
    return reports;
  }
}

function clamp(
  { clamped, spec }: GibbsProgram,
  state: Float64Array,
  start: { initial: InitialStates; clamped: ClampedValues | undefined },
): void {
  for (const block of clamped) {
    const values = start.clamped?.get(block);
    if (values !== undefined) spec.write(state, block, values);
    else if (typeof start.initial === "string") {
      throw new InvalidArgumentError("clamped", "have values for every clamped block", `none of ${block.name}`);
    }
  }
  for (const block of start.clamped?.keys() ?? []) {
    if (!clamped.includes(block))
      throw new InvalidArgumentError("clamped", "be of clamped blocks only", block?.name ?? block);
  }
}
