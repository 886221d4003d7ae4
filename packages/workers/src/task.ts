/** A WebAssembly program: compiled, or its bytes, which a pool compiles once however many tasks carry them. */
export type WasmSource = WebAssembly.Module | ArrayBuffer | Uint8Array<ArrayBuffer>;

/** A function of a module with its argument. Only data travels: a closure cannot. */
export interface ModuleTask {
  /**
   * Where the function is: a URL, best written `new URL("./task.js", import.meta.url)`; a string with an absolute URL
   * (`file:`, `data:`, `https:`, `blob:`), an absolute path, or a name that `serveTasks` or the worker can resolve.
   */
  readonly module: string | URL;
  /** Name of the exported function. Default "run". */
  readonly export?: string;
  /** Anything that the structured clone algorithm copies. Copied when the task is handed over; shared memory is shared. */
  readonly argument?: unknown;
  /** Programs that the function gets with `context.instantiate(name)`: sent to a worker once, instantiated there once. */
  readonly wasm?: Readonly<Record<string, WasmSource>>;
  /** Name for messages. Default: module and export. */
  readonly name?: string;
  /** How long the task is expected to take, in any unit; read when tasks are run longest first. Default 0. */
  readonly cost?: number;
}

/** Bytes for the exported memory "memory" of a WebAssembly program. */
export interface MemoryBlock {
  /** Where to, in bytes. */
  readonly offset: number;
  /** What, as it lies in memory. */
  readonly bytes: ArrayBufferView;
}

/** A call of an exported function of a WebAssembly program without imports, with data in its memory. */
export interface WasmTask {
  /** The program: sent to a worker once, instantiated there once. */
  readonly program: WasmSource;
  /** Name of the exported function. Default "run". */
  readonly export?: string;
  /** Its arguments. Default none. */
  readonly arguments?: readonly (number | bigint)[];
  /** Blocks written to the exported memory before the call; what else the memory holds is left from earlier calls. */
  readonly write?: readonly MemoryBlock[];
  /** Part of the memory, in bytes, copied into the result after the call. */
  readonly read?: { readonly offset: number; readonly length: number };
  /** Name for messages. Default: "WebAssembly program" and export. */
  readonly name?: string;
  /** As in `ModuleTask`. */
  readonly cost?: number;
}

/** What a WebAssembly task gives. */
export interface WasmTaskResult {
  /** What the function returned. */
  readonly value: number | bigint | undefined;
  /** The bytes asked for with `read`; of length 0 without. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Work for a pool. */
export type Task = ModuleTask | WasmTask;

/** What a task function gets beside its argument. */
export interface TaskContext {
  /** Sends a message to the caller's `onMessage`, in order and before the result. Counts as a heartbeat. */
  report(message: unknown, transfer?: readonly Transferable[]): void;
  /** Says that the task is alive. Cheap enough for every iteration: a message is sent four times per `heartbeatMs`. */
  heartbeat(): void;
  /**
   * Aborts when the caller's signal does or the pool closes. The task may still return: what it returns is its result.
   * `signal.aborted` is up to date also in a loop that never awaits, except in browsers without SharedArrayBuffer and on
   * the executor without threads: there, `await context.nextTurn()` now and then.
   */
  readonly signal: AbortSignal;
  /** Lets messages in. */
  nextTurn(): Promise<void>;
  /**
   * The instance of a program of `task.wasm`: the same in all tasks that this worker gets for that program.
   * @param imports read the first time only; give the same in all tasks.
   * @throws {Error} when the task carries no program of that name.
   */
  instantiate(name: string, imports?: WebAssembly.Imports): WebAssembly.Instance;
  /** Which try this is, from 1: more than 1 after a worker was lost. A result must not depend on it. */
  readonly attempt: number;
}

/**
 * A task function. It returns its result, or `{ value, transfer }` to move the buffers listed instead of copying them.
 */
export type TaskFunction<Argument = unknown, Result = unknown> = (
  argument: Argument,
  context: TaskContext,
) => Result | Promise<Result>;
