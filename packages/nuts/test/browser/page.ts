/** The page of browser.test.ts: runs this package's test files by vitest's own runner, then the runs to compare. */
import { startTests } from "vitest/internal/browser";
import { type ComparedRuns, comparedRuns } from "./compared-runs.ts";

/** Files that need nothing of Node. */
const files: Readonly<Record<string, () => Promise<unknown>>> = {
  "adaptation.test.ts": () => import("../adaptation.test.ts"),
  "calibration.test.ts": () => import("../calibration.test.ts"),
  "faults.test.ts": () => import("../faults.test.ts"),
  "kernel.test.ts": () => import("../kernel.test.ts"),
  "moments.test.ts": () => import("../moments.test.ts"),
  "plan.test.ts": () => import("../plan.test.ts"),
  "same-draws.test.ts": () => import("../same-draws.test.ts"),
};

/** What became of the tests of one file. */
export interface FileReport {
  readonly name: string;
  readonly passed: number;
  /** Name and message of what did not pass. */
  readonly failed: readonly string[];
}

export interface PageReport {
  readonly files: readonly FileReport[];
  readonly runs: ComparedRuns;
}

/** The part of a suite or test that is read here. */
interface Task {
  readonly name: string;
  readonly tasks?: readonly Task[];
  readonly result?: { readonly state: string; readonly errors?: readonly { readonly message: string }[] };
}

/** What vitest's runner and `expect` look up, with the defaults of its configuration. */
const config = {
  root: "/",
  name: "",
  setupFiles: [],
  passWithNoTests: false,
  allowOnly: true,
  sequence: { shuffle: false, concurrent: false, seed: 1, hooks: "stack", setupFiles: "parallel" },
  maxConcurrency: 5,
  testTimeout: 60_000,
  hookTimeout: 10_000,
  retry: 0,
  includeTaskLocation: false,
  tags: [],
  expect: {},
};

async function testReports(): Promise<FileReport[]> {
  const state = { config, ctx: { config }, environment: { name: "browser" }, filepath: "", rpc: {}, metaEnv: {} };
  Object.assign(globalThis, { __vitest_worker__: state });
  const runner = {
    config,
    pool: "browser",
    importFile: (path: string) => files[path.slice(1)]!(),
  };
  const specs = Object.keys(files).map((name) => ({ filepath: `/${name}`, testLocations: undefined }));
  const ended = await startTests(
    specs as unknown as Parameters<typeof startTests>[0],
    runner as unknown as Parameters<typeof startTests>[1],
  );
  return (ended as readonly Task[]).map(({ name, ...file }) => {
    const tasks = flatten({ name, ...file });
    const failed = tasks.filter(({ tasks: inner, result }) =>
      inner ? result?.errors?.length : result?.state !== "pass",
    );
    return {
      name,
      passed: tasks.filter(({ tasks: inner, result }) => !inner && result?.state === "pass").length,
      failed: failed.map((one) => `${one.name}: ${one.result?.errors?.map(({ message }) => message).join("; ")}`),
    };
  });
}

function flatten(task: Task): Task[] {
  return [task, ...(task.tasks ?? []).flatMap(flatten)];
}

export async function pageReport(): Promise<PageReport> {
  return { files: await testReports(), runs: await comparedRuns() };
}
