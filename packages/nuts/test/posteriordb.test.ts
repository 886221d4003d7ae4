/** Public posteriors with reference draws of Stan (posteriordb): means and mean squares of every parameter. */
import { existsSync, readFileSync } from "node:fs";
import { mcse, rhat } from "@siegert/diagnostics";
import type { NamedLogDensity } from "@siegert/log-density";
import { describe, expect, test } from "vitest";
import { sample } from "../src/index.ts";
import { eightSchools } from "./models/eight-schools.ts";
import { flat, halfCauchy, halfNormal, linearRegression, normalMixture } from "./models/regressions.ts";
import { chainsOf, meanOf } from "./z-scores.ts";

const folder = new URL("../../../../shared/posteriordb/", import.meta.url);
const isThere = existsSync(folder);
const why = isThere ? "" : " (skipped: the reference posteriors are not here)";

interface Reference {
  readonly names: readonly string[];
  readonly mean: readonly number[];
  readonly mcse_mean_iid: readonly number[];
  readonly mean_sq: readonly number[];
  readonly var_of_sq: readonly number[];
}
type Data = Record<string, number[]> & { readonly X: number[][]; readonly K: number };

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, folder), "utf8"));

const log = Math.log;
const models: Readonly<Record<string, (data: Data) => NamedLogDensity>> = {
  "sblri-blr": ({ X, y }) => linearRegression(X, y!, 10, halfNormal(10)),
  "kidiq-kidscore_interaction": ({ kid_score, mom_hs, mom_iq }) => {
    const rows = mom_iq!.map((iq, n) => [1, mom_hs![n]!, iq, mom_hs![n]! * iq]);
    return linearRegression(rows, kid_score!, Infinity, halfCauchy(2.5));
  },
  "earnings-logearn_interaction": ({ earn, height, male }) => {
    const rows = height!.map((h, n) => [1, h, male![n]!, h * male![n]!]);
    return linearRegression(rows, earn!.map(log), Infinity, flat);
  },
  "mesquite-logmesquite_logvas": (data) => {
    const { weight, diam1, diam2, canopy_height, total_height, density, group } = data;
    const rows = weight!.map((_, n) => {
      const [a, b] = [diam1![n]!, diam2![n]!];
      return [
        1,
        log(a * b * canopy_height![n]!),
        log(a * b),
        log(a / b),
        log(total_height![n]!),
        log(density![n]!),
        group![n]!,
      ];
    });
    return linearRegression(rows, weight!.map(log), Infinity, flat);
  },
  "arK-arK": ({ y, K }) => {
    const rows = y!.slice(K).map((_, n) => [1, ...Array.from({ length: K }, (_, k) => y![n + K - 1 - k]!)]);
    return linearRegression(rows, y!.slice(K), 10, halfCauchy(2.5));
  },
  "low_dim_gauss_mix-low_dim_gauss_mix": ({ y }) => normalMixture(y!),
  "eight_schools-eight_schools_noncentered": () => eightSchools(),
};

describe.skipIf(!isThere)(`reference posteriors${why}`, () => {
  test.each(Object.keys(models))("%s", { timeout: 60_000 }, async (name) => {
    const reference = read(`${name}/reference.json`) as Reference;
    const target = models[name]!(read(`${name}/data.json`) as Data);
    const options = { seed: 1, chains: 4, warmup: 1000, draws: 1000, targetAccept: 0.9 };
    // Regressions whose coefficients are of very different size start near 0 in all of them.
    const run = await sample(target, { ...options, initial: { kind: "uniform", radius: 0.5 } });
    expect(reference.names.length).toBe(run.constrained().names.length);
    reference.names.forEach((_, k) => {
      const draws = chainsOf(run, k);
      expect(rhat(draws)).toBeLessThan(1.01);
      const squares = { ...draws, values: draws.values.map((value) => value ** 2) };
      const size = 10_000;
      for (const [own, mean, se] of [
        [draws, reference.mean[k]!, reference.mcse_mean_iid[k]!],
        [squares, reference.mean_sq[k]!, Math.sqrt(reference.var_of_sq[k]! / size)],
      ] as const) {
        expect(Math.abs(meanOf(own.values) - mean) / Math.hypot(mcse(own), se)).toBeLessThan(4);
      }
    });
    expect(run.chains.reduce((sum, chain) => sum + chain.divergent, 0)).toBeLessThan(8);
  });
});
