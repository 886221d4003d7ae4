/**
 * Consensus Monte Carlo: what a shard costs beside its sampling, what a second thread gains, and what a million points take,
 * which is some minutes.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planShards, runShards, type ShardedModel, type ShardPlan, threadExecutor } from "@siegert/cmc-consensus";
import { directoryStore } from "@siegert/cmc-consensus/directory";
import { median } from "../measure.ts";
import type { BenchmarkCase } from "../suite.ts";
import { largeCases } from "./million-points.ts";
import { logisticData } from "./shard-target.ts";

const DIM = 7;
const POINTS_PER_SHARD = 8000;
const SHARDS = 12;
const ROUNDS = 3;

function logisticModel(): ShardedModel {
  const points = SHARDS * POINTS_PER_SHARD;
  const { x, y } = logisticData(points, DIM);
  return {
    points,
    coordinates: Array.from({ length: DIM }, (_, i) => `b${i}`),
    shard(list, priorPower) {
      const own = new Float64Array(list.length * DIM);
      list.forEach((point, n) => {
        own.set(x.subarray(point * DIM, (point + 1) * DIM), n * DIM);
      });
      return {
        kind: "module",
        module: new URL("./shard-target.ts", import.meta.url).href,
        export: "logisticShard",
        argument: { x: own, y: Uint8Array.from(list, (point) => y[point]!), priorPower },
      };
    },
  };
}

interface Timing {
  readonly seconds: number;
  /** Seconds inside the tasks, added up. */
  readonly inside: number;
}

/** One run into a directory, on threads that have run before. */
async function timed(
  model: ShardedModel,
  plan: ShardPlan,
  executor: Awaited<ReturnType<typeof threadExecutor>>,
): Promise<Timing> {
  const folder = mkdtempSync(join(tmpdir(), "siegert-consensus-"));
  try {
    const begin = performance.now();
    const { reports } = await runShards(model, plan, { executor, store: directoryStore(folder) });
    const seconds = (performance.now() - begin) / 1000;
    return { seconds, inside: reports.reduce((sum, { diagnostics }) => sum + diagnostics!.seconds, 0) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function* suite(): AsyncGenerator<BenchmarkCase> {
  const model = logisticModel();
  const plan = planShards(model, {
    sharding: { numShards: SHARDS },
    perShardMcmc: { numWarmup: 50, numSamples: 50, adaptiveSampling: false },
    validation: { minSuccessRate: 0 },
  });
  // With threads for chains one thread of shards would be more than one.
  const executors = [
    await threadExecutor({ threads: 1, chainThreads: 1 }),
    await threadExecutor({ threads: 2, chainThreads: 1 }),
  ];
  const both = async () => [await timed(model, plan, executors[0]!), await timed(model, plan, executors[1]!)] as const;
  await both();
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await both());
  for (const executor of executors) await executor.close?.();
  const overhead = median(rounds.map(([one]) => (1000 * (one.seconds - one.inside)) / SHARDS));
  yield {
    name: "shard-overhead-ms",
    value: overhead,
    unit: "ms",
    baseline: 50,
    ratio: 50 / overhead,
    note: `on one thread, beside what the task itself takes: ${POINTS_PER_SHARD} points × ${8 * DIM} bytes made, hashed, sent, and the result written and flushed`,
  };
  const one = median(rounds.map(([first]) => first.seconds));
  const two = median(rounds.map(([, second]) => second.seconds));
  yield {
    name: "threads2-speedup",
    value: two,
    unit: "s",
    baseline: one,
    ratio: median(rounds.map(([first, second]) => first.seconds / second.seconds)),
    note: `${SHARDS} shards of a logistic regression with ${DIM} coefficients, against one thread in turn`,
  };
  yield* largeCases();
}
