import { InvalidArgumentError } from "@siegert/errors";

/** Shares of divergent transitions at which the verdict of {@link divergenceVerdict} changes. */
export const DIVERGENCE_RATES = {
  /** Up to here a run is usable with care. */
  target: 0.05,
  /** From here on estimates are biased. */
  high: 0.1,
  /** From here on the draws are no sample of the posterior. */
  critical: 0.3,
} as const;

/** `none`: no divergence; `few`: up to 5 %; `elevated`: up to 10 %; `high`: up to 30 %; `critical`: above. */
export type DivergenceLevel = "none" | "few" | "elevated" | "high" | "critical";

/** What {@link divergenceVerdict} says. */
export interface DivergenceVerdict {
  readonly level: DivergenceLevel;
  readonly divergences: number;
  readonly transitions: number;
  /** divergences / transitions. */
  readonly rate: number;
  /** What it means, one sentence. */
  readonly message: string;
  /** What to do; empty without divergences. */
  readonly advice: string;
}

const MEANING: Readonly<Record<DivergenceLevel, string>> = {
  none: "the trajectories were integrated without trouble.",
  few: "regions of high curvature may be missing from the draws.",
  elevated: "regions of high curvature are missing from the draws; intervals are likely too narrow.",
  high: "estimates are biased and must not be reported.",
  critical: "the draws are no sample of the posterior.",
};

const ADVICE: Readonly<Record<DivergenceLevel, string>> = {
  none: "",
  few: "Raise the target acceptance rate (0.9 … 0.99) and look where in a pair plot the divergences lie.",
  elevated:
    "Raise the target acceptance rate (0.95 … 0.99); if divergences stay, reparameterize, non-centred for example.",
  high: "Reparameterize (non-centred, logarithms of scales) or tighten priors; a smaller step size alone rarely helps here.",
  critical: "Check the model, its gradient and the starting points before sampling again.",
};

/**
 * What a number of divergent transitions says about a run.
 *
 * @param divergences divergent transitions after warmup, 0 … transitions.
 * @param transitions all transitions after warmup, ≥ 1.
 * @throws {InvalidArgumentError} for counts that are none.
 */
export function divergenceVerdict(divergences: number, transitions: number): DivergenceVerdict {
  if (!Number.isInteger(transitions) || transitions < 1) {
    throw new InvalidArgumentError("transitions", "be a positive integer", transitions);
  }
  if (!Number.isInteger(divergences) || divergences < 0 || divergences > transitions) {
    throw new InvalidArgumentError("divergences", `be an integer from 0 to transitions = ${transitions}`, divergences);
  }
  const rate = divergences / transitions;
  const level = levelOf(rate);
  const count = `${divergences} of ${transitions} transitions diverged (${percent(rate)})`;
  return { level, divergences, transitions, rate, message: `${count}: ${MEANING[level]}`, advice: ADVICE[level] };
}

function levelOf(rate: number): DivergenceLevel {
  if (rate === 0) return "none";
  if (rate <= DIVERGENCE_RATES.target) return "few";
  if (rate <= DIVERGENCE_RATES.high) return "elevated";
  return rate <= DIVERGENCE_RATES.critical ? "high" : "critical";
}

/** A share as percent with two significant digits. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
