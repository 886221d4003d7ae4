import { createHash } from "node:crypto";
import type { PortableReplicaProblem } from "@siegert/log-density";
import { createInProcessExecutor, createPool } from "@siegert/workers";
import { describe, expect, test } from "vitest";
import {
  resumeTempering,
  type TemperingOptions,
  type TemperingRun,
  type TemperingRuntime,
  type TemperingState,
  temper,
} from "../src/index.ts";
import { ISING_4X4, SPIN_GLASS } from "./problems/golden.ts";
import { type Breakage, problemModule } from "./problems/problem-module.ts";

const problem: PortableReplicaProblem = {
  kind: "module",
  module: problemModule,
  export: "discreteProblem",
  argument: { ...SPIN_GLASS, refresh: 0.3 },
};

const OPTIONS: TemperingOptions = {
  chains: 5,
  maxBeta: 2,
  rounds: 8,
  seed: 11,
  copies: 2,
  optimise: true,
  trace: true,
  draws: { chains: "all", thinning: 3 },
};

/** Everything that a run found, but for how long it took and on how many threads. */
function hashOf(run: TemperingRun): string {
  const isTime = (key: string) => key === "seconds" || key === "threads";
  const text = JSON.stringify(run.state(), (key, value) => (isTime(key) ? undefined : value));
  const hash = createHash("sha256").update(text).update(run.indexTrace!.chains);
  for (let chain = 0; chain < run.chains; chain++) {
    hash.update(run.draws(chain).values).update(run.draws(chain).statistics).update(run.energies(chain));
  }
  return hash.digest("hex");
}

const whole = temper(problem, { ...OPTIONS, threads: 1 });

describe("the same bits", () => {
  test.each([2, 3])("from %i threads as from one", async (threads) => {
    const run = await temper(problem, { ...OPTIONS, threads });
    expect(run.threadChoice.threads).toBe(threads);
    expect(hashOf(run)).toBe(hashOf(await whole));
  });

  test("from an executor of one's own, which stays open", async () => {
    const executor = createPool({ size: 3 });
    const run = await temper(problem, { ...OPTIONS, threads: 2, executor });
    expect(executor.isClosed).toBe(false);
    expect(hashOf(run)).toBe(hashOf(await whole));
    await executor.close();
  });

  test("after resuming from the state of every round, through JSON, on other threads", async () => {
    const states: string[] = [];
    await temper(problem, { ...OPTIONS, checkpoint: { save: (state) => void states.push(JSON.stringify(state)) } });
    expect(states.length).toBe(8);
    for (const [round, text] of states.slice(0, 7).entries()) {
      const run = await resumeTempering(problem, JSON.parse(text) as TemperingState, { threads: 1 + (round % 3) });
      expect(hashOf(run)).toBe(hashOf(await whole));
    }
  });

  test("after a stop in the middle of a round", async () => {
    for (const threads of [1, 2]) {
      const stop = new AbortController();
      const slow = { ...problem, export: "slowProblem", argument: { path: problem.argument, ms: 1 } };
      const stopped = await temper(slow, {
        ...OPTIONS,
        threads,
        signal: stop.signal,
        onProgress: ({ round, scan, scans }) => {
          if (round === 7 && scan > 0 && scan < scans) stop.abort();
        },
      });
      expect(stopped.status).toBe("aborted");
      expect(stopped.rounds.length).toBe(7);
      expect(stopped.last!.scans).toBe(128);
      const run = await resumeTempering(problem, JSON.parse(JSON.stringify(stopped.state())) as TemperingState);
      expect(hashOf(run)).toBe(hashOf(await whole));
    }
  });

  test("after extending a shorter run, which stays as it was", async () => {
    const short = await temper(problem, { ...OPTIONS, rounds: 5 });
    const before = hashOf(short);
    const run = await short.extend(3, { threads: 2 });
    expect(hashOf(run)).toBe(hashOf(await whole));
    expect(hashOf(short)).toBe(before);
    expect(hashOf(await short.extend(3))).toBe(hashOf(run));
  });

  test("of the search for the number of chains", async () => {
    const options = { chains: "auto", rounds: 5, trace: true, draws: { chains: "all" } } as const;
    const one = await temper(problem, { ...options, threads: 1 });
    expect(one.chainSearch!.length).toBeGreaterThan(0);
    expect(hashOf(await temper(problem, { ...options, threads: 2 }))).toBe(hashOf(one));
  });

  test("after extending a run that was stopped, whose signal is forgotten", async () => {
    const stop = new AbortController();
    const stopped = await temper(problem, {
      ...OPTIONS,
      rounds: 6,
      signal: stop.signal,
      onRound: ({ round }) => round === 3 && stop.abort(),
    });
    expect(stopped.rounds.length).toBe(4);
    expect(hashOf(await stopped.extend(2))).toBe(hashOf(await whole));
  });

  test("but others from another seed", async () => {
    expect(hashOf(await temper(problem, { ...OPTIONS, seed: 12 }))).not.toBe(hashOf(await whole));
  });

  test("of a copy as without the others, but for the ladder they share", async () => {
    const options = { betas: [0, 0.3, 1], rounds: 6, seed: 2, draws: { chains: "all" } } as const;
    const one = await temper(problem, { ...options, copies: 1 });
    const three = await temper(problem, { ...options, copies: 3 });
    const { draws, values } = three.draws(1);
    expect(values.slice(0, draws)).toEqual(one.draws(1).values);
    expect(values.slice(draws, 2 * draws)).not.toEqual(one.draws(1).values);
  });
});

