/** The verdict in words, on cases built to deserve it. */
import { createRandom } from "@siegert/random";
import { expect, test } from "vitest";
import {
  assessConsensus,
  type CombineMethod,
  type CombineWarning,
  combine,
  correct,
  type ShardPosterior,
} from "../src/index.ts";
import { agreeingShards, drawnShard } from "./models/drawn-shards.ts";
import { knownDensity } from "./models/known-density.ts";
import { logGammaShards } from "./models/log-gamma-shards.ts";

const names = ["level", "slope"];
const ROUND = [[1], [0, 1]];
const rounds = (count: number) => Array.from({ length: count }, () => ROUND);
const agreeing = agreeingShards(rounds(8), 2, { draws: 200 });

function judge(shards: readonly ShardPosterior[], method: CombineMethod = "consensus") {
  const consensus = combine(shards, { dim: 2, names, method });
  return assessConsensus(shards, consensus, { names }).verdict;
}

/** Findings by code: their level, problem and remedy in one line. */
function findingsOf({ findings }: ReturnType<typeof judge>): Record<string, string> {
  return Object.fromEntries(
    findings.map(({ level, code, problem, remedy }) => [code, `${level}: ${problem}: ${remedy}`]),
  );
}

test("shards that agree: trust", () => {
  expect(judge(agreeing)).toEqual({
    level: "trust",
    summary: "Trust it: the shards agree, and nothing in them would make their consensus wrong.",
    findings: [],
  });
});

const shifted = agreeingShards(rounds(8), 2, { draws: 200, shift: (s) => (s === 5 ? [0, 9] : [0, 0]) });

test("one shard that is moved: distrust, with the coordinate and what to look for", () => {
  const verdict = judge(shifted);
  expect(verdict.level).toBe("distrust");
  expect(verdict.summary).toMatch(/^Do not trust it: shards scatter \d\.\d\d times as widely as their posteriors say/);
  expect(verdict.summary).toContain("most of all in slope");
  expect(verdict.summary).toContain("What to do: look for what differs between the data of the shards");
  expect(findingsOf(verdict)["divergent-pair"]).toMatch(
    /^caution: shards (5 and \d|\d and 5) differ by \d+\.\d nats, where \d\.\d are expected: compare their data/,
  );
});

test("coordinates without names are numbered", () => {
  const consensus = combine(shifted, { dim: 2, method: "consensus" });
  expect(assessConsensus(shifted, consensus).verdict.summary).toContain("most of all in coordinate 1");
});

test("a pair is held against shards from the limit that is given", () => {
  const consensus = combine(shifted, { dim: 2, method: "consensus" });
  const codes = (maxBetweenShardKl: number) =>
    assessConsensus(shifted, consensus, { maxBetweenShardKl }).verdict.findings.map(({ code }) => code);
  expect(codes(5)).toContain("divergent-pair");
  expect(codes(1000)).not.toContain("divergent-pair");
});

test("a little too much scatter: caution", () => {
  const random = createRandom(6);
  const scattered = agreeingShards(rounds(60), 4, { draws: 100, shift: () => [0.9 * random.normal(), 0] });
  const verdict = judge(scattered);
  expect(verdict.level).toBe("caution");
  expect(verdict.summary).toMatch(
    /^Trust it with caution: shards scatter 1\.\d\d times as widely .* most of all in level/,
  );
});

test("a shard that was left out: its data are missing", () => {
  const verdict = judge(shifted, "robust");
  expect(verdict.level).toBe("caution");
  expect(findingsOf(verdict)).toEqual({
    "data-lost":
      "caution: 12.5 % of the data are in the 1 shard(s) that were left out: " +
      "find out what is wrong with them: the posterior is that of the remaining data",
  });
});

test("more than a quarter of the data left out: distrust", () => {
  const heavy = shifted.map((posterior) => ({ ...posterior, points: posterior.shard === 5 ? 400 : 100 }));
  const verdict = judge(heavy, "robust");
  expect(verdict.level).toBe("distrust");
  expect(verdict.summary).toMatch(/^Do not trust it: 36\.4 % of the data are in the 1 shard/);
});

test("two modes that are averaged: distrust, unless they were combined mode by mode", () => {
  const random = createRandom(8);
  const shards = [0, 1, 2, 3].map((shard) =>
    drawnShard(2, { shard }, (out) => {
      const side = random.uniform() < 0.5 ? -4 : 4;
      for (let i = 0; i < 2; i++) out[i] = side + random.normal();
    }),
  );
  const averaged = judge(shards);
  expect(averaged.level).toBe("distrust");
  expect(averaged.summary).toBe(
    "Do not trust it: 4 of 4 shards examined have more than one mode, which consensus averages. " +
      "What to do: combine with mixture.",
  );
  expect(Object.keys(findingsOf(judge(shards, "mixture")))).not.toContain("several-modes");
});

const alike = (count: number) => Array.from({ length: count }, () => ({ shape: 5, rate: 1 }));

test("skewed shards: caution or worse with consensus, nothing with a density product", () => {
  const shards = logGammaShards(alike(8), 1, { draws: 300, signs: [1, -1] });
  expect(findingsOf(judge(shards))).toEqual({
    biased: expect.stringMatching(
      /^caution: skewness of the shards moves the consensus by about 0\.\d\d standard deviations: combine with semiparametric/,
    ),
  });
  expect(findingsOf(judge(shards, "semiparametric")).biased).toBeUndefined();
  const many = judge(logGammaShards(alike(70), 1, { draws: 150, signs: [1, -1] }));
  expect(many.level).toBe("distrust");
  expect(findingsOf(many).biased).toMatch(/use fewer, larger shards, or correct against the full posterior$/);
});

