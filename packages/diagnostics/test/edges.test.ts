import { InvalidArgumentError } from "@siegert/errors";
import { describe, expect, test } from "vitest";
import {
  checkChains,
  type DiagnosticWarning,
  type EssMethod,
  type EssOptions,
  ess,
  mcse,
  type RhatMethod,
  rhat,
} from "../src/index.ts";
import reference from "./fixtures/reference.json" with { type: "json" };
import { autoregressive, INPUTS } from "./golden-inputs.ts";
import { difference, fromJson } from "./reading.ts";

const base = autoregressive(21, 4, 100, 0.3);
const first = (value: number): number[][] => base.map((row, c) => row.map((x, t) => (c === 0 && t === 3 ? value : x)));
const short = (draws: number): number[][] => base.map((row) => row.slice(0, draws));

/** The inputs that reference.py calls by these names. */
const EDGES: Readonly<Record<string, number[][]>> = {
  constant: base.map((row) => row.map(() => 1)),
  constant_single: [base[0]!.map(() => 1)],
  two_constants: [base[0]!.map(() => 0), base[0]!.map(() => 1)],
  nan: first(Number.NaN),
  infinite: first(Infinity),
  one_constant_chain: [base[0]!.map(() => 0.3), ...base.slice(1)],
  binary: base.map((row) => row.map((x) => (x > 0 ? 1 : 0))),
  offset: base.map((row) => row.map((x) => x * 1e-3 + 1e6)),
  draws_3: short(3),
  draws_4: short(4),
  draws_5: short(5),
  draws_6: short(6),
  draws_11: short(11),
  draws_13: short(13),
  single_4: [short(4)[0]!],
  single_100: [base[0]!],
};

function compute(chains: number[][], key: string): number {
  const [kind, ...rest] = key.split("_");
  const what = rest.join("_");
  if (kind === "rhat") return rhat(chains, { method: what as RhatMethod });
  if (kind === "ess") return ess(chains, essOptions(what as EssMethod));
  if (what === "sd") return mcse(chains, { method: "sd", sizeOf: "squares" });
  return mcse(chains, what === "quantile" ? { method: "quantile", prob: 0.5 } : { method: "mean" });
}

function essOptions(method: EssMethod): EssOptions {
  if (method === "quantile") return { method, prob: 0.05 };
  return method === "local" ? { method, prob: [0.2, 0.3] } : { method };
}

/** Where the last bits of ArviZ's own arithmetic decide: equal values whose variance is 0 or 1e-33. */
const ROUNDING: ReadonlySet<string> = new Set(["two_constants rhat_rank", "two_constants rhat_z_scale"]);

describe.each(Object.entries(reference.edges))("as ArviZ: %s", (name, block) => {
  test.each(Object.entries(block).filter(([key]) => !ROUNDING.has(`${name} ${key}`)))("%s", (key, expected) => {
    // Draws near 1e6 with a spread of 1e-3 leave seven digits fewer.
    const tolerance = name === "offset" ? 1e-6 : 1e-10;
    expect(difference(compute(EDGES[name]!, key), fromJson(expected))).toBeLessThan(tolerance);
  });
});

test("chains that stand still at different values have an infinite R-hat", () => {
  for (const method of ["rank", "z_scale", "split", "identity"] as const) {
    expect(rhat(EDGES["two_constants"]!, { method }), method).toBeGreaterThan(1e7);
  }
});

test.each([
  ["constant", ["constant"]],
  ["constant_single", ["constant", "single-chain"]],
  ["two_constants", ["constant-chain"]],
  ["nan", ["nan"]],
  ["infinite", ["infinite"]],
  ["one_constant_chain", ["constant-chain"]],
  ["draws_3", ["too-few-draws"]],
  ["draws_4", ["short-chains"]],
  ["single_100", ["single-chain"]],
  ["draws_11", []],
  ["binary", []],
])("%s is warned about as %s", (name, codes) => {
  const chains = EDGES[name]!;
  expect(checkChains(chains).map((warning) => warning.code)).toEqual(codes);
  for (const compute of [rhat, ess, mcse] as ((input: number[][], options: object) => number)[]) {
    const seen: DiagnosticWarning[] = [];
    compute(chains, { onWarning: (warning: DiagnosticWarning) => seen.push(warning) });
    const expected = compute === (rhat as unknown) ? codes : codes.filter((code) => code !== "single-chain");
    expect(seen.map((warning) => warning.code)).toEqual(expected);
  }
});

