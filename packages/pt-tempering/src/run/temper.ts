import type { ReplicaProblem } from "@siegert/log-density";
import { Ladder } from "../ladder/ladder.ts";
import { mustCount } from "../must.ts";
import { MOST_ROUNDS } from "../swap/swap-uniforms.ts";
import { searchChains } from "./chain-search.ts";
import { checkRoom } from "./check-room.ts";
import { Crews } from "./crews.ts";
import { instantiateProblem, type TemperedProblem } from "./instantiate-problem.ts";
import { firstPosition, nextRound } from "./next-round.ts";
import type { TemperingOptions, TemperingRuntime } from "./options.ts";
import { checkRuntime, resolveOptions } from "./resolve-options.ts";
import type { RoundRecord } from "./run-round.ts";
import { type TemperingRun, temperingRun } from "./tempering-run.ts";
import { packState, type RunPosition, type RunSettings, type TemperingState, unpackState } from "./tempering-state.ts";

/**
 * Non-reversible parallel tempering (Syed, Bouchard-Côté, Deligiannidis & Doucet 2021, 10.1111/rssb.12464): rounds of
 * 2, 4, 8, … scans, each an exploration step of every replica and a pass of even or odd exchanges; between rounds the
 * ladder is tuned to equal rejection, and exploration learns. The last round is the result. It depends on the problem,
 * the seed and the options that say what is run, not on threads, interruptions or resumptions.
 * @throws {InvalidArgumentError} for options that are none, before any work.
 * @throws {TemperingError} when exploration throws or gives no statistic, or threads are lost for good.
 */
export async function temper(problem: TemperedProblem, options: TemperingOptions = {}): Promise<TemperingRun> {
  checkRuntime(options);
  const instance = await instantiateProblem(problem);
  const { settings, schedules, search } = resolveOptions(instance, options);
  const crews = new Crews(problem, instance, options);
  const parts = { problem, instance, crews };
  // With the ladder to begin with, so that a search is not in vain.
  checkRoom(settings, new Ladder(schedules), instance.dim);
  if (!search) return carryOut(parts, settings, firstPosition(schedules, settings.copies), options);
  const found = await searchChains(instance, schedules[0]!, { ...search, settings, runtime: options, crews }).catch(
    async (error: unknown) => {
      await crews.close();
      throw error;
    },
  );
  const position = { ...firstPosition([found.betas], settings.copies), chainSearch: found.probes };
  return carryOut(parts, settings, position, options);
}

/**
 * Goes on from a state, to the bits that the run would have given had it not stopped.
 * @throws {InvalidArgumentError} for a state that is none.
 * @throws {TemperingError} as `temper`.
 */
export async function resumeTempering(
  problem: TemperedProblem,
  state: TemperingState,
  runtime: TemperingRuntime = {},
): Promise<TemperingRun> {
  checkRuntime(runtime);
  const { settings, position } = unpackState(state);
  const instance = await instantiateProblem(problem);
  const crews = new Crews(problem, instance, runtime);
  return carryOut({ problem, instance, crews }, settings, position, runtime);
}

/** A problem and who explores it. */
interface RunTools {
  readonly problem: TemperedProblem;
  readonly instance: ReplicaProblem;
  readonly crews: Crews;
}

async function carryOut(
  { problem, instance, crews }: RunTools,
  settings: RunSettings,
  start: RunPosition,
  runtime: TemperingRuntime,
): Promise<TemperingRun> {
  checkRoom(settings, new Ladder(start.schedules), instance.dim);
  let position = start;
  let record: RoundRecord | undefined;
  try {
    while (position.round < settings.rounds && !runtime.signal?.aborted) {
      const done = await nextRound(instance, settings, position, { crews, runtime, phase: "rounds" });
      if (!done) break;
      ({ position, record } = done);
      await runtime.checkpoint?.save(packState(settings, position));
    }
  } finally {
    await crews.close();
  }
  return temperingRun({
    problem: instance,
    settings,
    position,
    record,
    threadChoice: crews.choice,
    async extend(rounds, more = {}) {
      mustCount("rounds", rounds, 1, MOST_ROUNDS - settings.rounds);
      const longer = { ...settings, rounds: settings.rounds + rounds };
      // A signal that has stopped this run does not stop the next.
      const { signal: _, ...kept } = runtime;
      const together: TemperingRuntime = { ...kept, ...more };
      checkRuntime(together);
      const fresh = new Crews(problem, instance, together);
      return carryOut({ problem, instance, crews: fresh }, longer, position, together);
    },
  });
}
