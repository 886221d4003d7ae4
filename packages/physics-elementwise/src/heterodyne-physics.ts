import { ChannelGrid, type Experiment, type Model, phaseFactor } from "@siegert/physics-core";
import type { Kernel } from "./kernel.ts";
import { chainToParameters, LARGEST_SPAN, type Physics } from "./physics.ts";
import { LANES, type ShardMemory } from "./shard-memory.ts";

/**
 * Factors of the two-component mode. With n = fs² + fr² each frame has α = fr/√n and β = fs/√n, growth e^{h(C − C̄)} of
 * either transport integral (h = ½q², C̄ the middle of its range) and the phase ψ = κV.
 */
export class HeterodynePhysics implements Physics {
  readonly #grid: ChannelGrid;
  readonly #experiment: Experiment;
  readonly #memory: ShardMemory;
  readonly #kernels: readonly [narrow: Kernel, wide: Kernel];
  /** Derivatives by reference, sample, velocity, fraction; each shape (frames). */
  readonly #byChannel: readonly [Float64Array, Float64Array, Float64Array, Float64Array];
  readonly #alpha: Float64Array;
  readonly #beta: Float64Array;
  readonly #growthReference: Float64Array;
  readonly #growthSample: Float64Array;
  /** cos ψ and sin ψ; shape (angles, frames) each. */
  readonly #cosine: Float64Array;
  readonly #sine: Float64Array;
  readonly #kappa: Float64Array;
  readonly #kappaByPhi0: Float64Array;
  #isWide = false;
  #byPhi0 = 0;

  constructor(
    model: Model,
    experiment: Experiment,
    memory: ShardMemory,
    kernels: readonly [narrow: Kernel, wide: Kernel],
  ) {
    const { frames, angles } = memory.pairs;
    const perFrame = (): Float64Array => new Float64Array(frames);
    this.#grid = new ChannelGrid(model, experiment);
    this.#experiment = experiment;
    this.#memory = memory;
    this.#kernels = kernels;
    this.#byChannel = [perFrame(), perFrame(), perFrame(), perFrame()];
    this.#alpha = perFrame();
    this.#beta = perFrame();
    this.#growthReference = perFrame();
    this.#growthSample = perFrame();
    this.#cosine = new Float64Array(angles * frames);
    this.#sine = new Float64Array(angles * frames);
    this.#kappa = new Float64Array(angles);
    this.#kappaByPhi0 = new Float64Array(angles);
  }

  prepare(parameters: Float64Array, withTangents: boolean): Kernel {
    const grid = this.#grid;
    if (withTangents) grid.evaluateWithTangents(parameters);
    else grid.evaluate(parameters);
    const [reference, sample, , fraction] = grid.channels;
    const last = reference!.values.length - 1;
    const h = 0.5 * this.#experiment.q ** 2;
    this.#isWide = h * reference!.values[last]! > LARGEST_SPAN || h * sample!.values[last]! > LARGEST_SPAN;
    this.#writeGrowth(reference!.values, h, this.#growthReference);
    this.#writeGrowth(sample!.values, h, this.#growthSample);
    for (let i = 0; i <= last; i++) {
      const fs = fraction!.values[i]!;
      const fr = 1 - fs;
      const norm = 1 / Math.sqrt(fs * fs + fr * fr);
      this.#alpha[i] = fr * norm;
      this.#beta[i] = fs * norm;
    }
    const { phi0Index } = grid.model;
    for (let angle = 0; angle < this.#kappa.length; angle++) {
      const phi = this.#experiment.phi[angle]!;
      const { kappa, kappaByPhi0 } = phaseFactor(grid.model, this.#experiment, phi, parameters[phi0Index]!);
      this.#kappa[angle] = kappa;
      this.#kappaByPhi0[angle] = kappaByPhi0;
      this.#writePhase(angle, kappa);
      if (this.#isWide) this.#writeWideFactors(angle);
      else this.#writeFactors(angle);
    }
    return this.#kernels[this.#isWide ? 1 : 0];
  }

  /** Narrow: e^{h(C − C̄)}; wide: the exponent itself. */
  #writeGrowth(integral: Float64Array, h: number, growth: Float64Array): void {
    const middle = 0.5 * integral[integral.length - 1]!;
    for (let i = 0; i < integral.length; i++) {
      const exponent = h * (integral[i]! - middle);
      growth[i] = this.#isWide ? exponent : Math.exp(exponent);
    }
  }

  #writePhase(angle: number, kappa: number): void {
    const integral = this.#grid.channels[2]!.values;
    const row = angle * integral.length;
    for (let i = 0; i < integral.length; i++) {
      const phase = kappa * integral[i]!;
      this.#cosine[row + i] = Math.cos(phase);
      this.#sine[row + i] = Math.sin(phase);
    }
  }

