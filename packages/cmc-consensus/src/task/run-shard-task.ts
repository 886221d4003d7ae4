import { InvalidArgumentError } from "@siegert/errors";
import { instantiateTarget, type LogDensity, LogDensityError } from "@siegert/log-density";
import type { InitialPoints, ProgressEvent, SampleOptions, SamplingRun, StopSignal, WarmStart } from "@siegert/nuts";
import { type SamplingAttempt, sampleWithRetries } from "@siegert/nuts/plan";
import { chainExecutor } from "./chain-threads.ts";
import { nowMs } from "./clock.ts";
import { preflightProblems } from "./preflight-problems.ts";
import { diagnosticsOf, thinnedDraws } from "./sampled-draws.ts";
import { encodeOutcome, type ShardOutcome } from "./shard-outcome.ts";
import { decodeTask, type ShardTask, type TaskHints } from "./shard-task-data.ts";

/** Where a running shard stands. */
export interface ShardProgress {
  /** Transitions done by all chains, of how many, warmup included. */
  readonly iteration: number;
  readonly iterations: number;
  /** Divergent transitions so far, warmup included. */
  readonly divergences: number;
  /** Guess of the seconds that the shard still needs. */
  readonly secondsLeft: number;
}

/** What a task gets from where it runs. */
export interface ShardTaskContext {
  /** The task stops soon after it aborts, and rejects with an `AbortError`. */
  readonly signal?: StopSignal | undefined;
  /** Takes progress, a few times a second; the first report comes when the task begins. Counts as a sign of life. */
  readonly report?: ((progress: ShardProgress) => void) | undefined;
}

const REPORT_MS = 250;

/**
 * Samples a shard: bytes in, bytes out, so that it can be carried out anywhere. The bytes that come out depend on those
 * that go in alone, except for times.
 * @throws {DamagedBytesError} for bytes that are no task.
 * @throws {InvalidArgumentError} for a task whose target does not fit it.
 * @throws an error named `AbortError` when the signal stopped it.
 */
export async function runShardTask(bytes: Uint8Array, context: ShardTaskContext = {}): Promise<Uint8Array> {
  const begun = nowMs();
  const { task, hints } = decodeTask(bytes);
  const iterations = task.chains * (task.warmup + task.draws);
  context.report?.({ iteration: 0, iterations, divergences: 0, secondsLeft: Infinity });
  return encodeOutcome(await outcomeOf(task, hints, context, begun));
}

async function outcomeOf(
  task: ShardTask,
  hints: TaskHints,
  context: ShardTaskContext,
  begun: number,
): Promise<ShardOutcome> {
  const { shard, target } = task;
  const failed = (reason: "preflight" | "sampling", message: string): ShardOutcome => {
    return { kind: "failed", shard, reason, message };
  };
  const problems = task.preflight ? preflightProblems(await made(task.preflight, task), task) : [];
  if (problems.length > 0) return failed("preflight", problems.join(" "));
  const instance = await made(target, task);
  const executor = hints.chainMethod === "parallel" ? await chainExecutor(task.chains, hints.chainThreads) : undefined;
  const method = hints.chainMethod === "vectorized" ? "vectorized" : executor ? "parallel" : "sequential";
  try {
    const { run, attempts } = await sampleWithRetries(
      executor ? target : instance,
      { ...sampleOptions(task), ...runtime(task, context), method, ...(executor && { executor }) },
      { retries: task.retries, maxDivergenceRate: task.maxDivergenceRate, jitter: task.startScale ?? 0.1 },
    );
    if (run.status === "aborted") throw abortError();
    return sampled(task, run, attempts, (nowMs() - begun) / 1000);
  } catch (error) {
    if (context.signal?.aborted) throw abortError();
    if (error instanceof LogDensityError) return failed("sampling", error.message);
    throw error;
  }
}

async function made(target: ShardTask["target"], { coordinates, shard }: ShardTask): Promise<LogDensity> {
  const instance = await instantiateTarget(target);
  if (instance.dim === coordinates.length) return instance;
  const requirement = `give a target of dimension ${coordinates.length}, the coordinates of shard ${shard}`;
  throw new InvalidArgumentError("model.shard", requirement, instance.dim);
}

function sampleOptions(task: ShardTask): SampleOptions {
  const { start, startScale, covariance, metric, stepSize } = task;
  const initial: InitialPoints | undefined = start && {
    kind: "given",
    positions: start,
    ...(startScale && { jitter: startScale }),
  };
  const warmStart: WarmStart = {
    ...(covariance && { covariance }),
    ...(metric && { metric }),
    ...(stepSize !== undefined && { stepSize }),
  };
  return {
    seed: task.seed,
    chains: task.chains,
    warmup: task.warmup,
    draws: task.draws,
    targetAccept: task.targetAccept,
    maxTreeDepth: task.maxTreeDepth,
    metric: task.metricChoice,
    warmStart,
    ...(initial && { initial }),
  };
}

/** Adds up what the chains tell. */
function runtime(task: ShardTask, { signal, report }: ShardTaskContext): SampleOptions {
  const latest = new Map<number, ProgressEvent>();
  let reported = nowMs();
  const onProgress = (event: ProgressEvent) => {
    latest.set(event.chain, event);
    if (nowMs() - reported < REPORT_MS) return;
    reported = nowMs();
    report?.(progressOf(task, [...latest.values()]));
  };
  return { ...(signal && { signal }), ...(report && { onProgress }) };
}

/** Chains that have not begun are taken to need as long as those that have. */
function progressOf(task: ShardTask, events: readonly ProgressEvent[]): ShardProgress {
  const sum = (of: (event: ProgressEvent) => number) => events.reduce((total, event) => total + of(event), 0);
  const perChain = task.warmup + task.draws;
  const waiting = task.chains - events.length;
  const pace = events.find(({ iteration, secondsLeft }) => iteration < perChain && Number.isFinite(secondsLeft));
  const whole = pace ? (pace.secondsLeft * perChain) / (perChain - pace.iteration) : 0;
  return {
    iteration: sum(({ iteration }) => iteration),
    iterations: task.chains * perChain,
    divergences: sum(({ divergences }) => divergences),
    secondsLeft: sum(({ isDone, secondsLeft }) => (isDone ? 0 : secondsLeft)) + waiting * whole,
  };
}

function sampled(
  task: ShardTask,
  run: SamplingRun,
  attempts: readonly SamplingAttempt[],
  seconds: number,
): ShardOutcome {
  return {
    kind: "sampled",
    shard: task.shard,
    ...thinnedDraws(run, task.thinning),
    diagnostics: { ...diagnosticsOf(run), attempts, seconds },
  };
}

function abortError(): Error {
  const error = new Error("the shard was told to stop");
  error.name = "AbortError";
  return error;
}
