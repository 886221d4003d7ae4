import type { PortableTarget } from "@siegert/log-density";
import type { Pool } from "@siegert/workers";
import { Chain } from "../chain/chain.ts";
import type { ChainState } from "../chain/chain-state.ts";
import type { ChainTaskArgument, ChainTaskMessage, ChainTaskResult } from "../chain-task.ts";
import { chainTaskAddress } from "../chain-task-address.ts";
import type { StopSignal } from "./event-loop.ts";
import type { ChainObserver, ObserverWishes } from "./observers.ts";
import type { ChainExecutor } from "./sample-options.ts";

/** How chains of other threads are run. */
export interface ParallelRun {
  readonly target: PortableTarget;
  readonly executor: ChainExecutor | undefined;
  readonly observer: ChainObserver;
  readonly wishes: ObserverWishes;
  readonly signal: StopSignal | undefined;
  readonly nameOf: (index: number) => string;
}

let runs = 0;

/** Every chain as a task of a pool; gives the chains as they ended, and how many points the target refused. */
export async function runParallel(
  chains: readonly Chain[],
  run: ParallelRun,
): Promise<{ readonly chains: Chain[]; readonly rejections: number }> {
  const pool = run.executor ? undefined : await newPool(chains.length);
  const executor = run.executor ?? pool!;
  const key = `run ${runs++}`;
  try {
    const results = await Promise.all(chains.map((chain) => runTask(chain.state(), key, run, executor)));
    return {
      chains: results.map(({ state }) => Chain.fromState(state, run.nameOf)),
      rejections: results.reduce((sum, { rejections }) => sum + rejections, 0),
    };
  } finally {
    await pool?.close();
  }
}

async function newPool(size: number): Promise<Pool> {
  // Loaded when it is needed, so that a single thread does without.
  const { createPool } = await import("@siegert/workers");
  const cores = createPool().size;
  return createPool({ size: Math.min(size, cores) });
}

async function runTask(
  state: ChainState,
  key: string,
  { target, observer, wishes, signal }: ParallelRun,
  executor: ChainExecutor,
): Promise<ChainTaskResult> {
  if (signal?.aborted) return { state, rejections: 0 };
  const argument: ChainTaskArgument = { key, target, state, wishes };
  let expectedDraw = state.tally.flushed;
  // Messages are taken in order; what a sink or a checkpoint does asynchronously is awaited before the next.
  let queue: Promise<void> = Promise.resolve();
  const take = async (message: ChainTaskMessage): Promise<void> => {
    if (message.kind === "progress") observer.progress(message.event);
    else if (message.kind === "checkpoint") await observer.checkpoint(message.state);
    else if (message.block.firstDraw >= expectedDraw) {
      // A task that was run again after its worker died repeats the blocks that came before.
      expectedDraw = message.block.firstDraw + message.block.statistics.stepSize.length;
      await observer.draws(message.block);
    }
  };
  const work = executor.run<ChainTaskResult>(
    { module: chainTaskAddress(), export: "run", argument, name: `chain ${state.settings.chain}` },
    {
      // Declared by its shape here; for threads it has to be a real AbortSignal, as the options say.
      signal: signal as never,
      onMessage(message) {
        queue = queue.then(() => take(message as ChainTaskMessage));
        // Whoever awaits the queue below gets the error; here it must not count as unhandled.
        queue.catch(() => undefined);
      },
    },
  );
  const result = await work.catch((error: unknown) => {
    // A chain that still waited for a thread when the run was stopped is where it was.
    if (signal?.aborted && (error as { name?: unknown } | null)?.name === "AbortError") return { state, rejections: 0 };
    throw error;
  });
  await queue;
  return result;
}
