import { packNumbers, unpackNumbers } from "../chain/packed-numbers.ts";
import { DiagonalMetric } from "../metric/diagonal-metric.ts";
import type { Metric, MetricData } from "../metric/metric.ts";
import { metricFromData } from "../metric/metric-from-data.ts";
import { DrawHistory, type DrawHistoryState } from "./draw-history.ts";
import { type Correction, fisherDense, fisherLowRank, fisherScale } from "./fisher-estimate.ts";
import type { MetricKind } from "./metric-choice.ts";
import { RunningCovariance, type RunningCovarianceState } from "./running-covariance.ts";
import type { WarmupSchedule } from "./warmup-schedule.ts";
import { welfordDense, welfordScale } from "./welford-estimate.ts";

/** Beyond this many dimensions `auto` takes low-rank corrections, whose cost does not grow with the square. */
const DENSE_LIMIT = 100;
/** Draws kept for low-rank estimates. */
const HISTORY = 40;
/**
 * A change of all scales by less than this (logarithm) needs no new search for a step size: the adaptation of the old
 * one goes on.
 */
const SIMILAR = 0.4;
/** Before the first window: draws between two restarts of the estimates, which forget how the chain came in. */
const EARLY_PERIOD = 10;

/** Whether the metric is the same, a bit better, or so different that the step size must be found anew. */
export type MetricChange = "none" | "refined" | "replaced";

/** Plain data of a `MetricLearner`. */
export interface MetricLearnerState {
  readonly metric: MetricData;
  readonly scale: string;
  readonly reason: string;
  readonly range: readonly [number, number];
  readonly isSettled: boolean;
  readonly isWarm: boolean;
  readonly estimates: readonly {
    readonly positions: RunningCovarianceState;
    readonly gradients: RunningCovarianceState;
  }[];
  readonly history: DrawHistoryState | undefined;
}

interface Estimates {
  readonly positions: RunningCovariance;
  readonly gradients: RunningCovariance;
}

/** Learns the metric of one group of coordinates from the warmup draws and their gradients. */
export class MetricLearner {
  readonly #kind: MetricKind;
  readonly #dim: number;
  readonly #schedule: WarmupSchedule;
  readonly #isDense: boolean;
  readonly #history: DrawHistory | undefined;
  metric: Metric;
  reason: string;
  /** Best diagonal so far. */
  #scale: Float64Array;
  /** Smallest and largest variance along a direction relative to the diagonal, of the correction in use. */
  #range: readonly [number, number] = [1, 1];
  /** Whether a window has been learned from: from there on the metric changes at window ends only. */
  #isSettled = false;
  #isWarm = false;
  /** Draws since the last but one restart, and since the last. */
  #older: Estimates;
  #recent: Estimates;

