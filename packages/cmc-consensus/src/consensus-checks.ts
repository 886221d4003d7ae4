import { type Chains, ess } from "@siegert/diagnostics";
import type { Consensus } from "./combine/consensus.ts";
import type { ConsensusAssessment } from "./honesty/assessment.ts";
import type { Heterogeneity } from "./honesty/heterogeneity.ts";
import { relativeSpreads } from "./relative-spread.ts";
import type { ShardRun } from "./run/shard-run.ts";

/** One check of the whole. */
export interface ConsensusCheck {
  /**
   * - `success-rate`: share of good shards, against `minSuccessRateWarning`;
   * - `ess`: smallest effective sample size of the combined draws, against `minEss`;
   * - `between-shard-kl`: largest divergence between shards, against `maxBetweenShardKl`;
   * - `parameter-cv`: largest spread of a coordinate between the shards that were used, against `maxParameterCv`; it
   *   fails only where chance does not explain it (p of the coordinate's heterogeneity times coordinates < 0.01);
   * - `verdict`: of `assessConsensus`; 0 trust, 1 caution, 2 distrust, which fails.
   */
  readonly code: "success-rate" | "ess" | "between-shard-kl" | "parameter-cv" | "verdict";
  readonly isPassed: boolean;
  /** Whether strict mode makes an error of its failing. */
  readonly isStrict: boolean;
  readonly value: number;
  readonly limit: number;
  readonly message: string;
}

const LEVELS = ["trust", "caution", "distrust"] as const;
/** Divergences and spreads that chance explains are not held against shards: the means of a few scatter widely. */
const CHANCE = 0.01;

/** Checks a run as its configuration asks. */
export function consensusChecks(
  shardRun: ShardRun,
  consensus: Consensus,
  { divergence, heterogeneity, verdict }: ConsensusAssessment,
): ConsensusCheck[] {
  const { plan, successRate } = shardRun;
  const { validation, combination } = plan.config;
  const names = plan.coordinates;
  const isStrict = validation.heterogeneityAbort;
  const sizes = names.map((_, i) => ess(column(consensus, i)));
  const least = Math.min(...sizes);
  const excess = divergence ? (divergence.nats - divergence.expected) / names.length : 0;
  const { spread, coordinate, isBeyondChance } = widestSpread(shardRun, consensus, heterogeneity);
  const level = LEVELS.indexOf(verdict.level);
  return [
    {
      code: "success-rate",
      isPassed: successRate >= combination.minSuccessRateWarning,
      isStrict: false,
      value: successRate,
      limit: combination.minSuccessRateWarning,
      message: `${(100 * successRate).toFixed(0)} % of the shards are good.`,
    },
    {
      code: "ess",
      isPassed: least >= validation.minEss,
      isStrict: true,
      value: least,
      limit: validation.minEss,
      message: `The effective sample size of the combined draws is ${least.toFixed(0)} (${names[sizes.indexOf(least)]}).`,
    },
    {
      code: "between-shard-kl",
      isPassed: !(excess > validation.maxBetweenShardKl && divergence && divergence.pValue < CHANCE),
      isStrict,
      value: excess,
      limit: validation.maxBetweenShardKl,
      message: divergence
        ? `Shards ${divergence.shards.join(" and ")} differ most, by ${excess.toFixed(2)} nats a coordinate beyond what is expected.`
        : "There are no two shards with a coordinate in common.",
    },
    {
      code: "parameter-cv",
      isPassed: !(spread > validation.maxParameterCv && isBeyondChance),
      isStrict,
      value: spread,
      limit: validation.maxParameterCv,
      message: `Means of shards spread most in ${names[coordinate]}, by ${spread.toFixed(2)} of its size beyond what is expected.`,
    },
    {
      code: "verdict",
      isPassed: verdict.level !== "distrust",
      isStrict: true,
      value: level,
      limit: 1,
      message: verdict.summary,
    },
  ];
}

/** The coordinate that spreads most between shards: of those that do beyond chance, where there are any, else of all. */
function widestSpread(
  { posteriors }: ShardRun,
  { shards, dim }: Consensus,
  { coordinates }: Heterogeneity,
): { readonly spread: number; readonly coordinate: number; readonly isBeyondChance: boolean } {
  const used = new Set(shards);
  const spreads = relativeSpreads(
    posteriors.filter(({ shard }) => used.has(shard)),
    dim,
  );
  const all = [...spreads.keys()];
  const beyond = all.filter((i) => coordinates[i]!.pValue * dim < CHANCE);
  const candidates = beyond.length > 0 ? beyond : all;
  const coordinate = candidates.reduce((at, i) => (spreads[i]! > spreads[at]! ? i : at));
  return { spread: spreads[coordinate]!, coordinate, isBeyondChance: beyond.length > 0 };
}

function column({ values, dim, chains, draws }: Consensus, index: number): Chains {
  const out = new Float64Array(chains * draws);
  for (let row = 0; row < out.length; row++) out[row] = values[row * dim + index]!;
  return { values: out, chains, draws };
}
