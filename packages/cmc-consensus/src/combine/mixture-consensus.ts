import { createRandom, type Random } from "@siegert/random";
import { distanceFrom, distanceTail, poolOf } from "./against-others.ts";
import { type Combination, type CombineJob, jobOf } from "./combination.ts";
import type { CombineWarning, JointMode } from "./consensus.ts";
import { jointModes, seedShards } from "./joint-modes.ts";
import { addShare, type LinearRule, precisionRule } from "./linear-consensus.ts";
import { consensusOfDraws, drawsKept, onlyShard } from "./linear-methods.ts";
import { type LostMode, lostModes } from "./lost-modes.ts";
import { ProductEvidence, weightedGaussianOf } from "./mode-evidence.ts";
import { type ShardMode, shardModes } from "./shard-modes.ts";

/** One choice of modes, ready to be drawn from. */
interface Choice {
  readonly job: CombineJob;
  readonly modes: readonly ShardMode[];
  readonly rule: LinearRule;
  readonly logEvidence: number;
  /** Variance of the log evidence from the sampled weights of the shards' modes. */
  readonly variance: number;
}

/**
 * A mixture over joint modes: each is the consensus of the draws that the shards have in it, and their weights are those of the
 * product of the shards' Gaussians with the shards' own weights. Draws of different modes are never averaged. A single shard
 * has its own draws, and its modes the shares that they have in it.
 */
export function mixtureConsensus(job: CombineJob): Combination {
  const { set, options, product } = job;
  const found = set.shards.map((shard) => shardModes(shard, options));
  if (found.every((modes) => modes.length === 1)) return unimodal(job);
  const choices = jointModes(set, found, product.mean)
    .map((choice) =>
      evaluate(
        job,
        found.map((modes, s) => modes[choice[s]!]!),
      ),
    )
    .sort((a, b) => b.logEvidence - a.logEvidence);
  const top = choices[0]!.logEvidence;
  // Modes lighter than the lightest draw could show are left out.
  const kept = choices.filter(({ logEvidence }) => logEvidence > top - 30);
  const total = kept.reduce((sum, { logEvidence }) => sum + Math.exp(logEvidence - top), 0);
  const weights = kept.map(({ logEvidence }) => Math.exp(logEvidence - top) / total);
  const isAlone = set.shards.length === 1;
  const draws = isAlone ? drawsKept(job) : (options.draws ?? set.draws);
  const heavy = kept.filter((_, k) => weights[k]! > NOTICEABLE);
  const lost = lostModes(found, seedShards(found), (s, mode) => heavy.some((choice) => choice.modes[s] === mode));
  const modes = kept.map((choice, k) => modeReport(choice, weights[k]!, choices[0]!));
  return {
    method: "mixture",
    job,
    draws,
    values: isAlone ? onlyShard(set, draws) : drawMixture(kept, weights, set.chains, draws, options.seed),
    extras: { modes },
    warnings: [...warningsOf(modes), ...lost.map(lostWarning)],
  };
}

/** Weight of a mode above which it is warned about, or missed. */
const NOTICEABLE = 1e-3;

function unimodal(job: CombineJob): Combination {
  const { product } = job;
  const { values, draws } = consensusOfDraws(job);
  const mode = { weight: 1, mean: product.mean, covariance: product.covariance, logEvidence: 0, logWeightError: 0 };
  return { method: "mixture", job, draws, values, extras: { modes: [{ ...mode, absentFrom: [] }] } };
}

function evaluate({ set, options }: CombineJob, modes: readonly ShardMode[]): Choice {
  const job = jobOf({ ...set, shards: modes.map(({ shard }) => shard) }, options);
  const evidence = new ProductEvidence(job.product.mean);
  let variance = 0;
  modes.forEach(({ shard, weight, weightSize }, s) => {
    evidence.add(weightedGaussianOf(shard, Math.log(weight), job.weights[s]!), 1);
    variance += (1 - weight) / (weight * weightSize);
  });
  const rule = precisionRule(job.set, job.weights, job.product);
  const logEvidence = modes.length === 1 ? Math.log(modes[0]!.weight) : evidence.value();
  return { job, modes, rule, logEvidence, variance };
}

