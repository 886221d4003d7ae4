import type { ReplicaGroup, ReplicaProblem } from "@siegert/log-density";
import type { Ladder } from "../ladder/ladder.ts";
import type { ReplicaStates, StatisticFault } from "./segment.ts";

/** The replicas of one copy that a share holds, and what their group is told in every step. */
interface CopyGroup {
  readonly group: ReplicaGroup;
  readonly copy: number;
  /** Number of its first replica among those of all copies. */
  readonly first: number;
  readonly betas: Float64Array;
  readonly chains: Int32Array;
  readonly legs: Int32Array;
  readonly statistics: Float64Array;
}

/** Which replicas one thread holds. */
export interface ShareRange {
  readonly seed: number;
  /** Chains of a line. */
  readonly chains: number;
  /** Replicas from `first` up to and without `end`, numbered over all copies. */
  readonly first: number;
  readonly end: number;
}

/** The replicas of one thread: a group for each copy, so that every row of tallies belongs to one group at a time. */
export class ReplicaShare {
  readonly range: ShareRange;
  readonly dim: number;
  readonly #legs: number;
  readonly #tallies: number;
  readonly #groups: readonly CopyGroup[];

  constructor(problem: ReplicaProblem, range: ShareRange) {
    this.range = range;
    this.dim = problem.dim;
    this.#legs = problem.legs ?? 1;
    this.#tallies = problem.tallies?.length ?? 0;
    const { seed, chains, first, end } = range;
    const groups: CopyGroup[] = [];
    for (let from = first; from < end; ) {
      const copy = Math.floor(from / chains);
      const to = Math.min(end, (copy + 1) * chains);
      const replicas = Array.from({ length: to - from }, (_, k) => from + k);
      groups.push({
        group: problem.createGroup({ seed, replicas }),
        copy,
        first: from,
        betas: new Float64Array(replicas.length),
        chains: new Int32Array(replicas.length),
        legs: new Int32Array(replicas.length),
        statistics: new Float64Array(replicas.length * this.#legs),
      });
      from = to;
    }
    this.#groups = groups;
  }

  /** Whether the share holds a replica. */
  holds(replica: number): boolean {
    return replica >= this.range.first && replica < this.range.end;
  }

  /** Puts the replicas where they were saved, and lets exploration learn what it has to. */
  load({ replicas, tuning }: ReplicaStates): void {
    for (const { group, first, betas } of this.#groups) {
      if (tuning) group.loadTuning?.(tuning);
      if (replicas)
        for (let place = 0; place < betas.length; place++) group.loadReplica(place, replicas[first + place]!);
    }
  }

  /** Lets exploration learn from a round. */
  tune({ finished }: ReplicaStates): void {
    if (finished) for (const { group } of this.#groups) group.tune?.(finished);
  }

  /** The replicas of this share in order. */
  save(): Uint8Array[] {
    return this.#groups.flatMap(({ group, betas }) => Array.from(betas, (_, place) => group.saveReplica(place)));
  }

  /** What exploration has learned: the same in all groups. */
  saveTuning(): Uint8Array | undefined {
    return this.#groups[0]?.group.saveTuning?.();
  }

  /** Steps that add their tallies to (copy, chain, tally). */
  beginSegment(ladder: Ladder, tallies: Float64Array): ShareSteps {
    const rowsOfCopy = ladder.size * this.#tallies;
    const steps = this.#groups.map(({ group, copy, betas, chains, legs, statistics }) => {
      const rows = tallies.subarray(copy * rowsOfCopy, (copy + 1) * rowsOfCopy);
      return { group, step: { betas, chains, legs, statistics, tallies: rows } };
    });
    return {
      explore: (chainOf, trace, row) => {
        this.#stand(ladder, chainOf);
        for (const { group, step } of steps) group.explore(step);
        return this.#publish(trace, row);
      },
    };
  }

  /** Writes the state of a replica of this share. */
  readState(replica: number, state: Float64Array): void {
    const { chains } = this.range;
    const { group, first } = this.#groups[Math.floor(replica / chains) - Math.floor(this.range.first / chains)]!;
    group.readState(replica - first, state);
  }

  /** The numbers of the state of a replica of this share. */
  stateOf(replica: number): number[] {
    const state = new Float64Array(this.dim);
    this.readState(replica, state);
    return Array.from(state);
  }

  #stand(ladder: Ladder, chainOf: Int32Array): void {
    for (const { first, betas, chains, legs } of this.#groups) {
      for (let place = 0; place < betas.length; place++) {
        const chain = chainOf[first + place]!;
        chains[place] = chain;
        betas[place] = ladder.betas[chain]!;
        legs[place] = ladder.legs[chain]!;
      }
    }
  }

  /** Copies the statistics into the trace. Gives the first replica with one that is no statistic. */
  #publish(trace: Float64Array, row: number): Omit<StatisticFault, "scan"> | undefined {
    let fault: Omit<StatisticFault, "scan"> | undefined;
    for (const { first, betas, chains, statistics } of this.#groups) {
      const at = row + first * this.#legs;
      for (let k = 0; k < statistics.length; k++) {
        const statistic = statistics[k]!;
        trace[at + k] = statistic;
        if (statistic < Infinity || fault) continue;
        const place = Math.floor(k / this.#legs);
        const replica = first + place;
        fault = { replica, chain: chains[place]!, beta: betas[place]!, statistic, state: this.stateOf(replica) };
      }
    }
    return fault;
  }
}

/** The exploration of a segment. */
export interface ShareSteps {
  /** One step of all replicas; writes the row (replica, leg) of the trace. Gives the first fault. */
  explore(chainOf: Int32Array, trace: Float64Array, row: number): Omit<StatisticFault, "scan"> | undefined;
}
