import type { FromThread, RunModule } from "./protocol.ts";
import type { TaskContext } from "./task.ts";
import { unclonableError } from "./unclonable.ts";

/** Sends to the pool. @throws DataCloneError when the message holds what cannot travel. */
export type Post = (message: FromThread, transfer?: readonly Transferable[]) => void;

/** The context of one try. `controller` aborts its signal; `stopFlag` is read whenever the task asks. */
export function createTaskContext(
  run: RunModule,
  post: Post,
  controller: AbortController,
  stopFlag: Int32Array | undefined,
  instantiate: TaskContext["instantiate"],
): TaskContext {
  const pollStop = () => {
    if (stopFlag && Atomics.load(stopFlag, 0) === run.id) abort(controller);
  };
  const betweenBeats = run.heartbeatMs === undefined ? Infinity : run.heartbeatMs / 4;
  let lastBeat = performance.now();
  return {
    signal: liveSignal(controller.signal, pollStop),
    attempt: run.attempt,
    instantiate,
    nextTurn,
    report(message, transfer) {
      postMessage(run.id, message, post, transfer);
      lastBeat = performance.now();
    },
    heartbeat() {
      pollStop();
      const now = performance.now();
      if (now - lastBeat < betweenBeats || betweenBeats === Infinity) return;
      lastBeat = now;
      post({ kind: "alive", id: run.id });
    },
  };
}

function postMessage(id: number, message: unknown, post: Post, transfer: readonly Transferable[] | undefined): void {
  try {
    post({ kind: "message", id, message }, transfer);
  } catch {
    throw unclonableError(message, "message");
  }
}

function abort(controller: AbortController): void {
  const reason = new DOMException("the task was told to stop", "AbortError");
  if (!isAborted(controller.signal)) controller.abort(reason);
}

/** `aborted` of the class, not the property that `liveSignal` puts before it. */
const isAborted: (signal: AbortSignal) => boolean = (signal) =>
  Object.getOwnPropertyDescriptor(AbortSignal.prototype, "aborted")!.get!.call(signal) as boolean;

/**
 * The signal, but reading `aborted` first looks at the shared flag: a message "stop" cannot arrive while the task
 * computes without awaiting.
 */
function liveSignal(signal: AbortSignal, poll: () => void): AbortSignal {
  Object.defineProperty(signal, "aborted", {
    get() {
      poll();
      return isAborted(signal);
    },
  });
  Object.defineProperty(signal, "throwIfAborted", {
    value() {
      if (signal.aborted) throw signal.reason;
    },
  });
  return signal;
}

interface Immediate {
  readonly setImmediate?: (callback: () => void) => unknown;
}

/** A turn of the event loop. Browsers hold back repeated timers of 0 ms for 4 ms, so a message is used there. */
export function nextTurn(): Promise<void> {
  const { setImmediate } = globalThis as Immediate;
  if (setImmediate) return new Promise((resolve) => void setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
