import { InvalidArgumentError } from "@siegert/errors";
import type { GibbsProgram } from "../program/gibbs-program.ts";
import { energyObserver, type ObservedEnergies } from "./energy-observer.ts";
import { type StopSignal, Turns } from "./event-loop.ts";
import { type ClampedValues, GibbsChain } from "./gibbs-chain.ts";
import type { GibbsProgress, GibbsRun, GibbsRunState, Observers } from "./gibbs-run.ts";
import type { InitialStates } from "./initial-states.ts";
import type { Observer, Recorder } from "./observer.ts";
import { checkInteger, resolveSchedule, type Schedule } from "./schedule.ts";
import { type ObservedStates, stateObserver } from "./state-observer.ts";

/** What is kept where no observers are named. */
export interface DefaultObservers extends Observers {
  readonly states: Observer<ObservedStates>;
  readonly energies: Observer<ObservedEnergies>;
}

/** Options that say what is kept and told; they do not change the draws. */
export interface GibbsRuntimeOptions<O extends Observers> {
  /** Observers by name. Default: `states` and `energies`. */
  readonly observers?: O;
  /** An AbortSignal, or anything with `aborted`: the run stops within about 50 ms or a sweep and keeps what it has. */
  readonly signal?: StopSignal;
  /** At most ten times a second, and at the end. */
  readonly onProgress?: (progress: GibbsProgress) => void;
}

/** Options of `sampleGibbs`. */
export interface SampleGibbsOptions<O extends Observers> extends Schedule, GibbsRuntimeOptions<O> {
  /** Names the random streams. Default 0. */
  readonly seed?: number;
  /** Independent chains. Chain c draws from a stream of its own, whatever others run beside it. Default 1. */
  readonly chains?: number;
  /** Number of the first chain: chains 4 to 7 on their own are those of a run of 8. Default 0. */
  readonly firstChain?: number;
  /** Default "uniform". */
  readonly initial?: InitialStates;
  /** Values of the clamped blocks, for all chains or for each. Needed unless the initial states are given. */
  readonly clamped?: ClampedValues | readonly ClampedValues[];
}

/**
 * Runs a program: warmup sweeps, then draws, the first right after warmup and one every `stepsPerDraw` sweeps.
 * @throws {InvalidArgumentError} for options that are none, states with wrong values (the node is named), and clamped
 * blocks without values.
 */
export async function sampleGibbs<O extends Observers = DefaultObservers>(
  program: GibbsProgram,
  options: SampleGibbsOptions<O> = {},
): Promise<GibbsRun<O>> {
  const { seed = 0, chains = 1, firstChain = 0, initial = "uniform", clamped } = options;
  const schedule = resolveSchedule(options);
  checkInteger("chains", chains, 1);
  checkInteger("firstChain", firstChain, 0);
  for (const [argument, given] of [
    ["initial", initial],
    ["clamped", clamped],
  ] as const) {
    if (Array.isArray(given) && given.length !== chains) {
      throw new InvalidArgumentError(argument, `be one, or one for each of the ${chains} chains`, given.length);
    }
  }
  const all = Array.from({ length: chains }, (_, index) =>
    GibbsChain.begin(program, seed, firstChain + index, {
      initial,
      index,
      clamped: isPerChain(clamped) ? clamped[index] : clamped,
    }),
  );
  return carryOut(program, all, { ...schedule, before: 0, lead: schedule.warmup }, options);
}

/** Options of `continueGibbs`. */
export interface ContinueGibbsOptions<O extends Observers> extends GibbsRuntimeOptions<O> {
  /** More draws. Default 1000. */
  readonly draws?: number;
  /** Default 1. */
  readonly stepsPerDraw?: number;
}

/**
 * Goes on from where a run stopped, in the same program, to the draws that a longer run would have given. A run that was
 * aborted in its warmup ends that first.
 * @throws {InvalidArgumentError} for a state that is none of this program.
 */
