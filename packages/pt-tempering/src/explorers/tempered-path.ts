import type { Random } from "@siegert/random";
import type { CoordinateKind } from "../references/coordinate-kind.ts";
import type { Reference } from "../references/reference.ts";
import type { ExploredPath } from "./explored-path.ts";
import type { GuardedTarget } from "./guarded-target.ts";
import type { Replica } from "./replica.ts";

/**
 * The densities (1 − β) log reference + β log target at which replicas are moved. At β = 0 and 1 only one of both
 * enters, so no 0·∞ arises. The path lives where every reference is positive: that is its limit for β → 1, and where
 * its swaps have a probability.
 */
export class TemperedPath implements ExploredPath {
  readonly dim: number;
  readonly kinds: readonly CoordinateKind[];
  chain = 0;
  leg = 0;
  beta = 0;
  logDensity = 0;
  /** How often references were fitted so far. */
  fits = 0;
  #replica!: Replica;
  readonly #target: GuardedTarget;
  readonly #references: readonly Reference[];
  readonly #referenceGradient: Float64Array;
  /** What is known of the trial evaluated last. */
  #trialTarget = Number.NaN;
  #trialValue = Number.NaN;
  readonly #trialReferences: Float64Array;

  constructor(target: GuardedTarget, references: readonly Reference[], kinds: readonly CoordinateKind[]) {
    this.dim = target.target.dim;
    this.kinds = kinds;
    this.#target = target;
    this.#references = references;
    this.#referenceGradient = new Float64Array(this.dim);
    this.#trialReferences = new Float64Array(references.length);
  }

  get position(): Float64Array {
    return this.#replica.position;
  }

  get random(): Random {
    return this.#replica.random;
  }

  /** Stands a replica on a chain. */
  begin(replica: Replica, chain: number, leg: number, beta: number): void {
    this.#replica = replica;
    this.chain = chain;
    this.leg = leg;
    this.beta = beta;
    this.settle();
    this.logDensity = this.#mix(replica.logTarget, replica.logReferences[leg]!);
  }

  /** Draws the state anew from the reference of a leg, as the density at β = 0 is. */
  refresh(replica: Replica, leg: number): void {
    this.#references[leg]!.draw(replica.random, replica.position);
    replica.logTarget = Number.NaN;
    this.#replica = replica;
    this.settle();
  }

  /** Evaluates the state where that has not been done. */
  settle(): void {
    const replica = this.#replica;
    if (replica.fits === this.fits && !Number.isNaN(replica.logTarget)) return;
    this.evaluate(replica.position);
    this.#know();
  }

  evaluate(trial: Float64Array): number {
    this.#trialTarget = -Infinity;
    if (this.#evaluateReferences(trial, false)) this.#trialTarget = this.#target.logDensity(trial);
    this.#trialValue = this.#mix(this.#trialTarget, this.#trialReferences[this.leg]!);
    return this.#trialValue;
  }

  evaluateWithGradient(trial: Float64Array, gradient: Float64Array): number {
    const { beta } = this;
    this.#trialTarget = -Infinity;
    if (this.#evaluateReferences(trial, beta !== 1)) {
      this.#trialTarget = this.#target.logDensityAndGradient(trial, gradient);
    }
    this.#trialValue = this.#mix(this.#trialTarget, this.#trialReferences[this.leg]!);
    if (this.#trialValue === -Infinity) gradient.fill(0);
    else if (beta !== 1) {
      const other = this.#referenceGradient;
      for (let i = 0; i < other.length; i++) gradient[i] = beta * gradient[i]! + (1 - beta) * other[i]!;
    }
    return this.#trialValue;
  }

  /** Whether all references are positive at the trial; writes the gradient of the leg's own where it is wanted. */
  #evaluateReferences(trial: Float64Array, wantsGradient: boolean): boolean {
    const references = this.#references;
    let isInside = true;
    for (let leg = 0; leg < references.length; leg++) {
      const value =
        wantsGradient && leg === this.leg
          ? references[leg]!.logDensityAndGradient(trial, this.#referenceGradient)
          : references[leg]!.logDensity(trial);
      this.#trialReferences[leg] = value > -Infinity && value < Infinity ? value : -Infinity;
      if (this.#trialReferences[leg] === -Infinity) isInside = false;
    }
    return isInside;
  }

  #mix(logTarget: number, logReference: number): number {
    const { beta } = this;
    if (beta === 1) return logTarget;
    return beta === 0 ? logReference : (1 - beta) * logReference + beta * logTarget;
  }

  accept(trial: Float64Array): void {
    copy(trial, this.#replica.position);
    this.#know();
    this.logDensity = this.#trialValue;
  }

  /** Takes over what is known of the trial. */
  #know(): void {
    const replica = this.#replica;
    replica.logTarget = this.#trialTarget;
    replica.fits = this.fits;
    for (let leg = 0; leg < this.#trialReferences.length; leg++) {
      replica.logReferences[leg] = this.#trialReferences[leg]!;
    }
  }

  moveTo(trial: Float64Array, logDensity: number): void {
    copy(trial, this.#replica.position);
    this.#replica.logTarget = Number.NaN;
    this.logDensity = logDensity;
  }
}

function copy(from: Float64Array, to: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] = from[i]!;
}
