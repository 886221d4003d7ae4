/** What about the draws keeps a diagnostic from meaning what it usually means: data, not exceptions. */
import { type Chains, type ChainsInput, isConstant, toChains } from "./chains.ts";

/**
 * Cause of a {@link DiagnosticWarning}:
 * - `nan`: a draw is NaN, so every estimate is NaN;
 * - `infinite`: a draw is ±∞; estimates from ranks and quantiles remain, those from moments are NaN;
 * - `constant`: all draws are equal; ESS is their number by convention, R-hat is NaN;
 * - `constant-chain`: one chain never moved, others did;
 * - `single-chain`: R-hat needs two chains and is NaN;
 * - `too-few-draws`: below four draws a chain R-hat, ESS and MCSE are NaN;
 * - `short-chains`: below ten draws a chain no autocorrelation is estimated, ESS is its upper limit S log₁₀ S;
 * - `short-for-autocorrelation`: fewer draws than the wanted multiple of the autocorrelation time;
 * - `identical-tail`: the largest importance ratios are all equal, nothing to fit;
 * - `pareto-k`: importance sampling of some observations cannot be trusted;
 * - `waic-variance`: log likelihoods vary too much for WAIC.
 */
export type WarningCode =
  | "nan"
  | "infinite"
  | "constant"
  | "constant-chain"
  | "single-chain"
  | "too-few-draws"
  | "short-chains"
  | "short-for-autocorrelation"
  | "identical-tail"
  | "pareto-k"
  | "waic-variance";

/** A reason to read a number with care. */
export interface DiagnosticWarning {
  readonly code: WarningCode;
  /** One sentence: what was found and what follows. */
  readonly message: string;
  /** How many draws, chains or observations are concerned. */
  readonly count: number;
  /** Label of the variable, where there is one: `theta[2]`. */
  readonly variable?: string;
}

/** Takes the warnings of a call, for instance `(warning) => console.warn(warning.message)`. */
export type WarningSink = (warning: DiagnosticWarning) => void;

/**
 * What is wrong with a set of draws before any diagnostic is computed; empty when nothing is.
 *
 * @param input draws of one scalar, (chain, draw).
 * @param variable label to put on the warnings.
 * @throws {InvalidArgumentError} for draws that are no table of (chain, draw).
 */
export function checkChains(input: ChainsInput, variable?: string): DiagnosticWarning[] {
  const data = toChains(input);
  const found = [...valueWarnings(data), ...shapeWarnings(data)];
  return variable === undefined ? found : found.map((warning) => ({ ...warning, variable }));
}

/** Hands what {@link checkChains} finds to the sink, if there is one; that a chain is alone concerns only R-hat. */
export function reportWarnings(data: Chains, sink: WarningSink | undefined, isRhat = false): void {
  if (sink === undefined) return;
  for (const warning of checkChains(data)) if (isRhat || warning.code !== "single-chain") sink(warning);
}

function shapeWarnings({ chains, draws }: Chains): DiagnosticWarning[] {
  const found: DiagnosticWarning[] = [];
  if (draws < 4) {
    const message = `${draws} draws per chain are too few: R-hat, ESS and MCSE need at least 4 and are NaN.`;
    found.push({ code: "too-few-draws", message, count: draws });
  } else if (draws < 10) {
    const message = `With ${draws} draws per chain no autocorrelation is estimated: ESS is its upper limit.`;
    found.push({ code: "short-chains", message, count: draws });
  }
  if (chains < 2) {
    found.push({ code: "single-chain", message: "R-hat compares chains and is NaN for a single one.", count: 1 });
  }
  return found;
}

function valueWarnings({ values, chains, draws }: Chains): DiagnosticWarning[] {
  let nans = 0;
  let infinities = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) nans++;
    else if (!Number.isFinite(value)) infinities++;
  }
  if (nans > 0) return [{ code: "nan", message: `${nans} draws are NaN, so every estimate is NaN.`, count: nans }];
  const found: DiagnosticWarning[] = [];
  if (infinities > 0) {
    const message = `${infinities} draws are infinite: only estimates from ranks and quantiles are defined.`;
    found.push({ code: "infinite", message, count: infinities });
  }
  if (draws > 1 && isConstant(values)) {
    const message = "All draws are equal: ESS is their number by convention, and R-hat is undefined.";
    found.push({ code: "constant", message, count: values.length });
  } else if (draws > 1) {
    const stuck = countConstantChains(values, chains, draws);
    if (stuck > 0) {
      const message = `${stuck} of ${chains} chains never moved: their sampler is stuck.`;
      found.push({ code: "constant-chain", message, count: stuck });
    }
  }
  return found;
}

function countConstantChains(values: Float64Array, chains: number, draws: number): number {
  let count = 0;
  for (let chain = 0; chain < chains; chain++) {
    if (isConstant(values.subarray(chain * draws, (chain + 1) * draws))) count++;
  }
  return count;
}
