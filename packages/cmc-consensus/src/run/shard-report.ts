import type { ValidationConfig } from "../config/cmc-config.ts";
import type { ShardDiagnostics } from "../task/shard-outcome.ts";

/**
 * - `queued`: not begun, or stopped before its end;
 * - `running`;
 * - `done`: its draws are used; `problems` says what is doubtful about them;
 * - `filtered`: so many transitions diverged that its draws are left out;
 * - `failed`: it gave no draws.
 */
export type ShardState = "queued" | "running" | "done" | "filtered" | "failed";

/** Why a shard gave no draws. Beside the words named, whatever an executor gives as reason. */
export interface ShardFailure {
  /**
   * `preflight`: the posterior of a few points was not as it should be; `sampling`: no start was found, or the density
   * threw; `timeout`, `heartbeat`, `died`: its worker took too long, fell silent or was lost too often; `error`: other.
   */
  readonly reason: "preflight" | "sampling" | "timeout" | "heartbeat" | "died" | "error" | (string & {});
  readonly message: string;
}

/** What became of a shard. */
export interface ShardReport {
  readonly shard: number;
  readonly points: number;
  readonly state: ShardState;
  /** Whether its draws were there from before. */
  readonly isReused: boolean;
  readonly seed: number;
  /** The coordinates that it has, ascending; undefined for all. */
  readonly coordinates: readonly number[] | undefined;
  readonly diagnostics: ShardDiagnostics | undefined;
  /** One sentence for each thing that makes its draws doubtful. */
  readonly problems: readonly string[];
  readonly failure: ShardFailure | undefined;
}

/** Whether a shard is what it should be: only such count as success. */
export function isSuccess({ state, problems }: ShardReport): boolean {
  return state === "done" && problems.length === 0;
}

/** What is doubtful about a shard's draws. NaN, as of draws that stand still, is doubtful; R-hat needs two chains. */
export function problemsOf(diagnostics: ShardDiagnostics, chains: number, limits: ValidationConfig): string[] {
  const { rhat, essBulk, essTail, bfmi, divergenceRate, divergences, transitions } = diagnostics;
  const ess = Math.min(essBulk, essTail);
  const problems: string[] = [];
  if (divergenceRate > limits.maxDivergenceRate) {
    problems.push(
      `${divergences} of ${transitions} transitions diverged (${percent(divergenceRate)}, at most ${percent(limits.maxDivergenceRate)}).`,
    );
  }
  if (chains > 1 && !(rhat <= limits.maxPerShardRhat)) {
    problems.push(`R-hat is ${rhat.toFixed(3)}, at most ${limits.maxPerShardRhat}: its chains do not agree.`);
  }
  if (!(ess >= limits.minPerShardEss)) {
    problems.push(`The effective sample size is ${ess.toFixed(0)}, at least ${limits.minPerShardEss}.`);
  }
  if (!(bfmi >= limits.minBfmi)) {
    problems.push(`E-BFMI is ${bfmi.toFixed(2)}, at least ${limits.minBfmi}: its tails are explored badly.`);
  }
  return problems;
}

/** Whether so many transitions diverged that the draws are no sample of the posterior. */
export function isCritical({ divergenceRate }: ShardDiagnostics, limits: ValidationConfig): boolean {
  return divergenceRate >= limits.criticalDivergenceRate;
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}
