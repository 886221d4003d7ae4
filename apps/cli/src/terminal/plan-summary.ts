import type { FitMethod, FitPlan } from "@siegert/xpcs";
import { byteCount, duration, grouped } from "./quantities.ts";
import { table } from "./table.ts";

/** A plan for people: the division, the sampling of a shard, time and memory with where they come from. */
export function planSummary(plan: FitPlan, method: FitMethod): string {
  const { points, angles, frames, shards, threads, memory } = plan;
  const { nWarmup, nSamples, nChains, nParams, wasAdapted } = shards.samplingPlan;
  const { sharding, combination } = shards.config;
  const rows = [
    ["points", `${grouped(points)} pairs of ${grouped(frames)} frames at ${angles} angles`],
    ["shards", `${grouped(shards.shards)} of ${grouped(shards.pointsPerShard)} points (${sharding.strategy})`],
    [
      "per shard",
      `${nChains} chains, ${nWarmup} of warmup and ${nSamples} draws${wasAdapted ? ", fewer than asked for as the shard is small" : ""}`,
    ],
    ["parameters", `${nParams}: ${shards.coordinates.join(" ")}`],
    ["combination", combination.method],
    [
      "time",
      `about ${duration(plan.seconds)} on ${threads} ${threads === 1 ? "thread" : "threads"}, after least squares`,
    ],
    [
      "",
      `a gradient takes ${milliseconds(plan.gradientSeconds)}, measured now; ${plan.gradientsPerTransition} are reckoned for a transition`,
    ],
    ["memory", `about ${byteCount(memory.total)}`],
    [
      "",
      `maps ${byteCount(memory.maps)}, their pairs once more ${byteCount(memory.wholePosterior)}, draws ${byteCount(memory.draws)}, shards under way ${byteCount(memory.workers)}, program ${byteCount(memory.program)}`,
    ],
  ];
  const parts = [table([{ heading: "plan" }, { heading: "" }], rows)];
  const { sampler, reason } = plan.choice;
  if (sampler !== "cmc") {
    parts.push(
      `With its method, ${method}, this configuration would not run it: ${sampler === "nuts" ? `nuts, ${reason}` : reason}.`,
    );
    parts.push("To run it: siegert fit CONFIG --method cmc");
  } else if (method === "both") parts.push(`cmc is what method both runs here: ${reason}.`);
  return parts.join("\n\n");
}

function milliseconds(seconds: number): string {
  return `${Number((1000 * seconds).toPrecision(2))} ms`;
}
