import { type NodeWorker, nodeProcess, type WorkerThreads } from "./node-host.ts";
import type { FromThread } from "./protocol.ts";
import type { StartThread, Thread, ThreadListener } from "./thread.ts";

/** By name, not in place: bundlers copy every file that is written as `new URL("file", import.meta.url)`. */
const workerFile = "./worker.ts";
const SOURCE_CONDITION = "@siegert/source";

/** Threads of `node:worker_threads` that run this package's worker file. */
export function nodeThreads({ Worker }: WorkerThreads): StartThread {
  const url = new URL(workerFile, import.meta.url);
  return (listener) => watchNodeWorker(new Worker(url, { name: "siegert", ...sourceFlags(url) }), listener);
}

/** A worker that runs from TypeScript sources finds those of its dependencies by the same export condition. */
function sourceFlags(url: URL): { execArgv?: string[] } {
  const given = nodeProcess()?.execArgv ?? [];
  const isSource = url.pathname.endsWith(".ts");
  if (!isSource || given.some((flag) => flag.includes(SOURCE_CONDITION))) return {};
  return { execArgv: [`--conditions=${SOURCE_CONDITION}`] };
}

/** A started Node worker as a thread. */
export function watchNodeWorker(worker: NodeWorker, listener: ThreadListener): Thread {
  let isTerminated = false;
  let cause: unknown;
  worker.on("message", (message: FromThread) => {
    if (!isTerminated) listener.onMessage(message);
  });
  worker.on("messageerror", (error: unknown) => {
    cause = error;
    void worker.terminate();
  });
  worker.on("error", (error: unknown) => {
    cause = error;
  });
  worker.on("exit", (exitCode: number) => {
    if (!isTerminated) listener.onDeath({ exitCode, cause });
  });
  worker.unref();
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    keepAlive: (isBusy) => (isBusy ? worker.ref() : worker.unref()),
    async terminate() {
      isTerminated = true;
      await worker.terminate();
    },
  };
}
