import type { Consensus, ConsensusAssessment, ConsensusCheck, Correction, ShardRun } from "@siegert/cmc-consensus";
import type { Config } from "../config/config.ts";

/** What is known of a consensus. */
interface Judged {
  readonly config: Config;
  /** Why the run of the shards counts as failed. */
  readonly failure: string | undefined;
  /** Whether the posterior of all pairs is finite at hardly any point of the consensus. */
  readonly isRefused: boolean;
  readonly checks: readonly ConsensusCheck[];
  readonly assessment: ConsensusAssessment | undefined;
  readonly consensus: Consensus;
  readonly shardRun: ShardRun;
  readonly correction: Correction | undefined;
  /** Whether draws of the posterior of all pairs are used in place of those of the consensus. */
  readonly isCorrected: boolean;
}

const REFUSED =
  "The posterior of all pairs is finite at hardly any point of the consensus, which is therefore no approximation of it: look at the shards, or use fewer, larger ones.";

/** Findings about the consensus alone, which are no fault of draws that are corrected. */
const OVERCOME: ReadonlySet<string> = new Set(["far-from-full", "biased", "not-gaussian", "data-lost"]);
/** Findings that say that shards disagree, which `heterogeneity_abort: false` makes cautions. */
const DISAGREEMENT: ReadonlySet<string> = new Set(["heterogeneous", "divergent-pair"]);

/** What to think of a posterior that was divided. */
export interface ConsensusAdvice {
  /** One or two sentences. */
  readonly verdict: string;
  readonly isTrustworthy: boolean;
  /** Why it is not, and what to do. */
  readonly advice: readonly string[];
  /** What to keep in mind. */
  readonly cautions: readonly string[];
}

/**
 * Whether a posterior that was divided can be used. A run without enough good shards cannot; failed checks and a verdict of
 * distrust count unless `strict_mode` is off, which makes them cautions. Where draws of the posterior of all pairs are at hand,
 * it is these that are judged: a consensus that is off is then no fault.
 */
export function consensusAdvice(judged: Judged): ConsensusAdvice {
  const { config, failure, shardRun, consensus } = judged;
  const { strictMode } = config.cmc.validation;
  const { grave, mild } = findings(judged);
  const warned = [...shardRun.warnings, ...consensus.warnings].map(({ message }) => message);
  const advice = [...(failure === undefined ? [] : [failure]), ...(strictMode ? grave : [])];
  return {
    verdict: verdictOf(judged, advice),
    isTrustworthy: advice.length === 0,
    advice,
    cautions: [...new Set([...(strictMode ? [] : grave), ...mild, ...warned])],
  };
}

function findings({ config, isRefused, checks, assessment, correction, isCorrected }: Judged): {
  readonly grave: string[];
  readonly mild: string[];
} {
  const { heterogeneityAbort, minEss } = config.cmc.validation;
  const grave: string[] = [];
  const mild: string[] = [];
  for (const { isPassed, isStrict, message, code } of checks) {
    // The findings say what the verdict is about.
    if (isPassed || code === "verdict") continue;
    // Draws that are not used need not be many.
    if (isCorrected && code === "ess") continue;
    // A few shards may spread by chance.
    if (code === "parameter-cv" && !isBeyondChance(assessment)) continue;
    (isStrict && !isCorrected ? grave : mild).push(message);
  }
  if (isRefused) grave.push(REFUSED);
  if (isCorrected && correction !== undefined && correction.effectiveSize < minEss) {
    const size = correction.effectiveSize.toFixed(0);
    grave.push(
      `The corrected draws are worth ${size}, fewer than ${minEss}: use fewer, larger shards, whose consensus is nearer.`,
    );
  }
  for (const { level, code, problem, remedy } of assessment?.verdict.findings ?? []) {
    if (isCorrected && OVERCOME.has(code)) continue;
    const isExcused = DISAGREEMENT.has(code) && (isCorrected || !heterogeneityAbort);
    const counts = level === "distrust" && !isExcused;
    (counts ? grave : mild).push(`${capital(problem)}: ${remedy}.`);
  }
  return { grave, mild };
}

/** Whether the shards' means of any parameter scatter more than one run in a hundred would let them. */
function isBeyondChance(assessment: ConsensusAssessment | undefined): boolean {
  const tests = assessment?.heterogeneity.coordinates ?? [];
  return tests.some(({ pValue }) => pValue * tests.length < 0.01);
}

function verdictOf({ assessment, correction, isCorrected }: Judged, advice: readonly string[]): string {
  if (!isCorrected || correction === undefined)
    return assessment?.verdict.summary ?? "Not checked: optimization.cmc.combination.validate_results is false.";
  const { paretoK, effectiveSize, shift, sdRatio } = correction;
  const most = shift.reduce((largest, one) => Math.max(largest, Math.abs(one)), 0);
  const ratio = Math.exp(sdRatio.reduce((largest, one) => Math.max(largest, Math.abs(Math.log(one))), 0));
  const k = Number.isFinite(paretoK) ? `Pareto k ${paretoK.toFixed(2)}` : "even weights";
  const opening = advice.length === 0 ? "Trust them" : "Read what follows first";
  return `${opening}: the draws are those of the posterior of all pairs, reached from the consensus by importance weights (${k}, worth ${effectiveSize.toFixed(0)} draws). Means of the consensus alone are up to ${most.toFixed(2)} standard deviations off, its standard deviations up to a factor of ${ratio.toFixed(2)}.`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
