import { ChannelGrid } from "./channels.ts";
import type { Experiment } from "./instrument.ts";
import type { Model } from "./model.ts";
import { phaseFactor } from "./phase.ts";

/** Options of {@link DirectCorrelation}. */
export interface DirectCorrelationOptions {
  /**
   * Replaces |∫r dt| by dt·√((∫r dt / dt)² + smoothing), as packages that differentiate through |x| do with 1e-12. It
   * biases the correlation by up to 6e-9, so it exists only to reproduce their numbers. Default 0: exact.
   */
  readonly smoothing?: number | undefined;
}

/**
 * The correlation of one pair of frames by the textbook formula, one pair at a time: slow, obvious, and what the fast
 * engines are checked against.
 */
export class DirectCorrelation {
  readonly #grid: ChannelGrid;
  readonly #experiment: Experiment;
  readonly #smoothing: number;
  #phi0 = 0;

  /** @throws {InvalidArgumentError} for an invalid experiment. */
  constructor(model: Model, experiment: Experiment, { smoothing = 0 }: DirectCorrelationOptions = {}) {
    this.#grid = new ChannelGrid(model, experiment);
    this.#experiment = experiment;
    this.#smoothing = smoothing;
  }

  /** Sets the physical parameters, in the order of `model.parameters`. */
  setParameters(parameters: Float64Array): void {
    this.#grid.evaluate(parameters);
    const index = this.#grid.model.phi0Index;
    this.#phi0 = index < 0 ? 0 : parameters[index]!;
  }

  /**
   * (c2 − offset) / contrast of frames i and j at one angle: in [0, 1].
   *
   * @param angle index into `experiment.phi`.
   */
  normalised(i: number, j: number, angle: number): number {
    const { model } = this.#grid;
    const phi = this.#experiment.phi[angle]!;
    const { kappa } = phaseFactor(model, this.#experiment, phi, this.#phi0);
    return model.kind === "homodyne" ? this.#homodyne(i, j, kappa) : this.#heterodyne(i, j, kappa);
  }

  #integral(channel: number, i: number, j: number): number {
    const { values } = this.#grid.channels[channel]!;
    const difference = values[j]! - values[i]!;
    if (this.#smoothing === 0) return Math.abs(difference);
    const { dt } = this.#grid;
    return i === j ? 0 : dt * Math.sqrt((difference / dt) ** 2 + this.#smoothing);
  }

  #homodyne(i: number, j: number, kappa: number): number {
    const { q } = this.#experiment;
    const diffusion = Math.exp(-0.5 * q * q * this.#integral(0, i, j));
    const phase = this.#grid.channels.length > 1 ? kappa * this.#integral(1, i, j) : 0;
    const sinc = phase === 0 ? 1 : Math.sin(phase) / phase;
    return diffusion * diffusion * sinc ** this.#grid.model.sincPower;
  }

  #heterodyne(i: number, j: number, kappa: number): number {
    const { q } = this.#experiment;
    const fraction = this.#grid.channels[3]!.values;
    const [s1, s2] = [fraction[i]!, fraction[j]!];
    const [r1, r2] = [1 - s1, 1 - s2];
    const reference = r1 * r2 * Math.exp(-0.5 * q * q * this.#integral(0, i, j));
    const sample = s1 * s2 * Math.exp(-0.5 * q * q * this.#integral(1, i, j));
    const cosine = Math.cos(kappa * this.#integral(2, i, j));
    const norm = (s1 * s1 + r1 * r1) * (s2 * s2 + r2 * r2);
    return i === j ? 1 : (reference * reference + sample * sample + 2 * reference * sample * cosine) / norm;
  }
}
