/** A verdict in words on a whole run. */
import { InvalidArgumentError } from "@siegert/errors";
import { bfmi } from "./bfmi.ts";
import type { ChainsInput } from "./chains.ts";
import { DIVERGENCE_RATES, type DivergenceVerdict, divergenceVerdict, percent } from "./divergences.ts";
import type { Draws } from "./draws.ts";
import { ess } from "./ess.ts";
import { rhat } from "./rhat.ts";
import { checkChains, type DiagnosticWarning } from "./warning.ts";

/** What the sampler recorded, as far as there is something; each one switches a check on. */
export interface SamplerRecord {
  /** Number of divergent transitions after warmup, or a flag (not 0) for every transition. */
  readonly divergences?: number | ArrayLike<number>;
  /** Energy after every transition, (chain, draw). */
  readonly energy?: ChainsInput;
  /** Depth of the tree of every transition; needs `maxTreeDepth`. */
  readonly treeDepth?: ArrayLike<number>;
  readonly maxTreeDepth?: number;
}

/** Options of {@link diagnose}. */
export interface DiagnoseOptions {
  /** Variables to judge. Default: all. */
  readonly names?: readonly string[];
  readonly sampler?: SamplerRecord;
  /** Largest R-hat that passes. Default 1.01. */
  readonly maxRhat?: number;
  /** Smallest bulk ESS that passes. Default 100 per chain. */
  readonly minEss?: number;
  /** Smallest share of the draws that bulk and tail ESS must reach. Default 0.001. */
  readonly minEssRatio?: number;
  /** Smallest E-BFMI that passes. Default 0.3. */
  readonly minBfmi?: number;
}

/** `fail`: do not use the draws; `caution`: read the message first; `skipped`: nothing to judge by. */
export type CheckStatus = "pass" | "caution" | "fail" | "skipped";

/** One check of {@link diagnose}. */
export interface DiagnosticCheck {
  readonly name: "values" | "rhat" | "ess" | "divergences" | "treeDepth" | "bfmi";
  readonly status: CheckStatus;
  /** What was found, one sentence. */
  readonly message: string;
  /** What to do; empty when nothing. */
  readonly advice: string;
  /** Labels of the numbers concerned: `theta[3]`. */
  readonly variables: readonly string[];
}

/** What {@link diagnose} says. */
export interface Diagnosis {
  /** The worst status of all checks, skipped ones aside. */
  readonly status: "pass" | "caution" | "fail";
  /** The whole in one sentence. */
  readonly verdict: string;
  readonly checks: readonly DiagnosticCheck[];
  /** Largest R-hat; NaN when there is none. */
  readonly maxRhat: number;
  /** Smallest bulk and tail ESS. */
  readonly minEssBulk: number;
  readonly minEssTail: number;
  /** E-BFMI of every chain, when energies were given. */
  readonly bfmi?: readonly number[];
  readonly divergences?: DivergenceVerdict;
  readonly warnings: readonly DiagnosticWarning[];
}

interface Judged {
  readonly label: string;
  readonly rhat: number;
  readonly bulk: number;
  readonly tail: number;
}

/**
 * Judges a run as CmdStan's and ArviZ's functions of this name do: NaN and stuck chains, R-hat, effective sample sizes,
 * divergences, saturated trees, energies. R-hat too high, effective sizes below 0.1 % of the draws, NaN draws and a critical
 * rate of divergences fail; everything else asks for caution.
 *
 * @throws {InvalidArgumentError} for unknown names, or records that do not fit the draws.
 */
export function diagnose(draws: Draws, options: DiagnoseOptions = {}): Diagnosis {
  const { sampler = {}, minBfmi = 0.3 } = options;
  const transitions = draws.chains * draws.draws;
  const divergences = judgedDivergences(sampler.divergences, transitions);
  const fractions = sampler.energy === undefined ? undefined : bfmi(sampler.energy);
  const warnings: DiagnosticWarning[] = [];
  const judged: Judged[] = [];
  for (const { label, chains } of draws.scalars(options.names)) {
    warnings.push(...checkChains(chains, label));
    judged.push({ label, rhat: rhat(chains), bulk: ess(chains), tail: ess(chains, { method: "tail" }) });
  }
  const checks = [
    valueCheck(warnings),
    rhatCheck(judged, draws, options.maxRhat ?? 1.01),
    essCheck(judged, draws, options),
    ...(divergences === undefined ? [] : [divergenceCheck(divergences)]),
    ...treeDepthCheck(sampler, transitions),
    ...(fractions === undefined ? [] : [bfmiCheck(fractions, minBfmi)]),
  ];
  const status = worst(checks);
  return {
    status,
    verdict: verdictOf(status, checks),
    checks,
    maxRhat: extreme(
      judged.map((entry) => entry.rhat),
      Math.max,
    ),
    minEssBulk: extreme(
      judged.map((entry) => entry.bulk),
      Math.min,
    ),
    minEssTail: extreme(
      judged.map((entry) => entry.tail),
      Math.min,
    ),
    ...(fractions === undefined ? {} : { bfmi: Array.from(fractions) }),
    ...(divergences === undefined ? {} : { divergences }),
    warnings,
  };
}

