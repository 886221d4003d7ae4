import {
  type ConsensusRun,
  concludeConsensus,
  memoryStore,
  type RunStore,
  runConsensus,
  type ShardEvent,
  type ShardRun,
  ShardRunError,
  threadExecutor,
  type WarmStartInput,
} from "@siegert/cmc-consensus";
import { directoryStore } from "@siegert/cmc-consensus/directory";
import type { Config } from "../config/config.ts";
import { FitError } from "../fit/fit-error.ts";
import type { FitResult } from "../fit/fit-result.ts";
import type { PosteriorPlan } from "../posterior/build-spec.ts";
import { SampledCoordinates } from "../posterior/sampled-coordinates.ts";
import { warmCovariance } from "../posterior/warm-start.ts";
import { type ConsensusOverrides, cmcOptions } from "./cmc-options.ts";
import { dataFingerprint } from "./data-fingerprint.ts";
import { ShardedMaps } from "./sharded-maps.ts";
import { evaluationCount, isWholeAffordable } from "./whole-affordable.ts";

/** What happens to the shards of a run. */
export type { ShardEvent };

/** How a divided posterior is sampled. */
export interface SampleConsensusOptions extends ConsensusOverrides {
  /** Threads that shards run on; the draws are the same. Default: one per core. */
  readonly threads?: number | undefined;
  /** Whether the covariance of the least-squares fit tunes the sampler at the start. Default: the configuration's. */
  readonly useWarmStart?: boolean | undefined;
  /** Folder that finished shards are kept in; without it they are kept in memory only. */
  readonly runFolder?: string | undefined;
  /** Whether the folder must be gone on with, whatever the configuration says. Default false. */
  readonly resume?: boolean | undefined;
  readonly onShard?: ((event: ShardEvent) => void) | undefined;
  /** When it aborts, finished shards stay in the folder. */
  readonly signal?: AbortSignal | undefined;
}

/** A divided posterior, sampled and put together. */
export interface SampledConsensus {
  readonly run: ConsensusRun & { readonly consensus: NonNullable<ConsensusRun["consensus"]> };
  readonly model: ShardedMaps;
  readonly coordinates: SampledCoordinates;
  /** Whether the posterior of all pairs was evaluated, and found finite at hardly any point of the consensus. */
  readonly isRefused: boolean;
  /** Why the run as a whole counts as failed although there are draws; `undefined` when it does not. */
  readonly failure: string | undefined;
  readonly seconds: number;
  /** What the user should know about how it was sampled. */
  readonly notes: readonly string[];
}

/**
 * Samples the shards of a posterior from around the least-squares fit, and combines their draws.
 *
 * @throws {FitError} when it was stopped, or so many shards failed that nothing can be combined; both say how to go on.
 * @throws {RunStoreError} when the folder holds another run, is in use, or cannot be read or written.
 */
export async function sampleConsensus(
  plan: PosteriorPlan,
  config: Config,
  fit: FitResult,
  options: SampleConsensusOptions = {},
): Promise<SampledConsensus> {
  const begin = performance.now();
  const { spec } = plan;
  const fingerprint = dataFingerprint(spec);
  const model = new ShardedMaps(spec, isWholeAffordable(fit.pairs), fingerprint);
  const coordinates = new SampledCoordinates(spec);
  const warmStart = warmStartOf(plan, config, fit, coordinates, options.useWarmStart);
  const asked = cmcOptions(config, options, evaluationCount(model.points));
  const store: RunStore = options.runFolder === undefined ? memoryStore() : directoryStore(options.runFolder);
  const executor = await threadExecutor(options.threads === undefined ? {} : { threads: options.threads });
  try {
    const outcome = await runConsensus(model, {
      config: options.resume === true ? { ...asked, checkpoints: { ...asked.checkpoints, resume: true } } : asked,
      warmStart,
      executor,
      store,
      signal: options.signal,
      onEvent: options.onShard,
    }).then(
      (run) => ({ run, failure: undefined }),
      (error: unknown) => salvaged(error, model, options.runFolder),
    );
    const { run } = outcome;
    if (run.consensus === undefined) throw new FitError(stoppedMessage(run.shardRun, options.runFolder));
    const notes = warmStart.covariance ? [] : ["the sampler started without a metric from the least-squares fit"];
    return {
      run: { ...run, consensus: run.consensus },
      model,
      coordinates,
      isRefused: config.cmc.combination.validateResults && model.full !== undefined && run.correction === undefined,
      failure: outcome.failure,
      seconds: (performance.now() - begin) / 1000,
      notes,
    };
  } finally {
    await executor.close?.();
  }
}

function warmStartOf(
  { spec, start }: PosteriorPlan,
  { cmc: { validation } }: Config,
  fit: FitResult,
  coordinates: SampledCoordinates,
  useWarmStart: boolean | undefined,
): WarmStartInput {
  const isWanted = useWarmStart ?? validation.useNlsqWarmstart;
  const covariance = isWanted ? warmCovariance(spec.quantities, start, fit, coordinates) : undefined;
  if (validation.requireNlsqWarmstart && covariance === undefined) {
    const why = isWanted ? "the least-squares fit does not determine every parameter" : "it is not to be used";
    throw new FitError(
      `no covariance of a least-squares fit to start from, which optimization.cmc.validation.require_nlsq_warmstart asks for: ${why}`,
    );
  }
  return { position: coordinates.unconstrain(start, new Float64Array(coordinates.dim)), covariance };
}

/** Draws of a run whose shards did not all come to a good end, as far as there are any: they are written, and not trusted. */
function salvaged(
  error: unknown,
  model: ShardedMaps,
  folder: string | undefined,
): { readonly run: ConsensusRun; readonly failure: string } {
  if (!(error instanceof ShardRunError)) throw error;
  const { run: shardRun, message, reason } = error;
  const { coordinates } = shardRun.plan;
  const hasAll = coordinates.every((_, k) =>
    shardRun.posteriors.some((posterior) => posterior.coordinates?.includes(k) ?? true),
  );
  if (reason !== "success-rate" || shardRun.posteriors.length === 0 || !hasAll) {
    const kept = folder === undefined ? "" : ` What was finished is kept in ${folder}.`;
    throw new FitError(`${message}${kept}`);
  }
  return { run: concludeConsensus(model, shardRun), failure: message };
}

function stoppedMessage({ reports }: ShardRun, folder: string | undefined): string {
  const finished = reports.filter(({ state }) => state === "done" || state === "filtered").length;
  const stopped = `sampling was stopped with ${finished} of ${reports.length} shards finished`;
  return folder === undefined
    ? `${stopped}; they were not kept, as optimization.cmc.checkpoints.enable is false`
    : `${stopped}; they are kept in ${folder}`;
}
