import { DIVERGENCE_RATES } from "@siegert/diagnostics";
import { type LogDensity, LogDensityError, type PortableTarget } from "@siegert/log-density";
import { must } from "../must.ts";
import { sample } from "../run/sample.ts";
import type { InitialPoints, SampleOptions } from "../run/sample-options.ts";
import type { SamplingRun } from "../run/sampling-run.ts";

/** When and how a run is tried again. */
export interface RetryOptions {
  /** Most further attempts. Default 3. */
  readonly retries?: number;
  /** Share of divergent transitions above which a run is tried again. Default `DIVERGENCE_RATES.high`, 0.1. */
  readonly maxDivergenceRate?: number;
  /** Given starts are moved by up to ± this, unconstrained; one number or one per coordinate. Default 0.1. */
  readonly jitter?: number | ArrayLike<number>;
}

/** One attempt. */
export interface SamplingAttempt {
  /** From 0. */
  readonly attempt: number;
  readonly targetAccept: number;
  /** Share of divergent transitions; undefined when it failed before the first draw. */
  readonly divergenceRate: number | undefined;
  /** Why it failed, when it did. */
  readonly error: string | undefined;
}

const ACCEPT_STEP = 0.05;
const MOST_ACCEPT = 0.95;

/**
 * Samples, and tries again with another start and a target acceptance raised by 0.05 (to 0.95 at most) while too many
 * transitions diverge or no start is found. Gives the first run that is good enough, else the one with the fewest
 * divergences, and all attempts.
 * @throws {InvalidArgumentError} as `sample`, at once.
 * @throws {LogDensityError} of the last attempt when none gave draws.
 */
export async function sampleWithRetries(
  target: LogDensity | PortableTarget,
  options: SampleOptions = {},
  { retries = 3, maxDivergenceRate = DIVERGENCE_RATES.high, jitter = 0.1 }: RetryOptions = {},
): Promise<{ readonly run: SamplingRun; readonly attempts: readonly SamplingAttempt[] }> {
  must(Number.isSafeInteger(retries) && retries >= 0, "retries", "be a non-negative integer", retries);
  const first = options.targetAccept ?? 0.8;
  const attempts: SamplingAttempt[] = [];
  let best: { readonly run: SamplingRun; readonly rate: number } | undefined;
  let failure: unknown;
  for (let attempt = 0; attempt <= retries; attempt++) {
    const targetAccept = Math.max(first, Math.min(MOST_ACCEPT, first + attempt * ACCEPT_STEP));
    const initial = attempt === 0 ? options.initial : moved(options.initial, jitter);
    try {
      const run = await sample(target, { ...options, ...(initial && { initial }), targetAccept, attempt });
      const rate = divergenceRate(run);
      attempts.push({ attempt, targetAccept, divergenceRate: rate, error: undefined });
      if (!best || (rate ?? 0) < best.rate) best = { run, rate: rate ?? 0 };
      if (best.rate <= maxDivergenceRate || run.status === "aborted") break;
    } catch (error) {
      if (!(error instanceof LogDensityError)) throw error;
      failure = error;
      attempts.push({ attempt, targetAccept, divergenceRate: undefined, error: error.message });
    }
  }
  if (!best) throw failure;
  return { run: best.run, attempts };
}

function divergenceRate({ chains }: SamplingRun): number | undefined {
  const iterations = chains.reduce((sum, chain) => sum + chain.iterations, 0);
  return iterations === 0 ? undefined : chains.reduce((sum, chain) => sum + chain.divergent, 0) / iterations;
}

/** Random starts are drawn anew, because the attempt names their stream; given ones are moved. */
function moved(initial: InitialPoints | undefined, scale: number | ArrayLike<number>): InitialPoints | undefined {
  if (initial?.kind === "prior-median") return { kind: "jitter", scale };
  return initial?.kind === "given" ? { ...initial, jitter: scale } : initial;
}
