/**
 * R-hat, the potential scale reduction factor: the spread of all chains together over the spread within them.
 *
 * Source: Vehtari, Gelman, Simpson, Carpenter & Bürkner (2021), Rank-normalization, folding, and localization: an
 * improved R-hat for assessing convergence of MCMC, Bayesian Anal. 16, 667, 10.1214/20-BA1221.
 */
import { InvalidArgumentError } from "@siegert/errors";
import { type Chains, type ChainsInput, hasNaN, splitChains, toChains } from "./chains.ts";
import { chainMeans, variance } from "./moments.ts";
import { absoluteDeviations, normalScores } from "./order-statistics.ts";
import { reportWarnings, type WarningSink } from "./warning.ts";

const METHODS = ["rank", "split", "folded", "z_scale", "identity"] as const;

/**
 * - `rank`: the larger of `z_scale` and `folded`, the one to use;
 * - `z_scale`: normal scores of the split chains, sensitive to location;
 * - `folded`: normal scores of |x − median| of the split chains, sensitive to scale;
 * - `split`: split chains as they are; `identity`: whole chains as they are (Gelman & Rubin 1992).
 */
export type RhatMethod = (typeof METHODS)[number];

/** Options of {@link rhat}. */
export interface RhatOptions {
  /** Default `rank`. */
  readonly method?: RhatMethod;
  /** Called with what makes the result special, see {@link DiagnosticWarning}. */
  readonly onWarning?: WarningSink;
}

/**
 * R-hat of one scalar: near 1 when the chains agree, above 1.01 when they should not be trusted. NaN for a single
 * chain, fewer than 4 draws, NaN among the draws, and draws that are all equal; ∞ for chains that stand still at
 * different values.
 *
 * @param chains draws of one scalar, (chain, draw).
 * @throws {InvalidArgumentError} for draws that are no table, or an unknown method.
 */
export function rhat(chains: ChainsInput, options: RhatOptions = {}): number {
  const { method = "rank", onWarning } = options;
  if (!METHODS.includes(method)) throw new InvalidArgumentError("method", `be one of ${METHODS.join(", ")}`, method);
  const data = toChains(chains);
  reportWarnings(data, onWarning, true);
  if (data.chains < 2 || data.draws < 4 || hasNaN(data.values)) return Number.NaN;
  if (method === "identity") return scaleReduction(data);
  const split = splitChains(data);
  if (method === "split") return scaleReduction(split);
  const bulk = method === "folded" ? Number.NaN : scaleReduction(scored(split, split.values));
  const tail = method === "z_scale" ? Number.NaN : foldedReduction(split);
  if (Number.isNaN(bulk)) return tail;
  return tail > bulk ? tail : bulk;
}

function foldedReduction(split: Chains): number {
  const folded = absoluteDeviations(split.values);
  return hasNaN(folded) ? Number.NaN : scaleReduction(scored(split, folded));
}

function scored(shape: Chains, values: Float64Array): Chains {
  return { ...shape, values: normalScores(values) };
}

/** √((B/W + n − 1) / n), with B the variance of the chain means times n and W the mean variance of the chains. */
function scaleReduction({ values, chains, draws }: Chains): number {
  const between = draws * variance(chainMeans(values, chains, draws), 1);
  let within = 0;
  for (let chain = 0; chain < chains; chain++) {
    within += variance(values.subarray(chain * draws, (chain + 1) * draws), 1) / chains;
  }
  return Math.sqrt((between / within + draws - 1) / draws);
}
