/**
 * The no-U-turn sampler (Hoffman & Gelman 2014) with multinomial sampling of the trajectory, biased progressive sampling between
 * doublings and the generalised criterion (Betancourt 2017, arXiv 1701.02434, appendix A), with the checks across subtrees that Stan makes.
 *
 * Subtrees are built iteratively: the points of a doubling go onto a stack, and stretches of equal length on top of it are merged, as a
 * binary counter carries. One gradient per `advance`, no recursion, no allocation.
 */
import type { Random } from "@siegert/random";
import type { Metric } from "../metric/metric.ts";
import { Integrator, kineticEnergy } from "./integrator.ts";
import { emptyTransition, type Kernel, type Point, type Transition } from "./kernel.ts";
import { isPairTurning, isTurning, logSumExp, Subtree } from "./subtree.ts";

/** One end of the trajectory, from which it can be continued. */
class End {
  readonly position: Float64Array;
  readonly momentum: Float64Array;
  readonly force: Float64Array;

  constructor(dim: number) {
    this.position = new Float64Array(dim);
    this.momentum = new Float64Array(dim);
    this.force = new Float64Array(dim);
  }

  save({ position, momentum, force }: Integrator): void {
    this.position.set(position);
    this.momentum.set(momentum);
    this.force.set(force);
  }

  load(integrator: Integrator): void {
    integrator.position.set(this.position);
    integrator.momentum.set(this.momentum);
    integrator.force.set(this.force);
  }
}

export class NutsKernel implements Kernel {
  readonly transition: Transition = emptyTransition();
  readonly #maxEnergyError: number;
  readonly #integrator: Integrator;
  readonly #left: End;
  readonly #right: End;
  /** Momentum sum, weight and draw of the whole trajectory. */
  readonly #tree: Subtree;
  /** Subtree of the current doubling: stretches of falling length. */
  readonly #stack: Subtree[] = [];
  #stackSize = 0;
  #point!: Point;
  #metric!: Metric;
  #random!: Random;
  #stepSize = 0;
  #maxTreeDepth = 0;
  #direction = 1;
  #initialEnergy = 0;
  /** Points made in this doubling, and forward and backward in all. */
  #leaves = 0;
  #forward = 0;
  #backward = 0;
  #acceptSum = 0;
  #symmetricSum = 0;

  /** @param maxEnergyError rise of the energy that counts as a divergence. */
  constructor(dim: number, maxEnergyError: number) {
    this.#maxEnergyError = maxEnergyError;
    this.#integrator = new Integrator(dim);
    this.#left = new End(dim);
    this.#right = new End(dim);
    this.#tree = new Subtree(dim);
  }

  get position(): Float64Array {
    return this.#integrator.position;
  }

  get gradient(): Float64Array {
    return this.#integrator.gradient;
  }

  begin(point: Point, metric: Metric, stepSize: number, random: Random, maxTreeDepth: number): void {
    this.#point = point;
    this.#metric = metric;
    this.#random = random;
    this.#stepSize = stepSize;
    this.#maxTreeDepth = maxTreeDepth;
    const integrator = this.#integrator;
    integrator.position.set(point.position);
    metric.whiten(point.gradient, integrator.force);
    random.fillNormal(integrator.momentum);
    this.#initialEnergy = kineticEnergy(integrator.momentum) - point.logDensity;
    this.#left.save(integrator);
    this.#right.save(integrator);
    const tree = this.#tree;
    tree.setLeaf(point.position, point.gradient, integrator.momentum);
    tree.logDensity = point.logDensity;
    tree.logWeight = 0;
    tree.energyError = 0;
    tree.index = 0;
    Object.assign(this.transition, NOTHING);
    this.#forward = 0;
    this.#backward = 0;
    this.#acceptSum = 0;
    this.#symmetricSum = 0;
    this.#startDoubling();
  }

