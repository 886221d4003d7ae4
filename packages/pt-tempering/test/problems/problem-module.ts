/** Problems as modules of other threads make them. */
import type { ReplicaGroup, ReplicaProblem } from "@siegert/log-density";
import { type DiscretePath, discreteProblem } from "./discrete-path.ts";

export { discreteProblem };

/** What breaks, and when. */
export interface Breakage {
  readonly path: DiscretePath;
  readonly kind: "statistic" | "throw" | "die" | "hang";
  /** Statistic that is written instead. */
  readonly value?: number;
  /** Replicas that break at the `step`-th exploration of their group. */
  readonly replicas: readonly number[];
  readonly step: number;
  /** Breakages that are still to happen; shared between threads. */
  readonly left: Int32Array;
}

/** A discrete problem that breaks. */
export function breakingProblem({ path, kind, value, replicas, step, left }: Breakage): ReplicaProblem {
  const sound = discreteProblem(path);
  return {
    ...sound,
    createGroup(identity): ReplicaGroup {
      const group = sound.createGroup(identity);
      const places = identity.replicas.flatMap((replica, place) => (replicas.includes(replica) ? [place] : []));
      let steps = 0;
      return {
        ...group,
        explore(exploration) {
          group.explore(exploration);
          if (places.length === 0 || ++steps !== step || Atomics.sub(left, 0, 1) <= 0) return;
          if (kind === "statistic") for (const place of places) exploration.statistics[place] = value!;
          if (kind === "throw") throw new RangeError("the model is broken");
          if (kind === "die") process.exit(3);
          if (kind === "hang") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1200);
        },
      };
    },
  };
}

/** A discrete problem that takes its time for every step of a group. */
export function slowProblem({ path, ms }: { readonly path: DiscretePath; readonly ms: number }): ReplicaProblem {
  const sound = discreteProblem(path);
  return {
    ...sound,
    createGroup(identity): ReplicaGroup {
      const group = sound.createGroup(identity);
      return {
        ...group,
        explore(exploration) {
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
          group.explore(exploration);
        },
      };
    },
  };
}

/** Address of this module. */
export const problemModule: string = import.meta.url;
