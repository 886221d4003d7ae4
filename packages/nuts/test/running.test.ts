/** What happens while chains run: progress, abort, streaming, thinning, profiles, memory. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogDensity } from "@siegert/log-density";
import { describe, expect, test } from "vitest";
import { type DrawBlock, type ProgressEvent, STATISTICS, sample } from "../src/index.ts";
import { fileProfiler } from "../src/plan/index.ts";
import { independentNormals } from "./models/normals.ts";

const normal = independentNormals([1, 3]);

/** A run of 50 + 400 iterations that stops after so many gradients. */
function stopsAfter(gradients: number) {
  const signal = { aborted: false };
  let evaluations = 0;
  const stopping: LogDensity = {
    ...normal,
    logDensityAndGradient(x, gradient) {
      if (++evaluations === gradients) signal.aborted = true;
      return normal.logDensityAndGradient(x, gradient);
    },
  };
  return sample(stopping, { seed: 2, chains: 1, warmup: 50, draws: 400, signal });
}

/** Takes at least so many milliseconds per gradient. */
function slowed(target: LogDensity, milliseconds: number): LogDensity {
  return {
    ...target,
    logDensityAndGradient(x, gradient) {
      for (const end = performance.now() + milliseconds; performance.now() < end; );
      return target.logDensityAndGradient(x, gradient);
    },
  };
}

test("progress: in order, complete, at most ten a second and chain", async () => {
  const events: ProgressEvent[] = [];
  const begin = performance.now();
  const onProgress = (event: ProgressEvent) => void events.push(event);
  const run = await sample(slowed(normal, 0.3), { seed: 1, chains: 2, warmup: 150, draws: 150, onProgress });
  const seconds = (performance.now() - begin) / 1000;
  for (const chain of [0, 1]) {
    const own = events.filter((event) => event.chain === chain);
    expect(own.length).toBeGreaterThan(2);
    expect(own.length).toBeLessThan(10 * seconds + 3);
    expect(own.every((event, k) => k === 0 || event.iteration >= own[k - 1]!.iteration)).toBe(true);
    expect(own.at(-1)).toMatchObject({
      iteration: 300,
      iterations: 300,
      isDone: true,
      isWarmup: false,
      secondsLeft: 0,
    });
    expect(own.at(-1)!.gradients).toBe(run.chains[chain]!.gradients);
    expect(own[1]!.secondsLeft).toBeGreaterThan(0);
  }
});

test.each(["sequential", "vectorized"] as const)("abort keeps the draws so far and stops soon, %s", async (method) => {
  const controller = new AbortController();
  const whole = await sample(normal, { seed: 2, chains: 1, warmup: 50, draws: 400 });
  let evaluations = 0;
  let abortedAt = 0;
  const aborting: LogDensity = {
    ...normal,
    logDensityAndGradient(x, gradient) {
      if (++evaluations === 2000) {
        // From outside, as a user would: while chains run, at a turn of the event loop.
        setTimeout(() => {
          abortedAt = performance.now();
          controller.abort();
        });
      }
      return slow.logDensityAndGradient(x, gradient);
    },
  };
  const slow = slowed(normal, 0.1);
  const run = await sample(aborting, {
    seed: 2,
    chains: 2,
    warmup: 50,
    draws: 1e6,
    method,
    signal: controller.signal,
    keepDraws: false,
    sink: { write: () => undefined },
  });
  expect(performance.now() - abortedAt).toBeLessThan(250);
  expect(run.status).toBe("aborted");
  expect(run.warnings.at(-1)!.code).toBe("aborted");
  const { size, draws, statistics } = (await stopsAfter(900)).chains[0]!;
  expect(size).toBeGreaterThan(100);
  expect(size).toBeLessThan(400);
  expect(draws).toEqual(whole.chains[0]!.draws.subarray(0, 2 * size));
  expect(statistics.energy.length).toBe(size);
});

test("a signal that is aborted already gives an empty run", async () => {
  const run = await sample(normal, { signal: AbortSignal.abort() });
  expect(run.status).toBe("aborted");
  expect(run.unconstrained()).toMatchObject({ chains: 4, draws: 0 });
});

test("a sink gets every draw once; nothing is kept when that is not wanted", async () => {
  const options = { seed: 3, chains: 2, warmup: 50, draws: 500 };
  const blocks: DrawBlock[] = [];
  const sink = {
    async write(block: DrawBlock) {
      await Promise.resolve();
      blocks.push(block);
    },
  };
  const whole = await sample(normal, options);
  const run = await sample(slowed(normal, 0.15), { ...options, sink, keepDraws: false });
  expect(run.chains[0]!.size).toBe(0);
  expect(blocks.length).toBeGreaterThan(2);
  for (const chain of [0, 1]) {
    const own = blocks.filter((block) => block.chain === chain);
    const positions = own.flatMap((block) => Array.from(block.positions));
    const energies = own.flatMap((block) => Array.from(block.statistics.energy));
    expect(positions).toEqual(Array.from(whole.chains[chain]!.draws));
    expect(energies).toEqual(Array.from(whole.chains[chain]!.statistics.energy));
    expect(own.map(({ firstDraw }) => firstDraw)).toEqual(
      own.map((_, k) => own.slice(0, k).reduce((n, b) => n + b.positions.length / 2, 0)),
    );
  }
});

