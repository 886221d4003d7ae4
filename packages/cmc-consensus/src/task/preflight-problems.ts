import { isNamed, type LogDensity, preflight } from "@siegert/log-density";
import { createRandom } from "@siegert/random";
import type { ShardTask } from "./shard-task-data.ts";

const TRIES = 20;

/**
 * What is wrong with the posterior of a few points where sampling would start: at the start that is given, else at the
 * medians of the prior, else at some of the random points that chains start from. Nothing when one of these is good.
 */
export function preflightProblems(target: LogDensity, { start, seed }: ShardTask): readonly string[] {
  if (start) return preflight(target, start).problems;
  if (isNamed(target) && target.priorMedian) return preflight(target).problems;
  const random = createRandom(seed, "preflight");
  let problems: readonly string[] = [];
  for (let k = 0; k < TRIES; k++) {
    ({ problems } = preflight(
      target,
      random.fillUniform(new Float64Array(target.dim)).map((u) => 4 * u - 2),
    ));
    if (problems.length === 0) break;
  }
  return problems;
}
