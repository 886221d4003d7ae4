import { ChannelGrid, type Experiment, type Model, phaseFactor } from "@siegert/physics-core";
import type { Kernel } from "./kernel.ts";
import { chainToParameters, LARGEST_SPAN, type Physics } from "./physics.ts";
import { LANES, type ShardMemory } from "./shard-memory.ts";

/** Factors of the static and laminar-flow modes. */
export class HomodynePhysics implements Physics {
  readonly #grid: ChannelGrid;
  readonly #experiment: Experiment;
  readonly #memory: ShardMemory;
  readonly #kernels: readonly [narrow: Kernel, wide: Kernel];
  readonly #byChannel: Float64Array[];
  readonly #kappa: Float64Array;
  readonly #kappaByPhi0: Float64Array;
  #byPhi0 = 0;

  constructor(
    model: Model,
    experiment: Experiment,
    memory: ShardMemory,
    kernels: readonly [narrow: Kernel, wide: Kernel],
  ) {
    this.#grid = new ChannelGrid(model, experiment);
    this.#experiment = experiment;
    this.#memory = memory;
    this.#kernels = kernels;
    this.#byChannel = this.#grid.channels.map((channel) => new Float64Array(channel.values.length));
    this.#kappa = new Float64Array(memory.pairs.angles);
    this.#kappaByPhi0 = new Float64Array(memory.pairs.angles);
  }

  prepare(parameters: Float64Array, withGradient: boolean): Kernel {
    const grid = this.#grid;
    if (withGradient) grid.evaluateWithTangents(parameters);
    else grid.evaluate(parameters);
    const integral = grid.channels[0]!.values;
    const span = this.#experiment.q ** 2 * integral[integral.length - 1]!;
    // Written so that NaN goes to the narrow kernel, which lets it through.
    const isWide = span > LARGEST_SPAN;
    this.#writeDecay(isWide);
    const { phi0Index } = grid.model;
    if (phi0Index >= 0) {
      for (let angle = 0; angle < this.#kappa.length; angle++) {
        const phi = this.#experiment.phi[angle]!;
        const { kappa, kappaByPhi0 } = phaseFactor(grid.model, this.#experiment, phi, parameters[phi0Index]!);
        this.#kappa[angle] = kappa;
        this.#kappaByPhi0[angle] = kappaByPhi0;
        this.#writePhase(angle, kappa);
      }
    }
    return this.#kernels[isWide ? 1 : 0];
  }

  #writeDecay(isWide: boolean): void {
    const { left, right, pairs } = this.#memory;
    const integral = this.#grid.channels[0]!.values;
    const { frames, angles } = pairs;
    const rate = this.#experiment.q ** 2;
    const middle = 0.5 * integral[frames - 1]!;
    for (let i = 0; i < frames; i++) {
      const exponent = rate * (integral[i]! - middle);
      const growth = isWide ? exponent : Math.exp(exponent);
      const decay = isWide ? -exponent : 1 / growth;
      for (let row = i; row < angles * frames; row += frames) {
        left[LANES * row] = growth;
        right[LANES * row] = decay;
      }
    }
  }

  #writePhase(angle: number, kappa: number): void {
    const { left, right, pairs } = this.#memory;
    const integral = this.#grid.channels[1]!.values;
    let at = LANES * angle * pairs.frames;
    for (let i = 0; i < pairs.frames; i++, at += LANES) {
      const phase = kappa * integral[i]!;
      const cosine = Math.cos(phase);
      const sine = Math.sin(phase);
      left[at + 1] = cosine;
      left[at + 2] = sine;
      left[at + 3] = phase;
      right[at + 1] = cosine;
      right[at + 2] = sine;
      right[at + 3] = phase;
    }
  }

  reset(): void {
    for (const derivative of this.#byChannel) derivative.fill(0);
    this.#byPhi0 = 0;
  }

  collect(angle: number, scale: number): void {
    const { leftGradient, rightGradient, pairs } = this.#memory;
    const [byDiffusion, byShear] = this.#byChannel;
    const decayScale = scale * this.#experiment.q ** 2;
    const start = LANES * angle * pairs.frames;
    for (let i = 0, at = start; i < pairs.frames; i++, at += LANES) {
      byDiffusion![i]! += decayScale * (leftGradient[at]! - rightGradient[at]!);
    }
    if (byShear === undefined) return;
    const integral = this.#grid.channels[1]!.values;
    const kappa = this.#kappa[angle]!;
    let byKappa = 0;
    for (let i = 0, at = start + 1; i < pairs.frames; i++, at += LANES) {
      const byPhase = scale * (leftGradient[at]! + rightGradient[at]!);
      byShear[i]! += kappa * byPhase;
      byKappa += integral[i]! * byPhase;
    }
    this.#byPhi0 += byKappa * this.#kappaByPhi0[angle]!;
  }

  finish(_parameters: Float64Array, gradient: Float64Array): void {
    chainToParameters(this.#grid, this.#byChannel, gradient);
    const { phi0Index } = this.#grid.model;
    if (phi0Index >= 0) gradient[phi0Index] = this.#byPhi0;
  }
}
