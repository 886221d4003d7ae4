import type { EnergyCache } from "../energy/energy-cache.ts";
import { EnergyChange } from "../energy/energy-change.ts";
import type { GibbsProgram } from "./gibbs-program.ts";
import type { SweepContext } from "./program-step.ts";
import { drawSuperblock } from "./sweep-superblock.ts";

/** A sweep of a program that keeps an energy up to date from what changes, instead of adding it up anew. */
export class TrackedSweep {
  readonly #program: GibbsProgram;
  readonly #changes: readonly (readonly EnergyChange[])[];

  constructor(program: GibbsProgram) {
    this.#program = program;
    const { graph } = program.model;
    this.#changes = program.steps.map((steps) =>
      steps.map(({ block }) => new EnergyChange(graph, program.spec.numbersOf(block))),
    );
  }

  /** One sweep of the state that the cache is of. */
  sweep(state: Float64Array, context: SweepContext, cache: EnergyCache): void {
    const { steps } = this.#program;
    for (let s = 0; s < steps.length; s++) {
      const own = steps[s]!;
      drawSuperblock(own, state, context);
      for (let k = 0; k < own.length; k++) cache.write(this.#changes[s]![k]!, own[k]!.out);
    }
    cache.endSweep();
  }
}