  constructor(kind: MetricKind, dim: number, schedule: WarmupSchedule) {
    this.#kind = kind;
    this.#dim = dim;
    this.#schedule = schedule;
    this.#isDense = kind === "dense" || (kind === "auto" && dim <= DENSE_LIMIT);
    this.#history = (kind === "auto" || kind === "low-rank") && dim > 1 ? new DrawHistory(dim, HISTORY) : undefined;
    this.#scale = new Float64Array(dim).fill(1);
    this.metric = new DiagonalMetric(this.#scale);
    this.reason = kind === "unit" ? "asked for" : "not learned: warmup was too short";
    this.#older = this.#newEstimates();
    this.#recent = this.#newEstimates();
  }

  /** Begins with standard deviations guessed from the curvature where the chain starts. */
  startFrom(scale: Float64Array): void {
    if (this.#kind === "unit") return;
    this.#scale = scale.slice();
    this.metric = new DiagonalMetric(scale);
    this.reason = "guessed from the curvature at the start";
  }

  /** Begins with a metric learned elsewhere; only windows of many draws replace it. */
  startWarm(metric: Metric): void {
    this.metric = metric;
    this.reason = "given";
    this.#isSettled = true;
    this.#isWarm = true;
  }

  /** Takes the state after warmup iteration `iteration` (from 0). */
  observe(iteration: number, position: Float64Array, gradient: Float64Array, hasMoved: boolean): MetricChange {
    const { windowEnds, initialBuffer } = this.#schedule;
    const done = iteration + 1;
    const last = windowEnds.at(-1);
    if (this.#kind === "unit" || last === undefined || done > last) return "none";
    if (hasMoved) this.#add(position, gradient);
    if (windowEnds.includes(done)) return this.#learn();
    if (done === initialBuffer) return this.#restart("none");
    if (done < initialBuffer && done % EARLY_PERIOD === 0) {
      return this.#restart(done % (2 * EARLY_PERIOD) === 0 && !this.#isWarm ? this.#correctEarly() : "none");
    }
    const isRefined = this.#kind === "fisher-diagonal" || (!this.#isSettled && this.metric instanceof DiagonalMetric);
    return isRefined && this.#older.positions.count >= 3 ? this.#refine() : "none";
  }

  state(): MetricLearnerState {
    return {
      metric: this.metric.data(),
      scale: packNumbers(this.#scale),
      reason: this.reason,
      range: this.#range,
      isSettled: this.#isSettled,
      isWarm: this.#isWarm,
      estimates: [this.#older, this.#recent].map(({ positions, gradients }) => ({
        positions: positions.state(),
        gradients: gradients.state(),
      })),
      history: this.#history?.state(),
    };
  }

  restore(state: MetricLearnerState): void {
    this.metric = metricFromData(state.metric, this.#dim, "state.metric");
    this.#scale = unpackNumbers(state.scale);
    this.reason = state.reason;
    this.#range = state.range;
    this.#isSettled = state.isSettled;
    this.#isWarm = state.isWarm;
    [this.#older, this.#recent].forEach((estimates, k) => {
      estimates.positions.restore(state.estimates[k]!.positions);
      estimates.gradients.restore(state.estimates[k]!.gradients);
    });
    if (state.history) this.#history?.restore(state.history);
  }

  #newEstimates(): Estimates {
    return {
      positions: new RunningCovariance(this.#dim, this.#isDense),
      gradients: new RunningCovariance(this.#dim, this.#isDense && this.#kind === "auto"),
    };
  }

  #add(position: Float64Array, gradient: Float64Array): void {
    for (const { positions, gradients } of [this.#older, this.#recent]) {
      positions.add(position);
      gradients.add(gradient);
    }
    this.#history?.add(position, gradient);
  }

  #restart(change: MetricChange): MetricChange {
    this.#older = this.#recent;
    this.#recent = this.#newEstimates();
    return change;
  }

  #refine(): MetricChange {
    this.#scale = fisherScale(this.#older.positions, this.#older.gradients, this.#scale);
    this.metric = new DiagonalMetric(this.#scale);
    this.reason = `diagonal from ${this.#older.positions.count} draws and gradients`;
    return "refined";
  }

  /** Corrections before the first window, when the last 10 to 20 draws ask for them. */
  #correctEarly(): MetricChange {
    const { positions, gradients } = this.#older;
    if (!this.#history || positions.count < 10) return "none";
    const scale = fisherScale(positions, gradients, this.#scale);
    const correction = this.#correction(this.#older, scale);
    this.#history.clear();
    if (!correction) return "none";
    this.#scale = scale;
    this.#take(correction, positions.count);
    return "replaced";
  }

  /** At the end of a window: the metric of the window's draws. */
  #learn(): MetricChange {
    const { positions, gradients } = this.#recent;
    const n = positions.count;
    const before = this.metric;
    const oldScale = this.#scale;
    const oldRange = this.#range;
    const isEnough = n >= (this.#isWarm ? Math.max(50, 2 * this.#dim + 5) : 5);
    if (isEnough) {
      this.#isSettled = true;
      this.#isWarm = false;
      const scale = fisherScale(positions, gradients, this.#scale);
      if (this.#kind === "diagonal" || this.#kind === "dense") this.#learnWelford(positions, scale);
      else this.#learnFisher(scale);
    }
    this.#history?.clear();
    const isSimilar = before.data().kind === this.metric.data().kind && this.#isLike(oldScale, oldRange);
    return this.#restart(isEnough ? (isSimilar ? "refined" : "replaced") : "none");
  }

  /** Whether all scales, and the range of the corrections, are about what they were. */
  #isLike(scale: Float64Array, range: readonly [number, number]): boolean {
    const isNear = (a: number, b: number) => Math.abs(Math.log(a / b)) < SIMILAR;
    return (
      this.#scale.every((one, i) => isNear(one, scale[i]!)) && this.#range.every((one, k) => isNear(one, range[k]!))
    );
  }

  #learnWelford(positions: RunningCovariance, guess: Float64Array): void {
    const n = positions.count;
    this.#scale = welfordScale(positions, guess);
    const isLongEnough = n >= 2 * this.#dim;
    const dense = this.#kind === "dense" && isLongEnough ? welfordDense(positions, guess) : undefined;
    this.metric = dense ?? new DiagonalMetric(this.#scale);
    // The draws alone do not say how far a dense metric has moved: zero is like nothing.
    this.#range = dense ? [0, 0] : [1, 1];
    if (this.#kind === "diagonal" || dense) this.reason = `asked for; from ${n} draws`;
    else {
      const why = isLongEnough ? "their covariance is not positive definite" : `a dense metric needs ${2 * this.#dim}`;
      this.reason = `diagonal from ${n} draws: ${why}`;
    }
  }

  #learnFisher(scale: Float64Array): void {
    const n = this.#recent.positions.count;
    this.#scale = scale;
    const correction = this.#correction(this.#recent, scale);
    if (correction) {
      this.#take(correction, n);
      return;
    }
    this.#range = [1, 1];
    this.metric = new DiagonalMetric(scale);
    const isWanted = this.#kind === "fisher-diagonal";
    this.reason = `diagonal from ${n} draws and gradients: ${isWanted ? "asked for" : "no direction's variance is off by more than a factor 2"}`;
  }

  #correction(estimates: Estimates, scale: Float64Array): Correction | undefined {
    if (!this.#history) return undefined;
    const { positions, gradients } = estimates;
    if (gradients.isDense && positions.count >= 2 * this.#dim + 5) return fisherDense(positions, gradients, scale);
    return this.#history.size >= 8 ? fisherLowRank(this.#history, scale) : undefined;
  }

  #take({ metric, smallest, largest }: Correction, draws: number): void {
    this.metric = metric;
    this.#range = [smallest, largest];
    const range = `${smallest.toPrecision(2)} to ${largest.toPrecision(2)}`;
    const { kind } = metric.data();
    this.reason = `${kind} from ${draws} draws and gradients: relative to a diagonal, variances along directions span ${range}`;
  }
}
