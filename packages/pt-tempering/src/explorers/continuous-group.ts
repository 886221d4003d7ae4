import { InvalidArgumentError } from "@siegert/errors";
import {
  type ExplorationStep,
  type FinishedRound,
  isNamed,
  LogDensityError,
  type ReplicaGroup,
  type ReplicaIdentity,
} from "@siegert/log-density";
import { createRandom } from "@siegert/random";
import { FittedReference } from "../references/fitted-reference.ts";
import type { Reference } from "../references/reference.ts";
import type { ContinuousModel } from "./continuous-model.ts";
import type { ExplorerKernel } from "./explorer.ts";
import { GuardedTarget } from "./guarded-target.ts";
import { packParts, unpackParts } from "./packed-parts.ts";
import { packReplica, type Replica, unpackReplica } from "./replica.ts";
import type { LearnedShapes } from "./rung-shapes.ts";
import { findStart } from "./start-search.ts";
import { TemperedPath } from "./tempered-path.ts";

/**
 * Columns of every problem, after those of the explorer: evaluations of the target, those that gave NaN or +∞, and
 * exploration steps; bookkeeping has names with a dot.
 */
export const COUNTS = ["evaluations", "invalid", ".visits"] as const;

/** Replicas of a continuous problem that live in one thread. */
export class ContinuousGroup implements ReplicaGroup {
  readonly size: number;
  readonly #model: ContinuousModel;
  readonly #target: GuardedTarget;
  readonly #references: readonly Reference[];
  readonly #replicas: readonly Replica[];
  readonly #path: TemperedPath;
  readonly #shapes: LearnedShapes;
  readonly #kernel: ExplorerKernel;
  readonly #width: number;

  constructor(model: ContinuousModel, { seed, replicas }: ReplicaIdentity) {
    this.size = replicas.length;
    this.#model = model;
    this.#target = new GuardedTarget(model.target, model.isStrict);
    this.#references = model.references.map((made) => (made instanceof FittedReference ? made.fresh() : made));
    this.#path = new TemperedPath(this.#target, this.#references, model.kinds);
    this.#shapes = model.createShapes();
    this.#kernel = model.createKernel(this.#shapes);
    this.#width = model.tallies.length;
    this.#replicas = replicas.map((number) => this.#create(seed, number));
  }

  #create(seed: number, number: number): Replica {
    const replica: Replica = {
      position: new Float64Array(this.#model.target.dim),
      random: createRandom(seed, "tempering", number, "start"),
      logTarget: Number.NaN,
      logReferences: new Float64Array(this.#references.length),
      fits: 0,
    };
    findStart(this.#path, replica, number, this.#model.starts, this.#target);
    replica.random = createRandom(seed, "tempering", number, "explore");
    return replica;
  }

  explore(step: ExplorationStep): void {
    for (let place = 0; place < this.size; place++) {
      const chain = step.chains[place]!;
      this.#move(place, chain, step.legs[place]!, step.betas[place]!, step.tallies, chain * this.#width);
      this.#writeStatistics(place, step.statistics);
    }
  }

  #move(place: number, chain: number, leg: number, beta: number, tallies: Float64Array, at: number): void {
    const path = this.#path;
    const replica = this.#replicas[place]!;
    const target = this.#target;
    const shape = this.#shapes.at(chain, leg, beta);
    target.evaluations = 0;
    target.invalid = 0;
    if (beta === 0) {
      path.refresh(replica, leg);
      for (const column of this.#model.acceptanceColumns) tallies[at + column] = tallies[at + column]! + 1;
    } else {
      path.begin(replica, chain, leg, beta);
      if (path.logDensity === -Infinity) this.#failOffSupport(replica, chain, beta);
      this.#kernel.explore(path, tallies, at);
      path.settle();
    }
    const counts = at + this.#model.countColumn;
    tallies[counts] = tallies[counts]! + target.evaluations;
    tallies[counts + 1] = tallies[counts + 1]! + target.invalid;
    tallies[counts + 2] = tallies[counts + 2]! + 1;
    this.#shapes.observe(replica.position, shape, tallies, counts + COUNTS.length);
  }

  #failOffSupport({ position }: Replica, chain: number, beta: number): never {
    throw new LogDensityError(
      `The density is 0 at the state of chain ${chain} (beta = ${beta}): ${this.#target.describe(position)}`,
      { isRecoverable: false, position },
    );
  }

  #writeStatistics(place: number, statistics: Float64Array): void {
    const { logTarget, logReferences } = this.#replicas[place]!;
    const legs = logReferences.length;
    for (let leg = 0; leg < legs; leg++) {
      statistics[place * legs + leg] = logTarget === -Infinity ? -Infinity : logTarget - logReferences[leg]!;
    }
  }

