import type { Consensus } from "../combine/consensus.ts";
import type { ConsensusAssessment, ConsensusVerdict, VerdictFinding } from "./assessment.ts";
import { TOLERABLE_BIAS } from "./choose-method.ts";
import type { Correction } from "./correct.ts";

interface VerdictContext {
  readonly correction: Correction | undefined;
  readonly maxBetweenShardKl: number;
  label(coordinate: number): string;
}

/** The verdict on a consensus, from what was found about its shards. */
export function consensusVerdict(
  assessment: Omit<ConsensusAssessment, "verdict">,
  consensus: Consensus,
  context: VerdictContext,
): ConsensusVerdict {
  const { correction } = context;
  if (correction?.isReliable) return correctedVerdict(correction, context);
  const findings = [
    ...heterogeneityFindings(assessment, context),
    ...shapeFindings(assessment, consensus),
    ...combinationFindings(assessment, consensus),
  ];
  if (correction) {
    findings.push({
      level: "caution",
      code: "far-from-full",
      problem: `weights against the full posterior are too uneven to correct by (Pareto k ${correction.paretoK.toFixed(2)})`,
      remedy: "sample the full posterior from the consensus, or use fewer, larger shards",
    });
  }
  const grave = findings.filter(({ level }) => level === "distrust");
  const ordered = [...grave, ...findings.filter(({ level }) => level === "caution")];
  const first = ordered[0];
  if (!first) {
    const summary = "Trust it: the shards agree, and nothing in them would make their consensus wrong.";
    return { level: "trust", summary, findings: [] };
  }
  const level = grave.length > 0 ? "distrust" : "caution";
  const opening = level === "distrust" ? "Do not trust it" : "Trust it with caution";
  return { level, summary: `${opening}: ${first.problem}. What to do: ${first.remedy}.`, findings: ordered };
}

/** The full posterior has been looked at, so nothing needs to be inferred. */
function correctedVerdict(correction: Correction, { label }: VerdictContext): ConsensusVerdict {
  const { shift, sdRatio, mean, meanError, sd } = correction;
  const worst = mean.reduce((at, _, i) => (Math.abs(shift[i]!) > Math.abs(shift[at]!) ? i : at), 0);
  const uneven = mean.reduce(
    (at, _, i) => (Math.abs(Math.log(sdRatio[i]!)) > Math.abs(Math.log(sdRatio[at]!)) ? i : at),
    0,
  );
  const error = meanError[worst]! / sd[worst]!;
  // Not to blame the consensus for the noise of the correction.
  const off = Math.max(0, Math.abs(shift[worst]!) - 3 * error);
  const wide = Math.max(0, Math.abs(Math.log(sdRatio[uneven]!)) - 3 * Math.sqrt(1 / (2 * correction.effectiveSize)));
  const found =
    `against the full posterior means are within ${Math.abs(shift[worst]!).toFixed(2)} standard deviations ` +
    `(${label(worst)}) and standard deviations within a factor of ` +
    `${Math.exp(Math.abs(Math.log(sdRatio[uneven]!))).toFixed(2)} (${label(uneven)})`;
  if (off < TOLERABLE_BIAS && wide < Math.log(1.15)) {
    return { level: "trust", summary: `Trust it: ${found}.`, findings: [] };
  }
  const level = off > 1 || wide > Math.log(1.5) ? "distrust" : "caution";
  const remedy = "use the corrected moments and draws, which are those of the full posterior";
  const opening = level === "distrust" ? "Do not trust it" : "Trust it with caution";
  return {
    level,
    summary: `${opening}: ${found}. What to do: ${remedy}.`,
    findings: [{ level, code: "far-from-full", problem: found, remedy }],
  };
}

