import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import { Draws, ess, rhat, summary } from "../src/index.ts";
import reference from "./fixtures/reference.json" with { type: "json" };
import { autoregressive } from "./golden-inputs.ts";
import { difference, fromJson } from "./reading.ts";

/** The posterior of reference.py: two scalars and a 2 × 3 array. */
const parts = Array.from({ length: 6 }, (_, k) =>
  autoregressive(40 + k, 4, 300, 0.1 * k).flatMap((row) => row.map((x) => x * 10 ** k)),
);
const theta = Float64Array.from({ length: 7200 }, (_, i) => parts[i % 6]![Math.floor(i / 6)]!);
const mu = Float64Array.from(autoregressive(31, 4, 300, 0.4).flat(), (x) => x * 0.15 + 0.2);
const sigma = Float64Array.from(autoregressive(32, 4, 300, 0.2).flat(), (x) => Math.exp(x * 0.08));
const draws = new Draws({ chains: 4, draws: 300, variables: { mu, sigma, theta: { values: theta, shape: [2, 3] } } });

test.each(["all", "all_median", "mc_diagnostics"] as const)("summary has ArviZ's columns and numbers: %s", (kind) => {
  const expected = reference.tables[kind];
  const table = summary(draws, { kind, tailProbabilities: [0.11, 0.89] });
  expect(table.columns).toEqual(expected.columns);
  expect(table.rows.map((row) => row.label)).toEqual(expected.labels);
  table.rows.forEach((row, i) => {
    row.values.forEach((value, k) => {
      const wanted = fromJson(expected.values[i]![k]!);
      expect(difference(value, wanted), `${row.label} ${expected.columns[k]}`).toBeLessThan(1e-9);
    });
  });
});

test("kinds are the halves of the whole, and the interval can be the shortest one", () => {
  const all = summary(draws);
  expect(summary(draws, { kind: "stats" }).columns).toEqual(all.columns.slice(0, 4));
  expect(summary(draws, { kind: "diagnostics" }).columns).toEqual(all.columns.slice(4));
  const median = summary(draws, { kind: "all_median" });
  expect(summary(draws, { kind: "stats_median" }).columns).toEqual(median.columns.slice(0, 4));
  expect(summary(draws, { kind: "diagnostics_median" }).columns).toEqual(median.columns.slice(4));
  const table = summary(draws, { kind: "stats", intervalKind: "hdi", intervalProbability: 0.94 });
  expect(table.columns).toEqual(reference.tables.hdi.columns);
  table.rows.forEach((row, i) => {
    row.values.forEach((value, k) => {
      expect(difference(value, reference.tables.hdi.values[i]![k]!)).toBeLessThan(1e-10);
    });
  });
});

test("the tail ESS is that of the 5 % and 95 % quantiles unless others are asked for, and the table says so", () => {
  const table = summary(draws);
  expect(table.get("theta[1, 2]", "ess_tail")).toBe(
    ess(draws.scalar("theta", 1, 2), { method: "tail", prob: [0.05, 0.95] }),
  );
  expect(table.settings.tailProbabilities).toEqual([0.05, 0.95]);
  expect(table.settings).toMatchObject({ chains: 4, draws: 300, intervalProbability: 0.89 });
});

test("get and column give full precision; unknown labels and columns are refused", () => {
  const table = summary(draws, { names: ["sigma"] });
  expect(table.rows).toHaveLength(1);
  expect(table.get("sigma", "r_hat")).toBe(rhat(draws.scalar("sigma")));
  expect(Array.from(table.column("r_hat"))).toEqual([table.get("sigma", "r_hat")]);
  expect(() => table.get("tau", "mean")).toThrow("label must be one of sigma");
  expect(() => table.column("median")).toThrow("column must be one of mean, sd");
});

/** The words of each line, R-hat to two decimals as ArviZ shows it. */
function cells(text: string): string[][] {
  return text.split("\n").map((line) =>
    line
      .replace(/(\w), (\w)/g, "$1,$2")
      .trim()
      .split(/ +/),
  );
}

