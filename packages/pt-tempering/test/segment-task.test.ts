import { expect, test } from "vitest";
import type { SegmentTaskArgument } from "../src/round/segment-message.ts";
import { MeetingControl } from "../src/round/shared-meeting.ts";
import { run } from "../src/segment-task.ts";
import { ISING_4X4 } from "./problems/golden.ts";
import { problemModule } from "./problems/problem-module.ts";

function argumentOf(control: MeetingControl): SegmentTaskArgument {
  const shared = (length: number) => new Float64Array(new SharedArrayBuffer(8 * length));
  return {
    key: "test",
    problem: { kind: "module", module: problemModule, export: "discreteProblem", argument: ISING_4X4 },
    plan: {
      seed: 1,
      round: 0,
      firstScan: 0,
      scans: 2,
      copies: 1,
      schedules: [Float64Array.of(0, 1)],
      draws: undefined,
      highest: undefined,
    },
    memory: { trace: shared(4), tallies: shared(2), draws: shared(0) },
    chainOf: Int32Array.of(0, 1),
    states: { replicas: undefined, tuning: undefined, finished: undefined },
    isFirst: true,
    first: 0,
    end: 1,
    chains: 2,
    threads: 2,
    control: control.cells,
    startTimeoutMs: 30,
    scanTimeoutMs: 1000,
  };
}

const context = {
  heartbeat() {},
  nextTurn: () => new Promise<void>((resolve) => setTimeout(resolve, 1)),
  signal: { aborted: false },
};

test("a thread that stays alone says so, and sends home whoever comes later", async () => {
  const control = new MeetingControl();
  await expect(run(argumentOf(control), context)).rejects.toThrow("only 1 of 2 threads came up in 30 ms");
  expect(control.isGivenUp).toBe(true);
});

test("a thread that is told to stop before the others have come stops", async () => {
  const control = new MeetingControl();
  const running = run({ ...argumentOf(control), startTimeoutMs: 10_000 }, context);
  setTimeout(() => control.stop(), 5);
  expect(await running).toEqual({ kind: "stopped" });
});

test("two tasks on one thread are noticed, for they could only wait for each other", async () => {
  const control = new MeetingControl();
  const argument = { ...argumentOf(control), startTimeoutMs: 10_000 };
  const outcomes = await Promise.all([run(argument, context), run({ ...argument, first: 1, end: 2 }, context)]);
  expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(["crowded", "stopped"]);
});
