/** The run that tests of faults disturb: about two seconds on two threads. */
import { createHash } from "node:crypto";
import { type CmcOptions, type ConsensusRun, type RunConsensusOptions, runConsensus } from "../../src/index.ts";
import { linearModel } from "../models/linear-model.ts";

export const FAULTY_CONFIG = {
  sharding: { numShards: 16 },
  perShardMcmc: { numWarmup: 100, numSamples: 100, numChains: 2, adaptiveSampling: false },
  combination: { method: "consensus" },
  validation: { minPerShardEss: 10 },
} as const satisfies CmcOptions;

export function faultyRun(options: RunConsensusOptions): Promise<ConsensusRun> {
  return runConsensus(linearModel({ points: 1200, slowMs: 0.05 }), { config: FAULTY_CONFIG, ...options });
}

/** A hash of all draws, of shards and consensus. */
export function hashOf({ consensus, shardRun }: ConsensusRun): string {
  const hash = createHash("sha256").update(consensus!.values);
  for (const { values, logDensity } of shardRun.posteriors) hash.update(values).update(logDensity!);
  return hash.digest("hex");
}
