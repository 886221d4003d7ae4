import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import {
  type DiagnoseOptions,
  type Diagnosis,
  Draws,
  diagnose,
  divergenceVerdict,
  ess,
  formatDiagnosis,
  rhat,
} from "../src/index.ts";
import { autoregressive } from "./golden-inputs.ts";

const chains = 4;
const count = 1000;
const good = Float64Array.from(autoregressive(3, chains, count, 0.2).flat());
const draws = new Draws({ chains, draws: count, variables: { mu: good } });
const energy = autoregressive(4, chains, count, 0.3);

/** Statuses by check. */
function statuses(diagnosis: Diagnosis): Record<string, string> {
  return Object.fromEntries(diagnosis.checks.map((check) => [check.name, check.status]));
}

function judge(values: Float64Array, options: DiagnoseOptions = {}): Diagnosis {
  return diagnose(new Draws({ chains, draws: count, variables: { mu: good, bad: values } }), options);
}

test("a good run passes every check, in words", () => {
  const treeDepth = new Uint8Array(4000).fill(3);
  const diagnosis = diagnose(draws, { sampler: { divergences: 0, energy, treeDepth, maxTreeDepth: 10 } });
  expect(statuses(diagnosis)).toEqual({
    values: "pass",
    rhat: "pass",
    ess: "pass",
    divergences: "pass",
    treeDepth: "pass",
    bfmi: "pass",
  });
  expect(diagnosis.status).toBe("pass");
  expect(diagnosis.verdict).toBe("No problem found in values, rhat, ess, divergences, treeDepth, bfmi.");
  expect(diagnosis.maxRhat).toBe(rhat(draws.scalar("mu")));
  expect(diagnosis.minEssBulk).toBe(ess(draws.scalar("mu")));
  expect(diagnosis.minEssTail).toBe(ess(draws.scalar("mu"), { method: "tail" }));
  expect(diagnosis.bfmi).toHaveLength(4);
  expect(diagnosis.warnings).toEqual([]);
});

test("the text has a line for every check, with advice below", () => {
  const text = formatDiagnosis(diagnose(draws, { sampler: { divergences: 12 } })).split("\n");
  expect(text[0]).toBe("Use these draws with care: see divergences.");
  expect(text[1]).toBe("pass     values       All draws are finite and every chain moves.");
  expect(text[4]).toMatch(/^caution {2}divergences {2}12 of 4000 transitions diverged/);
  expect(text[5]).toMatch(/^ {22}Raise the target acceptance rate/);
  expect(text).toHaveLength(6);
});

test("a diagnosis is plain data", () => {
  const diagnosis = diagnose(draws, { sampler: { energy } });
  expect(JSON.parse(JSON.stringify(diagnosis))).toEqual(diagnosis);
});

test("chains that disagree fail, by name", () => {
  const shifted = good.map((x, i) => x + (i < count ? 3 : 0));
  const diagnosis = judge(shifted);
  const check = diagnosis.checks.find((entry) => entry.name === "rhat")!;
  expect(check.status).toBe("fail");
  expect(check.variables).toEqual(["bad"]);
  expect(check.message).toMatch(/^The chains disagree about bad: largest R-hat 1\.\d{3} \(bad\), above 1\.01\.$/);
  expect(diagnosis.verdict).toContain("Do not use these draws: rhat failed.");
  expect(diagnosis.status).toBe("fail");
});

test("too few effective draws call for more of them", () => {
  const slow = Float64Array.from(autoregressive(8, chains, count, 0.9).flat());
  const diagnosis = judge(slow, { maxRhat: 2 });
  const check = diagnosis.checks.find((entry) => entry.name === "ess")!;
  expect(check.status).toBe("caution");
  expect(check.variables).toEqual(["bad"]);
  const size = ess({ values: slow, chains, draws: count });
  expect(check.advice).toContain(`About ${Math.ceil(400 / size)} times as many`);
  expect(diagnosis.verdict).toBe("Use these draws with care: see ess.");
  expect(judge(slow, { maxRhat: 2, minEss: 50 }).status).toBe("pass");
  expect(statuses(judge(slow, { maxRhat: 2, minEssRatio: 0.5 }))["ess"]).toBe("fail");
});

test("NaN draws fail, stuck chains call for care", () => {
  expect(statuses(judge(good.map((x, i) => (i === 5 ? Number.NaN : x))))["values"]).toBe("fail");
  const stuck = judge(good.map((x, i) => (i < count ? 1 : x)));
  expect(statuses(stuck)["values"]).toBe("caution");
  expect(stuck.warnings.map((warning) => [warning.variable, warning.code])).toEqual([["bad", "constant-chain"]]);
});

test("a single chain leaves R-hat unjudged, and the verdict says so", () => {
  const single = diagnose(new Draws({ chains: 1, draws: count, variables: { mu: good.slice(0, count) } }));
  expect(statuses(single)["rhat"]).toBe("skipped");
  expect(single.verdict).toBe("No problem found in values, ess. Not judged: rhat.");
  expect(single.maxRhat).toBeNaN();
});

test("divergences, saturated trees and slow energies are judged from what the sampler recorded", () => {
  const flags = new Uint8Array(4000);
  flags.fill(1, 0, 20);
  const treeDepth = new Uint8Array(4000).fill(10, 0, 40);
  const slow = autoregressive(4, chains, count, 0.95);
  const diagnosis = diagnose(draws, { sampler: { divergences: flags, treeDepth, maxTreeDepth: 10, energy: slow } });
  expect(statuses(diagnosis)).toMatchObject({ divergences: "caution", treeDepth: "caution", bfmi: "caution" });
  expect(diagnosis.divergences).toMatchObject({ level: "few", divergences: 20, rate: 0.005 });
  expect(diagnosis.checks.find((check) => check.name === "treeDepth")!.message).toContain(
    "40 of 4000 trajectories (1 %)",
  );
  expect(diagnosis.checks.find((check) => check.name === "bfmi")!.message).toContain("chains 0, 1, 2, 3");
  expect(statuses(diagnose(draws, { sampler: { divergences: 2000 } }))["divergences"]).toBe("fail");
});

test("records that do not fit the draws are refused", () => {
  expect(() => diagnose(draws, { sampler: { divergences: new Uint8Array(5) } })).toThrow(InvalidArgumentError);
  expect(() => diagnose(draws, { sampler: { treeDepth: new Uint8Array(4000) } })).toThrow("maxTreeDepth");
  expect(() => diagnose(draws, { sampler: { treeDepth: new Uint8Array(7), maxTreeDepth: 10 } })).toThrow(
    "per transition",
  );
  expect(() => diagnose(draws, { names: ["nu"] })).toThrow(InvalidArgumentError);
});

test.each([
  [0, "none"],
  [1, "few"],
  [50, "few"],
  [51, "elevated"],
  [100, "elevated"],
  [101, "high"],
  [300, "high"],
  [301, "critical"],
  [1000, "critical"],
] as const)("%s divergences of 1000 are %s", (divergences, level) => {
  const verdict = divergenceVerdict(divergences, 1000);
  expect(verdict.level).toBe(level);
  expect(verdict.message).toMatch(new RegExp(`^${divergences} of 1000 transitions diverged \\(`));
  expect(verdict.advice === "").toBe(level === "none");
});

test.each([
  [-1, 10],
  [11, 10],
  [0, 0],
  [0.5, 10],
])("%s divergences of %s are refused", (divergences, transitions) => {
  expect(() => divergenceVerdict(divergences, transitions)).toThrow(InvalidArgumentError);
});
