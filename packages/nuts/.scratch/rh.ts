import { readFileSync } from "node:fs";
import { essBulk, rhat } from "@siegert/diagnostics";
import { createRandom } from "@siegert/random";
import { sample } from "../src/index.ts";
import { diskPosterior } from "../test/models/disk.ts";
import { chainsOf, meanOf } from "../test/z-scores.ts";

const data = JSON.parse(readFileSync("/work/shared/data/eddy_replica_44.json", "utf8"));
const target = diskPosterior(data);
for (const seed of [1, 2, 3]) {
  const positions = [0, 1, 2, 3].map((c) => {
    const r = createRandom(2026, "disk", c);
    return target.unconstrain(
      Float64Array.from(data.map, (v: number) => v * (1 + 1e-3 * r.normal())),
      new Float64Array(9),
    );
  });
  const t0 = performance.now();
  const run = await sample(target, { seed, chains: 4, initial: { kind: "given", positions } });
  console.log(
    seed,
    ((performance.now() - t0) / 1000).toFixed(1) + "s",
    "lf",
    meanOf(run.statistic("leapfrogs")),
    "acc",
    meanOf(run.statistic("acceptRate")),
    "rhat",
    data.names.map((_: any, k: number) => rhat(chainsOf(run, k)).toFixed(4)).join(" "),
    "split",
    data.names.map((_: any, k: number) => rhat(chainsOf(run, k), { method: "split" }).toFixed(4)).join(" "),
    "bulk",
    data.names.map((_: any, k: number) => essBulk(chainsOf(run, k)).toFixed(0)).join(" "),
    run.chains.map((c) => c.stepSize.toFixed(2)).join(" "),
  );
}
