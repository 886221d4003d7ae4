import { InvalidArgumentError, nearest } from "@siegert/errors";
import { shardSizeProfile } from "../sharding/shard-size.ts";
import type { CmcConfig, CmcOptions } from "./cmc-config.ts";
import { CMC_DEFAULTS } from "./defaults.ts";

type Rule = readonly [check: (value: unknown) => boolean, requirement: string];

const isCount = (least: number) => (value: unknown) => Number.isSafeInteger(value) && (value as number) >= least;
const isNumber = (test: (value: number) => boolean) => (value: unknown) => typeof value === "number" && test(value);
const orWord = (word: string, [check, requirement]: Rule): Rule => [
  (value) => value === word || check(value),
  `${requirement}, or "${word}"`,
];
const oneOf = (...words: readonly string[]): Rule => [
  (value) => words.includes(value as string),
  `be one of ${words.join(", ")}`,
];

const COUNT: Rule = [isCount(1), "be a positive integer"];
const COUNT_OR_ZERO: Rule = [isCount(0), "be a non-negative integer"];
const BOOLEAN: Rule = [(value) => typeof value === "boolean", "be true or false"];
const POSITIVE: Rule = [isNumber((x) => x > 0 && x < Infinity), "be positive and finite"];
const NON_NEGATIVE: Rule = [isNumber((x) => x >= 0 && x < Infinity), "be finite and not negative"];
const SHARE: Rule = [isNumber((x) => x >= 0 && x <= 1), "lie from 0 to 1"];
const AT_LEAST_ONE: Rule = [isNumber((x) => x >= 1), "be a number of at least 1"];
const LISTS: Rule = [(value) => value === undefined || Array.isArray(value), "be an array of lists of points"];
/** Checked by `shardSizeProfile`, which says more. */
const PROFILE: Rule = [() => true, ""];

type Rules<T> = { readonly [Key in keyof Required<T>]: T[Key] extends object ? unknown : Rule };

const TOP = {
  seed: [Number.isSafeInteger, "be a safe integer"],
  priorTempering: BOOLEAN,
  perShardTimeout: POSITIVE,
  heartbeatTimeout: POSITIVE,
  maxDrawBytes: POSITIVE,
} as const satisfies Partial<Record<keyof CmcConfig, Rule>>;

const SECTIONS = {
  sharding: {
    strategy: oneOf("random", "balanced", "stratified", "contiguous", "given"),
    lists: LISTS,
    numShards: orWord("auto", COUNT),
    maxPointsPerShard: orWord("auto", COUNT),
    minPointsPerShard: orWord("auto", COUNT),
    minPointsPerParam: COUNT_OR_ZERO,
    profile: PROFILE,
    seedBase: [Number.isSafeInteger, "be a safe integer"],
  },
  perShardMcmc: {
    numWarmup: COUNT,
    numSamples: [isCount(4), "be an integer of at least 4, as R-hat needs"],
    numChains: COUNT,
    targetAcceptProb: [isNumber((x) => x > 0 && x < 1), "lie between 0 and 1"],
    maxTreeDepth: [(value) => isCount(1)(value) && (value as number) <= 24, "be an integer from 1 to 24"],
    denseMass: orWord("auto", BOOLEAN),
    chainMethod: oneOf("parallel", "vectorized", "sequential"),
    adaptiveSampling: BOOLEAN,
    minWarmup: COUNT,
    minSamples: [isCount(4), "be an integer of at least 4, as R-hat needs"],
    retries: COUNT_OR_ZERO,
    preflightPoints: COUNT_OR_ZERO,
  },
  validation: {
    strictMode: BOOLEAN,
    minEss: NON_NEGATIVE,
    minPerShardEss: NON_NEGATIVE,
    maxPerShardRhat: AT_LEAST_ONE,
    maxBetweenShardKl: POSITIVE,
    minBfmi: NON_NEGATIVE,
    minSuccessRate: SHARE,
    maxDivergenceRate: SHARE,
    criticalDivergenceRate: SHARE,
    maxParameterCv: POSITIVE,
    heterogeneityAbort: BOOLEAN,
    requireWarmStart: BOOLEAN,
    useWarmStart: BOOLEAN,
  },
  combination: {
    method: oneOf(
      "auto",
      "consensus",
      "weighted-gaussian",
      "robust",
      "semiparametric",
      "nonparametric",
      "mixture",
      "average",
    ),
    validateResults: BOOLEAN,
    correctionEvaluations: [(value) => value === 0 || isCount(100)(value), "be 0, or an integer of at least 100"],
    minSuccessRateWarning: SHARE,
    bimodalMinWeight: [isNumber((x) => x > 0 && x <= 0.5), "be above 0 and at most 0.5"],
    bimodalMinSeparation: [isNumber((x) => x > 0 && x < 1), "lie between 0 and 1"],
  },
  checkpoints: { frequency: COUNT, resume: BOOLEAN },
} as const satisfies {
  readonly [Key in Exclude<keyof CmcConfig, keyof typeof TOP>]: Rules<CmcConfig[Key]>;
};

