import type { FinishedRound } from "@siegert/log-density";
import {
  createTransitionKernel,
  type KernelChoice,
  type TransitionKernel,
  type TransitionMetric,
  type TransitionState,
  transitionMetric,
} from "@siegert/nuts/transition";
import type { ExploredPath } from "../explorers/explored-path.ts";
import type { Explorer, ExplorerContext, ExplorerKernel } from "../explorers/explorer.ts";
import { requireReal } from "../explorers/require-real.ts";
import { RungScale } from "../explorers/rung-scale.ts";
import type { RungShape, RungShapes } from "../explorers/rung-shapes.ts";

/** The settings of a Hamiltonian explorer, complete; plain data. */
export interface HamiltonianSettings {
  readonly kernel: KernelChoice;
  readonly steps: number;
  readonly targetAccept: number;
  readonly maxTreeDepth: number;
  readonly metric: "diagonal" | "dense";
}

/** The explorer of complete settings; what other threads call. */
export function makeHamiltonian(settings: HamiltonianSettings): Explorer {
  return { create: (context) => new HamiltonianKernel(settings, context) };
}

/** Transitions along Hamiltonian trajectories. The step size is in units of the scales that were learned for the rung. */
class HamiltonianKernel implements ExplorerKernel {
  /** Sums over scans: mean acceptance of the trajectories, leapfrog steps, divergences. */
  readonly tallies: readonly string[] = ["acceptance", "leapfrogs", "divergences"];
  readonly #settings: HamiltonianSettings;
  readonly #scale: RungScale;
  readonly #shapes: RungShapes;
  readonly #kernel: TransitionKernel;
  readonly #state: TransitionState;
  readonly #metrics: { readonly version: number; readonly metric: TransitionMetric }[] = [];
  /** The path as the kernel evaluates it. */
  readonly #density: { path: ExploredPath; logDensityAndGradient(at: Float64Array, gradient: Float64Array): number };

  /** @throws {InvalidArgumentError} unless all coordinates are real. */
  constructor(settings: HamiltonianSettings, { dim, kinds, legs, shapes }: ExplorerContext) {
    const { kernel, targetAccept, maxTreeDepth, metric } = settings;
    requireReal(kernel.kind === "nuts" ? "nuts" : "hmc", kinds);
    this.#settings = settings;
    if (metric === "dense") shapes.requireCovariance();
    this.#shapes = shapes;
    this.#scale = new RungScale(legs, firstStepSize(dim), targetAccept, 2);
    this.#kernel = createTransitionKernel({ dim, kernel, maxTreeDepth });
    this.#state = { position: new Float64Array(dim), gradient: new Float64Array(dim), logDensity: 0 };
    this.#density = {
      path: undefined as unknown as ExploredPath,
      logDensityAndGradient(at, gradient) {
        return this.path.evaluateWithGradient(at, gradient);
      },
    };
  }

  explore(path: ExploredPath, tallies: Float64Array, at: number): void {
    const { steps } = this.#settings;
    const state = this.#state;
    const metric = this.#metricOf(path.chain, this.#shapes.at(path.chain, path.leg, path.beta));
    const stepSize = this.#scale.at(path);
    this.#density.path = path;
    state.position.set(path.position);
    state.logDensity = path.evaluateWithGradient(state.position, state.gradient);
    for (let n = 0; n < steps; n++) {
      const info = this.#kernel.step(this.#density, state, metric, stepSize, path.random);
      tallies[at] = tallies[at]! + info.acceptRate / steps;
      tallies[at + 1] = tallies[at + 1]! + info.leapfrogs;
      tallies[at + 2] = tallies[at + 2]! + (info.isDivergent ? 1 : 0);
      if (info.indexInTrajectory !== 0) path.moveTo(state.position, state.logDensity);
    }
  }

  #metricOf(chain: number, { sd, factor, version }: RungShape): TransitionMetric {
    const known = this.#metrics[chain];
    if (known?.version === version) return known.metric;
    const isDense = this.#settings.metric === "dense";
    const metric = transitionMetric(
      isDense ? { kind: "dense", factor: Array.from(factor!) } : { kind: "diagonal", scale: Array.from(sd) },
      sd.length,
    );
    this.#metrics[chain] = { version, metric };
    return metric;
  }

  tune(round: FinishedRound, at: number, width: number): void {
    this.#scale.tune(round, at, width, this.#shapes);
  }

  save(): number[] {
    return this.#scale.save();
  }

  load(saved: readonly number[]): void {
    this.#scale.load(saved);
  }
}

/** Of the order of the largest step that is stable for a normal density of unit scale; Beskos et al. 2013, section 3. */
function firstStepSize(dim: number): number {
  return 0.5 / dim ** 0.25;
}