/** A diagnosis as lines of text: the verdict, then every check with what to do about it. */
export function formatDiagnosis(diagnosis: Diagnosis): string {
  const lines = diagnosis.checks.map(({ name, status, message, advice }) => {
    const head = `${status.padEnd(7)}  ${name.padEnd(11)}  ${message}`;
    return advice === "" ? head : `${head}\n${" ".repeat(22)}${advice}`;
  });
  return [diagnosis.verdict, ...lines].join("\n");
}

function valueCheck(warnings: readonly DiagnosticWarning[]): DiagnosticCheck {
  const labels = (...codes: readonly string[]): string[] =>
    warnings.filter((warning) => codes.includes(warning.code)).map((warning) => warning.variable ?? "");
  const bad = labels("nan", "infinite");
  if (bad.length > 0) {
    return check(
      "values",
      "fail",
      `NaN or infinite draws: ${listed(bad)}.`,
      "Find where the model leaves its domain.",
      bad,
    );
  }
  const stuck = labels("constant", "constant-chain");
  if (stuck.length > 0) {
    const advice =
      "Constant by construction is fine; otherwise that chain's sampler is stuck: check its start and step size.";
    return check("values", "caution", `A chain or all of them never moved: ${listed(stuck)}.`, advice, stuck);
  }
  return check("values", "pass", "All draws are finite and every chain moves.");
}

function rhatCheck(judged: readonly Judged[], draws: Draws, limit: number): DiagnosticCheck {
  const known = judged.filter((entry) => !Number.isNaN(entry.rhat));
  if (known.length === 0) {
    const reason = draws.chains < 2 ? "a single chain" : draws.draws < 4 ? "fewer than 4 draws" : "these draws";
    return check("rhat", "skipped", `R-hat is not defined for ${reason}.`, draws.chains < 2 ? "Run four chains." : "");
  }
  const largest = known.reduce((a, b) => (b.rhat > a.rhat ? b : a));
  const high = known.filter((entry) => entry.rhat > limit).map((entry) => entry.label);
  const found = `largest R-hat ${largest.rhat.toFixed(3)} (${largest.label})`;
  if (high.length === 0) return check("rhat", "pass", `The chains agree: ${found}.`);
  const message = `The chains disagree about ${listed(high)}: ${found}, above ${limit}.`;
  return check("rhat", "fail", message, "Run longer, look at the traces, and check for several modes.", high);
}

function essCheck(judged: readonly Judged[], draws: Draws, options: DiagnoseOptions): DiagnosticCheck {
  const { minEss = 100 * draws.chains, minEssRatio = 0.001 } = options;
  const total = draws.chains * draws.draws;
  const known = judged.filter((entry) => !Number.isNaN(entry.bulk));
  if (known.length === 0) return check("ess", "skipped", "The effective sample size is not defined for these draws.");
  const few = known.filter((entry) => Math.min(entry.bulk, entry.tail) < minEssRatio * total);
  if (few.length > 0) {
    const labels = few.map((entry) => entry.label);
    const message = `Fewer than ${minEssRatio} effective draws per transition: ${listed(labels)}; even this is likely too high.`;
    return check("ess", "fail", message, "Reparameterize, or adapt a dense metric.", labels);
  }
  const low = known.filter((entry) => entry.bulk < minEss).map((entry) => entry.label);
  const smallest = known.reduce((a, b) => (b.bulk < a.bulk ? b : a));
  const found = `smallest bulk ESS ${Math.floor(smallest.bulk)} (${smallest.label})`;
  if (low.length === 0) return check("ess", "pass", `Enough effective draws: ${found} of ${total} draws.`);
  const factor = Math.ceil(minEss / smallest.bulk);
  const message = `Fewer than ${minEss} effective draws: ${listed(low)}; ${found}.`;
  return check("ess", "caution", message, `About ${factor} times as many draws would do.`, low);
}

