import type { SamplingAttempt } from "@siegert/nuts/plan";
import { decodeContainer, encodeContainer } from "../bytes/container.ts";

/** What sampling one shard was like, from all draws. */
export interface ShardDiagnostics {
  /** Largest R-hat of all coordinates, and that of each. NaN for a single chain. */
  readonly rhat: number;
  readonly rhats: Float64Array;
  /** Smallest effective sample sizes of all coordinates. */
  readonly essBulk: number;
  readonly essTail: number;
  /** Smallest E-BFMI of all chains, and that of each. */
  readonly bfmi: number;
  readonly bfmis: Float64Array;
  /** Divergent transitions after warmup, of how many, and their share. */
  readonly divergences: number;
  readonly transitions: number;
  readonly divergenceRate: number;
  /** Transitions that were as long as allowed. */
  readonly saturated: number;
  readonly meanAcceptRate: number;
  /** Final step size and metric of every chain. */
  readonly stepSizes: readonly number[];
  readonly metrics: readonly string[];
  /** Evaluations of value and gradient, of the attempt whose draws are kept. */
  readonly gradients: number;
  /** All attempts, the last or best of which gave the draws. */
  readonly attempts: readonly SamplingAttempt[];
  /** Seconds that the task took where it ran. */
  readonly seconds: number;
}

/** The draws of a shard with what they were like. */
export interface SampledOutcome {
  readonly kind: "sampled";
  readonly shard: number;
  readonly chains: number;
  /** Draws kept of each chain. */
  readonly draws: number;
  /** Row-major (chain, draw, coordinate of the shard). */
  readonly values: Float64Array;
  /** Row-major (chain, draw). */
  readonly logDensity: Float64Array;
  readonly diagnostics: ShardDiagnostics;
}

/** Why a shard gave no draws: the check before sampling, or sampling itself. */
export interface FailedOutcome {
  readonly kind: "failed";
  readonly shard: number;
  readonly reason: "preflight" | "sampling";
  readonly message: string;
}

/** What a shard's task gives. */
export type ShardOutcome = SampledOutcome | FailedOutcome;

const KIND = "shard outcome";

/** The outcome as bytes. */
export function encodeOutcome(outcome: ShardOutcome): Uint8Array {
  return encodeContainer(KIND, outcome);
}

/** @throws {DamagedBytesError} */
export function decodeOutcome(bytes: Uint8Array): ShardOutcome {
  return decodeContainer(KIND, bytes) as ShardOutcome;
}
