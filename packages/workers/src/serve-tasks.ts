import type { ModuleRegistry } from "./import-module.ts";
import { workerThreads } from "./node-host.ts";
import type { FromThread, ToThread } from "./protocol.ts";
import { serialiseError } from "./serialised-error.ts";
import { TaskHost } from "./task-host.ts";

/** What is used of the global scope of a Web Worker. */
interface WorkerScope {
  readonly document?: unknown;
  postMessage?(message: FromThread, transfer: Transferable[]): void;
  addEventListener(type: string, listener: (event: never) => void): void;
}

/**
 * Makes the thread that calls it a worker of a pool. For a worker file of one's own, which a bundler makes from modules
 * that it knows: `serveTasks({ fit: () => import("./fit.ts") })`; tasks then name their module "fit", and the pool gets
 * `createWorker`.
 * @throws {Error} on a main thread.
 */
export function serveTasks(modules: ModuleRegistry = {}): void {
  const port = workerThreads()?.parentPort;
  if (port) {
    const host = new TaskHost((message, transfer = []) => port.postMessage(message, transfer), modules);
    port.on("message", (message: ToThread) => host.receive(message));
    return;
  }
  const scope = globalThis as unknown as WorkerScope;
  if (!scope.postMessage || scope.document) throw new Error("serveTasks must be called in a worker");
  const post = (message: FromThread, transfer: readonly Transferable[] = []) =>
    scope.postMessage!(message, [...transfer]);
  const host = new TaskHost(post, modules);
  scope.addEventListener("message", (event: MessageEvent<ToThread>) => host.receive(event.data));
  // Node ends a thread for it; in browsers the page would not even hear of it.
  scope.addEventListener("unhandledrejection", (event: PromiseRejectionEvent) => {
    event.preventDefault();
    post({ kind: "fatal", error: serialiseError(event.reason) });
  });
}
