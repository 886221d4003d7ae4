import { type Experiment, type Model, phaseFactor } from "@siegert/physics-core";
import type { HomodyneFrames, HomodyneStage } from "./homodyne-stage.ts";
import type { Kernel } from "./kernel.ts";
import { LARGEST_SPAN, type Physics } from "./physics.ts";
import { LANES, type ShardMemory } from "./shard-memory.ts";

/** Factors of the static and laminar-flow modes: e^{±q²(C − C̄)}, C̄ the middle of ∫D, and the phases of the flow. */
export class HomodynePhysics implements Physics {
  readonly #model: Model;
  readonly #experiment: Experiment;
  readonly #memory: ShardMemory;
  readonly #own: HomodyneFrames;
  readonly #stage: HomodyneStage;
  readonly #kernels: readonly [narrow: Kernel, wide: Kernel];
  readonly #kappa: Float64Array;
  readonly #kappaByPhi0: Float64Array;
  #byPhi0 = 0;

  constructor(
    model: Model,
    experiment: Experiment,
    memory: ShardMemory,
    own: HomodyneFrames,
    stage: HomodyneStage,
    kernels: readonly [narrow: Kernel, wide: Kernel],
  ) {
    this.#model = model;
    this.#experiment = experiment;
    this.#memory = memory;
    this.#own = own;
    this.#stage = stage;
    this.#kernels = kernels;
    this.#kappa = new Float64Array(memory.pairs.angles);
    this.#kappaByPhi0 = new Float64Array(memory.pairs.angles);
  }

  prepare(parameters: Float64Array, withGradient: boolean): Kernel {
    this.#stage.evaluate(parameters, withGradient);
    const { frames } = this.#memory.pairs;
    const isWide = this.#experiment.q ** 2 * this.#own.diffusion[frames - 1]! > LARGEST_SPAN;
    this.#writeDecay(isWide);
    const { phi0Index } = this.#model;
    if (phi0Index >= 0) {
      for (let angle = 0; angle < this.#kappa.length; angle++) {
        const phi = this.#experiment.phi[angle]!;
        const { kappa, kappaByPhi0 } = phaseFactor(this.#model, this.#experiment, phi, parameters[phi0Index]!);
        this.#kappa[angle] = kappa;
        this.#kappaByPhi0[angle] = kappaByPhi0;
        this.#stage.writePhase(angle, kappa);
      }
    }
    return this.#kernels[isWide ? 1 : 0];
  }

  #writeDecay(isWide: boolean): void {
    const { left, right, pairs } = this.#memory;
    const { diffusion } = this.#own;
    const { frames, angles } = pairs;
    const rate = this.#experiment.q ** 2;
    const middle = 0.5 * diffusion[frames - 1]!;
    for (let i = 0; i < frames; i++) {
      const exponent = rate * (diffusion[i]! - middle);
      const growth = isWide ? exponent : Math.exp(exponent);
      const decay = isWide ? -exponent : 1 / growth;
      for (let row = i; row < angles * frames; row += frames) {
        left[LANES * row] = growth;
        right[LANES * row] = decay;
      }
    }
  }

  reset(): void {
    this.#own.byDiffusion.fill(0);
    this.#own.byShear.fill(0);
    this.#byPhi0 = 0;
  }

  collect(angle: number, scale: number): void {
    const { leftGradient, rightGradient, pairs } = this.#memory;
    const { shear, byDiffusion, byShear } = this.#own;
    const decayScale = scale * this.#experiment.q ** 2;
    const start = LANES * angle * pairs.frames;
    for (let i = 0, at = start; i < pairs.frames; i++, at += LANES) {
      byDiffusion[i]! += decayScale * (leftGradient[at]! - rightGradient[at]!);
    }
    if (this.#model.phi0Index < 0) return;
    const kappa = this.#kappa[angle]!;
    let byKappa = 0;
    for (let i = 0, at = start + 1; i < pairs.frames; i++, at += LANES) {
      const byPhase = scale * (leftGradient[at]! + rightGradient[at]!);
      byShear[i]! += kappa * byPhase;
      byKappa += shear[i]! * byPhase;
    }
    this.#byPhi0 += byKappa * this.#kappaByPhi0[angle]!;
  }

  finish(parameters: Float64Array, gradient: Float64Array): void {
    this.#stage.chain(parameters, gradient);
    const { phi0Index } = this.#model;
    if (phi0Index >= 0) gradient[phi0Index] = this.#byPhi0;
  }
}
