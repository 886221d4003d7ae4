/**
 * A small version of benchmarks/calibration: whether the consensus of eight shards is as sure of static parameters as it may
 * be. The full study has more data sets and finer ranks.
 */
import { expect, test } from "vitest";
import { calibrate } from "../../benchmarks/calibration/static-consensus.ts";

const STUDY = { frames: 40, shards: 8, warmup: 150, draws: 200 };
const DATA_SETS = 16;

test("intervals hold the truth as often as they say, and its ranks are uniform", { timeout: 300_000 }, async () => {
  const { used, corrected } = await calibrate(STUDY, DATA_SETS, 4);
  expect(used.map(({ name }) => name)).toEqual(["D0", "alpha", "D_offset", "contrast[0]", "offset[0]", "sigma"]);
  expect(corrected).toBeGreaterThan(DATA_SETS / 2);
  for (const { name, p } of used) expect(p, name).toBeGreaterThan(1e-3);
  // All quantities together; those of one data set are not independent, so the error is that of the data sets' number.
  const coverage = used.reduce((sum, one) => sum + one.coverage, 0) / used.length;
  expect(Math.abs(coverage - 0.9)).toBeLessThan(4 * Math.sqrt((0.9 * 0.1) / DATA_SETS));
});

test("and do not when every shard has the whole prior", { timeout: 300_000 }, async () => {
  const { combined } = await calibrate({ ...STUDY, sharesPrior: false }, DATA_SETS, 4);
  // What the data leave to the prior suffers most: its eighth power is a third as wide.
  const { coverage } = combined.find(({ name }) => name === "D_offset")!;
  expect(coverage).toBeLessThan(0.9 - 4 * Math.sqrt((0.9 * 0.1) / DATA_SETS));
});
