import type { ReplicaProblem } from "@siegert/log-density";
import { checkLadder } from "../ladder/barrier.ts";
import { must, mustCount } from "../must.ts";
import { MOST_CHAINS, MOST_COPIES, MOST_ROUNDS } from "../swap/swap-uniforms.ts";
import type { DrawOptions, TemperingOptions, TemperingRuntime } from "./options.ts";
import type { RunSettings } from "./tempering-state.ts";

const DEFAULT_CHAINS = 10;

/** Options with their defaults filled in. */
export interface ResolvedOptions {
  readonly settings: RunSettings;
  /** The ladders to begin with; undefined when the number of chains is looked for. */
  readonly schedules: readonly Float64Array[];
  /** How the number of chains is looked for. */
  readonly search: { readonly targetAcceptance: number; readonly maxChains: number } | undefined;
}

/** Checks all options. @throws {InvalidArgumentError} */
export function resolveOptions(problem: ReplicaProblem, options: TemperingOptions): ResolvedOptions {
  checkRuntime(options);
  const legs = problem.legs ?? 1;
  const seed = options.seed ?? 0;
  must(Number.isSafeInteger(seed), "options.seed", "be a safe integer", seed);
  const { optimise = false } = options;
  must(!optimise || legs === 1, "options.optimise", "not be asked of a problem with two legs", optimise);
  const search = searchOf(options, legs);
  const schedules = schedulesOf(options, legs, search !== undefined);
  const size = schedules.reduce((sum, { length }) => sum + length, 0);
  mustCount("options.chains", size, 2, MOST_CHAINS);
  const draws = options.draws === false ? undefined : drawsOf(options.draws ?? {}, search ? undefined : size);
  const isSinking = options.sink !== undefined;
  must(draws?.isKeeping !== false || isSinking, "options.sink", "be given when draws.keep is false", options.sink);
  const adapt = options.adapt ?? options.betas === undefined;
  return {
    search,
    schedules,
    settings: {
      seed,
      rounds: mustCount("options.rounds", options.rounds ?? 10, 1, MOST_ROUNDS),
      copies: mustCount("options.copies", options.copies ?? 1, 1, MOST_COPIES),
      adapt,
      draws,
      isTracing: options.trace ?? false,
      isOptimising: optimise !== false,
      isFreezing: typeof optimise === "object" ? (optimise.freeze ?? adapt) : optimise && adapt,
    },
  };
}

/** Checks the options that do not change results. @throws {InvalidArgumentError} */
export function checkRuntime({ threads = "auto", scanTimeoutMs = 1, executor }: TemperingRuntime): void {
  if (threads !== "auto") mustCount("options.threads", threads, 1, 1024);
  must(scanTimeoutMs > 0 && scanTimeoutMs < Infinity, "options.scanTimeoutMs", "be positive and finite", scanTimeoutMs);
  const isExecutor = executor === undefined || (typeof executor.run === "function" && executor.size >= 1);
  must(isExecutor, "options.executor", "be a pool of @siegert/workers", executor);
}

function searchOf(options: TemperingOptions, legs: number): ResolvedOptions["search"] {
  const { chains, betas, targetAcceptance = 0.5, maxChains = 128 } = options;
  const isInside = targetAcceptance > 0 && targetAcceptance < 1;
  must(isInside, "options.targetAcceptance", "lie between 0 and 1", targetAcceptance);
  mustCount("options.maxChains", maxChains, 3, MOST_CHAINS);
  if (chains !== "auto") return undefined;
  must(betas === undefined, "options.betas", 'not be given when chains is "auto"', betas);
  must(legs === 1, "options.chains", "be numbers for a problem with two legs", chains);
  return { targetAcceptance, maxChains };
}

function schedulesOf(options: TemperingOptions, legs: number, isSearching: boolean): Float64Array[] {
  const { betas, maxBeta, chains = DEFAULT_CHAINS } = options;
  if (betas !== undefined) {
    must(options.chains === undefined, "options.chains", "not be given together with betas", options.chains);
    must(maxBeta === undefined, "options.maxBeta", "not be given together with betas", maxBeta);
    return givenSchedules(betas, legs);
  }
  const top = maxBeta ?? 1;
  must(top > 0 && top < Infinity, "options.maxBeta", "be positive and finite", top);
  must(legs === 1 || top === 1, "options.maxBeta", "be 1 for a problem with two legs", top);
  const sizes = chainCounts(isSearching ? 8 : (chains as number | readonly [number, number]), legs);
  return sizes.map((size) =>
    Float64Array.from({ length: size }, (_, i) => (i === size - 1 ? top : (top * i) / (size - 1))),
  );
}

function chainCounts(chains: number | readonly [number, number], legs: number): number[] {
  if (typeof chains === "number") return Array(legs).fill(mustCount("options.chains", chains, 2, MOST_CHAINS));
  const isList = Array.isArray(chains) && chains.length === legs;
  must(isList, "options.chains", legs === 1 ? 'be a number or "auto"' : "be a number, or one for each leg", chains);
  return chains.map((count, leg) => mustCount(`options.chains[${leg}]`, count, 2, MOST_CHAINS));
}

function givenSchedules(betas: NonNullable<TemperingOptions["betas"]>, legs: number): Float64Array[] {
  if (legs === 1) {
    checkLadder("options.betas", betas as ArrayLike<number>);
    return [Float64Array.from(betas as ArrayLike<number>)];
  }
  const both = betas as readonly ArrayLike<number>[];
  must(both.length === 2 && typeof both[0] === "object", "options.betas", "hold a ladder for each leg", betas);
  return both.map((one, leg) => {
    const argument = `options.betas[${leg}]`;
    checkLadder(argument, one);
    // Only at 1 have both legs the same density, on which their exchange rests.
    must(one[0] === 0 && one[one.length - 1] === 1, argument, "begin with 0 and end with 1", one);
    return Float64Array.from(one);
  });
}

function drawsOf(draws: DrawOptions, size: number | undefined): NonNullable<RunSettings["draws"]> {
  const { chains = "target", after = "swap", thinning = 1, rounds = "last", keep = true } = draws;
  const isAfter = after === "swap" || after === "exploration";
  must(isAfter, "options.draws.after", 'be "swap" or "exploration"', after);
  must(rounds === "last" || rounds === "all", "options.draws.rounds", 'be "last" or "all"', rounds);
  const isNamed = chains === "target" || chains === "all";
  must(isNamed || Array.isArray(chains), "options.draws.chains", 'be "target", "all" or a list of chains', chains);
  if (!isNamed) {
    must(
      size !== undefined,
      "options.draws.chains",
      'be "target" or "all" when the number of chains is "auto"',
      chains,
    );
    for (const [k, chain] of chains.entries()) mustCount(`options.draws.chains[${k}]`, chain, 0, size - 1);
    must(new Set(chains).size === chains.length, "options.draws.chains", "name every chain once", chains);
    must(chains.length > 0, "options.draws.chains", "name a chain; draws: false keeps none", chains);
  }
  return {
    chains: isNamed ? chains : chains.toSorted((a, b) => a - b),
    isAfterSwap: after === "swap",
    thinning: mustCount("options.draws.thinning", thinning, 1, 2 ** MOST_ROUNDS),
    isAllRounds: rounds === "all",
    isKeeping: keep,
  };
}
