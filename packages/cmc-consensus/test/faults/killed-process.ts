/**
 * A process that runs shards in a directory and is killed from outside. Usage: node killed-process.ts DIRECTORY [KILLS];
 * KILLS workers are killed at random from inside. Prints what happens, and at last the hash of all draws.
 */
import { createRandom } from "@siegert/random";
import { createPool } from "@siegert/workers";
import { directoryStore } from "../../src/directory/index.ts";
import { poolExecutor } from "../../src/index.ts";
import { faultyRun, hashOf } from "./faulty-run.ts";

const [directory, wanted = "0"] = process.argv.slice(2);
const pool = createPool({ size: 2 });
const random = createRandom(7, "kills");
let kills = 0;
let isOver = false;

async function killWorkers(): Promise<void> {
  while (!isOver && kills < Number(wanted)) {
    await new Promise((resolve) => setTimeout(resolve, 20 + 60 * random.uniform()));
    if (!isOver && pool.statistics.running > 0 && (await pool.killWorker(random.integer(2)))) kills++;
  }
}

const killing = killWorkers();
const run = await faultyRun({
  store: directoryStore(directory!),
  executor: poolExecutor(pool, { reruns: 1000 }),
  onEvent: ({ state, shard, fraction }) => {
    if (state !== "running" || fraction === 0) console.log(`${state} ${shard}`);
  },
});
isOver = true;
await killing;
const { reruns, workersDied } = pool.statistics;
await pool.close();
console.log(`kills ${kills} died ${workersDied} reruns ${reruns}`);
console.log(`hash ${hashOf(run)}`);
