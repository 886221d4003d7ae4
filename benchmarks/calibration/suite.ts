/**
 * Calibration of consensus Monte Carlo: whether 90 % intervals hold the truth in 90 % of data sets, and whether the truth's
 * ranks are uniform. Static data sets of 64 frames (2016 pairs) from the priors, in 8 shards; some 10 minutes.
 */
import type { BenchmarkCase } from "../suite.ts";
import { type Calibration, calibrate } from "./static-consensus.ts";

const STUDY = { frames: 64, shards: 8, warmup: 200, draws: 400 };
const DATA_SETS = 240;

export async function* suite(): AsyncGenerator<BenchmarkCase> {
  const { used, combined, corrected } = await calibrate(STUDY, DATA_SETS);
  const what = `${DATA_SETS} static data sets of ${STUDY.frames} frames in ${STUDY.shards} shards`;
  yield share(
    "corrected-share",
    corrected / DATA_SETS,
    `share weighed reliably against the posterior of all pairs; ${what}`,
  );
  yield* ofDraws("used", used, "draws as given: weighed where that is reliable");
  yield* ofDraws("consensus", combined, "draws of the consensus alone");
}

function* ofDraws(prefix: string, quantities: readonly Calibration[], note: string): Generator<BenchmarkCase> {
  for (const { name, coverage, p, counts } of quantities) {
    yield share(`${prefix}-coverage90-${name}`, coverage, `of 90 % intervals of ${name}; ${note}`);
    const ranks = `chi-squared p of uniform ranks of ${name}, 16 bins: ${counts.join(" ")}; ${note}`;
    yield { name: `${prefix}-rank-p-${name}`, value: p, unit: "p", baseline: null, ratio: null, note: ranks };
  }
}

function share(name: string, value: number, note: string): BenchmarkCase {
  return { name, value, unit: "share", baseline: null, ratio: null, note };
}