test("a Gaussian made of shards that are none", () => {
  const shards = logGammaShards([{ shape: 1, rate: 1 }], 3, { draws: 2000, signs: [1, 1] });
  const verdict = judge(shards, "weighted-gaussian");
  expect(findingsOf(verdict)["not-gaussian"]).toMatch(
    /^caution: a shard is \d\.\d\d nats from a Gaussian.*combine with consensus/,
  );
  expect(findingsOf(judge(shards))["not-gaussian"]).toBeUndefined();
});

test("one shard that dominates: caution", () => {
  const narrow = [[0.05], [0, 0.05]];
  const verdict = judge(agreeingShards([narrow, ...rounds(7)], 11));
  expect(findingsOf(verdict).dominated).toMatch(
    /^caution: few shards dominate: 8 are worth 1\.0 equal ones: divide the data at random/,
  );
});

test("an average is for comparison only", () => {
  expect(findingsOf(judge(agreeing, "average")).warning).toMatch(/for comparison only: combine with consensus$/);
});

test.each([
  ["few-draws", "caution", "draw more in every shard"],
  ["low-acceptance", "distrust", "combine with consensus, or use fewer shards"],
  ["chains-disagree", "caution", "take more draws, or combine with consensus"],
  ["mode-missing", "caution", "start the chains of every shard in all modes"],
  ["mode-weights", "caution", "draw longer, or temper the shards"],
  ["kept-outlier", "caution", "check the data of that shard"],
  ["overdispersed", "caution", "look for what differs between the data of the shards"],
] as const)("a warning of the combination, %s, becomes a finding: %s", (code, level, remedy) => {
  const warnings: CombineWarning[] = [
    { code: "gaussian-tails", message: "which is no fault" },
    { code, message: "what is wrong" },
  ];
  const few = agreeing.slice(0, 3);
  const consensus = { ...combine(few, { dim: 2, method: "consensus" }), warnings };
  const { verdict } = assessConsensus(few, consensus);
  expect(verdict.level).toBe(level);
  expect(verdict.findings).toEqual([{ level, code: "warning", problem: "what is wrong", remedy }]);
});

/** A Gaussian beside the consensus, by so many of its standard deviations in the slope, and so many times as wide. */
function corrected(shards: readonly ShardPosterior[], by: number, wider = 1) {
  const consensus = combine(shards, { dim: 2, names, method: "consensus" });
  const sd = (i: number) => Math.sqrt(consensus.covariance[3 * i]!);
  const full = knownDensity(2, ([x, y]) => {
    const [u, v] = [(x! - consensus.mean[0]!) / sd(0), (y! - consensus.mean[1]!) / sd(1) / wider - by];
    return -(u * u + v * v) / 2;
  });
  const correction = correct(consensus, full, { subset: 3000 });
  return { correction, verdict: assessConsensus(shards, consensus, { names, correction }).verdict };
}

test("the full posterior overrules what shards let one expect", () => {
  const { verdict, correction } = corrected(shifted, 0);
  expect(correction.isReliable).toBe(true);
  expect(verdict.level).toBe("trust");
  expect(verdict.summary).toMatch(
    /^Trust it: against the full posterior means are within 0\.0\d standard deviations \(/,
  );
  expect(verdict.findings).toEqual([]);
});

test.each([
  { by: 0.5, wider: 1, level: "caution", opening: "Trust it with caution: against", mean: 0.5, factor: 1 },
  { by: 2, wider: 1, level: "distrust", opening: "Do not trust it: against", mean: 2, factor: 1 },
  { by: 0, wider: 1.35, level: "caution", opening: "Trust it with caution: against", mean: 0, factor: 1.35 },
  { by: 0, wider: 1.8, level: "distrust", opening: "Do not trust it: against", mean: 0, factor: 1.8 },
])("the full posterior $by standard deviations away, $wider times as wide: $level", (wanted) => {
  const { verdict, correction } = corrected(agreeing, wanted.by, wanted.wider);
  expect(correction.isReliable).toBe(true);
  expect(verdict.level).toBe(wanted.level);
  expect(verdict.summary.startsWith(wanted.opening)).toBe(true);
  const [, mean, factor] = /within (\d\.\d\d) standard deviations .* factor of (\d\.\d\d)/.exec(verdict.summary)!;
  expect(Math.abs(Number(mean) - wanted.mean)).toBeLessThan(0.15);
  expect(Math.abs(Number(factor) - wanted.factor)).toBeLessThan(0.15);
  const [where] =
    wanted.by > 0 ? /deviations \(slope\)/.exec(verdict.summary)! : /\(slope\)\. What/.exec(verdict.summary)!;
  expect(where).toContain("slope");
  expect(verdict.findings).toEqual([
    expect.objectContaining({
      level: wanted.level,
      code: "far-from-full",
      remedy: expect.stringContaining("corrected moments"),
    }),
  ]);
});

test("weights too uneven to correct by: caution, beside what shards say", () => {
  const { verdict, correction } = corrected(agreeing, 12);
  expect(correction.isReliable).toBe(false);
  expect(verdict.level).toBe("caution");
  expect(verdict.summary).toMatch(
    /too uneven to correct by \(Pareto k \d+\.\d\d\)\. What to do: sample the full posterior/,
  );
  const grave = corrected(shifted, 12).verdict;
  expect(grave.findings.map(({ level }) => level)).toEqual(
    [...grave.findings.map(({ level }) => level)].sort((a, b) => (a === b ? 0 : a === "distrust" ? -1 : 1)),
  );
  expect([grave.level, grave.findings[0]!.code]).toEqual(["distrust", "heterogeneous"]);
});
