/** A million pairs of frames from file to consensus posterior, in a process of its own; and what a hundred million would take. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { autoShardSize } from "@siegert/cmc-consensus";
import type { BenchmarkCase } from "../suite.ts";
import { LARGE_DATA_TRUTH, type LargeDataOptions, writeLargeData } from "./large-data.ts";
import type { LargeRun } from "./large-run.ts";
import { gradientRatio } from "./shard-gradient.ts";

const PHI = [0, 30, 60, 90, 120];
const MILLION: LargeDataOptions = { frames: 633, phi: PHI };
const HUNDRED_MILLION: LargeDataOptions = { frames: 6325, phi: PHI };
const THREADS = 2;
const MEBIBYTE = 2 ** 20;
/** Largest deviation from the truth, in standard deviations, of seven parameters that are right. */
const FAR = 5;

function pairsOf({ frames, phi }: LargeDataOptions): number {
  return (phi.length * frames * (frames - 1)) / 2;
}

/** Writes the data, and runs a process that fits, samples, combines and writes. */
async function millionPoints(): Promise<LargeRun> {
  const folder = mkdtempSync(join(tmpdir(), "siegert-million-"));
  try {
    await writeLargeData(folder, MILLION);
    const script = join(import.meta.dirname, "large-run.ts");
    const flags = ["--conditions=@siegert/source", "--no-warnings"];
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, folder, String(THREADS)]);
    return JSON.parse(stdout) as LargeRun;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Largest distance of a mean from the value that the data were simulated with, in standard deviations. */
function farthest({ parameters }: LargeRun): number {
  return Math.max(
    ...Object.entries(LARGE_DATA_TRUTH).map(([name, value]) => {
      const { mean, sd } = parameters[name]!;
      return Math.abs(mean - value) / sd;
    }),
  );
}

/**
 * Hours for a hundred million pairs. A shard is of the same size and has the same plan, so it needs as many gradients; but
 * every gradient goes through the tables of all frames too. All else is taken to grow with the number of pairs.
 */
function hundredMillion(run: LargeRun): { readonly hours: number; readonly how: string } {
  const points = pairsOf(HUNDRED_MILLION);
  const size = autoShardSize({ points, groups: PHI.length, profile: "heavy" });
  const shards = Math.ceil(points / size);
  const slower = gradientRatio(run.pointsPerShard, MILLION, HUNDRED_MILLION);
  const bigger = size / run.pointsPerShard;
  const shardSeconds = run.shardSeconds * (shards / run.shards) * bigger * slower;
  const otherSeconds = (run.seconds - run.shardSeconds) * (points / run.points);
  const parts = [
    `${(shardSeconds / 3600).toFixed(1)} h of shards = ${run.shardSeconds.toFixed(0)} s × ${shards}/${run.shards} shards`,
    `× ${bigger.toFixed(2)} in size × ${slower.toFixed(2)}, by which a gradient is slower with ${HUNDRED_MILLION.frames} frames (measured)`,
    `+ ${(otherSeconds / 3600).toFixed(1)} h of all else = ${(run.seconds - run.shardSeconds).toFixed(0)} s × ${(points / run.points).toFixed(0)}`,
  ];
  return { hours: (shardSeconds + otherSeconds) / 3600, how: parts.join(" ") };
}

export async function* largeCases(): AsyncGenerator<BenchmarkCase> {
  const run = await millionPoints();
  const off = farthest(run);
  if (run.goodShards < run.shards || !(off < FAR))
    throw new Error(`${run.goodShards} of ${run.shards} shards are good, and means ${off} sd from the truth`);
  const { seconds, fitSeconds, shardSeconds, combineSeconds } = run;
  const rest = seconds - fitSeconds - shardSeconds - combineSeconds;
  const plan = `${run.shards} shards of ${run.pointsPerShard}, ${run.chains} × (${run.warmup} + ${run.draws}), ${run.coordinates} coordinates`;
  const split = `fit ${fitSeconds.toFixed(1)}, shards ${shardSeconds.toFixed(1)}, combine and assess ${combineSeconds.toFixed(1)}, read and write ${rest.toFixed(1)} s`;
  const outcome = `${run.method}, ${run.isCorrected ? "weighed against all pairs" : "not corrected"}, means within ${off.toFixed(1)} sd of the truth`;
  const what = `${run.points} pairs of laminar flow, ${PHI.length} angles × ${MILLION.frames} frames, ${THREADS} threads`;
  yield {
    name: "million-points-seconds",
    value: seconds,
    unit: "s",
    baseline: null,
    ratio: null,
    note: `from file to posterior: ${what}; ${plan}; ${run.gradients} gradients; ${split}; ${outcome}`,
  };
  yield {
    name: "million-points-busy",
    value: run.taskSeconds / (THREADS * shardSeconds),
    unit: "share",
    baseline: null,
    ratio: null,
    note: "of the threads' time between the first shard and the last that is spent inside shards",
  };
  const over = (bytes: number) => (bytes - run.mapBytes) / MEBIBYTE;
  const { peakBytes } = run;
  yield {
    name: "million-points-peak-over-data-mib",
    value: over(peakBytes.end),
    unit: "MiB",
    baseline: 1024,
    ratio: 1024 / over(peakBytes.end),
    note: `largest resident memory of the process less ${(run.mapBytes / MEBIBYTE).toFixed(0)} MiB of maps; ${over(peakBytes.fit).toFixed(0)} until the first shard, ${over(peakBytes.shards).toFixed(0)} until the last; baseline: the limit of the project`,
  };
  const { hours, how } = hundredMillion(run);
  yield {
    name: "hundred-million-points-hours",
    value: hours,
    unit: "h",
    baseline: null,
    ratio: null,
    note: `extrapolated to ${pairsOf(HUNDRED_MILLION)} pairs, ${PHI.length} angles × ${HUNDRED_MILLION.frames} frames, ${THREADS} threads: ${how}`,
  };
}
