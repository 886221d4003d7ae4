import { solveLower } from "./cholesky.ts";
import { type Combination, type CombineJob, jobOf } from "./combination.ts";
import type { CombineWarning } from "./consensus.ts";
import { combineDraws, precisionRule } from "./linear-consensus.ts";
import { drawsKept, onlyShard } from "./linear-methods.ts";
import { outlierShards } from "./outlier-shards.ts";
import { subset } from "./shard-set.ts";
import { winsorised, winsorLimit, winsorShrinkage } from "./winsorised-moments.ts";

/**
 * Draws weighted by precision, without the shards that disagree with the others, and with stray draws pulled in.
 *
 * The data of a shard that is left out, and its share of the prior, are lost: the posterior is that of the remaining data and
 * wider for it. It is not rescaled, since nobody knows what the lost data would have said.
 */
export function robustConsensus(job: CombineJob): Combination {
  const { set, weights, options } = job;
  const test = outlierShards(set, weights, options.outlierRate);
  const kept = subset(
    set,
    test.kept.map((s) => set.shards[s]!),
  );
  if (kept.shards.length === 1) {
    const draws = drawsKept({ ...job, set: kept });
    return { method: "robust", job, draws, values: onlyShard(kept, draws), extras: { winsorised: 0 } };
  }
  let beyond = 0;
  const shards = kept.shards.map((shard) => {
    const result = winsorised(shard);
    beyond += result.share / kept.shards.length;
    return result.shard;
  });
  const clean = jobOf({ ...kept, shards }, options);
  const draws = drawsKept(clean);
  const rule = precisionRule(clean.set, clean.weights, clean.product);
  const limits = shards.map((shard) => winsorLimit(shard.dim));
  const scales = shards.map((shard) => 1 / Math.sqrt(winsorShrinkage(shard.dim)));
  const z = new Float64Array(set.dim);
  const filter = (deviation: Float64Array, s: number): void => {
    z.set(deviation);
    const squared = solveLower(shards[s]!.factor, deviation.length, z);
    const scale = scales[s]! * (squared > limits[s]! ? Math.sqrt(limits[s]! / squared) : 1);
    for (let i = 0; i < deviation.length; i++) deviation[i]! *= scale;
  };
  return {
    method: "robust",
    job: clean,
    draws,
    values: combineDraws(clean.set, rule, draws, { filter }),
    excluded: test.excluded,
    warnings: warningsOf(job, test),
    extras: { winsorised: beyond },
  };
}

function warningsOf({ set }: CombineJob, test: ReturnType<typeof outlierShards>): readonly CombineWarning[] {
  const warnings: CombineWarning[] = [];
  if (test.excluded.length > 0) {
    const lost = test.excluded.reduce((sum, { points }) => sum + points, 0);
    const total = set.shards.reduce((sum, { posterior }) => sum + posterior.points, 0);
    const message =
      `shard(s) ${test.excluded.map(({ shard }) => shard).join(", ")} were left out: ${lost} of ${total} points and their ` +
      `share of the prior are lost, and the posterior is wider than that of all data`;
    warnings.push({ code: "data-lost", message });
  }
  for (const { shard, reason } of test.indispensable) {
    const message = `shard ${shard} disagrees with the others but is kept, being the only one with some coordinate: ${reason}`;
    warnings.push({ code: "kept-outlier", message });
  }
  if (test.overdispersion > 1.5) {
    const message =
      `shards scatter ${Math.sqrt(test.overdispersion).toFixed(1)} times as widely as their posteriors say: the model ` +
      `misses something that differs between them, and the consensus is too sure`;
    warnings.push({ code: "overdispersed", message });
  }
  return warnings;
}
