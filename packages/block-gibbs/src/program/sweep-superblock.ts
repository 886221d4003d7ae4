import type { BoundSampler, SamplerMove } from "../samplers/conditional-sampler.ts";
import type { ProgramStep, SweepContext } from "./program-step.ts";

/** Draws the blocks of a superblock from the state as it is, into their `out`. */
export function drawSuperblock(steps: readonly ProgramStep[], state: Float64Array, context: SweepContext): void {
  for (let k = 0; k < steps.length; k++) {
    const { sampler, memoryAt, out } = steps[k]!;
    sampler.draw(state, out, moveOf(context, sampler, memoryAt));
  }
}

/** Writes what was drawn into the state. */
export function writeSuperblock(steps: readonly ProgramStep[], state: Float64Array): void {
  for (let k = 0; k < steps.length; k++) {
    const { places, out } = steps[k]!;
    for (let i = 0; i < places.length; i++) state[places[i]!] = out[i]!;
  }
}

/** Most samplers remember nothing; they all get the same context, so that a sweep makes no objects. */
function moveOf(context: SweepContext, { memorySize }: BoundSampler, at: number): SamplerMove {
  return memorySize === 0 ? context : { ...context, memory: context.memory.subarray(at, at + memorySize) };
}