  #writeFactors(angle: number): void {
    const { left, right, pairs } = this.#memory;
    const row = angle * pairs.frames;
    for (let i = 0, at = LANES * row; i < pairs.frames; i++, at += LANES) {
      const growthReference = this.#growthReference[i]!;
      const growthSample = this.#growthSample[i]!;
      const p = this.#beta[i]! * this.#cosine[row + i]!;
      const q = this.#beta[i]! * this.#sine[row + i]!;
      const decaySample = 1 / growthSample;
      left[at] = p * growthSample;
      left[at + 1] = q * growthSample;
      left[at + 2] = this.#alpha[i]! * growthReference;
      right[at] = p * decaySample;
      right[at + 1] = q * decaySample;
      right[at + 2] = this.#alpha[i]! / growthReference;
      right[at + 3] = right[at + 2]!;
    }
  }

  #writeWideFactors(angle: number): void {
    const { left, right, pairs } = this.#memory;
    const row = angle * pairs.frames;
    for (let i = 0, at = LANES * row; i < pairs.frames; i++, at += LANES) {
      left[at] = this.#beta[i]! * this.#cosine[row + i]!;
      left[at + 1] = this.#beta[i]! * this.#sine[row + i]!;
      left[at + 2] = this.#alpha[i]!;
      left[at + 3] = this.#growthReference[i]!;
      right[at] = this.#growthSample[i]!;
    }
  }

  reset(): void {
    for (const derivative of this.#byChannel) derivative.fill(0);
    this.#byPhi0 = 0;
  }

  collect(angle: number, scale: number): void {
    const { left, right, leftGradient, rightGradient, pairs } = this.#memory;
    const [byReference, bySample, byVelocity, byFraction] = this.#byChannel;
    const fraction = this.#grid.channels[3]!.values;
    const velocity = this.#grid.channels[2]!.values;
    // The kernels hold half the derivatives.
    const factor = 2 * scale;
    const decayFactor = factor * 0.5 * this.#experiment.q ** 2;
    const kappa = this.#kappa[angle]!;
    const row = angle * pairs.frames;
    let byKappa = 0;
    for (let i = 0, at = LANES * row; i < pairs.frames; i++, at += LANES) {
      let byP = leftGradient[at]!;
      let byQ = leftGradient[at + 1]!;
      let byAlpha = leftGradient[at + 2]!;
      let byExponentReference = leftGradient[at + 3]!;
      let byExponentSample = rightGradient[at]!;
      let byPhase = rightGradient[at + 1]!;
      if (!this.#isWide) {
        const gp = rightGradient[at]!;
        const gq = rightGradient[at + 1]!;
        const ga = rightGradient[at + 2]!;
        byPhase = left[at + 2]! * leftGradient[at + 3]! - right[at + 2]! * rightGradient[at + 3]!;
        byExponentReference = left[at + 2]! * byAlpha - right[at + 2]! * ga;
        byExponentSample = left[at]! * byP + left[at + 1]! * byQ - (right[at]! * gp + right[at + 1]! * gq);
        const growthReference = this.#growthReference[i]!;
        const growthSample = this.#growthSample[i]!;
        byAlpha = byAlpha * growthReference + ga / growthReference;
        byP = byP * growthSample + gp / growthSample;
        byQ = byQ * growthSample + gq / growthSample;
      }
      const cosine = this.#cosine[row + i]!;
      const sine = this.#sine[row + i]!;
      const byBeta = byP * cosine + byQ * sine;
      // ∂α/∂fs = −fs/n^{3/2}, ∂β/∂fs = fr/n^{3/2}, because fs + fr = 1.
      const fs = fraction[i]!;
      const norm = fs * fs + (1 - fs) * (1 - fs);
      byFraction[i]! += (factor * (byBeta * (1 - fs) - byAlpha * fs)) / (norm * Math.sqrt(norm));
      byReference[i]! += decayFactor * byExponentReference;
      bySample[i]! += decayFactor * byExponentSample;
      byVelocity[i]! += factor * kappa * byPhase;
      byKappa += factor * velocity[i]! * byPhase;
    }
    this.#byPhi0 += byKappa * this.#kappaByPhi0[angle]!;
  }

  finish(gradient: Float64Array): void {
    chainToParameters(this.#grid, this.#byChannel, gradient);
    gradient[this.#grid.model.phi0Index] = this.#byPhi0;
  }
}
