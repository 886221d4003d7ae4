import { InvalidArgumentError, SiegertError } from "@siegert/errors";
import type { ExplorationStep, ReplicaGroup, ReplicaIdentity } from "@siegert/log-density";
import { createRandom, Random } from "@siegert/random";
import { SPIN } from "../compiled/compiled-graph.ts";
import { EnergyCache } from "../energy/energy-cache.ts";
import { packReplica, unpackReplica } from "./packed-replica.ts";
import type { SharedReplicaParts } from "./replica-parts.ts";

/** Uniform states that a start is looked for among, where a model forbids states. */
const MOST_STARTS = 10_000;

interface Replica {
  readonly state: Float64Array;
  readonly cache: EnergyCache;
  random: Random;
}

/** Some replicas of a discrete model. */
export class GibbsGroup implements ReplicaGroup {
  readonly size: number;
  readonly #parts: SharedReplicaParts;
  readonly #replicas: readonly Replica[];

  constructor(parts: SharedReplicaParts, { seed, replicas }: ReplicaIdentity) {
    this.#parts = parts;
    this.size = replicas.length;
    this.#replicas = replicas.map((replica) => {
      const random = createRandom(seed, "block-gibbs", "replica", replica);
      const state = parts.start.slice();
      const cache = new EnergyCache(parts.model.graph, state, { refreshEvery: parts.refreshEvery });
      const one = { state, cache, random };
      this.#drawUniform(one);
      return one;
    });
  }

  /** @throws {SiegertError} for an energy that is none, or whatever else a model of a user's own throws, with the chain. */
  explore({ betas, chains, statistics }: ExplorationStep): void {
    for (let place = 0; place < this.size; place++) {
      const beta = betas[place]!;
      const replica = this.#replicas[place]!;
      if (!(beta >= 0 && beta < Infinity)) {
        throw new InvalidArgumentError("beta", "be finite and not negative", beta);
      }
      try {
        if (beta === 0) this.#drawUniform(replica);
        else this.#sweep(replica, beta);
      } catch (error) {
        throw new SiegertError(`chain ${chains[place]} (β = ${beta}): ${messageOf(error)}`, { cause: error });
      }
      // 0 − V rather than −V: no negative zeros.
      statistics[place] = 0 - replica.cache.value;
    }
  }

  readState(place: number, state: Float64Array): void {
    state.set(this.#replicas[place]!.state);
  }

  saveReplica(place: number): Uint8Array {
    const { state, cache, random } = this.#replicas[place]!;
    return packReplica(state, cache.save(), random.state());
  }

  loadReplica(place: number, saved: Uint8Array): void {
    const replica = this.#replicas[place]!;
    const { state, cache, random } = unpackReplica(saved, replica.state.length);
    replica.state.set(state);
    replica.cache.load(cache);
    replica.random = Random.fromState(random);
  }

  #sweep(replica: Replica, beta: number): void {
    const { program, tracked } = this.#parts.programAt(beta);
    if (replica.cache.value === Infinity) this.#findStart(replica);
    const context = { beta, random: replica.random, memory: program.newMemory(), isWarmup: false };
    for (let k = 0; k < this.#parts.sweeps; k++) tracked.sweep(replica.state, context, replica.cache);
  }

  /** Every free node uniform over its states, on its own. */
  #drawUniform({ state, cache, random }: Replica): void {
    const { kind, offset, states } = this.#parts.model.graph;
    for (const node of this.#parts.free) {
      const choice = random.integer(states[node]!);
      state[offset[node]!] = kind[node] === SPIN ? 2 * choice - 1 : choice;
    }
    cache.refresh();
  }

  /** A uniform state that is not forbidden. */
  #findStart(replica: Replica): void {
    for (let k = 0; k < MOST_STARTS; k++) {
      this.#drawUniform(replica);
      if (replica.cache.value < Infinity) return;
    }
    const wanted = `have a finite energy in one of ${MOST_STARTS} uniform states`;
    throw new InvalidArgumentError("model", wanted, replica.cache.value);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