test("a warning counts what it is about and carries the label it was given", () => {
  expect(checkChains(EDGES["two_constants"]!, "tau")).toEqual([
    {
      code: "constant-chain",
      message: "2 of 2 chains never moved: their sampler is stuck.",
      count: 2,
      variable: "tau",
    },
  ]);
});

test.each([1e-30, 1e-8, 1e12])("the unit of a parameter, %s, changes no diagnostic", (unit) => {
  const scaled = base.map((row) => row.map((x) => x * unit));
  for (const method of ["bulk", "tail", "mean", "sd", "median", "mad", "folded", "identity"] as const) {
    expect(ess(scaled, { method }) / ess(base, { method }), method).toBeCloseTo(1, 9);
  }
  expect(rhat(scaled) / rhat(base)).toBeCloseTo(1, 12);
  for (const method of ["mean", "sd", "median"] as const) {
    expect(mcse(scaled, { method }) / unit / mcse(base, { method }), method).toBeCloseTo(1, 9);
  }
});

test("relative ESS is ESS per draw", () => {
  expect(ess(base, { relative: true })).toBe(ess(base) / 400);
  expect(ess(EDGES["constant"]!, { relative: true })).toBe(1);
});

test("rows and a row-major array are the same draws, and nothing is changed in place", () => {
  const rows = INPUTS["ar07_4x250_seed1"]!;
  const values = Float64Array.from(rows.flat());
  const packed = { values, chains: 4, draws: 250 };
  expect(ess(packed)).toBe(ess(rows));
  expect(rhat(packed)).toBe(rhat(rows.map((row) => Float64Array.from(row))));
  expect(mcse(packed, { method: "median" })).toBe(mcse(rows, { method: "median" }));
  expect(Array.from(values)).toEqual(rows.flat());
});

test.each([
  [[], "chains must hold at least one chain with at least one draw"],
  [[[]], "chains must hold at least one chain with at least one draw"],
  [
    [
      [1, 2, 3, 4],
      [1, 2],
    ],
    "chains[1] must be an array of 4 numbers",
  ],
  [{ values: new Float64Array(7), chains: 2, draws: 4 }, "chains.values must have length chains · draws = 8"],
  [{ values: new Float64Array(8), chains: 0, draws: 4 }, "chains.chains must be a positive integer"],
  [{ values: new Float64Array(8), chains: 2, draws: 0.5 }, "chains.draws must be a positive integer"],
  [{ values: [1, 2], chains: 1, draws: 2 }, "chains must be an array of chains, or"],
  [undefined, "chains must be an array of chains, or"],
])("draws that are no table are refused: %j", (input, message) => {
  for (const compute of [rhat, ess, mcse]) {
    expect(() => compute(input as never)).toThrow(InvalidArgumentError);
    expect(() => compute(input as never)).toThrow(message);
  }
});

test("unknown methods and impossible probabilities are refused", () => {
  expect(() => rhat(base, { method: "ranks" as never })).toThrow("method must be one of rank, split, folded");
  expect(() => ess(base, { method: "iqr" as never })).toThrow("method must be one of bulk, mean");
  expect(() => mcse(base, { method: "mode" as never })).toThrow("method must be one of mean, sd, median, quantile");
  expect(() => mcse(base, { method: "sd", sizeOf: "all" as never })).toThrow("sizeOf must be draws or squares");
  for (const prob of [0, 1, Number.NaN, undefined as never]) {
    expect(() => ess(base, { method: "quantile", prob })).toThrow(InvalidArgumentError);
    expect(() => mcse(base, { method: "quantile", prob })).toThrow(InvalidArgumentError);
  }
  for (const prob of [[0.3, 0.2], [0, 0.5], [0.1], 0.5]) {
    expect(() => ess(base, { method: "local", prob: prob as never })).toThrow("be two ascending probabilities");
  }
  expect(() => ess(base, { method: "tail", prob: 1 })).toThrow(InvalidArgumentError);
  expect(() => ess(base, { method: "tail", prob: [0.9, 0.1] })).toThrow(InvalidArgumentError);
});
