import { createRandom, Random, type RandomState } from "@siegert/random";
import { CurvatureProbe } from "../adaptation/curvature-probe.ts";
import { type DualAveragingState, initDualAveraging, updateDualAveraging } from "../adaptation/dual-averaging.ts";
import { MetricAdaptation } from "../adaptation/metric-adaptation.ts";
import type { MetricSummary } from "../adaptation/metric-choice.ts";
import { StepSizeSearch } from "../adaptation/step-size-search.ts";
import { warmupSchedule } from "../adaptation/warmup-schedule.ts";
import type { Kernel, Point, Transition } from "../kernel/kernel.ts";
import { NutsKernel } from "../kernel/nuts-kernel.ts";
import { StaticHmcKernel } from "../kernel/static-hmc-kernel.ts";
import { metricFromData } from "../metric/metric-from-data.ts";
import { nowMs } from "../run/event-loop.ts";
import { type ChainState, type ChainTally, checkChainState } from "./chain-state.ts";
import { type DivergenceRecord, DrawRecord } from "./draw-record.ts";
import { packNumbers, unpackNumbers } from "./packed-numbers.ts";
import type { ChainSettings } from "./settings.ts";
import { StartSearch } from "./start-search.ts";

/** What asks for gradients at present. */
interface Asker {
  readonly position: Float64Array;
  readonly gradient: Float64Array;
  /** Takes the log density; true when it asks no more. */
  advance(logDensity: number): boolean;
}

/** The part of the state that changes within an iteration, as it was when the iteration began. */
interface Boundary {
  readonly random: RandomState;
  readonly stepSize: number;
  readonly dualAveraging: DualAveragingState | undefined;
  readonly gradients: number;
  readonly warmupGradients: number;
}

/**
 * One chain from its start to its last draw, as a machine that asks for one gradient at a time: `begin` an iteration,
 * evaluate at `position` into `gradient`, `advance` with the value until that says true. It does no arithmetic with
 * other chains and knows no target, so its draws are the same however chains are run.
 */
export class Chain {
  readonly settings: ChainSettings;
  readonly record: DrawRecord;
  readonly divergences: DivergenceRecord[] = [];
  /** What was done so far; the fields of a state. */
  readonly tally: ChainTally = {
    iteration: 0,
    recorded: 0,
    flushed: 0,
    gradients: 0,
    warmupGradients: 0,
    divergent: 0,
    saturated: 0,
    warmupSeconds: 0,
    samplingSeconds: 0,
  };
  stepSize: number;
  readonly #nameOf: (index: number) => string;
  readonly #point: Point;
  readonly #kernel: Kernel;
  readonly #search: StepSizeSearch;
  readonly #probe: CurvatureProbe;
  readonly #metric: MetricAdaptation;
  #random: Random;
  #dualAveraging: DualAveragingState | undefined;
  #needsSearch: boolean;
  #isMidIteration = false;
  #boundary: Boundary;
  #asker: Asker;
  /** Called when the asker asks no more; true when the iteration is over. */
  #next: () => boolean = this.#endIteration;
  #usedStepSize = 0;
  /** When the last iteration ended. */
  #clock = 0;

  /** @param nameOf what to call an unconstrained coordinate in messages. */
  constructor(settings: ChainSettings, nameOf: (index: number) => string) {
    const { dim, seed, attempt, chain, kernel, maxEnergyError } = settings;
    this.settings = settings;
    this.#nameOf = nameOf;
    this.record = new DrawRecord(dim, settings.isKeeping ? Math.ceil(settings.draws / settings.thinning) : 16);
    this.#point = { position: new Float64Array(dim), gradient: new Float64Array(dim), logDensity: 0 };
    this.#kernel =
      kernel.kind === "nuts"
        ? new NutsKernel(dim, maxEnergyError)
        : new StaticHmcKernel(dim, maxEnergyError, kernel.leapfrogs, kernel.jitter);
    this.#search = new StepSizeSearch(dim);
    this.#probe = new CurvatureProbe(dim);
    this.#metric = new MetricAdaptation(settings.metric, dim, warmupSchedule(settings.warmup));
    if (settings.startMetric) this.#metric.startWarm(metricFromData(settings.startMetric, dim));
    this.#random = createRandom(seed, "nuts", chain, attempt, "transitions");
    this.stepSize = settings.stepSize ?? 1;
    this.#needsSearch = settings.stepSize === undefined;
    this.#boundary = this.#atBoundary();
    this.#asker = this.#kernel;
  }

  /** Where value and gradient are wanted; read it again before each evaluation. */
  get position(): Float64Array {
    return this.#asker.position;
  }

  /** To be written before `advance`. */
  get gradient(): Float64Array {
    return this.#asker.gradient;
  }

  get isDone(): boolean {
    return this.tally.iteration >= this.settings.warmup + this.settings.draws;
  }

  get isWarmup(): boolean {
    return this.tally.iteration < this.settings.warmup;
  }

  /** What the last iteration did. */
  get transition(): Readonly<Transition> {
    return this.#kernel.transition;
  }

  metricSummary(): MetricSummary {
    return this.#metric.summary();
  }

  /** Starts the next iteration, or the search for a start before the first; not when `isDone`. */
  begin(): void {
    this.#isMidIteration = true;
    if (this.#clock === 0) this.#clock = nowMs();
    this.#boundary = this.#atBoundary();
    if (this.tally.iteration === 0) {
      const { seed, attempt, chain, start } = this.settings;
      const random = createRandom(seed, "nuts", chain, attempt, "start");
      this.#ask(new StartSearch(start, this.#point, random, this.#nameOf), this.#endStart);
    } else this.#beginStep();
  }

  /**
   * Takes the log density at `position`; true when the iteration is over.
   * @throws {LogDensityError} when there is no usable start.
   */
  advance(logDensity: number): boolean {
    this.tally.gradients++;
    if (this.isWarmup) this.tally.warmupGradients++;
    return this.#asker.advance(logDensity) && this.#next();
  }

  #ask(asker: Asker, next: () => boolean): void {
    this.#asker = asker;
    this.#next = next;
  }

