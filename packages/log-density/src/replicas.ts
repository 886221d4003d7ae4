/**
 * The contract between tempered problems and parallel tempering.
 *
 * A problem is a path of densities π_β(x) ∝ reference(x)·exp(β·s(x)) with the statistic s = log target − log reference;
 * β = 0 is the reference and β = 1 the target. An energy model has s(x) = −V(x), the counting measure as its reference,
 * and any β ≥ 0. All that swaps need to know of a state is its statistic.
 */
export interface ReplicaProblem {
  /** Numbers that describe one state, as `readState` gives them. */
  readonly dim: number;
  /** Names of those numbers, when they have any. */
  readonly names?: readonly string[];
  /**
   * References, each with a statistic of its own: 1, or 2 for a path with two legs that meet in the target. Default 1.
   */
  readonly legs?: number;
  /**
   * Names of the columns that exploration adds up per chain, such as "acceptance". Default none. Columns whose names
   * begin with a dot are bookkeeping for `tune`, and not reported.
   */
  readonly tallies?: readonly string[];
  /**
   * Makes some of the replicas, in a state of their own drawing. Replica r draws its randomness from streams named by
   * (seed, r) alone, so that neither the other replicas nor how they are grouped change a bit of it.
   */
  createGroup(identity: ReplicaIdentity): ReplicaGroup;
}

/** Which replicas a group holds. */
export interface ReplicaIdentity {
  readonly seed: number;
  /** Numbers of the replicas, ascending. */
  readonly replicas: readonly number[];
}

/** Replicas that live in one thread, together so that a kernel can move them side by side. */
export interface ReplicaGroup {
  readonly size: number;
  /**
   * Moves every replica by one step that leaves π_β invariant; at β = 0 by an independent draw from the reference where
   * that can be done. Writes the statistic of every new state for every leg.
   */
  explore(step: ExplorationStep): void;
  /** Writes the state (length dim) of one of the group's replicas, by its place in the group. */
  readState(place: number, state: Float64Array): void;
  /** Everything about a replica that the future depends on, its random stream included. */
  saveReplica(place: number): Uint8Array;
  loadReplica(place: number, saved: Uint8Array): void;
  /**
   * Learns from a finished round. All groups get the same tallies and must come to the same conclusion.
   */
  tune?(round: FinishedRound): void;
  /** What `tune` has learned. */
  saveTuning?(): Uint8Array;
  loadTuning?(saved: Uint8Array): void;
}

/** What a group is told and asked for in one exploration step. */
export interface ExplorationStep {
  /** β of every replica of the group. */
  readonly betas: Float64Array;
  /** Chain (rung) that every replica of the group stands on. */
  readonly chains: Int32Array;
  /** Leg that this chain belongs to. */
  readonly legs: Int32Array;
  /** Written: row-major (replica of the group, leg). May be −∞ where the target is 0; never NaN or +∞. */
  readonly statistics: Float64Array;
  /** Row-major (chain, tally): the group adds to the rows of the chains that its replicas stand on. */
  readonly tallies: Float64Array;
}

/** A round of parallel tempering, as exploration sees it. */
export interface FinishedRound {
  /** From 0. */
  readonly round: number;
  /** Scans of one ladder; tallies hold as many for each of its copies that ran side by side. */
  readonly scans: number;
  /** Of every chain. */
  readonly betas: Float64Array;
  readonly legs: Int32Array;
  /** Row-major (chain, tally). */
  readonly tallies: Float64Array;
}

/**
 * A problem as plain data, which can travel to another thread: what `import(module)` exports under a name is called with
 * the argument and gives the problem.
 */
export interface PortableReplicaProblem {
  readonly kind: "module";
  /** Package name or absolute URL. */
  readonly module: string;
  /** Default "default". */
  readonly export?: string;
  /** Anything that structured cloning can copy. */
  readonly argument?: unknown;
}
