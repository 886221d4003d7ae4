import type { RunStore } from "../store/run-store.ts";
import { RunStoreError } from "../store/run-store-error.ts";
import { readShard, shardName } from "../store/shard-file.ts";
import type { Ledger } from "./ledger.ts";

/**
 * Takes the shards that the store has; those that are damaged are told and left to be run again. Gives their names.
 * @param taskOf what the shard would be run with now.
 * @throws {RunStoreError} "changed" when a shard was run with other data, another model or another start.
 */
export async function reuseShards(
  store: RunStore,
  ledger: Ledger,
  taskOf: (shard: number) => { readonly identity: string; readonly listHash: string },
): Promise<string[]> {
  const names = new Set(await store.list());
  const damaged: string[] = [];
  for (const shard of ledger.order) {
    const name = shardName(shard);
    if (!names.has(name)) continue;
    const found = await readShard(store, shard);
    if (found.state === "damaged") {
      damaged.push(name);
      ledger.queue([shard], `${found.message} It is run again.`);
    }
    if (found.state !== "saved") continue;
    const { saved } = found;
    const task = taskOf(shard);
    if (task.identity !== saved.identity) {
      const what = task.listHash === saved.listHash ? "data or model" : "points";
      const text = `the ${what} of shard ${shard} are not those that it was run with; go on with the same data and model, or start in another place`;
      const difference = { what: `${what} of shard ${shard}`, saved: saved.identity, asked: task.identity };
      throw new RunStoreError(store.name, "changed", text, { differences: [difference] });
    }
    ledger.sampled(saved.outcome, true);
  }
  return damaged;
}
