/** The draws of a seed are the same bits whatever the method, interruption or resumption. */
import { instantiateCount } from "@siegert/log-density";
import { createPool } from "@siegert/workers";
import { expect, test } from "vitest";
import { type RunState, resume, type SampleOptions, sample } from "../src/index.ts";
import { batchedNormals, independentNormals } from "./models/normals.ts";

const sd = [1, 10, 0.1, 3];
const target = independentNormals(sd);
const portable = (delay = 0) => ({
  kind: "module" as const,
  module: new URL("./models/normals.ts", import.meta.url).href,
  export: "portableNormals",
  argument: { sd, delay },
});
const options: SampleOptions = { seed: 5, chains: 3, warmup: 120, draws: 60 };

async function expected(more: SampleOptions = {}) {
  return (await sample(target, { ...options, method: "sequential", ...more })).unconstrained().values;
}

test("sequential, vectorized and parallel runs give the same bits", async () => {
  const draws = await expected();
  expect(draws.length).toBe(3 * 60 * 4);
  const vectorized = await sample(target, { ...options, method: "vectorized" });
  expect(vectorized.unconstrained().values).toEqual(draws);
  const parallel = await sample(portable(), { ...options, method: "parallel" });
  expect(parallel.unconstrained().values).toEqual(draws);
  expect(parallel.statistic("energy")).toEqual(vectorized.statistic("energy"));
  expect(parallel.chains.map((chain) => chain.metric)).toEqual(vectorized.chains.map((chain) => chain.metric));
});

test("a batched density gives them too, and no chain waits for another", async () => {
  const batched = batchedNormals(sd);
  const run = await sample(batched, { ...options, method: "vectorized" });
  expect(run.unconstrained().values).toEqual(await expected());
  // The longest chain decides how many batches there are: lock-step would need the sum of each iteration's longest
  // trajectory.
  expect(batched.sizes.length).toBe(Math.max(...run.chains.map((chain) => chain.gradients)));
  expect(batched.sizes.reduce((a, b) => a + b)).toBe(run.chains.reduce((sum, chain) => sum + chain.gradients, 0));
});

test("a chain draws the same alone or beside others; other seeds draw otherwise", async () => {
  const all = await sample(target, { ...options, method: "sequential" });
  const one = await sample(target, { ...options, chains: 1 });
  expect(one.chains[0]!.draws).toEqual(all.chains[0]!.draws);
  expect(all.chains[1]!.draws).not.toEqual(all.chains[0]!.draws);
  expect(await expected({ seed: 6 })).not.toEqual(await expected());
});

test.each(["sequential", "vectorized"] as const)("resumes from any checkpoint, %s", async (method) => {
  const states: string[] = [];
  const checkpoint = { everyMs: 0, save: (state: RunState) => void states.push(JSON.stringify(state)) };
  // A slow target, so that turns of the event loop come in the middle of warmup and of trajectories.
  let evaluations = 0;
  const slow = {
    ...target,
    logDensityAndGradient(x: Float64Array, gradient: Float64Array) {
      if (++evaluations % 50 === 0) for (const end = performance.now() + 6; performance.now() < end; );
      return target.logDensityAndGradient(x, gradient);
    },
  };
  await sample(slow, { ...options, method, checkpoint });
  const iterations = states.map((text) => (JSON.parse(text) as RunState).chains.map((chain) => chain.tally.iteration));
  expect(iterations.some((all) => all.some((one) => one > 0 && one < 120))).toBe(true);
  expect(iterations.some((all) => all.some((one) => one > 120 && one < 180))).toBe(true);
  const draws = await expected();
  const step = Math.max(1, Math.floor(states.length / 8));
  for (let k = 0; k < states.length; k += step) {
    const resumed = await resume(target, JSON.parse(states[k]!) as RunState);
    expect(resumed.status).toBe("complete");
    expect(resumed.unconstrained().values).toEqual(draws);
  }
});

test.each(["auto", "dense", "low-rank", "fisher-diagonal", "diagonal", "unit"] as const)(
  "resumes after any number of gradients with metric %s",
  async (metric) => {
    const chain = { ...options, chains: 1, metric };
    const whole = await sample(target, chain);
    const { gradients } = whole.chains[0]!;
    for (const share of [0, 0.01, 0.1, 0.2, 0.4, 0.6, 0.7, 0.9]) {
      const state = await stateAfter(Math.floor(share * gradients), chain);
      expect((await resume(target, state)).unconstrained().values).toEqual(whole.unconstrained().values);
    }
  },
);

