/** The levels problems as modules of other threads make them. */
import type { ReplicaGroup, ReplicaProblem } from "@siegert/log-density";
import { type Levels, levelsProblem } from "./levels.ts";

export { levelsProblem };

/** What breaks, and when. */
export interface Breakage {
  readonly levels: Levels;
  readonly kind: "statistic" | "throw" | "die" | "hang";
  readonly value?: number;
  /** Replica that breaks at its `step`-th exploration of a group. */
  readonly replica: number;
  readonly step: number;
  /** Shared count of breakages that are still to happen. */
  readonly left: Int32Array;
}

/** A levels problem that breaks once, or as often as `left` says. */
export function breakingProblem({ levels, kind, value, replica, step, left }: Breakage): ReplicaProblem {
  const sound = levelsProblem(levels);
  return {
    ...sound,
    createGroup(identity): ReplicaGroup {
      const group = sound.createGroup(identity);
      const place = identity.replicas.indexOf(replica);
      let steps = 0;
      return {
        ...group,
        explore(exploration) {
          group.explore(exploration);
          if (place < 0 || ++steps !== step || Atomics.sub(left, 0, 1) <= 0) return;
          if (kind === "statistic") exploration.statistics[place] = value!;
          if (kind === "throw") throw new RangeError("the model is broken");
          if (kind === "die") process.exit(3);
          if (kind === "hang") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000);
        },
      };
    },
  };
}