/**
 * All keys with their values: those given, else `CMC_DEFAULTS`.
 * @throws {InvalidArgumentError} naming the key (`config.sharding.numShards`) that is unknown or has a value that it
 *   cannot have.
 */
export function resolveConfig(options: CmcOptions = {}): CmcConfig {
  const given = plainObject("config", options);
  refuseUnknown("config", given, [...Object.keys(TOP), ...Object.keys(SECTIONS)]);
  const resolved: Record<string, unknown> = resolveKeys("config", given, CMC_DEFAULTS, TOP);
  for (const [section, rules] of Object.entries(SECTIONS)) {
    const path = `config.${section}`;
    const values = plainObject(path, given[section] ?? {});
    refuseUnknown(path, values, Object.keys(rules));
    resolved[section] = resolveKeys(path, values, CMC_DEFAULTS[section as keyof typeof SECTIONS], rules);
  }
  const config = resolved as unknown as CmcConfig;
  checkTogether(config);
  return config;
}

function resolveKeys(
  path: string,
  given: Readonly<Record<string, unknown>>,
  defaults: object,
  rules: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(rules).map(([key, rule]) => {
      const value = given[key] ?? (defaults as Readonly<Record<string, unknown>>)[key];
      const [check, requirement] = rule as Rule;
      if (!check(value)) throw new InvalidArgumentError(`${path}.${key}`, requirement, value);
      return [key, value];
    }),
  );
}

function checkTogether({ sharding, validation }: CmcConfig): void {
  const isGiven = sharding.strategy === "given";
  if (isGiven !== (sharding.lists !== undefined)) {
    throw new InvalidArgumentError(
      "config.sharding.lists",
      isGiven ? "be given for the strategy given" : 'be left out unless the strategy is "given"',
      sharding.lists,
    );
  }
  if (isGiven && sharding.numShards !== "auto" && sharding.numShards !== sharding.lists?.length) {
    throw new InvalidArgumentError("config.sharding.numShards", "be the number of lists", sharding.numShards);
  }
  shardSizeProfile(sharding.profile, "config.sharding.profile");
  if (validation.maxDivergenceRate > validation.criticalDivergenceRate) {
    throw new InvalidArgumentError(
      "config.validation.maxDivergenceRate",
      "not be above criticalDivergenceRate",
      validation.maxDivergenceRate,
    );
  }
}

function plainObject(path: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new InvalidArgumentError(path, "be an object", value);
}

function refuseUnknown(path: string, given: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const meant = nearest(unknown, known);
  const hint = meant === undefined ? `, which has ${known.join(", ")}` : `; did you mean ${meant}?`;
  throw new InvalidArgumentError(`${path}.${unknown}`, `be a key of ${path}${hint}`, given[unknown]);
}
