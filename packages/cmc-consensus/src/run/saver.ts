import type { RunStore } from "../store/run-store.ts";

interface Pending {
  readonly shard: number;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Writes finished shards and the log. When a write fails, the room kept in reserve is given back and the write tried
 * again; what cannot be written even then stays in memory and is tried again with every later one.
 */
export class Saver {
  /** The first failure, reserve or not: a reason to stop. */
  failure: unknown;
  readonly #store: RunStore;
  readonly #frequency: number;
  #pending: readonly Pending[] = [];
  #turn: Promise<void> = Promise.resolve();

  /** @param frequency shards that are collected before they are written. */
  constructor(store: RunStore, frequency: number) {
    this.#store = store;
    this.#frequency = frequency;
  }

  /** Shards that are in memory only. */
  get unsaved(): readonly number[] {
    return this.#pending.map(({ shard }) => shard);
  }

  add(shard: number, name: string, bytes: Uint8Array): Promise<void> {
    this.#pending = [...this.#pending, { shard, name, bytes }];
    return this.#pending.length < this.#frequency ? Promise.resolve() : this.flush();
  }

  /** Writes what waits; never rejects. */
  flush(): Promise<void> {
    return this.#inTurn(async () => {
      for (const one of this.#pending) {
        await this.#store.write(one.name, one.bytes);
        this.#pending = this.#pending.filter((other) => other !== one);
      }
    });
  }

  /** Adds an event to the log, with the time; never rejects. */
  log(event: Readonly<Record<string, unknown>>): Promise<void> {
    const line = JSON.stringify({ time: new Date().toISOString(), ...event });
    return this.#inTurn(() => this.#store.append(line));
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(() =>
      work().catch(async (error: unknown) => {
        this.failure ??= error;
        await this.#store.reserve(0).catch(() => undefined);
        await work().catch(() => undefined);
      }),
    );
    return this.#turn;
  }
}
