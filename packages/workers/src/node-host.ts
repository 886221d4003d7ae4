/**
 * The little of Node that is used, looked up by shape at run time: no import of a Node module is left for a browser's
 * bundler to stumble over.
 */

/** What is used of Node's `process`. */
export interface NodeProcess {
  readonly pid: number;
  readonly execArgv: readonly string[];
  getBuiltinModule(name: string): unknown;
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
  kill(pid: number, signal: string): unknown;
}

/** Node's `process` of version 20.16 or later, or `undefined` in a browser. */
export function nodeProcess(): NodeProcess | undefined {
  const { process } = globalThis as { readonly process?: Partial<NodeProcess> & { versions?: { node?: string } } };
  return process?.versions?.node && process.getBuiltinModule ? (process as NodeProcess) : undefined;
}

/** What is used of a thread of Node's. */
export interface NodeWorker {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void;
  on(event: "message" | "messageerror" | "error" | "exit", listener: (value: never) => void): unknown;
  terminate(): Promise<unknown>;
  ref(): void;
  unref(): void;
}

/** What is used of `node:worker_threads`. */
export interface WorkerThreads {
  readonly Worker: new (url: URL, options?: { name?: string; execArgv?: string[] }) => NodeWorker;
  readonly parentPort: {
    postMessage(message: unknown, transfer?: readonly Transferable[]): void;
    on(event: "message", listener: (message: never) => void): unknown;
  } | null;
}

/** Node's threads, or `undefined` where there are none. */
export function workerThreads(): WorkerThreads | undefined {
  return nodeProcess()?.getBuiltinModule("node:worker_threads") as WorkerThreads | undefined;
}

/** Cores that this process may use, 1 when the host does not say. */
export function availableParallelism(): number {
  const os = nodeProcess()?.getBuiltinModule("node:os") as { availableParallelism(): number } | undefined;
  if (os) return os.availableParallelism();
  const { navigator } = globalThis as { readonly navigator?: { readonly hardwareConcurrency?: number } };
  return navigator?.hardwareConcurrency || 1;
}
