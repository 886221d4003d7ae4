import type { Chain } from "../chain/chain.ts";
import { nowMs } from "./event-loop.ts";
import { type ChainObserver, type ObserverWishes, progressOf } from "./observers.ts";

const MOST_WAITING = 1024;

/** Tells an observer about one chain, not more often than it wishes. */
export class Reporter {
  readonly #chain: Chain;
  readonly #observer: ChainObserver;
  readonly #wishes: ObserverWishes;
  #progressAt: number;
  #checkpointAt: number;
  #drawsAt: number;

  constructor(chain: Chain, observer: ChainObserver, wishes: ObserverWishes) {
    this.#chain = chain;
    this.#observer = observer;
    this.#wishes = wishes;
    const now = nowMs();
    // The first progress comes with the first turn.
    this.#progressAt = -Infinity;
    this.#checkpointAt = now;
    this.#drawsAt = now;
  }

  /**
   * Whether so many draws wait for the sink that it should not wait for the next turn; only where draws are not kept.
   */
  get isFull(): boolean {
    return !this.#chain.settings.isKeeping && this.#chain.record.size >= MOST_WAITING;
  }

  /** At a turn of the event loop: what is due. `isLast` when the chain stops here. */
  async report(isLast: boolean): Promise<void> {
    const chain = this.#chain;
    const { progressEveryMs, checkpointEveryMs, drawsEveryMs } = this.#wishes;
    const now = nowMs();
    const isDue = (every: number | undefined, since: number) => every !== undefined && (isLast || now - since >= every);
    if (isDue(progressEveryMs, this.#progressAt)) {
      this.#progressAt = now;
      this.#observer.progress(progressOf(chain));
    }
    const isCheckpoint = isDue(checkpointEveryMs, this.#checkpointAt);
    // Draws first, so that a checkpoint never knows of draws that the sink has not got.
    if (drawsEveryMs !== undefined && (isCheckpoint || this.isFull || isDue(drawsEveryMs, this.#drawsAt))) {
      this.#drawsAt = now;
      await this.#flush();
    }
    if (isCheckpoint) {
      this.#checkpointAt = now;
      await this.#observer.checkpoint(chain.state());
    }
  }

  async #flush(): Promise<void> {
    const { record, settings, tally } = this.#chain;
    const { recorded, flushed } = tally;
    if (flushed === recorded) return;
    const from = record.size - (recorded - flushed);
    const block = {
      chain: settings.chain,
      firstDraw: flushed,
      positions: record.positions(from),
      statistics: record.statistics(from),
    };
    tally.flushed = recorded;
    if (!settings.isKeeping) record.clear();
    await this.#observer.draws(block);
  }
}
