import { nextTurn } from "./task-context.ts";
import { TaskHost } from "./task-host.ts";
import type { StartThread } from "./thread.ts";

/**
 * A "thread" that is the caller's own: tasks get their turn on its event loop. Everything that goes in or out is cloned
 * as between threads, so that what works here works there. Terminated, a task's signal aborts and its answers are
 * ignored; nothing can end a function that does not return.
 */
export const inProcessThreads: StartThread = (listener) => {
  let isTerminated = false;
  let delivered = Promise.resolve();
  const host = new TaskHost((message, transfer = []) => {
    const copy = structuredClone(message, { transfer: [...transfer] });
    queueMicrotask(() => {
      if (!isTerminated) listener.onMessage(copy);
    });
  }, {});
  return {
    post(message, transfer = []) {
      const copy = structuredClone(message, { transfer: [...transfer] });
      delivered = delivered.then(nextTurn).then(() => {
        if (!isTerminated) host.receive(copy);
      });
    },
    keepAlive() {},
    async terminate() {
      isTerminated = true;
      host.abandon();
    },
  };
};
