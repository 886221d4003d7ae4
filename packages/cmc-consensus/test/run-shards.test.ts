import { InvalidArgumentError } from "@siegert/errors";
import { compileCount, instantiateCount } from "@siegert/log-density";
import { createPool } from "@siegert/workers";
import { expect, test } from "vitest";
import {
  type CmcOptions,
  type Executor,
  inProcessExecutor,
  isSuccess,
  memoryStore,
  planShards,
  poolExecutor,
  runShards,
  type ShardEvent,
  type ShardRun,
  ShardRunError,
  threadExecutor,
} from "../src/index.ts";
import { linearModel, SMALL } from "./models/linear-model.ts";
import { wasmModel } from "./models/wasm-model.ts";

const model = linearModel();
const plan = planShards(model, SMALL);
const inProcess = () => ({ executor: inProcessExecutor() });
const drawsOf = (run: ShardRun) =>
  run.posteriors.map(({ shard, values, logDensity }) => ({ shard, values, logDensity }));
const undisturbed = await runShards(model, plan, inProcess());

test("every shard gives its draws, what they were like, and where they come from", () => {
  expect(undisturbed.status).toBe("complete");
  expect([undisturbed.successRate, undisturbed.dataLost]).toEqual([1, 0]);
  expect(undisturbed.posteriors.map(({ shard }) => shard)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  for (const { values, logDensity, chains, draws, points } of undisturbed.posteriors) {
    expect([values.length, logDensity!.length, chains, draws, points]).toEqual([800, 400, 2, 200, 500]);
  }
  for (const report of undisturbed.reports) {
    const { rhat, essBulk, divergences, transitions, gradients, seconds, stepSizes, attempts } = report.diagnostics!;
    expect(isSuccess(report)).toBe(true);
    expect(rhat).toBeLessThan(1.1);
    expect(essBulk).toBeGreaterThan(100);
    expect([divergences, transitions, stepSizes.length, attempts.length]).toEqual([0, 400, 2, 1]);
    expect(gradients).toBeGreaterThan(400);
    expect(seconds).toBeGreaterThan(0);
  }
});

test("each shard's draws are of its own posterior: means within 5 standard errors of the exact ones", () => {
  for (const { shard, values, logDensity } of undisturbed.posteriors) {
    const target = model.shard(plan.lists.list(shard), plan.priorPower(shard));
    const { x, y } =
      target.kind === "module" ? (target.argument as { x: Float64Array; y: Float64Array }) : { x: [], y: [] };
    const sum = (of: (i: number) => number) => Array.from(x.keys()).reduce((total, i) => total + of(i), 0);
    const prior = 1 / 8 / 100;
    const [aa, ab, bb] = [x.length + prior, sum((i) => x[i]!), sum((i) => x[i]! ** 2) + prior];
    const [ya, yb] = [sum((i) => y[i]!), sum((i) => x[i]! * y[i]!)];
    const determinant = aa * bb - ab * ab;
    const mean = [(bb * ya - ab * yb) / determinant, (aa * yb - ab * ya) / determinant];
    const variance = [bb / determinant, aa / determinant];
    const { essBulk } = undisturbed.reports[shard]!.diagnostics!;
    for (const i of [0, 1]) {
      const average = values.reduce((total, value, k) => (k % 2 === i ? total + value : total), 0) / logDensity!.length;
      expect(Math.abs(average - mean[i]!) / Math.sqrt(variance[i]! / essBulk)).toBeLessThan(5);
    }
  }
});

test.each([1, 2])("%i threads give the draws of no threads, bit for bit", async (threads) => {
  const executor = await threadExecutor({ threads });
  const run = await runShards(model, plan, { executor });
  await executor.close!();
  expect(drawsOf(run)).toEqual(drawsOf(undisturbed));
});

test("the order of completion and the method of chains change no bit", async () => {
  const inner = inProcessExecutor();
  const bytes: (() => void)[] = [];
  // Holds all results back, and gives the last one first.
  const backwards: Executor = {
    size: 8,
    async run(task, options) {
      const result = await inner.run(task, options);
      await new Promise<void>((resolve) => {
        bytes.push(resolve);
        if (bytes.length === 8) for (const release of bytes.reverse()) release();
      });
      return result;
    },
  };
  const run = await runShards(model, plan, { executor: backwards });
  expect(run.events.filter(({ state }) => state === "done")[0]!.shard).not.toBe(0);
  expect(drawsOf(run)).toEqual(drawsOf(undisturbed));
  for (const chainMethod of ["vectorized", "sequential"] as const) {
    const other = planShards(model, { ...SMALL, perShardMcmc: { ...SMALL.perShardMcmc, chainMethod } });
    expect(drawsOf(await runShards(model, other, inProcess()))).toEqual(drawsOf(undisturbed));
  }
  const spare: Executor = { ...inner, chainThreads: 2 };
  expect(drawsOf(await runShards(model, plan, { executor: spare }))).toEqual(drawsOf(undisturbed));
  const nested = await threadExecutor({ threads: 1, chainThreads: 2 });
  expect(drawsOf(await runShards(model, plan, { executor: nested }))).toEqual(drawsOf(undisturbed));
  await nested.close!();
}, 30_000);

test("threads compile the module of all shards once each, and instantiate each target once", async () => {
  const wasm = wasmModel();
  const wasmPlan = planShards(wasm, { ...SMALL, sharding: { numShards: 12 } });
  const compiled = compileCount();
  const made = instantiateCount();
  const run = await runShards(wasm, wasmPlan, inProcess());
  expect(compileCount() - compiled).toBe(1);
  // The posterior and its preflight.
  expect(instantiateCount() - made).toBe(2 * 12);
  const pool = createPool({ size: 2 });
  const threaded = await runShards(wasm, wasmPlan, { executor: poolExecutor(pool) });
  expect(drawsOf(threaded)).toEqual(drawsOf(run));
  expect(pool.statistics).toMatchObject({ tasksRun: 12, workersStarted: 2, moduleLoads: 2 });
  const module = new URL("./models/compile-count.ts", import.meta.url);
  const counts = await Promise.all([0, 1].map(() => pool.run<number>({ module, export: "count" })));
  expect(counts).toEqual([1, 1]);
  await pool.close();
});

test("there are no more threads than shards, and chains get the cores that are left", async () => {
  const single = await threadExecutor({ shards: 1 });
  expect(single.size).toBe(1);
  expect(single.chainThreads).toBe(createPool().size);
  await single.close!();
  const many = await threadExecutor({ shards: 1000 });
  expect([many.size, many.chainThreads]).toEqual([createPool().size, 1]);
  await many.close!();
});

test("events tell every change of state, and guess the time that is left", () => {
  const { events } = undisturbed;
  expect(events.map(({ state }) => state)).toEqual([
    ...Array<string>(8).fill("queued"),
    ...Array.from({ length: 8 }, () => ["running", "done"]).flat(),
  ]);
  const done = events.filter(({ state }) => state === "done");
  expect(done.map(({ finished }) => finished)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(done.map(({ runSecondsLeft }) => runSecondsLeft > 0)).toEqual([...Array<boolean>(7).fill(true), false]);
  expect(done.every(({ rhat, ess, fraction }) => rhat! < 1.1 && ess! > 100 && fraction === 1)).toBe(true);
});

test("while a shard runs it tells how far it is", async () => {
  const slow = linearModel({ points: 40, slowMs: 0.5 });
  const seen: ShardEvent[] = [];
  const slowPlan = planShards(slow, { ...SMALL, sharding: { numShards: 1 } });
  await runShards(slow, slowPlan, { ...inProcess(), onEvent: (event) => seen.push(event) });
  const running = seen.filter(({ state, fraction }) => state === "running" && fraction > 0);
  expect(running.length).toBeGreaterThan(2);
  const fractions = running.map(({ fraction }) => fraction);
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  expect(running.every(({ secondsLeft, runSecondsLeft }) => secondsLeft < 60 && runSecondsLeft < 60)).toBe(true);
});

test("the largest shard is begun first", async () => {
  const lists = [[0, 1], [2, 3, 4, 5], [6], [7, 8, 9]];
  const uneven = planShards(linearModel({ points: 10 }), { ...SMALL, sharding: { strategy: "given", lists } });
  const { events } = await runShards(linearModel({ points: 10 }), uneven, inProcess());
  expect(events.filter(({ state }) => state === "running").map(({ shard }) => shard)).toEqual([1, 3, 0, 2]);
});

/** A model some of whose shards, by number, have another target. */
function spoilt(
  bad: readonly number[],
  by: string,
  points = 4000,
): {
  readonly of: ReturnType<typeof linearModel>;
  readonly plan: (options: CmcOptions) => ReturnType<typeof planShards>;
} {
  const firsts = new Set<number>();
  const of = linearModel({ points, replace: (list) => (firsts.has(list[0]!) ? by : undefined) });
  return {
    of,
    plan(options) {
      const made = planShards(of, { ...SMALL, ...options });
      for (const shard of bad) firsts.add(made.lists.list(shard)[0]!);
      return made;
    },
  };
}

test("a shard that fails its preflight is left out when enough others are good", async () => {
  const { of, plan: planOf } = spoilt([3], "broken");
  const run = await runShards(of, planOf({ validation: { minSuccessRate: 0.8 } }), inProcess());
  expect(run.reports[3]).toMatchObject({ state: "failed", failure: { reason: "preflight" } });
  expect(run.reports[3]!.failure!.message).toContain("log density is NaN");
  expect(run.successRate).toBe(7 / 8);
  expect(run.dataLost).toBeCloseTo(1 / 8, 12);
  expect(run.posteriors.map(({ shard }) => shard)).toEqual([0, 1, 2, 4, 5, 6, 7]);
  expect(run.warnings.map(({ code }) => code)).toContain("data-lost");
});

test("without preflight, sampling itself finds no start", async () => {
  const { of, plan: planOf } = spoilt([0], "broken");
  const without = planOf({
    validation: { minSuccessRate: 0.5 },
    perShardMcmc: { ...SMALL.perShardMcmc, preflightPoints: 0 },
  });
  const run = await runShards(of, without, inProcess());
  expect(run.reports[0]!.failure!.reason).toBe("sampling");
});

test("too few good shards are an error that keeps everything", async () => {
  const { of, plan: planOf } = spoilt([3], "broken");
  const failed = await runShards(of, planOf({}), inProcess()).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(ShardRunError);
  const { reason, run, message } = failed as ShardRunError;
  expect(reason).toBe("success-rate");
  expect(message).toContain("7 of 8");
  expect(run.posteriors.length).toBe(7);
});

test("when more than half of the first ten fail the rest is not run", async () => {
  const { of, plan: planOf } = spoilt([0, 1, 2, 4, 6, 9], "broken");
  const failed = (await runShards(of, planOf({ sharding: { numShards: 40 } }), inProcess()).catch(
    (e: unknown) => e,
  )) as ShardRunError;
  expect(failed.reason).toBe("early-abort");
  const states = failed.run.reports.map(({ state }) => state);
  expect(states.filter((state) => state === "failed").length).toBe(6);
  expect(states.slice(12).every((state) => state === "queued")).toBe(true);
  const { of: other, plan: otherPlan } = spoilt([0, 1, 2, 4, 6], "broken");
  const run = await runShards(
    other,
    otherPlan({ sharding: { numShards: 40 }, validation: { minSuccessRate: 0.8 } }),
    inProcess(),
  );
  expect(run.posteriors.length).toBe(35);
});

test("shards that diverge are tried again, then filtered", async () => {
  const { of, plan: planOf } = spoilt([2], "divergent");
  const start = { position: [0, 0], jitter: 0 };
  const options: CmcOptions = {
    validation: { minSuccessRate: 0.5 },
    perShardMcmc: { ...SMALL.perShardMcmc, retries: 2 },
  };
  const run = await runShards(of, planOf(options), { ...inProcess(), warmStart: start });
  const report = run.reports[2]!;
  expect(report.state).toBe("filtered");
  expect(report.diagnostics!.divergenceRate).toBeGreaterThanOrEqual(0.3);
  expect(report.diagnostics!.attempts.map(({ targetAccept }) => targetAccept.toFixed(2))).toEqual([
    "0.80",
    "0.85",
    "0.90",
  ]);
  expect(run.filtered.map(({ shard }) => shard)).toEqual([2]);
  expect(run.posteriors.length).toBe(7);
});

test("doubtful shards are used, told, and do not count as good", async () => {
  const strict = planShards(model, { ...SMALL, validation: { minPerShardEss: 1e6, minSuccessRate: 0 } });
  const run = await runShards(model, strict, inProcess());
  expect(run.posteriors.length).toBe(8);
  expect(run.successRate).toBe(0);
  expect(run.reports[0]!.problems[0]).toMatch(/effective sample size is \d+, at least 1000000/);
  expect(run.warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(["doubtful", "success-rate"]));
});

test("a shard that takes too long is given up, on threads and without", async () => {
  const { of, plan: planOf } = spoilt([5], "endless");
  const options: CmcOptions = {
    perShardTimeout: 1.5,
    validation: { minSuccessRate: 0.5 },
    perShardMcmc: { ...SMALL.perShardMcmc, preflightPoints: 0 },
  };
  const executor = await threadExecutor({ threads: 2 });
  const run = await runShards(of, planOf(options), { executor });
  await executor.close!();
  expect(run.reports[5]!.failure!.reason).toBe("timeout");
  expect(run.posteriors.length).toBe(7);
  const slow = linearModel({ points: 8, slowMs: 1 });
  const slowPlan = planShards(slow, { ...options, perShardTimeout: 0.2, sharding: { numShards: 1 } });
  const failed = (await runShards(slow, slowPlan, inProcess()).catch((error: unknown) => error)) as ShardRunError;
  expect(failed.run.reports[0]!.failure!.reason).toBe("timeout");
}, 30_000);

test("a worker that falls silent is lost", async () => {
  const { of, plan: planOf } = spoilt([5], "endless");
  const options: CmcOptions = {
    heartbeatTimeout: 1,
    validation: { minSuccessRate: 0.5 },
    perShardMcmc: { ...SMALL.perShardMcmc, preflightPoints: 0 },
  };
  const executor = await threadExecutor({ threads: 2, reruns: 0 });
  const run = await runShards(of, planOf(options), { executor });
  await executor.close!();
  expect(run.reports[5]!.failure!.reason).toBe("heartbeat");
}, 30_000);

test("a signal stops the run; what was finished is kept and the rest follows to the same bits", async () => {
  const store = memoryStore();
  const stop = new AbortController();
  const onEvent = ({ state, finished }: ShardEvent) => {
    if (state === "done" && finished === 3) stop.abort();
  };
  const part = await runShards(model, plan, { ...inProcess(), store, signal: stop.signal, onEvent });
  expect(part.status).toBe("aborted");
  expect(part.posteriors.length).toBe(3);
  expect(part.warnings.map(({ code }) => code)).toContain("aborted");
  const whole = await runShards(model, plan, { ...inProcess(), store });
  expect(whole.events.filter(({ state }) => state === "reused").length).toBe(3);
  expect(whole.events.filter(({ state }) => state === "done").length).toBe(5);
  expect(drawsOf(whole)).toEqual(drawsOf(undisturbed));
  const again = await runShards(model, plan, { ...inProcess(), store });
  expect(again.events.filter(({ state }) => state === "reused").length).toBe(8);
  expect(drawsOf(again)).toEqual(drawsOf(undisturbed));
});

test("a warm start moves where chains begin, is required when asked for, and can be left unused", async () => {
  const warmStart = { position: [0.5, -1.5], covariance: [1e-3, -0.75e-3, -0.75e-3, 0.75e-3] };
  const warm = await runShards(model, plan, { ...inProcess(), warmStart });
  expect(drawsOf(warm)).not.toEqual(drawsOf(undisturbed));
  const gradients = (run: ShardRun) => run.reports.reduce((sum, { diagnostics }) => sum + diagnostics!.gradients, 0);
  expect(gradients(warm)).toBeLessThan(gradients(undisturbed));
  const unused = planShards(model, { ...SMALL, validation: { useWarmStart: false } });
  expect(drawsOf(await runShards(model, unused, { ...inProcess(), warmStart }))).toEqual(drawsOf(undisturbed));
  const required = planShards(model, { ...SMALL, validation: { requireWarmStart: true } });
  await expect(runShards(model, required, inProcess())).rejects.toThrow("options.warmStart");
});

test.each([
  [{ position: [0] }, "options.warmStart.position"],
  [{ position: [0, Number.NaN] }, "options.warmStart.position"],
  [{ position: [0, 0], covariance: [1, 0, 0] }, "options.warmStart.covariance"],
  [{ position: [0, 0], covariance: [1, 0, 0, -1] }, "options.warmStart.covariance"],
])("refuses the warm start %j", async (warmStart, message) => {
  await expect(runShards(model, plan, { ...inProcess(), warmStart })).rejects.toThrow(message);
});

test("a plan of another model and a target of another dimension are the caller's mistakes", async () => {
  await expect(runShards(linearModel({ points: 10 }), plan, inProcess())).rejects.toThrow(InvalidArgumentError);
  const local = { ...model, coordinates: ["a", "b", "c"] };
  await expect(runShards(local, planShards(local, SMALL), inProcess())).rejects.toThrow(
    "model.shard must give a target of dimension 3",
  );
  const closure = { ...model, shard: () => ({ kind: "module", module: "x", argument: () => 1 }) as const };
  await expect(runShards(closure, plan, inProcess())).rejects.toThrow("argument must be data that can travel");
});

test("every n-th draw is kept when memory asks for it", async () => {
  const thin = planShards(model, { ...SMALL, maxDrawBytes: 8 * 3 * 2 * 70 * 8 });
  expect(thin.thinning).toBe(3);
  const run = await runShards(model, thin, inProcess());
  const [whole, kept] = [undisturbed.posteriors[4]!, run.posteriors[4]!];
  expect([kept.draws, kept.values.length]).toEqual([66, 2 * 66 * 2]);
  for (const [chain, draw] of [
    [0, 0],
    [0, 65],
    [1, 0],
    [1, 65],
  ] as const) {
    const row = chain * 200 + 3 * draw + 2;
    expect(kept.values.slice(2 * (chain * 66 + draw), 2 * (chain * 66 + draw) + 2)).toEqual(
      whole.values.slice(2 * row, 2 * row + 2),
    );
    expect(kept.logDensity![chain * 66 + draw]).toBe(whole.logDensity![row]);
  }
});