  advance(logDensity: number): boolean {
    const integrator = this.#integrator;
    const kinetic = integrator.finishStep(this.#metric, this.#direction * this.#stepSize);
    let energyError = kinetic - logDensity - this.#initialEnergy;
    // NaN, and a log density of +∞, which no point can have.
    if (!(energyError > -Infinity)) energyError = Infinity;
    this.#countLeaf(energyError);
    if (!(energyError <= this.#maxEnergyError)) return this.#diverge(energyError);
    this.#push(logDensity, energyError);
    if (!this.#mergeEqualStretches()) return this.#finish();
    if (this.#leaves === 2 ** this.transition.treeDepth) return this.#join();
    integrator.halfStep(this.#metric, this.#direction * this.#stepSize);
    return false;
  }

  #startDoubling(): void {
    const isForward = (this.#random.uint32() & 1) === 1;
    this.#direction = isForward ? 1 : -1;
    this.#leaves = 0;
    this.#stackSize = 0;
    (isForward ? this.#right : this.#left).load(this.#integrator);
    this.#integrator.halfStep(this.#metric, this.#direction * this.#stepSize);
  }

  #countLeaf(energyError: number): void {
    const { transition } = this;
    transition.leapfrogs++;
    this.#leaves++;
    if (this.#direction > 0) this.#forward++;
    else this.#backward++;
    const ratio = Math.exp(-Math.abs(energyError));
    this.#acceptSum += energyError <= 0 ? 1 : ratio;
    this.#symmetricSum += (2 * ratio) / (1 + ratio);
    if (Math.abs(energyError) > Math.abs(transition.maxEnergyError)) transition.maxEnergyError = energyError;
  }

  #push(logDensity: number, energyError: number): void {
    const { position, gradient, momentum } = this.#integrator;
    const size = this.#stackSize++;
    if (size === this.#stack.length) this.#stack.push(new Subtree(momentum.length));
    const leaf = this.#stack[size]!;
    leaf.setLeaf(position, gradient, momentum);
    leaf.logDensity = logDensity;
    leaf.energyError = energyError;
    leaf.logWeight = -energyError;
    leaf.index = this.#direction > 0 ? this.#forward : -this.#backward;
  }

  /** Merges stretches of equal length from the top of the stack; false when one turns. */
  #mergeEqualStretches(): boolean {
    for (let carry = this.#leaves, length = 1; (carry & 1) === 0; carry >>= 1, length *= 2) {
      const b = this.#stack[--this.#stackSize]!;
      const a = this.#stack[this.#stackSize - 1]!;
      const turns =
        length === 1
          ? isPairTurning(a.momentumSum, b.momentumSum)
          : isTurning(a.momentumSum, a.first, a.last, b.momentumSum, b.first, b.last);
      if (turns) return false;
      const difference = b.logWeight - a.logWeight;
      // Uniform between the points of both: the later stretch with its share of the weight.
      if (this.#random.uniform() * (1 + Math.exp(-difference)) < 1) a.takeDraw(b);
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
    if (this.#random.uniform() < Math.exp(Math.min(0, difference))) tree.takeDraw(added);
    const isForward = this.#direction > 0;
    const near = isForward ? this.#right : this.#left;
    const far = isForward ? this.#left : this.#right;
    const turns = isTurning(tree.momentumSum, far.momentum, near.momentum, added.momentumSum, added.first, added.last);
    transition.treeDepth++;
    if (turns || transition.treeDepth >= this.#maxTreeDepth) return this.#finish();
    const { momentumSum } = tree;
    for (let i = 0; i < momentumSum.length; i++) momentumSum[i] = momentumSum[i]! + added.momentumSum[i]!;
    tree.logWeight = logSumExp(tree.logWeight, added.logWeight);
    near.save(this.#integrator);
    this.#startDoubling();
    return false;
  }

  #diverge(energyError: number): boolean {
    const { previous, position } = this.#integrator;
    this.transition.divergence = { start: previous.slice(), end: position.slice(), energyError };
    return this.#finish();
  }

  #finish(): boolean {
    const { transition } = this;
    const tree = this.#tree;
    const point = this.#point;
    transition.acceptRate = this.#acceptSum / transition.leapfrogs;
    transition.acceptRateSymmetric = this.#symmetricSum / transition.leapfrogs;
    transition.energyError = tree.energyError;
    transition.energy = this.#initialEnergy + tree.energyError;
    transition.indexInTrajectory = tree.index;
    point.position.set(tree.position);
    point.gradient.set(tree.gradient);
    point.logDensity = tree.logDensity;
    return true;
  }
}

const NOTHING: Readonly<Transition> = emptyTransition();