  readState(place: number, state: Float64Array): void {
    const { position } = this.#replicas[place]!;
    const { target, isConstrained } = this.#model;
    if (isConstrained && isNamed(target)) target.constrain(position, state);
    else state.set(position);
  }

  saveReplica(place: number): Uint8Array {
    return packReplica(this.#replicas[place]!);
  }

  /** @throws {InvalidArgumentError} when the state is of another problem. */
  loadReplica(place: number, saved: Uint8Array): void {
    if (unpackReplica(saved, this.#replicas[place]!)) return;
    throw new InvalidArgumentError("saved", "be the state of a replica of this problem", saved);
  }

  tune(finished: FinishedRound): void {
    // Tallies may hold several copies of the ladder: what counts is how often a chain was explored.
    const round = { ...finished, scans: finished.tallies[this.#model.countColumn + 2]! };
    if (!(round.scans > 0)) return;
    this.#fitReferences(round);
    this.#shapes.tune(round, this.#model.countColumn + COUNTS.length, this.#width);
    this.#kernel.tune?.(round, 0, this.#width);
  }

  /** Fits to the moments of the target's chains, one per leg, taken together. */
  #fitReferences(round: FinishedRound): void {
    const fitted = this.#references.filter((reference) => reference instanceof FittedReference);
    const due = fitted.filter(({ firstRound }) => round.round >= firstRound);
    if (due.length === 0) return;
    const targets = Array.from(round.betas.keys()).filter((chain) => round.betas[chain] === 1);
    if (targets.length === 0) return;
    const at = this.#model.countColumn + COUNTS.length;
    const moments = targets.map((chain) => this.#shapes.moments(round, chain, at, this.#width));
    const [mean, covariance] = pooled(moments);
    for (const reference of due) reference.fit(mean, covariance, round.scans * targets.length);
    this.#path.fits++;
  }

  saveTuning(): Uint8Array {
    const fits = this.#references.map((made) => (made instanceof FittedReference ? made.save() : []));
    const parts = [[this.#path.fits], ...fits, this.#shapes.save(), this.#kernel.save?.() ?? []];
    const view = Float64Array.from(packParts(parts));
    return new Uint8Array(view.buffer);
  }

  loadTuning(saved: Uint8Array): void {
    const numbers = new Float64Array(saved.slice().buffer);
    const parts = unpackParts(Array.from(numbers));
    this.#path.fits = parts[0]![0]!;
    this.#references.forEach((made, leg) => {
      if (made instanceof FittedReference) made.load(parts[1 + leg]!);
    });
    const rest = 1 + this.#references.length;
    this.#shapes.load(parts[rest]!);
    this.#kernel.load?.(parts[rest + 1]!);
  }
}

/** Mean and packed covariance of several samples of equal size as one. */
function pooled(moments: readonly (readonly [Float64Array, Float64Array])[]): [Float64Array, Float64Array] {
  const count = moments.length;
  const mean = new Float64Array(moments[0]![0].length);
  const covariance = new Float64Array(moments[0]![1].length);
  for (const [m] of moments) for (let i = 0; i < mean.length; i++) mean[i] = mean[i]! + m[i]! / count;
  for (const [m, c] of moments) {
    for (let i = 0, at = 0; i < mean.length; i++) {
      for (let j = 0; j <= i; j++, at++) {
        const between = (m[i]! - mean[i]!) * (m[j]! - mean[j]!);
        covariance[at] = covariance[at]! + (c[at]! + between) / count;
      }
    }
  }
  return [mean, covariance];
}
