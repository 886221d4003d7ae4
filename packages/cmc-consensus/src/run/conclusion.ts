import type { Ledger } from "./ledger.ts";
import type { Saver } from "./saver.ts";
import { isSuccess } from "./shard-report.ts";
import { type ShardRun, ShardRunError, type ShardRunWarning } from "./shard-run.ts";

/** How the run went on beside its shards. */
interface Course {
  readonly isAborted: boolean;
  /** Names of what was found damaged. */
  readonly damaged: readonly string[];
}

/** The run of shards that ended. @throws {ShardRunError} when it did not come to a good end. */
export function concluded(ledger: Ledger, saver: Saver, course: Course): ShardRun {
  const run = runOf(ledger, course);
  const { config, shards } = run.plan;
  if (saver.failure !== undefined) {
    const { unsaved } = saver;
    const what =
      unsaved.length > 0 ? `shards ${unsaved.join(", ")} are in memory only` : "all that is finished is saved";
    const message = `Results could not be written; ${what}. Make room, and resume.`;
    throw new ShardRunError("store", message, run, { cause: saver.failure, unsaved });
  }
  if (course.isAborted) return run;
  const why = firstReason(run);
  if (ledger.isHopeless) {
    const message = `More than half of the first ten shards failed or diverged, so the rest was not run.${why}`;
    throw new ShardRunError("early-abort", message, run);
  }
  const { minSuccessRate } = config.validation;
  if (run.successRate >= minSuccessRate && run.posteriors.length > 0) return run;
  const good = run.reports.filter(isSuccess).length;
  const message = `${good} of ${shards} shards are good (${percent(run.successRate)}); config.validation.minSuccessRate asks for ${percent(minSuccessRate)}.${why}`;
  throw new ShardRunError("success-rate", message, run);
}

/** Why the first shard that is not good is not. */
function firstReason({ reports }: ShardRun): string {
  const failed = reports.find(({ failure }) => failure);
  if (failed?.failure) return ` Shard ${failed.shard} failed: ${failed.failure.message}`;
  const doubtful = reports.find(({ problems }) => problems.length > 0);
  return doubtful ? ` Shard ${doubtful.shard}: ${doubtful.problems.join(" ")}` : "";
}

function runOf(ledger: Ledger, course: Course): ShardRun {
  const { plan, reports, events } = ledger;
  const posteriors = ledger.posteriors("done");
  const used = posteriors.reduce((sum, { points }) => sum + points, 0);
  const dataLost = 1 - used / plan.points;
  const successRate = reports.filter(isSuccess).length / plan.shards;
  return {
    status: course.isAborted ? "aborted" : "complete",
    plan,
    reports,
    posteriors,
    filtered: ledger.posteriors("filtered"),
    events,
    successRate,
    dataLost,
    warnings: warningsOf(ledger, course, successRate, dataLost),
  };
}

function warningsOf(
  { plan, reports }: Ledger,
  { isAborted, damaged }: Course,
  successRate: number,
  dataLost: number,
): ShardRunWarning[] {
  const inState = (...states: readonly string[]) =>
    reports.filter(({ state }) => states.includes(state)).map((r) => r.shard);
  const lost = inState("failed", "filtered");
  const open = inState("queued", "running");
  const doubtful = reports.filter(({ state, problems }) => state === "done" && problems.length > 0);
  const least = plan.config.combination.minSuccessRateWarning;
  const warnings: ShardRunWarning[] = [
    ...plan.warnings.map((warning) => ({ ...warning, count: plan.shards })),
    {
      code: "data-lost",
      count: lost.length,
      message: `Shards ${lost.join(", ")} are left out, and ${percent(isAborted ? 0 : dataLost)} of the points with them: the posterior is that of the others.`,
    },
    {
      code: "doubtful",
      count: doubtful.length,
      message: `Draws of shards ${doubtful.map(({ shard }) => shard).join(", ")} are used and doubtful; the first: ${doubtful[0]?.problems[0]}`,
    },
    {
      code: "success-rate",
      count: !isAborted && successRate < least ? 1 : 0,
      message: `Only ${percent(successRate)} of the shards are good.`,
    },
    {
      code: "damaged",
      count: damaged.length,
      message: `Damaged results were run again: ${damaged.join(", ")}.`,
    },
    {
      code: "aborted",
      count: isAborted ? open.length : 0,
      message: `Stopped before ${open.length} of ${plan.shards} shards were done; resume to go on.`,
    },
  ];
  return warnings.filter(({ count }) => count > 0);
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}
