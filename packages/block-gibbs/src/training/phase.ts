import type { Random } from "@siegert/random";
import type { EnergyModel } from "../models/energy-model.ts";
import { fillUniform } from "../models/fill-uniform.ts";
import { zeroState } from "../models/zero-state.ts";
import type { GibbsProgram } from "../program/gibbs-program.ts";
import { addWeightStatistics } from "./weight-statistics.ts";

/** One chain of a phase. */
export interface PhaseChain {
  readonly state: Float64Array;
  readonly random: Random;
  readonly memory: Float64Array;
}

/** Chains that estimate the means of weight statistics with some nodes clamped (positive phase) or fewer (negative phase). */
export class Phase {
  #program: GibbsProgram;
  readonly chains: readonly PhaseChain[];

  constructor(program: GibbsProgram, chains: readonly PhaseChain[]) {
    this.#program = program;
    this.chains = chains;
  }

  /** Sweeps on under other weights. */
  useModel(model: EnergyModel): void {
    this.#program = this.#program.withModel(model);
  }

  /** All chains make some sweeps. */
  advance(sweeps: number, isWarmup: boolean): void {
    const { beta } = this.#program.model;
    for (const { state, random, memory } of this.chains) {
      for (let k = 0; k < sweeps; k++) this.#program.sweep(state, { beta, random, memory, isWarmup });
    }
  }

  /** Adds the weight statistics of all chains' states. */
  addStatistics(sums: Float64Array): void {
    for (const { state } of this.chains) addWeightStatistics(this.#program.model.graph, state, sums);
  }
}

/** A chain with the free nodes uniform, or as in a state that is given. */
export function newPhaseChain(program: GibbsProgram, random: Random, start?: Float64Array): PhaseChain {
  const state = start?.slice() ?? zeroState(program.model);
  if (start === undefined) fillUniform(program.model, state, random);
  return { state, random, memory: program.newMemory() };
}
