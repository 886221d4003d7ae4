import type { ChainExecutor } from "@siegert/nuts";
import type { Pool } from "@siegert/workers";

let pool: Pool | undefined;

/**
 * Threads for the chains of this thread's shards, kept from shard to shard; undefined when there is one at most. Idle
 * threads do not keep a process alive.
 */
export async function chainExecutor(chains: number, threads: number): Promise<ChainExecutor | undefined> {
  const size = Math.min(chains, threads);
  if (size <= 1) return undefined;
  if (pool?.size !== size) {
    // Loaded when it is needed: most shards have a single thread.
    const { createPool } = await import("@siegert/workers");
    void pool?.close();
    pool = createPool({ size });
  }
  return pool;
}
