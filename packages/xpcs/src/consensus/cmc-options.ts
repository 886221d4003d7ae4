import type { CmcOptions, CombinationConfig } from "@siegert/cmc-consensus";
import type { CmcConfig, Config } from "../config/config.ts";

/** What a run may set in place of its configuration. */
export interface ConsensusOverrides {
  /** Number of shards. */
  readonly shards?: number | undefined;
  readonly seed?: number | undefined;
}

const METHODS: Readonly<Record<CmcConfig["combination"]["method"], CombinationConfig["method"]>> = {
  consensus_mc: "consensus",
  robust_consensus_mc: "robust",
  weighted_gaussian: "weighted-gaussian",
  simple_average: "average",
  semiparametric: "semiparametric",
  nonparametric: "nonparametric",
  mixture: "mixture",
  auto: "auto",
};

/** Mean acceptance that the sampler aims for: laminar flow is the more bent. */
export function targetAcceptOf({ mode, cmc }: Config): number {
  return cmc.perShardMcmc.targetAcceptProb ?? (mode === "laminar_flow" ? 0.9 : 0.8);
}

/**
 * What a configuration asks of consensus Monte Carlo.
 *
 * @param evaluations of the posterior of all pairs, where that can be evaluated. Default: the sampler's own.
 */
export function cmcOptions(
  config: Config,
  { shards, seed }: ConsensusOverrides = {},
  evaluations?: number,
): CmcOptions {
  const { cmc, mode } = config;
  const { perShardMcmc, validation, combination, reparameterization, checkpoints } = cmc;
  const { numWarmup, numSamples, numChains, maxTreeDepth, denseMass, maxRetries } = perShardMcmc;
  const { chainMethod, adaptiveSampling, minWarmup, minSamples } = perShardMcmc;
  // Chains always start at the fit; whether its covariance is wanted, or needed, is settled before.
  const { requireNlsqWarmstart: _required, useNlsqWarmstart: _used, ...checks } = validation;
  return {
    seed: seed ?? cmc.seed,
    priorTempering: cmc.priorTempering,
    perShardTimeout: cmc.perShardTimeout,
    heartbeatTimeout: cmc.heartbeatTimeout,
    sharding: {
      ...cmc.sharding,
      numShards: shards ?? cmc.sharding.numShards,
      // Static models have few parameters and short trajectories; flow and two components have many and long ones.
      profile: mode === "laminar_flow" || mode === "two_component" ? "heavy" : "light",
    },
    perShardMcmc: {
      numWarmup,
      numSamples,
      numChains,
      targetAcceptProb: targetAcceptOf(config),
      maxTreeDepth,
      denseMass: denseMass ? "auto" : false,
      chainMethod,
      adaptiveSampling,
      minWarmup,
      minSamples,
      retries: maxRetries,
    },
    // A check that fails is no error there: the draws are written first, and judged after.
    validation: { ...checks, strictMode: false },
    combination: {
      method: METHODS[combination.method],
      validateResults: combination.validateResults,
      correctionEvaluations: evaluations,
      minSuccessRateWarning: combination.minSuccessRateWarning,
      bimodalMinWeight: reparameterization.bimodalMinWeight,
      bimodalMinSeparation: reparameterization.bimodalMinSeparation,
    },
    checkpoints: { frequency: checkpoints.frequency, resume: checkpoints.resume },
  };
}

/** The configuration as sampling sees it: with the dependence on the angle that `optimization.cmc` asks for. */
export function samplingConfig(config: Config): Config {
  const { perAngleMode } = config.cmc;
  return perAngleMode === null ? config : { ...config, nlsq: { ...config.nlsq, antiDegeneracy: { perAngleMode } } };
}
