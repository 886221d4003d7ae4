/**
 * The no-U-turn sampler (Hoffman & Gelman 2014) with multinomial sampling of the trajectory, biased progressive
 * sampling between doublings and the generalised criterion (Betancourt 2017, arXiv 1701.02434, appendix A), with the
 * checks across subtrees that Stan makes.
 *
 * Subtrees are built iteratively: the points of a doubling go onto a stack, and stretches of equal length on top of it
 * are merged, as a binary counter carries. One gradient per `advance`, no recursion, no allocation.
 */
import type { Random } from "@siegert/random";
import type { Metric } from "../metric/metric.ts";
import type { Integrator } from "./integrator.ts";
import type { Point } from "./kernel.ts";
import { isTurning, Subtree } from "./subtree.ts";
import { TrajectoryKernel } from "./trajectory-kernel.ts";

/**
 * One end of the trajectory, from which it can be continued. While the integrator stands there, only the momentum is up
 * to date.
 */
class End {
  readonly position: Float64Array;
  readonly momentum: Float64Array;
  readonly force: Float64Array;

  constructor(dim: number) {
    this.position = new Float64Array(dim);
    this.momentum = new Float64Array(dim);
    this.force = new Float64Array(dim);
  }

  save({ position, force }: Integrator): void {
    copy(position, this.position);
    copy(force, this.force);
  }

  load(integrator: Integrator): void {
    copy(this.position, integrator.position);
    copy(this.momentum, integrator.momentum);
    copy(this.force, integrator.force);
  }
}

/** TypedArray.prototype.set costs as much as some 40 numbers before it copies the first. */
function copy(from: Float64Array, to: Float64Array): void {
  if (from.length > 60) to.set(from);
  else for (let i = 0; i < from.length; i++) to[i] = from[i]!;
}

export class NutsKernel extends TrajectoryKernel {
  readonly #left: End;
  readonly #right: End;
  /** Momentum sum, weight and draw of the whole trajectory. */
  readonly #tree: Subtree;
  /** Subtree of the current doubling: stretches of falling length. */
  readonly #stack: Subtree[] = [];
  #stackSize = 0;
  #maxTreeDepth = 0;
  /** 1 forward, -1 backward, 0 before the first doubling. */
  #direction = 0;
  /** Points made in this doubling, and forward and backward in all. */
  #leaves = 0;
  #forward = 0;
  #backward = 0;

  /** @param maxEnergyError rise of the energy that counts as a divergence. */
  constructor(dim: number, maxEnergyError: number) {
    super(dim, maxEnergyError);
    this.#left = new End(dim);
    this.#right = new End(dim);
    this.#tree = new Subtree(dim);
  }

