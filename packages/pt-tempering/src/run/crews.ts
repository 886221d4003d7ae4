import type { ReplicaProblem } from "@siegert/log-density";
import type { Pool } from "@siegert/workers";
import { must } from "../must.ts";
import { LocalCrew } from "../round/local-crew.ts";
import type { Crew } from "../round/segment.ts";
import { ThreadCrew } from "../round/thread-crew.ts";
import { isPortableProblem, type TemperedProblem } from "./instantiate-problem.ts";
import type { TemperingExecutor, TemperingRuntime } from "./options.ts";

/** How many threads explored last, and why. */
export interface ThreadChoice {
  readonly threads: number;
  readonly reason: string;
}

const SCAN_TIMEOUT_MS = 600_000;
/** Seconds per scan from which on threads gain: meeting costs them some 10 µs per scan. */
const WORTH_SCAN = 100e-6;
/** Seconds of work left from which on threads gain: starting one takes about 40 ms. */
const WORTH_REST = 0.5;
/** A round tells the pace when it has as many scans, or takes as long in s: shorter ones pay for compilation. */
const TELLING_SCANS = 8;
const TELLING_SECONDS = 0.5;
/** And at least so long that the clock can tell. */
const LEAST_SECONDS = 0.01;

/** Chooses who explores, round by round: this thread, or a crew of threads. */
export class Crews {
  choice: ThreadChoice = { threads: 1, reason: "Nothing was explored." };
  readonly #problem: TemperedProblem;
  readonly #runtime: TemperingRuntime;
  readonly #local: LocalCrew;
  #threaded: ThreadCrew | undefined;
  #pool: Pool | undefined;
  #secondsPerScan: number | undefined;

  /** @throws {InvalidArgumentError} for threads that the problem or the executor does not allow. */
  constructor(problem: TemperedProblem, instance: ReplicaProblem, runtime: TemperingRuntime) {
    const { threads = "auto", executor } = runtime;
    if (threads !== "auto" && threads > 1) {
      must(
        isPortableProblem(problem),
        "problem",
        'be portable to run on several threads, because closures do not travel: give { kind: "module", module: "a package ' +
          'or an absolute URL", export: "name of a function that makes the problem", argument }',
        problem,
      );
      const isEnough = !executor || executor.size >= threads;
      must(isEnough, "options.executor", `run ${threads} tasks at once`, executor?.size);
    }
    this.#problem = problem;
    this.#runtime = runtime;
    this.#local = new LocalCrew(instance, runtime.signal);
  }

  /** Who explores a round. */
  async forRound(round: number, rounds: number, replicas: number): Promise<Crew> {
    this.choice = await this.#choose(2 ** (rounds + 1) - 2 ** (round + 1), replicas);
    const { threads } = this.choice;
    if (threads === 1) return this.#local;
    if (this.#threaded?.threads !== threads) this.#threaded = await this.#newCrew(threads);
    return this.#threaded;
  }

  /** Takes how long a round took. */
  learn(crew: Crew, seconds: number, scans: number): void {
    const isTelling = seconds >= LEAST_SECONDS && (scans >= TELLING_SCANS || seconds >= TELLING_SECONDS);
    if (crew.threads === 1 && isTelling)
      this.#secondsPerScan = Math.min(this.#secondsPerScan ?? Infinity, seconds / scans);
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await this.#local.close();
    await this.#pool?.close({ graceMs: 0 });
    this.#pool = undefined;
    this.#threaded = undefined;
  }

  async #choose(scansLeft: number, replicas: number): Promise<ThreadChoice> {
    const { threads = "auto", executor } = this.#runtime;
    const one = (reason: string): ThreadChoice => ({ threads: 1, reason });
    if (threads === 1) return one("One thread was asked for.");
    if (!isPortableProblem(this.#problem)) return one("The problem is not portable, so this thread explores.");
    const { canShare, createPool } = await import("@siegert/workers");
    if (!canShare()) return one("This host does not share memory between threads.");
    if (threads !== "auto") {
      const most = Math.min(threads, replicas);
      const reason = most < threads ? `There are only ${replicas} replicas.` : `${threads} threads were asked for.`;
      return { threads: most, reason };
    }
    const most = Math.min(executor?.size ?? createPool().size, replicas);
    if (most === 1) return one("There is one core.");
    if (this.#threaded) return this.choice;
    const pace = this.#secondsPerScan;
    if (pace === undefined) return one("So far too little was explored to tell how long a scan takes.");
    const scan = `A scan takes ${(pace * 1e6).toPrecision(2)} µs on one thread`;
    if (pace < WORTH_SCAN) return one(`${scan}, too little to share.`);
    if (pace * scansLeft < WORTH_REST) return one(`${scan}, and the rest less than half a second.`);
    return { threads: most, reason: `${scan}, so ${most} threads share the replicas.` };
  }

  async #newCrew(threads: number): Promise<ThreadCrew> {
    const { executor, scanTimeoutMs = SCAN_TIMEOUT_MS, signal } = this.#runtime;
    const problem = this.#problem;
    must(isPortableProblem(problem), "problem", "be portable to run on several threads", problem);
    const runner: TemperingExecutor = executor ?? (await this.#ownPool(threads));
    return new ThreadCrew({ problem, executor: runner, threads, scanTimeoutMs, signal });
  }

  async #ownPool(size: number): Promise<Pool> {
    const { createPool } = await import("@siegert/workers");
    this.#pool ??= createPool({ size });
    return this.#pool;
  }
}