function divergenceCheck(verdict: DivergenceVerdict): DiagnosticCheck {
  const isCritical = verdict.rate > DIVERGENCE_RATES.critical;
  const status = verdict.level === "none" ? "pass" : isCritical ? "fail" : "caution";
  return check("divergences", status, verdict.message, verdict.advice);
}

function treeDepthCheck({ treeDepth, maxTreeDepth }: SamplerRecord, transitions: number): DiagnosticCheck[] {
  if (treeDepth === undefined) return [];
  if (maxTreeDepth === undefined || !(maxTreeDepth > 0)) {
    throw new InvalidArgumentError("sampler.maxTreeDepth", "be given and positive with treeDepth", maxTreeDepth);
  }
  checkLength("sampler.treeDepth", treeDepth, transitions);
  let saturated = 0;
  for (let i = 0; i < treeDepth.length; i++) if (treeDepth[i]! >= maxTreeDepth) saturated++;
  if (saturated === 0)
    return [check("treeDepth", "pass", `No trajectory reached the limit of ${maxTreeDepth} doublings.`)];
  const share = percent(saturated / transitions);
  const message = `${saturated} of ${transitions} trajectories (${share}) were cut at ${maxTreeDepth} doublings: slow, not biased.`;
  return [check("treeDepth", "caution", message, "Adapt a better metric, or raise the limit.")];
}

function bfmiCheck(fractions: Float64Array, limit: number): DiagnosticCheck {
  const low = Array.from(fractions.keys()).filter((chain) => fractions[chain]! < limit);
  const smallest = fractions.reduce((a, b) => Math.min(a, b), Infinity);
  const found = `smallest E-BFMI ${smallest.toFixed(2)}`;
  if (low.length === 0) return check("bfmi", "pass", `Energies are explored: ${found}.`);
  const message = `Energies are explored slowly in chains ${low.join(", ")}: ${found}, below ${limit}; tails are missing.`;
  return check("bfmi", "caution", message, "Reparameterize heavy tails or scales that depend on parameters.");
}

function judgedDivergences(given: SamplerRecord["divergences"], transitions: number): DivergenceVerdict | undefined {
  if (given === undefined) return undefined;
  if (typeof given === "number") return divergenceVerdict(given, transitions);
  checkLength("sampler.divergences", given, transitions);
  let count = 0;
  for (let i = 0; i < given.length; i++) if (given[i]) count++;
  return divergenceVerdict(count, transitions);
}

function checkLength(argument: string, values: ArrayLike<number>, transitions: number): void {
  if (values.length !== transitions) {
    throw new InvalidArgumentError(argument, `have one entry per transition, ${transitions}`, values);
  }
}

function worst(checks: readonly DiagnosticCheck[]): "pass" | "caution" | "fail" {
  if (checks.some((entry) => entry.status === "fail")) return "fail";
  return checks.some((entry) => entry.status === "caution") ? "caution" : "pass";
}

function verdictOf(status: "pass" | "caution" | "fail", checks: readonly DiagnosticCheck[]): string {
  const concerned = checks.filter((entry) => entry.status === status).map((entry) => entry.name);
  const skipped = checks.filter((entry) => entry.status === "skipped").map((entry) => entry.name);
  const rest = skipped.length === 0 ? "" : ` Not judged: ${skipped.join(", ")}.`;
  if (status === "fail") return `Do not use these draws: ${concerned.join(", ")} failed.${rest}`;
  if (status === "caution") return `Use these draws with care: see ${concerned.join(", ")}.${rest}`;
  return `No problem found in ${concerned.join(", ")}.${rest}`;
}

function check(
  name: DiagnosticCheck["name"],
  status: CheckStatus,
  message: string,
  advice = "",
  variables: readonly string[] = [],
): DiagnosticCheck {
  return { name, status, message, advice, variables };
}

/** The first few names, and how many more. */
function listed(labels: readonly string[]): string {
  const shown = labels.slice(0, 5).join(", ");
  return labels.length > 5 ? `${shown} and ${labels.length - 5} more` : shown;
}

/** Largest or smallest of the values that are numbers; NaN when none is. */
function extreme(values: readonly number[], pick: (...values: number[]) => number): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? Number.NaN : known.reduce((a, b) => pick(a, b));
}
