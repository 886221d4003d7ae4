import { cumulativeTrapezoid } from "./cumulative-trapezoid.ts";
import { sampleFraction } from "./fraction.ts";
import { checkExperiment, type Experiment } from "./instrument.ts";
import type { Model } from "./model.ts";
import { type PowerLawGrid, powerLaw, powerLawGrid, powerLawWithTangents } from "./power-law.ts";

/** What a channel holds per frame. */
export type ChannelName = "diffusion" | "shear" | "reference" | "sample" | "velocity" | "fraction";

/**
 * A function of time through which some physical parameters act. The correlation depends on the parameters only through
 * the channels (and phi0 through the phase factor), and every parameter acts through exactly one of them.
 */
export interface Channel {
  readonly name: ChannelName;
  /** Indices of its parameters in the parameter vector. */
  readonly parameters: readonly number[];
  /**
   * Values per frame: for transport channels the integral of the rate from frame 0 (Å² for diffusion, reference and
   * sample; a pure number for shear; Å for velocity), for `fraction` the sample fraction. Shape (frames).
   */
  readonly values: Float64Array;
  /** Derivatives of the values by each of its parameters, row-major (parameters, frames). */
  readonly tangents: Float64Array;
}

/** Lowest diffusion coefficient (Å²/s) and shear rate (1/s) of the homodyne model. */
const HOMODYNE_FLOOR = 1e-10;

/** The channels of a model on a time grid, re-evaluated in place. Not shared between threads. */
export class ChannelGrid {
  readonly model: Model;
  readonly times: Float64Array;
  /** Time between frames, s. */
  readonly dt: number;
  /** Homodyne: diffusion (and shear); heterodyne: reference, sample, velocity, fraction. */
  readonly channels: readonly Channel[];
  /** Time grid and floor of the rate of each channel; none for `fraction`, which is not an integral. */
  readonly rateGrids: readonly (PowerLawGrid | undefined)[];
  /** Rows of each channel's tangents, made once: an evaluation allocates nothing. */
  readonly #tangentRows: readonly (readonly Float64Array[])[];
  readonly #rate: Float64Array;
  readonly #rateTangents: readonly [Float64Array, Float64Array, Float64Array];

  /** @throws {InvalidArgumentError} for times that are not a uniform grid. */
  constructor(model: Model, experiment: Experiment) {
    checkExperiment(experiment);
    const times = experiment.times.slice();
    const frames = times.length;
    this.model = model;
    this.times = times;
    this.dt = (times[frames - 1]! - times[0]!) / (frames - 1);
    const layout = model.kind === "homodyne" ? homodyneLayout(model) : HETERODYNE_LAYOUT;
    this.channels = layout.map(([name, parameters]) => ({
      name,
      parameters,
      values: new Float64Array(frames),
      tangents: new Float64Array(parameters.length * frames),
    }));
    this.rateGrids = this.channels.map((channel) => rateGrid(channel.name, times, this.dt));
    this.#tangentRows = this.channels.map(({ parameters, tangents }) =>
      parameters.map((_, row) => tangents.subarray(row * frames, (row + 1) * frames)),
    );
    this.#rate = new Float64Array(frames);
    this.#rateTangents = [new Float64Array(frames), new Float64Array(frames), new Float64Array(frames)];
  }

  /** Evaluates the values of every channel at a parameter vector. */
  evaluate(parameters: Float64Array): void {
    this.#evaluate(parameters, false);
  }

  /** Evaluates values and tangents. */
  evaluateWithTangents(parameters: Float64Array): void {
    this.#evaluate(parameters, true);
  }

  #evaluate(parameters: Float64Array, withTangents: boolean): void {
    for (let c = 0; c < this.channels.length; c++) {
      const channel = this.channels[c]!;
      const grid = this.rateGrids[c];
      const first = channel.parameters[0]!;
      const second = channel.parameters[1]!;
      const third = channel.parameters[2]!;
      if (grid === undefined) {
        const tangents = withTangents ? channel.tangents : undefined;
        const limit = this.model.fractionLimit;
        const f3 = parameters[channel.parameters[3]!]!;
        const f0 = parameters[first]!;
        const f1 = parameters[second]!;
        const f2 = parameters[third]!;
        sampleFraction(this.times, f0, f1, f2, f3, limit, channel.values, tangents);
      } else {
        const rows = withTangents ? this.#tangentRows[c] : undefined;
        this.#integrate(channel.values, rows, grid, parameters[first]!, parameters[second]!, parameters[third]!);
      }
    }
  }

  #integrate(
    values: Float64Array,
    tangentRows: readonly Float64Array[] | undefined,
    grid: PowerLawGrid,
    amplitude: number,
    exponent: number,
    offset: number,
  ): void {
    const rate = this.#rate;
    if (tangentRows === undefined) {
      powerLaw(grid, amplitude, exponent, offset, rate);
    } else {
      const byAmplitude = this.#rateTangents[0];
      const byExponent = this.#rateTangents[1];
      const byOffset = this.#rateTangents[2];
      powerLawWithTangents(grid, amplitude, exponent, offset, rate, byAmplitude, byExponent, byOffset);
      cumulativeTrapezoid(byAmplitude, this.dt, tangentRows[0]!);
      cumulativeTrapezoid(byExponent, this.dt, tangentRows[1]!);
      cumulativeTrapezoid(byOffset, this.dt, tangentRows[2]!);
    }
    cumulativeTrapezoid(rate, this.dt, values);
  }
}

type Layout = readonly (readonly [ChannelName, readonly number[]])[];

const HETERODYNE_LAYOUT: Layout = [
  ["reference", [0, 1, 2]],
  ["sample", [3, 4, 5]],
  ["velocity", [6, 7, 8]],
  ["fraction", [9, 10, 11, 12]],
];

function homodyneLayout(model: Model): Layout {
  const diffusion: Layout = [["diffusion", [0, 1, 2]]];
  return model.phi0Index < 0 ? diffusion : [...diffusion, ["shear", [3, 4, 5]]];
}

/** The homodyne model replaces t by max(t, dt/2, 1e-8); the heterodyne one counts t^p as 0 at t = 0. */
function rateGrid(name: ChannelName, times: Float64Array, dt: number): PowerLawGrid | undefined {
  if (name === "fraction") return undefined;
  if (name === "velocity") return powerLawGrid(times, -Infinity);
  if (name === "reference" || name === "sample") return powerLawGrid(times, 0);
  const shortest = Math.max(dt / 2, 1e-8);
  const shifted = times.map((t) => Math.max(t, shortest));
  return powerLawGrid(shifted, HOMODYNE_FLOOR);
}
