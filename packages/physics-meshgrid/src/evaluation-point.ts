import { type ChannelGrid, type Experiment, type Model, phaseFactor } from "@siegert/physics-core";
import type { Engine } from "./engine.ts";
import type { AngleState } from "./pair-pass.ts";

/** Brings an engine to a parameter vector, and to one angle of it. */
export class EvaluationPoint {
  readonly model: Model;
  readonly experiment: Experiment;
  readonly grid: ChannelGrid;
  readonly engine: Engine;
  readonly #angles: number;

  constructor(model: Model, experiment: Experiment, grid: ChannelGrid, engine: Engine) {
    this.model = model;
    this.experiment = experiment;
    this.grid = grid;
    this.engine = engine;
    this.#angles = experiment.phi.length;
  }

  get angles(): number {
    return this.#angles;
  }

  /** Evaluates the channels, with tangents for a Jacobian if asked; false for a point that has to be rejected. */
  set(x: Float64Array, withTangents: boolean): boolean {
    for (let p = 0; p < x.length; p++) if (!Number.isFinite(x[p])) return false;
    const isUsable = this.setPhysics(x);
    if (isUsable && withTangents) {
      this.grid.evaluateWithTangents(x.subarray(0, this.model.parameters.length));
      this.engine.tangents.take();
    }
    return isUsable;
  }

  /** The same without a look at the scaling in x, and without tangents. */
  setPhysics(x: Float64Array): boolean {
    const { channels, separable } = this.engine;
    channels.evaluate(x);
    separable.setChannels(channels.values);
    // Integrals accumulate, so what is not finite anywhere is not finite at the end.
    const last = this.experiment.times.length - 1;
    for (const values of channels.values) if (!Number.isFinite(values[last])) return false;
    return true;
  }

  setAngle(x: Float64Array, angle: number): AngleState {
    const state = this.stateOf(x, angle);
    this.engine.separable.setAngle(state.kappa);
    return state;
  }

  stateOf(x: Float64Array, angle: number): AngleState {
    const { model, experiment } = this;
    const physical = model.parameters.length;
    const phi0 = model.phi0Index < 0 ? 0 : x[model.phi0Index]!;
    const { kappa, kappaByPhi0 } = phaseFactor(model, experiment, experiment.phi[angle]!, phi0);
    const contrast = x[physical + 2 * angle]!;
    const offset = x[physical + 2 * angle + 1]!;
    return { angle, contrast, offset, kappa, kappaByPhi0 };
  }
}
