import type { FromThread } from "./protocol.ts";
import type { StartThread, Thread, ThreadListener } from "./thread.ts";

/** By name, not in place: see `node-thread.ts`. */
const workerFile = "./worker.ts";

/** Web Workers that run this package's worker file. */
export function browserThreads(): StartThread {
  return (listener) => watchWebWorker(startWorker(), listener);
}

/**
 * Bundlers recognise the first form, with the file's name in place, and make a bundle of the worker. A page may start
 * workers of its own origin only: when this package comes from another one, a module that imports the file stands in.
 */
function startWorker(): Worker {
  const url = new URL(workerFile, import.meta.url);
  const { origin } = globalThis.location;
  if (url.origin === origin || url.protocol === "blob:" || url.protocol === "data:" || origin === "null") {
    return new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "siegert" });
  }
  const code = `import ${JSON.stringify(url.href)};`;
  const blobUrl = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(blobUrl, { type: "module", name: "siegert" });
  worker.addEventListener("message", () => URL.revokeObjectURL(blobUrl), { once: true });
  return worker;
}

/**
 * A started Web Worker as a thread. An error that nobody caught counts as its death, as in Node; browsers do not tell
 * when a worker closes itself, so only a heartbeat or a timeout notices that.
 */
export function watchWebWorker(worker: Worker, listener: ThreadListener): Thread {
  let isOver = false;
  const die = (cause: unknown) => {
    if (isOver) return;
    isOver = true;
    worker.terminate();
    listener.onDeath({ exitCode: undefined, cause });
  };
  worker.addEventListener("message", (event: MessageEvent<FromThread>) => {
    if (!isOver) listener.onMessage(event.data);
  });
  worker.addEventListener("messageerror", () => die(new Error("a message from the worker could not be read")));
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    die(new Error(event.message ? `${event.message} (${event.filename}:${event.lineno})` : "its file did not load"));
  });
  return {
    post: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    keepAlive() {},
    async terminate() {
      isOver = true;
      worker.terminate();
    },
  };
}
