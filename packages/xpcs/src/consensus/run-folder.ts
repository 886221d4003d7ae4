import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { DataError } from "../data/data-error.ts";

/**
 * The folder that finished shards are kept in: `cmc/run` in the output folder, or where the configuration says.
 * `undefined` when they are not kept.
 *
 * @param output folder of the results.
 */
export function runFolder({ cmc: { checkpoints, runId } }: Config, output: string): string | undefined {
  if (!checkpoints.enable) return undefined;
  return join(checkpoints.directory ?? join(output, "cmc"), runId ?? "run");
}

/**
 * Makes sure that there is a run to go on with.
 *
 * @throws {DataError} when there is none.
 */
export async function checkResumable(folder: string | undefined, output: string): Promise<void> {
  if (folder === undefined) {
    throw new DataError(
      output,
      "cannot be resumed: optimization.cmc.checkpoints.enable is false, so no shard was kept",
    );
  }
  const names = await readdir(folder).catch((): string[] => []);
  if (!names.includes("manifest.json"))
    throw new DataError(folder, "holds no shards to go on with; give the output folder of a run that was stopped");
}