test("the text rounds as ArviZ does, R-hat aside", () => {
  const table = summary(draws, { tailProbabilities: [0.11, 0.89] });
  const ours = cells(table.toText());
  const theirs = cells(reference.tables.shown.join("\n"));
  expect(ours).toHaveLength(theirs.length);
  ours.slice(1).forEach((row, i) => {
    row.slice(1).forEach((cell, k) => {
      const wanted = theirs[i + 1]![k + 1]!;
      if (k === 6) {
        expect(cell).toMatch(/^1\.0\d\d$/);
        expect(table.rows[i]!.values[k]!.toFixed(2)).toBe(wanted);
        expect(table.rows[i]!.values[k]!.toFixed(3)).toBe(cell);
      } else expect(Number(cell), `${row[0]} column ${k}`).toBe(Number(wanted) + 0);
    });
  });
});

test("columns of the text are aligned", () => {
  const [head, ...body] = summary(draws).toText().split("\n");
  for (const line of body) expect(line).toHaveLength(head!.length);
});

test("Markdown has a row per number and escapes what Markdown would take for markup", () => {
  const lines = summary(draws, { kind: "stats" }).toMarkdown().split("\n");
  expect(lines[0]).toBe("|  | mean | sd | eti89\\_lb | eti89\\_ub |");
  expect(lines[1]).toBe("| :--- | ---: | ---: | ---: | ---: |");
  expect(lines).toHaveLength(10);
  expect(lines[4]).toMatch(/^\| theta\\\[0, 0\\\] \| .*\|$/);
});

test("JSON keeps full precision, has null for what is not finite, and reads back", () => {
  const one = new Draws({ chains: 1, draws: 300, variables: { mu: mu.slice(0, 300) } });
  const json = JSON.parse(JSON.stringify(summary(one)));
  expect(json.rows[0].values.r_hat).toBeNull();
  expect(json.rows[0].values.mean).toBe(summary(one).get("mu", "mean"));
  expect(json.columns).toEqual(Object.keys(json.rows[0].values));
  expect(json.warnings).toEqual([
    { code: "single-chain", message: "R-hat compares chains and is NaN for a single one.", count: 1, variable: "mu" },
  ]);
});

test("warnings name their row and stand below the table", () => {
  const constant = new Draws({ chains: 4, draws: 300, variables: { mu, fixed: new Float64Array(1200).fill(2) } });
  const table = summary(constant);
  expect(table.warnings.map((warning) => [warning.variable, warning.code])).toEqual([["fixed", "constant"]]);
  expect(table.get("fixed", "ess_bulk")).toBe(1200);
  expect(table.get("fixed", "sd")).toBe(0);
  const [, , row, note] = table.toText().split("\n");
  expect(row).toMatch(/^fixed +2 +0 +2 +2 +1200 +1200 +NaN +0 +NaN$/);
  expect(note).toBe("fixed: All draws are equal: ESS is their number by convention, and R-hat is undefined.");
  expect(table.toMarkdown()).toContain("\n\n- fixed: All draws are equal");
});

test("infinite draws are shown as such, never as a number", () => {
  const values = mu.map((x, i) => (i === 7 ? Infinity : x));
  const line = summary(new Draws({ chains: 4, draws: 300, variables: { values } }))
    .toText()
    .split("\n")[1];
  expect(line).toMatch(/^values +∞ +NaN/);
});

test("options that are none are refused", () => {
  expect(() => summary(draws, { kind: "some" as never })).toThrow("kind must be one of all, stats");
  expect(() => summary(draws, { intervalKind: "equal" as never })).toThrow("intervalKind must be eti or hdi");
  expect(() => summary(draws, { intervalProbability: 1 })).toThrow(InvalidArgumentError);
  expect(() => summary(draws, { names: ["sigm"] })).toThrow("did you mean sigma?");
});