/** State of a run that is told to stop after so many gradients, somewhere in an iteration. */
async function stateAfter(gradients: number, settings: SampleOptions): Promise<RunState> {
  const signal = { aborted: gradients === 0 };
  let evaluations = 0;
  const stopping = {
    ...target,
    logDensityAndGradient(x: Float64Array, gradient: Float64Array) {
      if (++evaluations === gradients) signal.aborted = true;
      return target.logDensityAndGradient(x, gradient);
    },
  };
  const run = await sample(stopping, { ...settings, signal });
  expect(run.status).toBe("aborted");
  return JSON.parse(JSON.stringify(run.state())) as RunState;
}

test("extend gives what a longer run gives", async () => {
  const run = await sample(target, { ...options, draws: 25 });
  const longer = await run.extend(35);
  expect(longer.unconstrained().values).toEqual(await expected());
  expect(run.chains[0]!.size).toBe(25);
});

test("parallel: checkpoints, progress, a sink; resumed elsewhere to the same bits", async () => {
  const states: RunState[] = [];
  const firsts: number[][] = [[], [], []];
  const done = new Set<number>();
  const run = await sample(portable(0.05), {
    ...options,
    method: "parallel",
    checkpoint: { everyMs: 50, save: (state) => void states.push(structuredClone(state)) },
    sink: { write: ({ chain, firstDraw }) => void firsts[chain]!.push(firstDraw) },
    onProgress: (event) => event.isDone && done.add(event.chain),
  });
  const draws = await expected();
  expect(run.unconstrained().values).toEqual(draws);
  expect([...done].sort()).toEqual([0, 1, 2]);
  expect(firsts.every((list) => list[0] === 0)).toBe(true);
  expect(states.length).toBeGreaterThan(2);
  expect((await resume(target, states[Math.floor(states.length / 2)]!)).unconstrained().values).toEqual(draws);
});

test("parallel: abort keeps the draws so far, and the run can be resumed", async () => {
  const controller = new AbortController();
  const run = await sample(portable(1), {
    ...options,
    chains: 2,
    method: "parallel",
    signal: controller.signal,
    onProgress: ({ iteration }) => iteration > 130 && controller.abort(),
  });
  expect(run.status).toBe("aborted");
  const most = Math.max(...run.chains.map(({ size }) => size));
  expect(most).toBeGreaterThan(5);
  expect(most).toBeLessThan(60);
  const draws = (await expected()).subarray(0, 2 * 60 * 4);
  expect((await resume(target, run.state())).unconstrained().values).toEqual(draws);
});

test("parallel: chains that still wait for a thread when the run is stopped lose nothing to the others", async () => {
  const controller = new AbortController();
  const pool = createPool({ size: 1 });
  try {
    const run = await sample(portable(1), {
      ...options,
      chains: 3,
      method: "parallel",
      executor: pool,
      signal: controller.signal,
      onProgress: ({ iteration }) => iteration > 130 && controller.abort(),
    });
    expect(run.status).toBe("aborted");
    const drawn = run.chains.filter(({ size }) => size > 0).length;
    expect(drawn).toBeGreaterThan(0);
    expect(drawn).toBeLessThan(3);
    const { chains, draws, values } = run.unconstrained();
    const most = Math.max(...run.chains.map(({ size }) => size));
    expect(chains * draws).toBeGreaterThanOrEqual(most);
    expect(values.length).toBe(chains * draws * 4);
    expect(run.statistic("energy").length).toBe(chains * draws);
    expect((await resume(target, run.state())).unconstrained().values).toEqual(await expected());
  } finally {
    await pool.close();
  }
});

test("a worker that dies is replaced, and the draws and the sink's blocks are the same", async () => {
  const pool = createPool({ size: 1 });
  const blocks: number[] = [];
  let killed = false;
  const run = await sample(portable(0.1), {
    ...options,
    chains: 1,
    method: "parallel",
    executor: pool,
    sink: {
      async write({ firstDraw, statistics }) {
        blocks.push(firstDraw, statistics.stepSize.length);
        if (killed) return;
        killed = true;
        await pool.killWorker(0);
      },
    },
  });
  await pool.close();
  expect(pool.statistics.reruns).toBe(1);
  expect(run.unconstrained().values).toEqual((await expected()).subarray(0, 60 * 4));
  // First and number of draws: without gaps and without repetition.
  for (let k = 2; k < blocks.length; k += 2) expect(blocks[k]).toBe(blocks[k - 2]! + blocks[k - 1]!);
});

test("the target is made once per thread and run", async () => {
  const before = instantiateCount();
  await sample(portable(), { ...options, method: "sequential" });
  expect(instantiateCount() - before).toBe(1);
});
