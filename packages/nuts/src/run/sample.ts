import {
  batchOf,
  instantiateTarget,
  isPortable,
  type LogDensity,
  LogDensityError,
  type PortableTarget,
  preflight,
  requirePortable,
} from "@siegert/log-density";
import { Chain } from "../chain/chain.ts";
import type { ChainState } from "../chain/chain-state.ts";
import { must } from "../must.ts";
import { Evaluation, namesOf } from "./evaluation.ts";
import { runChain, runVectorized } from "./local-chains.ts";
import type { ChainObserver, ObserverWishes, RunState } from "./observers.ts";
import { runParallel } from "./parallel-chains.ts";
import { chainSettings, checkRuntime } from "./resolve-options.ts";
import type { RuntimeOptions, SampleOptions } from "./sample-options.ts";
import { type SamplingRun, samplingRun } from "./sampling-run.ts";

const PROGRESS_MS = 100;
const DRAWS_MS = 200;
const CHECKPOINT_MS = 30_000;

/**
 * Samples a log density with several chains. The draws depend on the seed, the target and the sampling options alone:
 * not on the method, the number of threads, interruptions or resumptions.
 * @throws {InvalidArgumentError} for options that are none, before any work.
 * @throws {LogDensityError} when a chain finds no usable start, or the target throws.
 */
export async function sample(target: LogDensity | PortableTarget, options: SampleOptions = {}): Promise<SamplingRun> {
  const instance = await instantiateTarget(target);
  const settings = chainSettings(instance, options);
  const chains = settings.map((one) => new Chain(one, namesOf(instance)));
  return carryOut(target, instance, chains, options);
}

/**
 * Goes on from a state, to the draws that the run would have given had it not stopped.
 * @throws {InvalidArgumentError} for a state that is none, or of a target of another dimension.
 * @throws {LogDensityError} as `sample`.
 */
export async function resume(
  target: LogDensity | PortableTarget,
  state: RunState,
  options: RuntimeOptions = {},
): Promise<SamplingRun> {
  const instance = await instantiateTarget(target);
  return resumed(target, instance, state, 0, options);
}

async function resumed(
  target: LogDensity | PortableTarget,
  instance: LogDensity,
  state: RunState,
  moreDraws: number,
  options: RuntimeOptions,
): Promise<SamplingRun> {
  checkRuntime(options);
  const isState = state?.format === 1 && Array.isArray(state.chains) && state.chains.length > 0;
  must(isState, "state", "be what state() of a run or a checkpoint gave", state);
  const chains = state.chains.map((one: ChainState) => {
    const settings = { ...one.settings, draws: one.settings.draws + moreDraws };
    must(settings.dim === instance.dim, "state", `be of dimension ${instance.dim}`, settings.dim);
    return Chain.fromState(one, namesOf(instance), settings);
  });
  return carryOut(target, instance, chains, options);
}

async function carryOut(
  target: LogDensity | PortableTarget,
  instance: LogDensity,
  chains: readonly Chain[],
  options: RuntimeOptions,
): Promise<SamplingRun> {
  const isParallel = options.method === "parallel" || (!options.method && isPortable(target) && chains.length > 1);
  const portable = isParallel ? requirePortable(target) : undefined;
  const { observer, wishes } = observing(chains, options);
  const { signal, executor } = options;
  const evaluation = new Evaluation(instance);
  const local = { evaluation, observer, wishes, signal };
  const body = async () => {
    if (portable) {
      return runParallel(chains, { target: portable, executor, observer, wishes, signal, nameOf: namesOf(instance) });
    }
    if (options.method === "vectorized") await runVectorized(chains, batchOf(instance), local);
    else for (const chain of chains) await runChain(chain, local);
    return { chains, rejections: evaluation.rejections };
  };
  const { profile } = options;
  await profile?.start();
  const ended = await body()
    .catch((error) => Promise.reject(explained(error, instance)))
    .finally(() => profile?.stop());
  const run: SamplingRun = samplingRun(instance, ended.chains, ended.rejections, async (draws, more = {}) => {
    must(Number.isSafeInteger(draws) && draws > 0, "draws", "be a positive integer", draws);
    return resumed(target, instance, run.state(), draws, { ...options, ...more });
  });
  return run;
}

/** Connects what chains tell with what the caller wants to hear. */
function observing(
  chains: readonly Chain[],
  options: RuntimeOptions,
): { observer: ChainObserver; wishes: ObserverWishes } {
  const { onProgress, sink, checkpoint } = options;
  const states = checkpoint ? chains.map((chain) => chain.state()) : [];
  const at = new Map(chains.map(({ settings }, k) => [settings.chain, k]));
  let saved: Promise<void> = Promise.resolve();
  const observer: ChainObserver = {
    progress: (event) => onProgress?.(event),
    draws: (block) => sink?.write(block),
    checkpoint(state) {
      states[at.get(state.settings.chain)!] = state;
      const whole: RunState = { format: 1, chains: [...states] };
      saved = saved.then(() => checkpoint?.save(whole));
      return saved;
    },
  };
  const wishes: ObserverWishes = {
    progressEveryMs: onProgress && PROGRESS_MS,
    drawsEveryMs: sink && DRAWS_MS,
    checkpointEveryMs: checkpoint && (checkpoint.everyMs ?? CHECKPOINT_MS),
  };
  return { observer, wishes };
}

/** A failed start, with what a look at the target there says. */
function explained(error: unknown, target: LogDensity): unknown {
  if (!(error instanceof LogDensityError) || error.isRecoverable || error.cause !== undefined || !error.position)
    return error;
  const { position, message } = error;
  const { problems } = preflight(target, position);
  if (problems.length === 0) return error;
  return new LogDensityError(`${message}. ${problems.join(" ")}`, { isRecoverable: false, position, cause: error });
}
