import { nowMs } from "../host.ts";
import type { MeetingPoint } from "./run-segment.ts";

/** Cells of the control words. */
const ARRIVED = 0;
const GENERATION = 1;
const GIVEN_UP = 2;
const PRESENT = 3;
const DONE = 4;
const STOPPED = 5;
/** Length of the control words. */
const CONTROL_CELLS = 6;

/** Reads of the generation before a thread lies down to sleep: a few µs, less than a scan worth threads. */
const SPINS = 2000;
/** A sleeping thread looks for the flag at least as often, should it have missed being woken. */
const SLICE_MS = 200;

/** The control words as the thread that waits for all sees them. */
export class MeetingControl {
  readonly cells: Int32Array;

  constructor(cells: Int32Array = new Int32Array(new SharedArrayBuffer(4 * CONTROL_CELLS))) {
    this.cells = cells;
  }

  /** Scans of the segment that are done. */
  get scansDone(): number {
    return Atomics.load(this.cells, DONE);
  }

  get isGivenUp(): boolean {
    return Atomics.load(this.cells, GIVEN_UP) === 1;
  }

  /** Whether the run wants the segment no more; a thread that fails only gives it up, so that others get as far. */
  get isStopped(): boolean {
    return Atomics.load(this.cells, STOPPED) === 1;
  }

  /** Ends the segment for all threads as soon as they look. */
  stop(): void {
    Atomics.store(this.cells, STOPPED, 1);
    this.giveUp();
  }

  /** Sends home the threads that wait, those that sleep too. */
  giveUp(): void {
    Atomics.store(this.cells, GIVEN_UP, 1);
    Atomics.notify(this.cells, GENERATION);
  }

  /** One more thread is ready to begin; gives how many are. */
  enter(): number {
    return Atomics.add(this.cells, PRESENT, 1) + 1;
  }

  /** Threads that are ready to begin. */
  get present(): number {
    return Atomics.load(this.cells, PRESENT);
  }
}

/** A thread waited longer than allowed for the others. */
export class MeetingTimeout extends Error {
  override readonly name: string = "MeetingTimeout";
}

/**
 * A barrier in shared memory that threads pass once per scan. The last to arrive opens the next generation and wakes
 * the others; a thread looks at the generation before it looks at the flag, so that all threads come equally far
 * before a segment is given up.
 */
export class SharedMeeting implements MeetingPoint {
  readonly #control: MeetingControl;
  readonly #threads: number;
  readonly #timeoutMs: number;
  readonly #onSlice: () => void;

  /** @param onSlice called now and then while waiting. */
  constructor(control: MeetingControl, threads: number, timeoutMs: number, onSlice: () => void) {
    this.#control = control;
    this.#threads = threads;
    this.#timeoutMs = timeoutMs;
    this.#onSlice = onSlice;
  }

  giveUp(): void {
    this.#control.giveUp();
  }

  /** @throws {MeetingTimeout} when the others take longer than allowed. */
  arrive(): boolean {
    const { cells } = this.#control;
    const generation = Atomics.load(cells, GENERATION);
    if (Atomics.add(cells, ARRIVED, 1) + 1 === this.#threads) {
      Atomics.store(cells, ARRIVED, 0);
      Atomics.add(cells, DONE, 1);
      Atomics.add(cells, GENERATION, 1);
      Atomics.notify(cells, GENERATION);
      return true;
    }
    for (let spin = 0; spin < SPINS; spin++) {
      if (Atomics.load(cells, GENERATION) !== generation) return true;
    }
    const began = nowMs();
    for (;;) {
      Atomics.wait(cells, GENERATION, generation, SLICE_MS);
      if (Atomics.load(cells, GENERATION) !== generation) return true;
      if (this.#control.isGivenUp) return false;
      this.#onSlice();
      if (nowMs() - began > this.#timeoutMs) throw new MeetingTimeout(`no other thread came for ${this.#timeoutMs} ms`);
    }
  }
}