test("thinning keeps every n-th draw of the same chain", async () => {
  const options = { seed: 4, chains: 1, warmup: 50, draws: 90 };
  const all = (await sample(normal, options)).chains[0]!;
  const thinned = (await sample(normal, { ...options, thinning: 4 })).chains[0]!;
  expect(thinned.size).toBe(22);
  for (let n = 0; n < 22; n++) expect(thinned.draws[2 * n]).toBe(all.draws[2 * (4 * n + 3)]);
});

test("statistics of every draw are there and agree with each other", async () => {
  const run = await sample(normal, { seed: 5, chains: 1, warmup: 200, draws: 300, stepSizeJitter: 0.1 });
  const { statistics, draws, stepSize, gradients, warmupGradients } = run.chains[0]!;
  expect(Object.keys(statistics)).toEqual([...STATISTICS]);
  for (let n = 0; n < 300; n++) {
    expect(statistics.logDensity[n]).toBe(normal.logDensity(draws.subarray(2 * n, 2 * n + 2)));
    expect(statistics.energy[n]! + statistics.logDensity[n]!).toBeGreaterThanOrEqual(0);
    expect(statistics.leapfrogs[n]).toBeGreaterThanOrEqual(2 ** (statistics.treeDepth[n]! - 1));
    expect(statistics.leapfrogs[n]).toBeLessThan(2 ** (statistics.treeDepth[n]! + 1));
    expect(Math.abs(statistics.indexInTrajectory[n]!)).toBeLessThanOrEqual(statistics.leapfrogs[n]!);
    expect(Math.abs(statistics.maxEnergyError[n]!)).toBeGreaterThanOrEqual(Math.abs(statistics.energyError[n]!));
    expect(statistics.acceptRateSymmetric[n]).toBeLessThanOrEqual(2 * statistics.acceptRate[n]!);
    expect(Math.abs(statistics.stepSize[n]! / stepSize - 1)).toBeLessThanOrEqual(0.1 + 1e-12);
  }
  expect(new Set(statistics.stepSize).size).toBe(300);
  expect(statistics.leapfrogs.reduce((a, b) => a + b)).toBe(gradients - warmupGradients);
});

describe("tree depth", () => {
  test("has a limit of its own in warmup, and says when it is met", async () => {
    const wide = independentNormals([1, 1000]);
    const options = { seed: 6, chains: 1, warmup: 20, draws: 50, metric: "unit" as const };
    const run = await sample(wide, { ...options, maxTreeDepth: 5, maxTreeDepthWarmup: 3 });
    expect(Math.max(...run.statistic("treeDepth"))).toBe(5);
    // 7 leapfrogs per iteration at most, and the search for a step size.
    expect(run.chains[0]!.warmupGradients).toBeLessThan(20 * 7 + 30);
    expect(run.warnings.map(({ code }) => code)).toContain("tree-depth");
    expect(run.chains[0]!.saturated).toBeGreaterThan(0);
  });
});

test("a profile that Chrome DevTools opens, and any other profiler", async () => {
  const folder = mkdtempSync(join(tmpdir(), "siegert-nuts-"));
  const path = join(folder, "run.cpuprofile");
  await sample(normal, { seed: 7, chains: 1, warmup: 100, draws: 100, profile: fileProfiler(path) });
  const written = JSON.parse(readFileSync(path, "utf8")) as {
    nodes: unknown[];
    samples: number[];
    timeDeltas: number[];
  };
  expect(written.nodes.length).toBeGreaterThan(1);
  expect(written.samples.length).toBe(written.timeDeltas.length);
  rmSync(folder, { recursive: true });
  const calls: string[] = [];
  const own = { start: () => void calls.push("start"), stop: () => void calls.push("stop") };
  await sample(normal, { seed: 7, chains: 1, warmup: 10, draws: 10, profile: own });
  expect(calls).toEqual(["start", "stop"]);
});

test("100 000 draws that are not kept leave the heap flat", { timeout: 60_000 }, () => {
  const script = `
    import { sample } from ${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)};
    import { independentNormals } from ${JSON.stringify(new URL("./models/normals.ts", import.meta.url).href)};
    const heap = () => { gc(); return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers; };
    const target = independentNormals(Array(20).fill(1));
    const run = (draws) => sample(target, { seed: 1, chains: 1, warmup: 100, draws, keepDraws: false, sink: { write() {} } });
    await run(30000);
    const before = heap();
    await run(100000);
    console.log(heap() - before);`;
  const flags = [
    "--conditions=@siegert/source",
    "--no-warnings",
    "--expose-gc",
    "--input-type=module-typescript",
    "-e",
    script,
  ];
  const grown = Number(execFileSync(process.execPath, flags, { encoding: "utf8", cwd: import.meta.dirname }));
  expect(grown).toBeLessThan(1e6);
});