export async function continueGibbs<O extends Observers = DefaultObservers>(
  program: GibbsProgram,
  state: GibbsRunState,
  options: ContinueGibbsOptions<O> = {},
): Promise<GibbsRun<O>> {
  const { draws, stepsPerDraw } = resolveSchedule({ warmup: 0, ...options });
  const isState = state?.format === 1 && Array.isArray(state.chains) && state.chains.length > 0;
  if (!isState) throw new InvalidArgumentError("state", "be what state() of a run gave", state);
  const { sweeps, warmupLeft = 0, sweepsToDraw = stepsPerDraw } = state;
  checkInteger("state.warmupLeft", warmupLeft, 0);
  checkInteger("state.sweepsToDraw", sweepsToDraw, warmupLeft);
  const chains = state.chains.map((saved, chain) => GibbsChain.fromState(program, saved, chain));
  return carryOut(
    program,
    chains,
    { warmup: warmupLeft, draws, stepsPerDraw, before: sweeps, lead: sweepsToDraw },
    options,
  );
}

interface Plan {
  readonly warmup: number;
  readonly draws: number;
  readonly stepsPerDraw: number;
  /** Sweeps that the chains have made already. */
  readonly before: number;
  /** Sweeps before the first draw. */
  readonly lead: number;
}

async function carryOut<O extends Observers>(
  program: GibbsProgram,
  chains: readonly GibbsChain[],
  plan: Plan,
  { observers, signal, onProgress }: GibbsRuntimeOptions<O>,
): Promise<GibbsRun<O>> {
  const chosen = observers ?? ({ states: stateObserver(), energies: energyObserver() } as unknown as O);
  const extent = { chains: chains.length, draws: plan.draws };
  const recorders = Object.entries(chosen).map(([name, one]) => [name, one.start(program, extent)] as const);
  const sweeps = plan.lead + (plan.draws - 1) * plan.stepsPerDraw;
  const turns = new Turns();
  let sweep = 0;
  let draws = 0;
  const tell = (): void =>
    onProgress?.({
      sweep: plan.before + sweep,
      sweeps: plan.before + sweeps,
      isWarmup: sweep < plan.warmup,
      draws,
      secondsLeft: sweep === 0 ? Infinity : (turns.seconds / sweep) * (sweeps - sweep),
    });
  const isStopped = (): boolean => signal?.aborted === true;
  while (!isStopped()) {
    const next = plan.lead + draws * plan.stepsPerDraw;
    if (sweep === next) recordAll(chains, recorders, draws++);
    if (draws === plan.draws) break;
    if (sweep === next) continue;
    for (const chain of chains) chain.sweep(sweep < plan.warmup);
    sweep++;
    if (turns.isDue) {
      if (turns.takeReport()) tell();
      await turns.take();
    }
  }
  tell();
  const isAborted = draws < plan.draws;
  const left = plan.lead + draws * plan.stepsPerDraw - sweep;
  const pending = isAborted ? { warmupLeft: Math.max(0, plan.warmup - sweep), sweepsToDraw: left } : {};
  return runOf(chains, recorders, draws, isAborted, { sweeps: plan.before + sweep, ...pending });
}

function recordAll(
  chains: readonly GibbsChain[],
  recorders: readonly (readonly [string, Recorder<unknown>])[],
  draw: number,
): void {
  for (const [index, chain] of chains.entries()) {
    for (const [, recorder] of recorders) recorder.record(index, draw, chain.state);
  }
}

function runOf<O extends Observers>(
  chains: readonly GibbsChain[],
  recorders: readonly (readonly [string, Recorder<unknown>])[],
  draws: number,
  isAborted: boolean,
  stand: Omit<GibbsRunState, "format" | "chains">,
): GibbsRun<O> {
  const observed = Object.fromEntries(recorders.map(([name, one]) => [name, one.result(draws)]));
  return {
    status: isAborted ? "aborted" : "complete",
    chains: chains.length,
    draws,
    observed: observed as GibbsRun<O>["observed"],
    states: chains.map((chain) => chain.state.slice()),
    samplers: chains.map((chain) => chain.reports()),
    state: () => ({ format: 1, ...stand, chains: chains.map((chain) => chain.saved()) }),
  };
}

function isPerChain(
  clamped: ClampedValues | readonly ClampedValues[] | undefined,
): clamped is readonly ClampedValues[] {
  return Array.isArray(clamped);
}
