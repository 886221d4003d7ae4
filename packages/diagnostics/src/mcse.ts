/**
 * Monte Carlo standard error (MCSE): the standard deviation of an estimate over repetitions of the whole run.
 *
 * Source: Vehtari, Gelman, Simpson, Carpenter & Bürkner (2021), 10.1214/20-BA1221, section 4.
 */
import { InvalidArgumentError } from "@siegert/errors";
import { type Chains, type ChainsInput, checkProbability, hasNaN, splitChains, toChains } from "./chains.ts";
import { effectiveSize } from "./effective-size.ts";
import { ess } from "./ess.ts";
import { mean, squaredDeviations, variance } from "./moments.ts";
import { sorted } from "./order-statistics.ts";
import { betaQuantile } from "./special/beta-quantile.ts";
import { reportWarnings, type WarningSink } from "./warning.ts";

/** Normal probability below −1 and +1, to the digits in which they are published. */
const BELOW_MINUS_ONE = 0.1586553;
const BELOW_PLUS_ONE = 0.8413447;

/** Which estimate {@link mcse} is for; `quantile` needs its probability. */
export type McseOptions = { readonly onWarning?: WarningSink } & (
  | { readonly method?: "mean" | "median" }
  | {
      readonly method: "sd";
      /** Whose ESS counts: that of the draws (default), or of their squared deviations. */
      readonly sizeOf?: "draws" | "squares";
    }
  | { readonly method: "quantile"; readonly prob: number }
);

/**
 * Monte Carlo standard error of the mean (default), standard deviation, median or a quantile of one scalar.
 *
 * - mean: s / √ESS with the ESS of the split chains;
 * - sd: the delta method on the variance, √(Var((x − x̄)²) / ESS / Var(x)) / 2. The ESS is that of the mean of the draws,
 *   as in the ArviZ release that the reference values come from; `sizeOf: "squares"` takes the ESS of (x − x̄)², as
 *   ArviZ 1.3 does and as the delta method asks for. The two differ where draws and squares mix differently: for
 *   an autoregression of coefficient a their autocorrelations are aᵗ and a²ᵗ;
 * - quantile: half the distance of the order statistics at the 16 % and 84 % points of Beta(E p + 1, E (1 − p) + 1),
 *   the law of the quantile's probability at an ESS of E.
 *
 * NaN below 4 draws a chain and for NaN among the draws. Draws that are all equal give 0 for the mean and for
 * quantiles, NaN for the sd.
 *
 * @param chains draws of one scalar, (chain, draw).
 * @throws {InvalidArgumentError} for draws that are no table, an unknown method, or a probability outside (0, 1).
 */
export function mcse(chains: ChainsInput, options: McseOptions = {}): number {
  const { method = "mean" } = options;
  if (options.method === "quantile") checkProbability("prob", options.prob);
  else if (!["mean", "sd", "median"].includes(method)) {
    throw new InvalidArgumentError("method", "be one of mean, sd, median, quantile", method);
  }
  if (options.method === "sd" && !["draws", "squares"].includes(options.sizeOf ?? "draws")) {
    throw new InvalidArgumentError("sizeOf", "be draws or squares", options.sizeOf);
  }
  const data = toChains(chains);
  reportWarnings(data, options.onWarning);
  if (data.draws < 4 || hasNaN(data.values)) return Number.NaN;
  if (options.method === "quantile") return quantileError(data, options.prob);
  if (method === "median") return quantileError(data, 0.5);
  return options.method === "sd" ? deviationError(data, options.sizeOf ?? "draws") : meanError(data);
}

function meanError(data: Chains): number {
  return Math.sqrt(variance(data.values, 1) / effectiveSize(splitChains(data)));
}

function deviationError(data: Chains, sizeOf: "draws" | "squares"): number {
  const squares = squaredDeviations(data.values);
  const size = effectiveSize(splitChains(sizeOf === "draws" ? data : { ...data, values: squares }));
  return Math.sqrt(variance(squares, 0) / size / mean(squares) / 4);
}

function quantileError(data: Chains, prob: number): number {
  const size = ess(data, { method: "quantile", prob });
  const ordered = sorted(data.values);
  const count = ordered.length;
  const position = (level: number): number => betaQuantile(level, size * prob + 1, size * (1 - prob) + 1) * count - 1;
  const low = ordered[Math.floor(Math.max(position(BELOW_MINUS_ONE), 0))]!;
  const high = ordered[Math.ceil(Math.min(position(BELOW_PLUS_ONE), count - 1))]!;
  return (high - low) / 2;
}
