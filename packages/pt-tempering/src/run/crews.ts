import type { ReplicaProblem } from "@siegert/log-density";
import { LocalCrew } from "../round/local-crew.ts";
import type { Crew } from "../round/segment.ts";
import type { TemperedProblem } from "./instantiate-problem.ts";
import type { TemperingRuntime } from "./options.ts";

/** How many threads explored, and why. */
export interface ThreadChoice {
  readonly threads: number;
  readonly reason: string;
}

/** Chooses who explores, round by round. */
export class Crews {
  choice: ThreadChoice = { threads: 1, reason: "The problem is not portable, so this thread explores." };
  readonly newArray: (length: number) => Float64Array = (length) => new Float64Array(length);
  readonly #local: LocalCrew;

  constructor(_problem: TemperedProblem, instance: ReplicaProblem, runtime: TemperingRuntime) {
    this.#local = new LocalCrew(instance, runtime.signal);
  }

  async forRound(_round: number, _rounds: number, _replicas: number): Promise<Crew> {
    return this.#local;
  }

  learn(_seconds: number, _scans: number): void {}

  async close(): Promise<void> {
    await this.#local.close();
  }
}