  override begin(point: Point, metric: Metric, stepSize: number, random: Random, maxTreeDepth: number): void {
    super.begin(point, metric, stepSize, random, maxTreeDepth);
    const { integrator } = this;
    this.#maxTreeDepth = maxTreeDepth;
    copy(integrator.momentum, this.#left.momentum);
    copy(integrator.momentum, this.#right.momentum);
    const tree = this.#tree;
    tree.setLeaf(point.position, point.gradient, integrator.momentum);
    tree.logDensity = point.logDensity;
    tree.logWeight = 0;
    tree.energyError = 0;
    tree.index = 0;
    this.#forward = 0;
    this.#backward = 0;
    this.#direction = 0;
    this.#startDoubling();
  }

  advance(logDensity: number): boolean {
    const { integrator } = this;
    const energyError = this.energyErrorAt(logDensity, this.#direction * this.stepSize);
    this.#countLeaf(energyError);
    if (this.diverges(energyError) || !this.#addLeaf(logDensity, energyError)) return this.#finish();
    if (this.#leaves === 2 ** this.transition.treeDepth) return this.#join();
    integrator.halfStep(this.metric, this.#direction * this.stepSize);
    return false;
  }

  #startDoubling(): void {
    const direction = (this.random.uint32() & 1) === 1 ? 1 : -1;
    if (direction !== this.#direction) {
      const isForward = direction > 0;
      (isForward ? this.#left : this.#right).save(this.integrator);
      // At the start of the trajectory the integrator stands at both ends.
      if (this.#direction !== 0) (isForward ? this.#right : this.#left).load(this.integrator);
      this.#direction = direction;
    }
    this.#leaves = 0;
    this.#stackSize = 0;
    this.integrator.halfStep(this.metric, direction * this.stepSize);
  }

  #countLeaf(energyError: number): void {
    this.#leaves++;
    if (this.#direction > 0) this.#forward++;
    else this.#backward++;
    this.countAcceptance(energyError);
  }

  /** Puts the point on the stack and merges what can be merged; false when a stretch turns. */
  #addLeaf(logDensity: number, energyError: number): boolean {
    const { position, gradient, momentum } = this.integrator;
    const index = this.#direction > 0 ? this.#forward : -this.#backward;
    const isSecond = (this.#leaves & 1) === 0;
    if (!isSecond && this.#stackSize === this.#stack.length) this.#stack.push(new Subtree(momentum.length));
    const leaf = isSecond ? this.#stack[this.#stackSize - 1]! : this.#stack[this.#stackSize++]!;
    if (isSecond) {
      // Two points are merged at once, so that the second need not be stored.
      if (!leaf.pairWith(momentum)) return false;
      if (!this.#choosesLater(leaf, -energyError)) return this.#mergeEqualStretches();
      leaf.setDraw(position, gradient);
    } else {
      leaf.setLeaf(position, gradient, momentum);
      leaf.logWeight = -energyError;
    }
    leaf.logDensity = logDensity;
    leaf.energyError = energyError;
    leaf.index = index;
    return isSecond ? this.#mergeEqualStretches() : true;
  }

  /**
   * Adds the weight of a later stretch to that of an earlier one, and says whether the draw is to be taken from the
   * later: uniform between the points of both, so with its share of the weight.
   */
  #choosesLater(earlier: Subtree, logWeight: number): boolean {
    const difference = logWeight - earlier.logWeight;
    const ratio = Math.exp(-Math.abs(difference));
    earlier.logWeight = Math.max(logWeight, earlier.logWeight) + Math.log1p(ratio);
    return this.random.uniform() * (1 + ratio) < (difference >= 0 ? 1 : ratio);
  }

  /** Merges stretches of equal length, two points or more, from the top of the stack; false when one turns. */
  #mergeEqualStretches(): boolean {
    for (let carry = this.#leaves >> 1; (carry & 1) === 0; carry >>= 1) {
      const b = this.#stack[--this.#stackSize]!;
      const a = this.#stack[this.#stackSize - 1]!;
      if (isTurning(a.momentumSum, a.first, a.last, b.momentumSum, b.first, b.last)) return false;
      if (this.#choosesLater(a, b.logWeight)) a.takeDraw(b);
      a.append(b);
    }
    return true;
  }

  /** The doubling is complete: considers its draw, and goes on unless the trajectory turns or is as long as allowed. */
  #join(): boolean {
    const tree = this.#tree;
    const added = this.#stack[0]!;
    const { transition } = this;
    const difference = added.logWeight - tree.logWeight;
    if (this.random.uniform() < Math.exp(Math.min(0, difference))) tree.takeDraw(added);
    // The subtree of the first doubling is a single point.
    const last = this.#leaves === 1 ? added.first : added.last;
    const isForward = this.#direction > 0;
    const near = isForward ? this.#right : this.#left;
    const far = isForward ? this.#left : this.#right;
    const turns = isTurning(tree.momentumSum, far.momentum, near.momentum, added.momentumSum, added.first, last);
    transition.treeDepth++;
    if (turns || transition.treeDepth >= this.#maxTreeDepth) return this.#finish();
    const { momentumSum } = tree;
    for (let i = 0; i < momentumSum.length; i++) momentumSum[i] = momentumSum[i]! + added.momentumSum[i]!;
    tree.logWeight = Math.max(added.logWeight, tree.logWeight) + Math.log1p(Math.exp(-Math.abs(difference)));
    copy(this.integrator.momentum, near.momentum);
    this.#startDoubling();
    return false;
  }

  #finish(): boolean {
    const { transition } = this;
    const tree = this.#tree;
    const point = this.point;
    transition.acceptRate /= transition.leapfrogs;
    transition.acceptRateSymmetric /= transition.leapfrogs;
    transition.energyError = tree.energyError;
    transition.energy += tree.energyError;
    transition.indexInTrajectory = tree.index;
    copy(tree.position, point.position);
    copy(tree.gradient, point.gradient);
    point.logDensity = tree.logDensity;
    return true;
  }
}
