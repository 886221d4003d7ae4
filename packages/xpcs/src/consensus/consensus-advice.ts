import type { Consensus, ConsensusAssessment, ConsensusCheck, ShardRun } from "@siegert/cmc-consensus";
import type { Config } from "../config/config.ts";

/** What is known of a consensus. */
interface Judged {
  readonly config: Config;
  /** Why the run of the shards counts as failed. */
  readonly failure: string | undefined;
  /** Why the consensus could not be weighed against the posterior of all pairs. */
  readonly refusal: string | undefined;
  readonly checks: readonly ConsensusCheck[];
  readonly assessment: ConsensusAssessment;
  readonly consensus: Consensus;
  readonly shardRun: ShardRun;
}

/** Findings that say that shards disagree, which `heterogeneity_abort: false` makes cautions. */
const DISAGREEMENT: ReadonlySet<string> = new Set(["heterogeneous", "divergent-pair"]);

/**
 * Whether a consensus can be used. A run without enough good shards cannot; failed checks and a verdict of distrust count
 * unless `strict_mode` is off, which makes them cautions.
 */
export function consensusAdvice({ config, failure, refusal, checks, assessment, consensus, shardRun }: Judged): {
  readonly isTrustworthy: boolean;
  readonly advice: readonly string[];
  readonly cautions: readonly string[];
} {
  const { strictMode, heterogeneityAbort } = config.cmc.validation;
  const grave: string[] = [];
  const cautions: string[] = [];
  for (const { isPassed, isStrict, message } of checks) if (!isPassed) (isStrict ? grave : cautions).push(message);
  if (config.cmc.combination.validateResults) {
    if (refusal !== undefined) grave.push(refusal);
    for (const { level, code, problem, remedy } of assessment.verdict.findings) {
      const counts = level === "distrust" && (heterogeneityAbort || !DISAGREEMENT.has(code));
      (counts ? grave : cautions).push(`${capital(problem)}: ${remedy}.`);
    }
  }
  for (const { message } of [...shardRun.warnings, ...consensus.warnings]) cautions.push(message);
  const advice = [...(failure === undefined ? [] : [failure]), ...(strictMode ? grave : [])];
  return {
    isTrustworthy: advice.length === 0,
    advice,
    cautions: distinct(strictMode ? cautions : [...grave, ...cautions]),
  };
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
