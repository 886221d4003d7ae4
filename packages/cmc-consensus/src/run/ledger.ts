import type { ShardPosterior } from "../shard-posterior.ts";
import type { ShardPlan } from "../sharding/shard-plan.ts";
import type { ShardProgress } from "../task/run-shard-task.ts";
import type { SampledOutcome } from "../task/shard-outcome.ts";
import type { ShardEvent } from "./shard-event.ts";
import { isCritical, problemsOf, type ShardFailure, type ShardReport } from "./shard-report.ts";
import { TimeGuess } from "./time-guess.ts";

/** More than half of the first shards failing says that the rest will. */
const FIRST = 10;

/** What is known of all shards while they run, and who hears of it. */
export class Ledger {
  readonly plan: ShardPlan;
  readonly reports: ShardReport[];
  readonly events: ShardEvent[] = [];
  /** Largest first, so that no long one is left for the end; equal ones by number. */
  readonly order: readonly number[];
  readonly #posteriors = new Map<number, ShardPosterior>();
  readonly #onEvent: (event: ShardEvent) => void;
  readonly #time: TimeGuess;
  #finished = 0;

  constructor(plan: ShardPlan, lanes: number, onEvent: (event: ShardEvent) => void) {
    this.plan = plan;
    this.#onEvent = onEvent;
    this.reports = Array.from({ length: plan.shards }, (_, shard) => ({
      shard,
      points: plan.lists.size(shard),
      state: "queued",
      isReused: false,
      seed: plan.seedOf(shard),
      coordinates: plan.coordinatesOf(shard),
      diagnostics: undefined,
      problems: [],
      failure: undefined,
    }));
    this.order = [...this.reports.keys()].sort((a, b) => this.reports[b]!.points - this.reports[a]!.points || a - b);
    this.#time = new TimeGuess(
      this.reports.map(({ points }) => points),
      lanes,
    );
  }

  /** Tells that shards wait. */
  queue(shards: readonly number[], message = ""): void {
    for (const shard of shards) this.#tell(shard, { state: "queued" }, { message });
  }

  progress(shard: number, { iteration, iterations, divergences, secondsLeft }: ShardProgress): void {
    const { state } = this.reports[shard]!;
    if (state !== "queued" && state !== "running") return;
    const fraction = iterations > 0 ? iteration / iterations : 0;
    this.#time.progress(shard, fraction, secondsLeft);
    this.#tell(shard, { state: "running" }, { fraction, divergences, secondsLeft }, state !== "running");
  }

  sampled(outcome: SampledOutcome, isReused: boolean): void {
    const { shard, chains, draws, values, logDensity, diagnostics } = outcome;
    const { validation } = this.plan.config;
    const state = isCritical(diagnostics, validation) ? "filtered" : "done";
    const problems = problemsOf(diagnostics, chains, validation);
    const { points, coordinates } = this.reports[shard]!;
    this.#posteriors.set(shard, {
      shard,
      points,
      ...(coordinates && { coordinates }),
      chains,
      draws,
      values,
      logDensity,
    });
    this.#end(shard, isReused ? undefined : diagnostics.seconds);
    this.#tell(shard, { state, isReused, diagnostics, problems }, { fraction: 1, message: problems.join(" ") });
  }

  failed(shard: number, failure: ShardFailure): void {
    this.#end(shard, undefined);
    this.#tell(shard, { state: "failed", failure }, { message: failure.message });
  }

  /** Shards that were stopped wait again. */
  stopped(): void {
    for (const { shard, state } of this.reports) {
      if (state === "running") this.#tell(shard, { state: "queued" }, { message: "stopped" });
    }
  }

  /**
   * Whether more than half of the first ten have failed or were filtered. These ten are the same whatever the order of
   * completion is, so a run that is given up is given up however it is carried out.
   */
  get isHopeless(): boolean {
    if (this.order.length <= FIRST) return false;
    const bad = this.order.slice(0, FIRST).filter((shard) => {
      const { state } = this.reports[shard]!;
      return state === "failed" || state === "filtered";
    });
    return bad.length > FIRST / 2;
  }

  /** Draws of shards in a state, in the order of the shards. */
  posteriors(state: "done" | "filtered"): ShardPosterior[] {
    return this.reports.flatMap((report) => {
      const posterior = this.#posteriors.get(report.shard);
      return report.state === state && posterior ? [posterior] : [];
    });
  }

  #end(shard: number, seconds: number | undefined): void {
    this.#finished++;
    this.#time.end(shard, seconds);
  }

  #tell(
    shard: number,
    change: Partial<ShardReport>,
    event: Partial<Pick<ShardEvent, "fraction" | "divergences" | "secondsLeft" | "message">>,
    isChange = true,
  ): void {
    const report: ShardReport = { ...this.reports[shard]!, ...change };
    this.reports[shard] = report;
    const { state, diagnostics, points } = report;
    const isOver = state !== "queued" && state !== "running";
    const told: ShardEvent = {
      shard,
      points,
      state: report.isReused && state === "done" ? "reused" : state,
      fraction: 0,
      divergences: diagnostics?.divergences ?? 0,
      rhat: diagnostics?.rhat,
      ess: diagnostics?.essBulk,
      secondsLeft: isOver ? 0 : Infinity,
      message: "",
      ...event,
      finished: this.#finished,
      shards: this.plan.shards,
      runSecondsLeft: this.#time.secondsLeft(),
    };
    if (isChange) this.events.push(told);
    this.#onEvent(told);
  }
}
