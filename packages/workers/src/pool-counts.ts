/** What a pool counts. */
export interface PoolCounts {
  /** Tasks that gave a result. */
  tasksRun: number;
  /** Tasks that gave none: their function threw, they were lost too often, or were stopped. */
  tasksFailed: number;
  /** Further tries of tasks whose workers were lost. */
  reruns: number;
  workersStarted: number;
  /** Workers lost or ended before the pool was closed. */
  workersDied: number;
  /** Modules loaded, summed over workers: each loads a module once. */
  moduleLoads: number;
  /** WebAssembly programs compiled from bytes: each once. */
  wasmCompilations: number;
  /** WebAssembly programs instantiated, summed over workers: at most once per program and worker. */
  wasmInstantiations: number;
  /** Most tasks ever running at once. */
  peakRunning: number;
}

/** All counts at zero. */
export function zeroCounts(): PoolCounts {
  return {
    tasksRun: 0,
    tasksFailed: 0,
    reruns: 0,
    workersStarted: 0,
    workersDied: 0,
    moduleLoads: 0,
    wasmCompilations: 0,
    wasmInstantiations: 0,
    peakRunning: 0,
  };
}
