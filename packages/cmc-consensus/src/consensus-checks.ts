import { ess } from "@siegert/diagnostics";
import type { Consensus } from "./combine/consensus.ts";
import type { ShardRun } from "./run/shard-run.ts";

/** One check of the whole. */
export interface ConsensusCheck {
  /** `success-rate`: a share of the shards; `ess`: effective sample size of the combined draws. */
  readonly code: "success-rate" | "ess";
  readonly isPassed: boolean;
  /** Whether strict mode makes an error of its failing. */
  readonly isStrict: boolean;
  readonly value: number;
  readonly limit: number;
  readonly message: string;
}

/** Checks a run as its configuration asks. */
export function consensusChecks({ plan, successRate }: ShardRun, consensus: Consensus): ConsensusCheck[] {
  const { validation, combination } = plan.config;
  if (!combination.validateResults) return [];
  const sizes = plan.coordinates.map((_, i) => ess(column(consensus, i)));
  const least = Math.min(...sizes);
  const worst = plan.coordinates[sizes.indexOf(least)];
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
      message: `The effective sample size of the combined draws is ${least.toFixed(0)} (${worst}).`,
    },
  ];
}

function column({ values, dim, chains, draws }: Consensus, index: number) {
  const out = new Float64Array(chains * draws);
  for (let row = 0; row < out.length; row++) out[row] = values[row * dim + index]!;
  return { values: out, chains, draws };
}
