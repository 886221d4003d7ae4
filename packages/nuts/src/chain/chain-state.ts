import type { RandomState } from "@siegert/random";
import type { DualAveragingState } from "../adaptation/dual-averaging.ts";
import type { MetricAdaptationState } from "../adaptation/metric-adaptation.ts";
import { must } from "../must.ts";
import type { DivergenceRecord, DrawRecordState } from "./draw-record.ts";
import type { ChainSettings } from "./settings.ts";

/** What a chain has done so far. */
export interface ChainTally {
  /** Iterations done, warmup included. */
  iteration: number;
  /** Draws recorded, kept or not, and how many of these a sink has got. */
  recorded: number;
  flushed: number;
  /** Evaluations of value and gradient, all told and in warmup. */
  gradients: number;
  warmupGradients: number;
  /** Iterations after warmup that diverged, and that were as long as allowed. */
  divergent: number;
  saturated: number;
  /** Wall time of the iterations. */
  warmupSeconds: number;
  samplingSeconds: number;
}

/** Everything that decides the future of a chain, and what it has recorded, as plain JSON data. */
export interface ChainState {
  /** Number of this layout. */
  readonly format: 1;
  readonly settings: ChainSettings;
  readonly tally: Readonly<ChainTally>;
  /** Position, gradient and log density. */
  readonly point: string;
  readonly random: RandomState;
  readonly stepSize: number;
  readonly dualAveraging: DualAveragingState | undefined;
  readonly needsSearch: boolean;
  readonly metric: MetricAdaptationState | undefined;
  readonly record: DrawRecordState;
  readonly divergences: readonly DivergenceRecord[];
}

/** @throws {InvalidArgumentError} unless a state can be resumed with the settings. */
export function checkChainState(state: ChainState, settings: ChainSettings): void {
  must(state?.format === 1, "state.format", "be 1", state?.format);
  for (const name of ["seed", "attempt", "chain", "dim", "warmup", "thinning"] as const) {
    const was = state.settings?.[name];
    must(was === settings[name], `state.settings.${name}`, `be ${settings[name]}`, was);
  }
  const { iteration } = state.tally ?? {};
  must(
    Number.isSafeInteger(iteration) && iteration >= 0,
    "state.tally.iteration",
    "be a non-negative integer",
    iteration,
  );
}