describe("when a thread breaks", () => {
  const breaking = (breakage: Omit<Breakage, "path" | "left">, times: number) => ({
    kind: "module" as const,
    module: problemModule,
    export: "breakingProblem",
    argument: {
      path: problem.argument,
      ...breakage,
      left: new Int32Array(new SharedArrayBuffer(4)).fill(times),
    },
  });

  test("by dying, the segment is run again, to the same bits", async () => {
    const broken = breaking({ kind: "die", replicas: [7], step: 5 }, 2);
    expect(hashOf(await temper(broken, { ...OPTIONS, threads: 2 }))).toBe(hashOf(await whole));
    expect(Atomics.load(broken.argument.left, 0)).toBeLessThanOrEqual(0);
  });

  test("by dying every time, the run ends with an error that says so", async () => {
    const broken = breaking({ kind: "die", replicas: [7], step: 5 }, 1000);
    await expect(temper(broken, { ...OPTIONS, threads: 2 })).rejects.toMatchObject({
      name: "TemperingError",
      reason: "threads",
      round: 2,
    });
  });

  test.each([1, 2, 3])("by throwing, the run ends with the cause, on %i threads", async (threads) => {
    const broken = breaking({ kind: "throw", replicas: [7], step: 9 }, 1);
    const error = await temper(broken, { ...OPTIONS, threads }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ name: "TemperingError", reason: "exploration", round: 2 });
    expect((error as Error).cause).toBeInstanceOf(RangeError);
    expect((error as Error).message).toContain("the model is broken");
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])(
    "by the statistic %d, the first replica of all is named",
    async (value) => {
      for (const threads of [1, 2, 3]) {
        const broken = breaking({ kind: "statistic", value, replicas: [3, 8], step: 9 }, 2);
        // Two of five chains in two groups on each thread: the groups break in the same scan.
        const run = temper(broken, { ...OPTIONS, threads });
        await expect(run).rejects.toMatchObject({
          name: "TemperingError",
          reason: "statistic",
          replica: 3,
          round: 2,
          scan: 2,
          statistic: value,
        });
        await expect(run).rejects.toThrow(/^Chain \d \(β = [\d.]+, replica 3\) got the statistic/);
      }
    },
  );

  test("by hanging, the others wait no longer than allowed", async () => {
    const broken = breaking({ kind: "hang", replicas: [7], step: 5 }, 1);
    await expect(temper(broken, { ...OPTIONS, threads: 2, scanTimeoutMs: 400 })).rejects.toMatchObject({
      reason: "threads",
    });
  });

  test("an executor that has one thread for all is refused, not waited for", async () => {
    const executor = createInProcessExecutor({ size: 2 });
    const run = temper(problem, { ...OPTIONS, threads: 2, executor });
    await expect(run).rejects.toMatchObject({ name: "InvalidArgumentError", argument: "options.executor" });
    await executor.close();
  });

  test("an error of the caller's own listener is rethrown as it is", async () => {
    const slow = { ...problem, export: "slowProblem", argument: { path: problem.argument, ms: 1 } };
    const runtime: TemperingRuntime = {
      onProgress({ round, scan, scans }) {
        if (round === 6 && scan < scans) throw new EvalError("mine");
      },
    };
    for (const threads of [1, 2]) {
      await expect(temper(slow, { ...OPTIONS, ...runtime, threads })).rejects.toThrow(EvalError);
    }
  });
});

describe("the number of threads", () => {
  test("is one for a problem that cannot travel, and for scans too short to share", async () => {
    const { discreteProblem } = await import("./problems/discrete-path.ts");
    const closure = await temper(discreteProblem(ISING_4X4), { rounds: 2 });
    expect(closure.threadChoice).toEqual({
      threads: 1,
      reason: "The problem is not portable, so this thread explores.",
    });
    const short = await temper(problem, { rounds: 9 });
    expect(short.threadChoice.threads).toBe(1);
    expect(short.threadChoice.reason).toMatch(/too little/);
  });

  test("grows by itself where scans are long, without a change in bits", async () => {
    const slow = { ...problem, export: "slowProblem", argument: { path: problem.argument, ms: 1 } };
    const executor = createPool({ size: 2 });
    const run = await temper(slow, { ...OPTIONS, executor });
    await executor.close();
    expect(run.threadChoice.threads).toBe(2);
    expect(run.rounds[0]!.threads).toBe(1);
    expect(hashOf(run)).toBe(hashOf(await whole));
  });

  test("cannot be more than one for a closure", async () => {
    const { discreteProblem } = await import("./problems/discrete-path.ts");
    await expect(temper(discreteProblem(ISING_4X4), { threads: 2 })).rejects.toMatchObject({ argument: "problem" });
  });
});
