import { type Experiment, type Model, phaseFactor } from "@siegert/physics-core";
import type { HeterodyneChannels } from "./heterodyne-channels.ts";
import type { HeterodyneFrames } from "./heterodyne-frames.ts";
import type { HeterodyneStage } from "./heterodyne-stage.ts";
import type { Kernel } from "./kernel.ts";
import { LARGEST_SPAN, type Physics } from "./physics.ts";

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
  readonly #model: Model;
  readonly #experiment: Experiment;
  readonly #own: HeterodyneFrames;
  readonly #channels: HeterodyneChannels;
  readonly #routes: readonly [narrow: HeterodyneRoute, wide: HeterodyneRoute];
  readonly #kappa: Float64Array;
  readonly #kappaByPhi0: Float64Array;
  readonly #h: number;
  #isWide = false;
  #byPhi0 = 0;

  constructor(
    model: Model,
    experiment: Experiment,
    own: HeterodyneFrames,
    channels: HeterodyneChannels,
    routes: readonly [narrow: HeterodyneRoute, wide: HeterodyneRoute],
  ) {
    this.#model = model;
    this.#experiment = experiment;
    this.#own = own;
    this.#channels = channels;
    this.#routes = routes;
    this.#kappa = new Float64Array(experiment.phi.length);
    this.#kappaByPhi0 = new Float64Array(experiment.phi.length);
    this.#h = 0.5 * experiment.q ** 2;
  }

  prepare(parameters: Float64Array, withGradient: boolean): Kernel {
    this.#channels.evaluate(parameters, withGradient);
    const last = this.#experiment.times.length - 1;
    const { reference, sample } = this.#own;
    this.#isWide = this.#h * Math.max(reference[last]!, sample[last]!) > LARGEST_SPAN;
    const { kernel, stage } = this.#routes[this.#isWide ? 1 : 0];
    stage.grow(this.#h);
    const phi0 = parameters[this.#model.phi0Index]!;
    for (let angle = 0; angle < this.#kappa.length; angle++) {
      const phi = this.#experiment.phi[angle]!;
      const { kappa, kappaByPhi0 } = phaseFactor(this.#model, this.#experiment, phi, phi0);
      this.#kappa[angle] = kappa;
      this.#kappaByPhi0[angle] = kappaByPhi0;
      stage.write(angle, kappa);
    }
    return kernel;
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

  finish(parameters: Float64Array, gradient: Float64Array): void {
    this.#routes[this.#isWide ? 1 : 0].stage.gather(this.#h);
    this.#channels.chain(parameters, gradient);
    gradient[this.#model.phi0Index] = this.#byPhi0;
  }
}
