import { type NodeWorker, nodeProcess, type WorkerThreads } from "./node-host.ts";
import type { FromThread } from "./protocol.ts";
import type { StartThread, Thread, ThreadListener } from "./thread.ts";

/** By name, not in place: bundlers copy every file that is written as `new URL("file", import.meta.url)`. */
const workerFile = "./worker.ts";
const SOURCE_CONDITION = "@siegert/source";
/** Flags that decide how modules are found, in the form with "="; a worker would refuse many others. */
const INHERITED = /^(--conditions=|-C=|--import=|--no-warnings$|--preserve-symlinks$)/;

/** Threads of `node:worker_threads` that run this package's worker file. */
export function nodeThreads({ Worker }: WorkerThreads): StartThread {
  const url = new URL(workerFile, import.meta.url);
  return (listener) => watchNodeWorker(new Worker(url, { name: "siegert", ...workerFlags(url) }), listener);
}

/**
 * Flags of the worker: by default those of the process. A worker that runs from TypeScript sources finds those of its
 * dependencies by the same export condition; and it must not inherit `--input-type`, with which Node refuses files.
 */
function workerFlags(url: URL): { execArgv?: string[] } {
  const given = nodeProcess()?.execArgv ?? [];
  const isSource = url.pathname.endsWith(".ts");
  const lacksCondition = isSource && !given.some((flag) => flag.includes(SOURCE_CONDITION));
  const isString = given.some((flag) => flag.startsWith("--input-type"));
  if (!lacksCondition && !isString) return {};
  const condition = lacksCondition ? [`--conditions=${SOURCE_CONDITION}`] : [];
  return { execArgv: [...condition, ...given.filter((flag) => INHERITED.test(flag))] };
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
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    keepAlive: (isBusy) => (isBusy ? worker.ref() : worker.unref()),
    async terminate() {
      isTerminated = true;
      await worker.terminate();
    },
  };
}