  #endStart(): boolean {
    if (this.settings.startMetric || this.settings.metric === "unit") return this.#beginStep();
    if (this.#probe.begin(this.#point)) return this.#endProbe();
    this.#ask(this.#probe, this.#endProbe);
    return false;
  }

  #endProbe(): boolean {
    this.#metric.startFrom(this.#probe.scale);
    return this.#beginStep();
  }

  #beginStep(): boolean {
    if (!this.#needsSearch) return this.#beginTransition();
    this.#search.begin(this.#point, this.#metric.metric, this.stepSize, this.#random);
    this.#ask(this.#search, this.#endSearch);
    return false;
  }

  #endSearch(): boolean {
    this.stepSize = this.#search.stepSize;
    this.#dualAveraging = initDualAveraging(this.stepSize);
    return this.#beginTransition();
  }

  #beginTransition(): boolean {
    const { stepSizeJitter, maxTreeDepth, maxTreeDepthWarmup } = this.settings;
    if (this.isWarmup) this.#dualAveraging ??= initDualAveraging(this.stepSize);
    const jitter = stepSizeJitter > 0 ? 1 + stepSizeJitter * (2 * this.#random.uniform() - 1) : 1;
    this.#usedStepSize = this.stepSize * jitter;
    const depth = this.isWarmup ? maxTreeDepthWarmup : maxTreeDepth;
    this.#kernel.begin(this.#point, this.#metric.metric, this.#usedStepSize, this.#random, depth);
    this.#ask(this.#kernel, this.#endIteration);
    return false;
  }

  #endIteration(): boolean {
    const { transition } = this.#kernel;
    const { divergence } = transition;
    this.#isMidIteration = false;
    this.#needsSearch = false;
    if (divergence) {
      const { start, end } = divergence;
      const { isWarmup, tally } = this;
      this.divergences.push({ iteration: tally.iteration, isWarmup, start: Array.from(start), end: Array.from(end) });
    }
    const now = nowMs();
    const seconds = (now - this.#clock) / 1000;
    this.#clock = now;
    if (this.isWarmup) {
      this.tally.warmupSeconds += seconds;
      this.#adapt(transition);
    } else {
      this.tally.samplingSeconds += seconds;
      this.#recordDraw(transition);
    }
    this.tally.iteration++;
    return true;
  }

  #adapt(transition: Readonly<Transition>): void {
    const { targetAccept, warmup } = this.settings;
    const state = updateDualAveraging(this.#dualAveraging!, transition.acceptRate, { targetAccept });
    this.#dualAveraging = state;
    this.stepSize = Math.exp(this.tally.iteration + 1 === warmup ? state.logStepSizeBar : state.logStepSize);
    const { position, gradient } = this.#point;
    const change = this.#metric.observe(this.tally.iteration, position, gradient, transition.indexInTrajectory !== 0);
    if (change === "replaced") this.#needsSearch = true;
  }

  #recordDraw(transition: Readonly<Transition>): void {
    const { warmup, thinning, maxTreeDepth } = this.settings;
    if (transition.divergence) this.tally.divergent++;
    if (transition.treeDepth >= maxTreeDepth) this.tally.saturated++;
    if ((this.tally.iteration - warmup) % thinning !== thinning - 1) return;
    this.record.add(this.#point.position, this.#point.logDensity, this.#usedStepSize, transition);
    this.tally.recorded++;
  }

  #atBoundary(): Boundary {
    const { gradients, warmupGradients } = this.tally;
    const { stepSize } = this;
    return { random: this.#random.state(), stepSize, dualAveraging: this.#dualAveraging, gradients, warmupGradients };
  }

  /** The complete state as plain data; in the middle of an iteration, the one in which it began. */
  state(): ChainState {
    const boundary = this.#isMidIteration ? this.#boundary : this.#atBoundary();
    const { gradients, warmupGradients, ...early } = boundary;
    const { position, gradient, logDensity } = this.#point;
    return {
      format: 1,
      settings: this.settings,
      tally: { ...this.tally, gradients, warmupGradients },
      point: packNumbers([...position, ...gradient, logDensity]),
      ...early,
      needsSearch: this.#needsSearch,
      metric: this.tally.iteration === 0 ? undefined : this.#metric.state(),
      record: this.record.state(),
      divergences: [...this.divergences],
    };
  }

  /**
   * The chain that goes on from a state to the same bits. Settings may be changed as long as the warmup is not.
   * @throws {InvalidArgumentError} for a state that is malformed or of another kind of chain.
   */
  static fromState(
    state: ChainState,
    nameOf: (index: number) => string,
    settings: ChainSettings = state.settings,
  ): Chain {
    checkChainState(state, settings);
    const chain = new Chain(settings, nameOf);
    const { dim } = settings;
    const numbers = unpackNumbers(state.point);
    chain.#point.position.set(numbers.subarray(0, dim));
    chain.#point.gradient.set(numbers.subarray(dim, 2 * dim));
    chain.#point.logDensity = numbers[2 * dim]!;
    Object.assign(chain.tally, state.tally);
    chain.stepSize = state.stepSize;
    chain.#dualAveraging = state.dualAveraging;
    chain.#needsSearch = state.needsSearch;
    chain.#random = Random.fromState(state.random);
    if (state.metric) chain.#metric.restore(state.metric);
    chain.record.restore(state.record);
    chain.divergences.push(...state.divergences);
    return chain;
  }
}
