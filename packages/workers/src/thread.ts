import type { FromThread, ToThread } from "./protocol.ts";

/** How a thread ended without having been asked to. */
export interface Death {
  /** Node's exit code of the thread; `undefined` in browsers. */
  readonly exitCode: number | undefined;
  /** The error that nobody caught, if there was one. */
  readonly cause: unknown;
}

/** What a thread's owner wants to know. Neither is called after `terminate()`. */
export interface ThreadListener {
  onMessage(message: FromThread): void;
  /** Called once; afterwards the thread is gone. */
  onDeath(death: Death): void;
}

/** Something that runs a `TaskHost`. */
export interface Thread {
  /** @throws DataCloneError when the message holds what cannot travel. */
  post(message: ToThread, transfer?: readonly Transferable[]): void;
  /** Whether the thread keeps the process alive: only while it has work. */
  keepAlive(isBusy: boolean): void;
  /** Ends it at once, in the middle of whatever it does. */
  terminate(): Promise<void>;
}

/** Starts a thread. @throws what the host throws when it cannot. */
export type StartThread = (listener: ThreadListener) => Thread;
