/**
 * One whole run in a process of its own, whose memory is therefore that of the run: reads the data of a folder, fits,
 * samples the shards, combines and writes. Prints what it took as JSON.
 *
 * Usage: node --conditions=@siegert/source large-run.ts FOLDER THREADS
 */
import { join } from "node:path";
import { loadConfig, runFit } from "@siegert/xpcs";

/** What a run took; seconds are wall time. */
export interface LargeRun {
  /** From the configuration that is read to the last file that is written. */
  readonly seconds: number;
  readonly fitSeconds: number;
  /** From the first task that is made to the last shard that is done. */
  readonly shardSeconds: number;
  /** Hash of the data before the shards; after them combining, weighing against all pairs, and examining the shards. */
  readonly combineSeconds: number;
  /** Seconds inside the tasks of the shards, added up over the threads. */
  readonly taskSeconds: number;
  readonly points: number;
  readonly shards: number;
  readonly pointsPerShard: number;
  readonly coordinates: number;
  readonly chains: number;
  readonly warmup: number;
  readonly draws: number;
  /** Values with gradients of the attempts whose draws are kept, warmup included. */
  readonly gradients: number;
  readonly goodShards: number;
  readonly method: string;
  readonly isCorrected: boolean;
  readonly verdict: string;
  /** Bytes that the process held at most: until the first shard began, until the last ended, until all was written. */
  readonly peakBytes: { readonly fit: number; readonly shards: number; readonly end: number };
  /** What the maps take of it. */
  readonly mapBytes: number;
  readonly parameters: Readonly<Record<string, { readonly mean: number; readonly sd: number }>>;
}

/** Bytes of memory that the process, with all its threads, has held at most. */
function peakBytes(): number {
  return 1024 * process.resourceUsage().maxRSS;
}

async function largeRun(folder: string, threads: number): Promise<LargeRun> {
  const begin = performance.now();
  const config = await loadConfig(join(folder, "fit.yaml"));
  let first: { readonly time: number; readonly bytes: number } | undefined;
  let last = { time: Number.NaN, bytes: Number.NaN };
  const { result, consensus } = await runFit(config, {
    method: "cmc",
    outputFolder: join(folder, "results"),
    sampling: { threads },
    consensus: {
      onShard() {
        last = { time: performance.now(), bytes: peakBytes() };
        first ??= last;
      },
    },
  });
  const end = performance.now();
  if (consensus === undefined || first === undefined) throw new Error("there is no consensus");
  const { plan, reports } = consensus.shardRun;
  const { nChains, nWarmup, nSamples } = plan.samplingPlan;
  const diagnostics = reports.flatMap((report) => report.diagnostics ?? []);
  const shardSeconds = (last.time - first.time) / 1000;
  return {
    seconds: (end - begin) / 1000,
    fitSeconds: result.wallSeconds,
    shardSeconds,
    combineSeconds: consensus.seconds - shardSeconds,
    taskSeconds: diagnostics.reduce((sum, { seconds }) => sum + seconds, 0),
    points: plan.points,
    shards: plan.shards,
    pointsPerShard: plan.pointsPerShard,
    coordinates: consensus.coordinates.dim,
    chains: nChains,
    warmup: nWarmup,
    draws: nSamples,
    gradients: diagnostics.reduce((sum, { gradients }) => sum + gradients, 0),
    goodShards: reports.filter(({ state }) => state === "done").length,
    method: consensus.consensus.method,
    isCorrected: consensus.isCorrected,
    verdict: consensus.verdict,
    peakBytes: { fit: first.bytes, shards: last.bytes, end: peakBytes() },
    mapBytes: 8 * result.scaling.length * (config.endFrame - config.startFrame + 1) ** 2,
    parameters: Object.fromEntries(
      result.model.parameters.map(({ name }) => {
        const { table } = consensus;
        return [name, { mean: table.get(name, "mean"), sd: table.get(name, "sd") }];
      }),
    ),
  };
}

const [folder, threads] = process.argv.slice(2);
console.log(JSON.stringify(await largeRun(folder!, Number(threads))));