function heterogeneityFindings(
  { heterogeneity, divergence }: Omit<ConsensusAssessment, "verdict">,
  { maxBetweenShardKl, label }: VerdictContext,
): VerdictFinding[] {
  const findings: VerdictFinding[] = [];
  const { pValue, ratio, coordinates } = heterogeneity;
  if (pValue < 0.01) {
    const worst = coordinates.reduce((at, { ratio: own }, i) => (own > coordinates[at]!.ratio ? i : at), 0);
    findings.push({
      level: pValue < 1e-6 && ratio > 1.5 ? "distrust" : "caution",
      code: "heterogeneous",
      problem:
        `shards scatter ${Math.sqrt(ratio).toFixed(2)} times as widely as their posteriors say (p = ${pValue.toExponential(1)}), ` +
        `most of all in ${label(worst)}, so that the consensus is too sure`,
      remedy:
        "look for what differs between the data of the shards (drift, groups, bad regions), or for chains that have not converged",
    });
  }
  if (divergence && divergence.pValue < 0.01) {
    // Degrees of freedom are not needed: what agreeing shards have, expected, is about one nat a coordinate.
    const excess = (divergence.nats - divergence.expected) / coordinates.length;
    if (excess > maxBetweenShardKl) {
      findings.push({
        level: "caution",
        code: "divergent-pair",
        problem:
          `shards ${divergence.shards.join(" and ")} differ by ${divergence.nats.toFixed(1)} nats, where ` +
          `${divergence.expected.toFixed(1)} are expected`,
        remedy: "compare their data, or combine with robust",
      });
    }
  }
  return findings;
}

function shapeFindings(
  { predictedBias, modes, gaussianity, advice }: Omit<ConsensusAssessment, "verdict">,
  { method }: Consensus,
): VerdictFinding[] {
  const findings: VerdictFinding[] = [];
  const keepsShape = method === "semiparametric" || method === "nonparametric";
  if (predictedBias.largest > TOLERABLE_BIAS && !keepsShape && method !== "mixture") {
    const { largest } = predictedBias;
    findings.push({
      level: largest > 1 ? "distrust" : "caution",
      code: "biased",
      problem: `skewness of the shards moves the consensus by about ${largest.toFixed(2)} standard deviations`,
      remedy:
        advice.method === "semiparametric"
          ? "combine with semiparametric, or use fewer, larger shards"
          : "use fewer, larger shards, or correct against the full posterior",
    });
  }
  if (modes.multimodal.length > 0 && method !== "mixture") {
    findings.push({
      level: "distrust",
      code: "several-modes",
      problem: `${modes.multimodal.length} of ${modes.examined} shards examined have more than one mode, which ${method} averages`,
      remedy: "combine with mixture",
    });
  }
  const variance = largestVariance(gaussianity.map(({ logDensityVariance }) => logDensityVariance));
  if (method === "weighted-gaussian" && variance > 0.5) {
    findings.push({
      level: "caution",
      code: "not-gaussian",
      problem: `a shard is ${(variance / 2).toFixed(2)} nats from a Gaussian, and weighted-gaussian keeps nothing of its shape`,
      remedy: "combine with consensus, which keeps draws",
    });
  }
  return findings;
}

function largestVariance(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
}

function combinationFindings(
  { effectiveShards }: Omit<ConsensusAssessment, "verdict">,
  consensus: Consensus,
): VerdictFinding[] {
  const findings: VerdictFinding[] = [];
  const { warnings, dataLost, excluded, shards, method } = consensus;
  if (dataLost > 0 || excluded.length > 0) {
    findings.push({
      level: dataLost > 0.25 ? "distrust" : "caution",
      code: "data-lost",
      problem: `${(100 * dataLost).toFixed(1)} % of the data are in the ${excluded.length} shard(s) that were left out`,
      remedy: "find out what is wrong with them: the posterior is that of the remaining data",
    });
  }
  if (shards.length >= 4 && effectiveShards.joint < shards.length / 4) {
    findings.push({
      level: "caution",
      code: "dominated",
      problem: `few shards dominate: ${shards.length} are worth ${effectiveShards.joint.toFixed(1)} equal ones`,
      remedy: "divide the data at random, or check the scale of the dominating shards",
    });
  }
  if (method === "average") {
    findings.push({
      level: "caution",
      code: "warning",
      problem: "shards were averaged with equal weights, for comparison only",
      remedy: "combine with consensus",
    });
  }
  const remedies: Partial<Record<(typeof warnings)[number]["code"], string>> = {
    "few-draws": "draw more in every shard",
    "low-acceptance": "combine with consensus, or use fewer shards",
    "chains-disagree": "take more draws, or combine with consensus",
    "mode-missing": "start the chains of every shard in all modes",
    "mode-weights": "draw longer, or temper the shards",
    "kept-outlier": "check the data of that shard",
    overdispersed: "look for what differs between the data of the shards",
  };
  for (const { code, message } of warnings) {
    const remedy = remedies[code];
    if (remedy)
      findings.push({
        level: code === "low-acceptance" ? "distrust" : "caution",
        code: "warning",
        problem: message,
        remedy,
      });
  }
  return findings;
}
