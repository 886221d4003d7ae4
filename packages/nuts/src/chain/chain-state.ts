import { InvalidArgumentError } from "@siegert/errors";
import type { RandomState } from "@siegert/random";
import type { DualAveragingState } from "../adaptation/dual-averaging.ts";
import type { MetricAdaptationState } from "../adaptation/metric-adaptation.ts";
import type { DivergenceRecord, DrawRecordState } from "./draw-record.ts";
import type { ChainSettings } from "./settings.ts";

/** Everything that decides the future of a chain, and what it has recorded, as plain JSON data. */
export interface ChainState {
  /** Number of this layout. */
  readonly format: 1;
  readonly settings: ChainSettings;
  readonly iteration: number;
  readonly recorded: number;
  readonly flushed: number;
  readonly gradients: number;
  readonly warmupGradients: number;
  readonly divergent: number;
  readonly saturated: number;
  readonly warmupSeconds: number;
  readonly samplingSeconds: number;
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
  if (state?.format !== 1) throw new InvalidArgumentError("state.format", "be 1", state?.format);
  for (const name of ["seed", "attempt", "chain", "dim", "warmup", "thinning"] as const) {
    if (state.settings?.[name] !== settings[name]) {
      throw new InvalidArgumentError(`state.settings.${name}`, `be ${settings[name]}`, state.settings?.[name]);
    }
  }
  if (!(Number.isSafeInteger(state.iteration) && state.iteration >= 0)) {
    throw new InvalidArgumentError("state.iteration", "be a non-negative integer", state.iteration);
  }
}
