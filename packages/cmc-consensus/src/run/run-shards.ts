import { InvalidArgumentError } from "@siegert/errors";
import type { StopSignal } from "@siegert/nuts";
import type { ShardedModel } from "../sharded-model.ts";
import type { ShardPlan } from "../sharding/shard-plan.ts";
import { agreeOnManifest, manifestOf } from "../store/manifest.ts";
import { memoryStore } from "../store/memory-store.ts";
import type { RunStore } from "../store/run-store.ts";
import { encodeShard, shardName } from "../store/shard-file.ts";
import { checkedWarmStart, makeTask, type WarmStartInput } from "../task/make-task.ts";
import { decodeOutcome } from "../task/shard-outcome.ts";
import { encodeTask, taskIdentity } from "../task/shard-task-data.ts";
import { concluded } from "./conclusion.ts";
import type { Executor } from "./executor.ts";
import { Ledger } from "./ledger.ts";
import { reuseShards } from "./reuse-shards.ts";
import { Saver } from "./saver.ts";
import type { ShardEvent } from "./shard-event.ts";
import type { ShardRun } from "./shard-run.ts";
import { StopSwitch } from "./stop-switch.ts";
import { threadExecutor } from "./thread-executor.ts";

/** How shards are run. None of this changes a draw but the warm start. */
export interface RunShardsOptions {
  /** Where chains and metrics start from. Default: as `sample` of @siegert/nuts does. */
  readonly warmStart?: WarmStartInput | undefined;
  /** Default: as many threads as cores, closed at the end. An executor that is given stays open. */
  readonly executor?: Executor | undefined;
  /** Where finished shards are kept. Default: in memory. */
  readonly store?: RunStore | undefined;
  /** Stops the run; what is finished stays in the store. An AbortSignal. */
  readonly signal?: StopSignal | undefined;
  /** Hears of every shard. */
  readonly onEvent?: ((event: ShardEvent) => void) | undefined;
}

/**
 * Samples every shard of a plan that is not in the store yet, the largest first. The draws depend on the model, the plan
 * and the warm start alone: not on executor, threads, order of completion, lost workers, interruptions or resumptions.
 * @throws {InvalidArgumentError} for a model, plan or warm start that do not fit each other.
 * @throws {RunStoreError} when the store is in use, holds another run, or cannot be read or written at the beginning.
 * @throws {ShardRunError} when too many shards fail, or results cannot be written; it carries what there is.
 */
export async function runShards(
  model: ShardedModel,
  plan: ShardPlan,
  options: RunShardsOptions = {},
): Promise<ShardRun> {
  if (model.points !== plan.points || model.coordinates.join() !== plan.coordinates.join()) {
    throw new InvalidArgumentError("plan", "be made for this model by planShards", plan);
  }
  const warmStart = checkedWarmStart(plan, options.warmStart);
  const store = options.store ?? memoryStore();
  await store.open();
  let executor = options.executor;
  try {
    executor ??= await threadExecutor({ shards: plan.shards });
    return await new ShardRunner(model, plan, warmStart, executor, store, options).run();
  } finally {
    if (!options.executor) await executor?.close?.();
    await store.close();
  }
}

class ShardRunner {
  readonly #model: ShardedModel;
  readonly #plan: ShardPlan;
  readonly #warmStart: WarmStartInput | undefined;
  readonly #executor: Executor;
  readonly #store: RunStore;
  readonly #ledger: Ledger;
  readonly #saver: Saver;
  readonly #stop: StopSwitch;
  /** A mistake of the caller or a fault of the store, which ends the run. */
  #fault: { readonly error: unknown } | undefined;

  constructor(
    model: ShardedModel,
    plan: ShardPlan,
    warmStart: WarmStartInput | undefined,
    executor: Executor,
    store: RunStore,
    options: RunShardsOptions,
  ) {
    this.#model = model;
    this.#plan = plan;
    this.#warmStart = warmStart;
    this.#executor = executor;
    this.#store = store;
    this.#ledger = new Ledger(plan, executor.size, (event) => this.#tell(event, options));
    this.#saver = new Saver(store, plan.config.checkpoints.frequency);
    this.#stop = new StopSwitch(options.signal);
  }

