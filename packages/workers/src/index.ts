export type { ModuleRegistry } from "./import-module.ts";
export {
  createInProcessExecutor,
  createPool,
  type InProcessOptions,
  type Pool,
  type PoolOptions,
  type PoolStatistics,
} from "./pool.ts";
export { PoolClosedError } from "./pool-closed-error.ts";
export type { PoolCounts } from "./pool-counts.ts";
export type { RunAllOptions } from "./run-all.ts";
export type { MessageInfo, RunOptions, TaskLimits } from "./run-options.ts";
export { serveTasks } from "./serve-tasks.ts";
export { canShare, type NumericArray, shareArray } from "./shared-array.ts";
export { type InterruptOptions, stopOnInterrupt } from "./stop-on-interrupt.ts";
export type {
  MemoryBlock,
  ModuleTask,
  Task,
  TaskContext,
  TaskFunction,
  WasmSource,
  WasmTask,
  WasmTaskResult,
} from "./task.ts";
export { UnserialisableError } from "./unserialisable-error.ts";
export { WorkerError, type WorkerErrorFields, type WorkerErrorReason } from "./worker-error.ts";
