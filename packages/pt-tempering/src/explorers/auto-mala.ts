import type { FinishedRound } from "@siegert/log-density";
import type { ExploredPath } from "./explored-path.ts";
import type { ExplorerContext, ExplorerKernel } from "./explorer.ts";
import { requireReal } from "./require-real.ts";
import { RungScale } from "./rung-scale.ts";
import type { RungShape, RungShapes } from "./rung-shapes.ts";

/** The settings of autoMALA, complete. */
export interface AutoMalaChoice {
  readonly kind: "auto-mala";
  /** Steps in one exploration step; undefined: 3·⌈d^0.35⌉. */
  readonly steps: number | undefined;
}

/** Most doublings or halvings of a step. A bound of the rule, so it is the same seen from both ends. */
const MOST_DOUBLINGS = 40;

/**
 * autoMALA (Biron-Lattes, Surjanovic, Syed, Campbell & Bouchard-Côté 2024, arXiv 2310.16782): one leapfrog step whose
 * size is doubled or halved until its acceptance ratio lies between two random bounds; the step counts only if from its
 * end, with the momentum turned round, the same size would have been chosen. It adapts to curvature on the way, and
 * needs no step size to start with.
 *
 * Positions are scaled by the standard deviations learned per rung, or by those of a rung at random mixed with the
 * mean scale, so that a bad estimate does no lasting harm.
 */
export class AutoMalaKernel implements ExplorerKernel {
  /** Sums over scans of means over steps: acceptance, 2^(doublings chosen), steps that could be reversed. */
  readonly tallies: readonly string[] = ["acceptance", "step factor", "reversible"];
  readonly #steps: number;
  readonly #scale: RungScale;
  readonly #shapes: RungShapes;
  readonly #start: Phase;
  readonly #end: Phase;
  readonly #probe: Phase;
  readonly #scales: Float64Array;
  #logLow = 0;
  #logHigh = 0;

  /** @throws {InvalidArgumentError} unless all coordinates are real. */
  constructor({ steps }: AutoMalaChoice, { dim, kinds, legs, shapes }: ExplorerContext) {
    requireReal("autoMala", kinds);
    this.#steps = steps ?? 3 * Math.ceil(dim ** 0.35);
    this.#scale = new RungScale(legs, 1, 0.5, 2);
    this.#shapes = shapes;
    this.#start = new Phase(dim);
    this.#end = new Phase(dim);
    this.#probe = new Phase(dim);
    this.#scales = new Float64Array(dim);
  }

  explore(path: ExploredPath, tallies: Float64Array, at: number): void {
    const shape = this.#shapes.at(path.chain, path.leg, path.beta);
    const stepSize = this.#scale.at(path);
    const start = this.#start;
    start.position.set(path.position);
    start.logDensity = path.evaluateWithGradient(start.position, start.gradient);
    for (let n = 0; n < this.#steps; n++) this.#step(path, shape, stepSize, tallies, at);
  }

  #step(path: ExploredPath, shape: RungShape, stepSize: number, tallies: Float64Array, at: number): void {
    const { random } = path;
    const start = this.#start;
    const end = this.#end;
    this.#drawScales(path, shape);
    random.fillNormal(start.momentum);
    const u = Math.log(random.uniform());
    const v = Math.log(random.uniform());
    this.#logLow = Math.min(u, v);
    this.#logHigh = Math.max(u, v);
    const chosen = this.#choose(path, start, stepSize);
    this.#leap(path, start, end, stepSize * 2 ** chosen);
    end.turn();
    const isReversible = end.energy() < Infinity && this.#choose(path, end, stepSize) === chosen;
    const ratio = isReversible ? Math.exp(Math.min(0, start.energy() - end.energy())) : 0;
    const share = 1 / this.#steps;
    tallies[at] = tallies[at]! + ratio * share;
    tallies[at + 1] = tallies[at + 1]! + 2 ** chosen * share;
    tallies[at + 2] = tallies[at + 2]! + (isReversible ? share : 0);
    if (random.uniform() >= ratio) return;
    this.#start.take(end);
    path.moveTo(start.position, start.logDensity);
  }

  /** With probability ⅓ each: the learned scales, their geometric mean, and a mixture of both. */
  #drawScales({ random }: ExploredPath, { sd }: RungShape): void {
    const kind = random.integer(3);
    const share = kind === 0 ? 1 : kind === 1 ? 0 : random.uniform();
    let sum = 0;
    for (let i = 0; i < sd.length; i++) sum += Math.log(sd[i]!);
    const middle = sum / sd.length;
    for (let i = 0; i < sd.length; i++) this.#scales[i] = Math.exp(share * Math.log(sd[i]!) + (1 - share) * middle);
  }

  /** Doublings of the step size that bring the acceptance ratio between the bounds. */
  #choose(path: ExploredPath, from: Phase, stepSize: number): number {
    const ratio = this.#logRatio(path, from, stepSize);
    const direction = ratio >= this.#logHigh ? 1 : ratio <= this.#logLow ? -1 : 0;
    if (direction === 0) return 0;
    for (let doublings = direction; Math.abs(doublings) <= MOST_DOUBLINGS; doublings += direction) {
      const next = this.#logRatio(path, from, stepSize * 2 ** doublings);
      if (direction === 1 && next < this.#logHigh) return doublings - 1;
      if (direction === -1 && next > this.#logLow) return doublings;
    }
    return direction * MOST_DOUBLINGS;
  }

  #logRatio(path: ExploredPath, from: Phase, stepSize: number): number {
    this.#leap(path, from, this.#probe, stepSize);
    return from.energy() - this.#probe.energy();
  }

  /** One leapfrog step. */
  #leap(path: ExploredPath, from: Phase, to: Phase, stepSize: number): void {
    const scales = this.#scales;
    const half = 0.5 * stepSize;
    for (let i = 0; i < scales.length; i++) {
      const momentum = from.momentum[i]! + half * scales[i]! * from.gradient[i]!;
      to.momentum[i] = momentum;
      to.position[i] = from.position[i]! + stepSize * scales[i]! * momentum;
    }
    to.logDensity = path.evaluateWithGradient(to.position, to.gradient);
    for (let i = 0; i < scales.length; i++) to.momentum[i] = to.momentum[i]! + half * scales[i]! * to.gradient[i]!;
  }

  tune(round: FinishedRound, at: number, width: number): void {
    const factorOf = (chain: number) => Math.max(round.tallies[chain * width + at + 1]! / round.scans, 1e-3);
    this.#scale.tuneBy(round, factorOf, this.#shapes);
  }

  save(): number[] {
    return this.#scale.save();
  }

  load(saved: readonly number[]): void {
    this.#scale.load(saved);
  }
}

/** A point with a momentum. */
class Phase {
  readonly position: Float64Array;
  readonly momentum: Float64Array;
  readonly gradient: Float64Array;
  logDensity = 0;

  constructor(dim: number) {
    this.position = new Float64Array(dim);
    this.momentum = new Float64Array(dim);
    this.gradient = new Float64Array(dim);
  }

  /** Infinity where the density is 0 or the momentum is not finite. */
  energy(): number {
    let sum = 0;
    for (let i = 0; i < this.momentum.length; i++) sum += this.momentum[i]! * this.momentum[i]!;
    const energy = 0.5 * sum - this.logDensity;
    return energy > -Infinity ? energy : Infinity;
  }

  turn(): void {
    for (let i = 0; i < this.momentum.length; i++) this.momentum[i] = -this.momentum[i]!;
  }

  take(other: Phase): void {
    this.position.set(other.position);
    this.gradient.set(other.gradient);
    this.logDensity = other.logDensity;
  }
}