function modeReport(choice: Choice, weight: number, heaviest: Choice): JointMode {
  const { job, logEvidence, variance } = choice;
  const { set, weights, product } = job;
  const pool = poolOf(set, weights, new Set(set.shards.keys()));
  const absentFrom = set.shards
    .filter((_, s) => {
      const distance = distanceFrom(pool, set, weights, s);
      return distance !== undefined && distanceTail(distance) < 1e-6;
    })
    .map(({ shard }) => shard);
  const logWeightError = choice === heaviest ? 0 : Math.sqrt(variance + heaviest.variance);
  return { weight, mean: product.mean, covariance: product.covariance, logEvidence, logWeightError, absentFrom };
}

/** Draws of the modes in proportion to their weights, shuffled. */
function drawMixture(
  choices: readonly Choice[],
  weights: readonly number[],
  chains: number,
  draws: number,
  seed: number,
): Float64Array {
  const random = createRandom(seed, "mixture");
  const total = chains * draws;
  const labels = systematicLabels(weights, total, random);
  const dim = choices[0]!.rule.mean.length;
  const values = new Float64Array(total * dim);
  for (let n = 0; n < total; n++) values.set(choices[labels[n]!]!.rule.mean, n * dim);
  choices.forEach(({ modes, rule }, k) => {
    modes.forEach((mode, s) => {
      addMode(values, dim, labels, k, mode, rule.shares[s]!, random.split("draws", k, mode.shard.shard));
    });
  });
  return values;
}

/** Numbers of modes whose counts are in proportion to the weights to within one, in random order. */
function systematicLabels(weights: readonly number[], total: number, random: Random): Uint8Array {
  const labels = new Uint8Array(total);
  const offset = random.uniform();
  let mode = 0;
  let cumulative = weights[0]!;
  for (let n = 0; n < total; n++) {
    while (mode < weights.length - 1 && (n + offset) / total > cumulative) cumulative += weights[++mode]!;
    labels[n] = mode;
  }
  return random.shuffle(labels);
}

/** Adds what a shard gives to the draws of one mode: its own draws in that mode, in random order, each as often as another. */
function addMode(
  values: Float64Array,
  dim: number,
  labels: Uint8Array,
  label: number,
  { shard, members }: ShardMode,
  share: Float64Array,
  random: Random,
): void {
  const { posterior, mean, dim: own } = shard;
  const count = members?.length ?? posterior.chains * posterior.draws;
  const order = random.permutation(count);
  const u = new Float64Array(own);
  let used = 0;
  for (let n = 0; n < labels.length; n++) {
    if (labels[n] !== label) continue;
    const pick = order[used++ % count]!;
    const at = (members?.[pick] ?? pick) * own;
    for (let j = 0; j < own; j++) u[j] = posterior.values[at + j]! - mean[j]!;
    addShare(values, n * dim, dim, share, u);
  }
}

function warningsOf(modes: readonly JointMode[]): readonly CombineWarning[] {
  const warnings: CombineWarning[] = [];
  modes.forEach(({ absentFrom, logWeightError, weight }, k) => {
    if (absentFrom.length > 0 && weight > NOTICEABLE) {
      const message = `mode ${k} lies far from all draws of shard(s) ${listed(absentFrom)}: ${WHY_MISSING}`;
      warnings.push({ code: "mode-missing", message });
    }
    if (logWeightError > 0.5 && weight > NOTICEABLE) {
      const message =
        `the weight of mode ${k} is known to a factor of ${Math.exp(logWeightError).toFixed(1)} only: ` +
        `chains of the shards change modes too rarely`;
      warnings.push({ code: "mode-weights", message });
    }
  });
  return warnings;
}

function lostWarning({ seenBy, absentFrom }: LostMode): CombineWarning {
  const message =
    `a mode of shard(s) ${listed(seenBy)} is left out, as shard(s) ${listed(absentFrom)} have no draws near it: ` +
    WHY_MISSING;
  return { code: "mode-missing", message };
}

const WHY_MISSING = "either their data rule it out or their chains missed it; draw them from more starting points";

function listed(shards: readonly number[]): string {
  return `${shards.slice(0, 10).join(", ")}${shards.length > 10 ? ", ..." : ""}`;
}
