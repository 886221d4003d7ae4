import { ChannelGrid, type Experiment, type Model, phaseFactor } from "@siegert/physics-core";
import type { HeterodyneFrames, HeterodyneStage } from "./heterodyne-frames.ts";
import type { Kernel } from "./kernel.ts";
import { chainToParameters, LARGEST_SPAN, type Physics } from "./physics.ts";

/** Kernel and stage that fit each other. */
export interface HeterodyneRoute {
  readonly kernel: Kernel;
  readonly stage: HeterodyneStage;
}

/**
 * Factors of the two-component mode. With n = fs² + fr² each frame has α = fr/√n and β = fs/√n, growth e^{h(C − C̄)} of
 * either transport integral (h = ½q², C̄ the middle of its range) and the phase ψ = κ∫v.
 */
export class HeterodynePhysics implements Physics {
  readonly #grid: ChannelGrid;
  readonly #experiment: Experiment;
  readonly #own: HeterodyneFrames;
  readonly #routes: readonly [narrow: HeterodyneRoute, wide: HeterodyneRoute];
  /** Derivatives by reference, sample, velocity, fraction; each shape (frames). */
  readonly #byChannel: readonly [Float64Array, Float64Array, Float64Array, Float64Array];
  /** e^{h(C − C̄)}; wide: not read. Shape (frames). */
  readonly #growthReference: Float64Array;
  readonly #growthSample: Float64Array;
  readonly #kappa: Float64Array;
  readonly #kappaByPhi0: Float64Array;
  #isWide = false;
  #byPhi0 = 0;

  constructor(
    model: Model,
    experiment: Experiment,
    own: HeterodyneFrames,
    routes: readonly [narrow: HeterodyneRoute, wide: HeterodyneRoute],
  ) {
    const frames = experiment.times.length;
    const perFrame = (): Float64Array => new Float64Array(frames);
    this.#grid = new ChannelGrid(model, experiment);
    this.#experiment = experiment;
    this.#own = own;
    this.#routes = routes;
    this.#byChannel = [perFrame(), perFrame(), own.byVelocity.subarray(0, frames), perFrame()];
    this.#growthReference = perFrame();
    this.#growthSample = perFrame();
    this.#kappa = new Float64Array(experiment.phi.length);
    this.#kappaByPhi0 = new Float64Array(experiment.phi.length);
  }

  prepare(parameters: Float64Array, withTangents: boolean): Kernel {
    const grid = this.#grid;
    if (withTangents) grid.evaluateWithTangents(parameters);
    else grid.evaluate(parameters);
    this.#writeFrames();
    const { kernel, stage } = this.#routes[this.#isWide ? 1 : 0];
    const { phi0Index } = grid.model;
    for (let angle = 0; angle < this.#kappa.length; angle++) {
      const phi = this.#experiment.phi[angle]!;
      const { kappa, kappaByPhi0 } = phaseFactor(grid.model, this.#experiment, phi, parameters[phi0Index]!);
      this.#kappa[angle] = kappa;
      this.#kappaByPhi0[angle] = kappaByPhi0;
      stage.write(angle, kappa);
    }
    return kernel;
  }

  #writeFrames(): void {
    const { channels } = this.#grid;
    const reference = channels[0]!.values;
    const sample = channels[1]!.values;
    const fraction = channels[3]!.values;
    const { velocity, leftAlpha, rightAlpha, leftBeta, rightBeta } = this.#own;
    const frames = reference.length;
    const h = 0.5 * this.#experiment.q ** 2;
    const middleReference = 0.5 * reference[frames - 1]!;
    const middleSample = 0.5 * sample[frames - 1]!;
    this.#isWide = 2 * h * Math.max(middleReference, middleSample) > LARGEST_SPAN;
    velocity.set(channels[2]!.values);
    for (let i = 0; i < frames; i++) {
      const fs = fraction[i]!;
      const fr = 1 - fs;
      const norm = 1 / Math.sqrt(fs * fs + fr * fr);
      const exponentReference = h * (reference[i]! - middleReference);
      const exponentSample = h * (sample[i]! - middleSample);
      if (this.#isWide) {
        leftAlpha[i] = fr * norm;
        rightAlpha[i] = exponentReference;
        leftBeta[i] = fs * norm;
        rightBeta[i] = exponentSample;
      } else {
        const growthReference = Math.exp(exponentReference);
        const growthSample = Math.exp(exponentSample);
        this.#growthReference[i] = growthReference;
        this.#growthSample[i] = growthSample;
        leftAlpha[i] = fr * norm * growthReference;
        rightAlpha[i] = (fr * norm) / growthReference;
        leftBeta[i] = fs * norm * growthSample;
        rightBeta[i] = (fs * norm) / growthSample;
      }
    }
  }

  reset(): void {
    this.#own.byLeftAlpha.fill(0);
    this.#own.byRightAlpha.fill(0);
    this.#own.byLeftBeta.fill(0);
    this.#own.byRightBeta.fill(0);
    this.#own.byVelocity.fill(0);
    this.#byPhi0 = 0;
  }

  collect(angle: number, scale: number): void {
    const { stage } = this.#routes[this.#isWide ? 1 : 0];
    // The kernels give half the derivatives.
    const byKappa = stage.collect(angle, this.#kappa[angle]!, 2 * scale);
    this.#byPhi0 += byKappa * this.#kappaByPhi0[angle]!;
  }

  finish(gradient: Float64Array): void {
    const { leftAlpha, rightAlpha, leftBeta, rightBeta, byLeftAlpha, byRightAlpha, byLeftBeta, byRightBeta } =
      this.#own;
    const [byReference, bySample, , byFraction] = this.#byChannel;
    const fraction = this.#grid.channels[3]!.values;
    const h = 0.5 * this.#experiment.q ** 2;
    for (let i = 0; i < fraction.length; i++) {
      let byAlpha = byLeftAlpha[i]!;
      let byBeta = byLeftBeta[i]!;
      let byExponentReference = byRightAlpha[i]!;
      let byExponentSample = byRightBeta[i]!;
      if (!this.#isWide) {
        byExponentReference = leftAlpha[i]! * byAlpha - rightAlpha[i]! * byRightAlpha[i]!;
        byExponentSample = leftBeta[i]! * byBeta - rightBeta[i]! * byRightBeta[i]!;
        byAlpha = byAlpha * this.#growthReference[i]! + byRightAlpha[i]! / this.#growthReference[i]!;
        byBeta = byBeta * this.#growthSample[i]! + byRightBeta[i]! / this.#growthSample[i]!;
      }
      // ∂α/∂fs = −fs/n^{3/2}, ∂β/∂fs = fr/n^{3/2}, because fs + fr = 1.
      const fs = fraction[i]!;
      const norm = fs * fs + (1 - fs) * (1 - fs);
      byFraction[i] = (byBeta * (1 - fs) - byAlpha * fs) / (norm * Math.sqrt(norm));
      byReference[i] = h * byExponentReference;
      bySample[i] = h * byExponentSample;
    }
    chainToParameters(this.#grid, this.#byChannel, gradient);
    gradient[this.#grid.model.phi0Index] = this.#byPhi0;
  }
}