  async run(): Promise<ShardRun> {
    try {
      const damaged = await this.#begin();
      const missing = this.#ledger.order.filter((shard) => this.#ledger.reports[shard]!.state === "queued");
      if (missing.length > 0) await this.#store.reserve(this.#bytesUnderWay());
      await this.#sample(missing);
      await this.#saver.flush();
      if (this.#fault) throw this.#fault.error;
      const { isAborted } = this.#stop;
      this.#ledger.stopped();
      await this.#saver.log({ event: isAborted ? "aborted" : "ended", unsaved: this.#saver.unsaved });
      await this.#store.reserve(0).catch(() => undefined);
      return concluded(this.#ledger, this.#saver, { isAborted, damaged });
    } finally {
      this.#stop.release();
    }
  }

  /** Takes what the store has; gives the names of what is damaged. */
  async #begin(): Promise<readonly string[]> {
    const { resume } = this.#plan.config.checkpoints;
    const manifest = manifestOf(this.#model, this.#plan, this.#warmStart);
    const isResumed = await agreeOnManifest(this.#store, manifest, resume);
    this.#ledger.queue(this.#ledger.order);
    const damaged = isResumed ? await reuseShards(this.#store, this.#ledger, (shard) => this.#task(shard)) : [];
    await this.#saver.log({ event: isResumed ? "resumed" : "begun", damaged });
    return damaged;
  }

  /** An error of the listener ends the run, and is rethrown when what runs has stopped. */
  #tell(event: ShardEvent, { onEvent }: RunShardsOptions): void {
    try {
      onEvent?.(event);
    } catch (error) {
      this.#fault ??= { error };
    }
  }

  /** Room for the results of all tasks under way, the log and what surrounds them. */
  #bytesUnderWay(): number {
    const { frequency } = this.#plan.config.checkpoints;
    const perShard = this.#plan.drawBytes / this.#plan.shards + 2 ** 16;
    return Math.ceil(perShard * (this.#executor.size + 1 + frequency));
  }

  /** One task more than can run at once, so that the next one waits where it is needed. */
  async #sample(missing: readonly number[]): Promise<void> {
    let next = 0;
    const lane = async () => {
      while (next < missing.length && this.#isGoingOn()) await this.#shard(missing[next++]!);
    };
    const lanes = Math.min(this.#executor.size + 1, missing.length);
    await Promise.all(Array.from({ length: lanes }, lane));
  }

  #isGoingOn(): boolean {
    this.#stop.look();
    if (this.#ledger.isHopeless || this.#fault) this.#stop.stop();
    return !this.#stop.signal.aborted && this.#saver.failure === undefined;
  }

  async #shard(shard: number): Promise<void> {
    const ledger = this.#ledger;
    try {
      const { task, identity, listHash } = this.#task(shard);
      const bytes = encodeTask(task, this.#hints());
      const { perShardTimeout, heartbeatTimeout } = this.#plan.config;
      const outcome = decodeOutcome(
        await this.#executor.run(bytes, {
          name: `shard ${shard}`,
          timeoutMs: 1000 * perShardTimeout,
          heartbeatMs: 1000 * heartbeatTimeout,
          signal: this.#stop.signal,
          onProgress: (progress) => {
            this.#stop.look();
            ledger.progress(shard, progress);
          },
        }),
      );
      if (outcome.kind === "failed") return await this.#failed(shard, outcome.reason, outcome.message);
      ledger.sampled(outcome, false);
      const saved = encodeShard({ identity, listHash, seed: task.seed, outcome });
      await this.#saver.add(shard, shardName(shard), saved);
      const { state, problems } = ledger.reports[shard]!;
      await this.#saver.log({ event: state, shard, seconds: outcome.diagnostics.seconds, problems });
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      if (error instanceof InvalidArgumentError) this.#fault ??= { error };
      else await this.#failed(shard, reasonOf(error), error instanceof Error ? error.message : String(error));
    }
  }

  async #failed(shard: number, reason: string, message: string): Promise<void> {
    this.#ledger.failed(shard, { reason, message });
    await this.#saver.log({ event: "failed", shard, reason, message });
  }

  #task(shard: number): ReturnType<typeof makeTask> & { readonly identity: string } {
    const made = makeTask(this.#model, this.#plan, shard, this.#warmStart);
    return { ...made, identity: taskIdentity(made.task) };
  }

  #hints(): Parameters<typeof encodeTask>[1] {
    return {
      chainMethod: this.#plan.config.perShardMcmc.chainMethod,
      chainThreads: this.#executor.chainThreads ?? 1,
    };
  }
}

function reasonOf(error: unknown): string {
  const { reason } = (error ?? {}) as { readonly reason?: unknown };
  return typeof reason === "string" ? reason : "error";
}
