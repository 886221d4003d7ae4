import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  bfmi,
  type EssOptions,
  ess,
  eti,
  hdi,
  type McseOptions,
  mcse,
  psis,
  type RhatMethod,
  rhat,
} from "../src/index.ts";
import { INPUTS, lcg } from "./golden-inputs.ts";

/** ArviZ's own results on formulaic inputs; lies beside the repository where it is available. */
const GOLDEN = new URL("../../../../shared/reference/golden_diagnostics.json", import.meta.url);
const isAvailable = existsSync(GOLDEN);
type Block = Readonly<Record<string, number | null | readonly number[]>>;
const golden: Readonly<Record<string, Block>> & { psis?: Readonly<Record<string, Readonly<Record<string, number>>>> } =
  isAvailable ? JSON.parse(readFileSync(GOLDEN, "utf8")) : {};

/** What an entry of a block stands for. */
function compute(chains: number[][], key: string): number | readonly number[] {
  const [kind, ...rest] = key.split("_");
  const what = rest.join("_");
  const level = Number(what.slice(1));
  if (kind === "rhat") return rhat(chains, { method: what as RhatMethod });
  if (kind === "ess") return ess(chains, essOptions(what, level));
  if (kind === "mcse") {
    return mcse(chains, /^q[\d.]/.test(what) ? { method: "quantile", prob: level } : ({ method: what } as McseOptions));
  }
  if (key === "bfmi") return Array.from(bfmi(chains));
  if (key.startsWith("hdi")) return hdi(chains, Number(key.slice(3)));
  if (key.startsWith("eti")) return eti(chains, Number(key.slice(3)));
  if (key === "first3") return chains[0]!.slice(0, 3);
  if (key === "last") return chains.at(-1)!.at(-1)!;
  throw new Error(`unknown entry ${key}`);
}

function essOptions(what: string, level: number): EssOptions {
  if (what === "tail_05_95") return { method: "tail", prob: [0.05, 0.95] };
  if (what === "tail_11_89") return { method: "tail", prob: 0.89 };
  if (what.startsWith("local")) return { method: "local", prob: [0.2, 0.3] };
  return /^q[\d.]/.test(what) ? { method: "quantile", prob: level } : ({ method: what } as EssOptions);
}

/** Relative difference; 0 for equal values and for null, ArviZ's NaN, against NaN. */
function difference(ours: number, theirs: number | null): number {
  if (theirs === null) return Number.isNaN(ours) ? 0 : Infinity;
  return ours === theirs ? 0 : Math.abs(ours - theirs) / Math.abs(theirs);
}

const reason = isAvailable ? "" : " (skipped: golden_diagnostics.json is not beside the repository)";

describe.skipIf(!isAvailable)(`ArviZ's results to 1e-8${reason}`, () => {
  describe.each(Object.keys(INPUTS))("%s", (name) => {
    test.each(Object.entries(golden[name] ?? {}))("%s", (key, expected) => {
      const ours = compute(INPUTS[name]!, key);
      const [found, wanted] = [[ours].flat(), [expected].flat()];
      expect(found).toHaveLength(wanted.length);
      found.forEach((value, k) => {
        const distance = difference(value, wanted[k]!);
        if (process.env["SIEGERT_SHOW"]) console.log("DIFF", name, key, distance);
        expect(distance, `${value} against ${wanted[k]}`).toBeLessThan(1e-8);
      });
    });
  });

  test.each(Object.entries(golden.psis ?? {}))("psis %s", (name, expected) => {
    const [, exponent, size] = /^a([\d.]+)_S(\d+)$/.exec(name)!;
    const uniforms = lcg(17);
    const ratios = Float64Array.from(
      { length: Number(size) },
      () => -Number(exponent) * Math.log(uniforms.next().value),
    );
    const { logWeights, paretoK, effectiveSize } = psis(ratios);
    const largest = logWeights.reduce((a, b) => Math.max(a, b));
    const ours = { khat: paretoK, lw_max: largest, lw_first: logWeights[0]!, is_ess: effectiveSize };
    for (const [key, value] of Object.entries(ours)) {
      if (process.env["SIEGERT_SHOW"]) console.log("DIFF", name, key, difference(value, expected[key]!));
      expect(difference(value, expected[key]!), key).toBeLessThan(1e-8);
    }
  });

  test("the file holds all cases", () => {
    expect(Object.keys(golden)).toEqual(expect.arrayContaining([...Object.keys(INPUTS), "psis"]));
    for (const name of Object.keys(INPUTS)) expect(Object.keys(golden[name]!).length, name).toBeGreaterThan(30);
    expect(Object.keys(golden.psis!)).toHaveLength(9);
  });
});
