import { BlockMetric } from "../metric/block-metric.ts";
import type { Metric, MetricData } from "../metric/metric.ts";
import { metricFromData } from "../metric/metric-from-data.ts";
import type { MetricBlock, MetricChoice, MetricSummary } from "./metric-choice.ts";
import { type MetricChange, MetricLearner, type MetricLearnerState } from "./metric-learner.ts";
import type { WarmupSchedule } from "./warmup-schedule.ts";

/** Plain data of a `MetricAdaptation`. */
export interface MetricAdaptationState {
  readonly learners: readonly MetricLearnerState[];
}

/** Learns the metric of all coordinates: one learner, or one for each group. */
export class MetricAdaptation {
  readonly #dim: number;
  readonly #blocks: readonly MetricBlock[] | undefined;
  readonly #learners: readonly MetricLearner[];
  /** In use now. */
  metric: Metric;
  /** A metric given for all coordinates at once holds for as long as the groups have not learned. */
  #given: Metric | undefined;

  constructor(choice: MetricChoice, dim: number, schedule: WarmupSchedule) {
    this.#dim = dim;
    this.#blocks = typeof choice === "object" ? choice.blocks : undefined;
    this.#learners = this.#blocks
      ? this.#blocks.map(({ indices, metric }) => new MetricLearner(metric, indices.length, schedule))
      : [new MetricLearner(choice as Exclude<MetricChoice, object>, dim, schedule)];
    this.metric = this.#combined();
  }

  startFrom(scale: Float64Array): void {
    this.#learners.forEach((learner, k) => {
      learner.startFrom(this.#part(scale, k));
    });
    this.metric = this.#combined();
  }

  startWarm(metric: Metric): void {
    for (const learner of this.#learners) learner.startWarm(this.#blocks ? learner.metric : metric);
    if (this.#blocks) this.#given = metric;
    this.metric = metric;
  }

  observe(iteration: number, position: Float64Array, gradient: Float64Array, hasMoved: boolean): MetricChange {
    let change: MetricChange = "none";
    this.#learners.forEach((learner, k) => {
      const one = learner.observe(iteration, this.#part(position, k), this.#part(gradient, k), hasMoved);
      if (one === "replaced" || change === "none") change = one;
    });
    // TypeScript does not see that the callback assigns.
    const seen = change as MetricChange;
    if (seen === "replaced") this.#given = undefined;
    if (seen !== "none" && !this.#given) this.metric = this.#combined();
    return this.#given ? "none" : seen;
  }

  summary(): MetricSummary {
    const metric = this.metric.data();
    const reasons = this.#learners.map(({ reason }) => reason);
    return { kind: metric.kind, reason: this.#given ? "given" : reasons.join("; "), metric };
  }

  state(): MetricAdaptationState & { readonly given: MetricData | undefined } {
    return { learners: this.#learners.map((learner) => learner.state()), given: this.#given?.data() };
  }

  restore(state: MetricAdaptationState & { readonly given?: MetricData | undefined }): void {
    this.#learners.forEach((learner, k) => {
      learner.restore(state.learners[k]!);
    });
    this.#given = state.given && metricFromData(state.given, this.#dim, "state.metric");
    this.metric = this.#given ?? this.#combined();
  }

  #part(vector: Float64Array, k: number): Float64Array {
    return this.#blocks ? Float64Array.from(this.#blocks[k]!.indices, (index) => vector[index]!) : vector;
  }

  #combined(): Metric {
    if (!this.#blocks) return this.#learners[0]!.metric;
    const blocks = this.#blocks.map(({ indices }, k) => ({ indices, metric: this.#learners[k]!.metric }));
    return new BlockMetric(this.#dim, blocks);
  }
}
