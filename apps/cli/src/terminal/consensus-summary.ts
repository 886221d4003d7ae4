import type { ConsensusResult } from "@siegert/xpcs";
import { estimateRows } from "./posterior-summary.ts";

/** The verdict, how the draws came about, and a line per quantity. */
export function consensusSummary(result: ConsensusResult): string {
  const { posterior, table, consensus, shardRun, seconds, verdict } = result;
  const { plan } = shardRun;
  const how = `Consensus of ${consensus.shards.length} of ${plan.shards} shards of about ${plan.pointsPerShard} points by ${consensus.method}, ${consensus.chains} chains of ${consensus.draws} draws, in ${seconds.toFixed(1)} s.`;
  return `${verdict}\n${how}\n\n${estimateRows({ posterior, table })}`;
}
