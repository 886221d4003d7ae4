import type { Ladder } from "../ladder/ladder.ts";
import { type DrawPlan, keptScans, type SegmentPlan } from "../round/segment.ts";
import type { TemperedSink } from "./options.ts";
import type { RunSettings } from "./tempering-state.ts";

/** Draws of the last round in memory. */
export interface KeptDraws {
  readonly chains: Int32Array;
  readonly draws: number;
  /** Row-major (draw, copy, kept chain, number of the state). */
  readonly values: Float64Array;
  /** Row-major (draw, copy, kept chain). */
  readonly statistics: Float64Array;
}

/** What a round keeps; undefined when it keeps nothing. */
export function drawPlanOf(settings: RunSettings, ladder: Ladder, round: number): DrawPlan | undefined {
  const { draws } = settings;
  if (!draws || (round + 1 < settings.rounds && !draws.isAllRounds)) return undefined;
  const all = Array.from({ length: ladder.size }, (_, chain) => chain);
  const chains = draws.chains === "target" ? ladder.targets : draws.chains === "all" ? all : draws.chains;
  return { chains: Int32Array.from(chains), thinning: draws.thinning, isAfterSwap: draws.isAfterSwap };
}

/** Takes the draws of a round's segments to memory and to the sink. */
export class DrawStore {
  readonly kept: KeptDraws | undefined;
  readonly #plan: DrawPlan;
  readonly #copies: number;
  readonly #sink: TemperedSink | undefined;

  constructor(plan: DrawPlan, options: DrawStoreOptions) {
    const { copies, dim, scans, isKept, sink } = options;
    this.#plan = plan;
    this.#copies = copies;
    this.#sink = sink;
    if (!isKept) return;
    const draws = keptScans(scans, plan.thinning);
    const rows = draws * copies * plan.chains.length;
    this.kept = {
      chains: plan.chains,
      draws,
      values: new Float64Array(rows * dim),
      statistics: new Float64Array(rows),
    };
  }

  /** Takes what a segment has written. */
  async take(segment: SegmentPlan, values: Float64Array, statistics: Float64Array): Promise<void> {
    const { chains, thinning } = this.#plan;
    const firstDraw = keptScans(segment.firstScan, thinning);
    const draws = keptScans(segment.firstScan + segment.scans, thinning) - firstDraw;
    if (draws === 0) return;
    const rows = draws * this.#copies * chains.length;
    const width = values.length / statistics.length;
    const firstRow = firstDraw * this.#copies * chains.length;
    this.kept?.values.set(values.subarray(0, rows * width), firstRow * width);
    this.kept?.statistics.set(statistics.subarray(0, rows), firstRow);
    await this.#sink?.write({
      round: segment.round,
      firstDraw,
      draws,
      copies: this.#copies,
      chains: Array.from(chains),
      // Copies in memory of the sink's own: the segment's is shared between threads and used again.
      values: Float64Array.from(values.subarray(0, rows * width)),
      statistics: statistics.slice(0, rows),
    });
  }
}

/** What a store has to know. */
export interface DrawStoreOptions {
  readonly copies: number;
  readonly dim: number;
  /** Of the round. */
  readonly scans: number;
  readonly isKept: boolean;
  readonly sink: TemperedSink | undefined;
}
