/**
 * A replica of a protoplanetary-disk fit, whose posterior defeats diagonal metrics: nine parameters, correlations to
 * 0.98, scales from 1e-4 to 1.
 */
import { existsSync, readFileSync } from "node:fs";
import { essBulk, rhat } from "@siegert/diagnostics";
import { checkGradient } from "@siegert/log-density";
import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";
import { sample } from "../src/index.ts";
import { type DiskData, diskLogLikelihood, diskPosterior } from "./models/disk.ts";
import { chainsOf, meanOf } from "./z-scores.ts";

const file = new URL("../../../../shared/data/eddy_replica_44.json", import.meta.url);
const isThere = existsSync(file);
const data = (isThere ? JSON.parse(readFileSync(file, "utf8")) : undefined) as DiskData;
const why = isThere ? "" : " (skipped: its data, eddy_replica_44.json, are not here)";

describe.skipIf(!isThere)(`disk replica${why}`, () => {
  test("value and gradient are those of the check points", () => {
    const logLikelihood = diskLogLikelihood(data);
    for (const point of data.tests) {
      const gradient = new Float64Array(9);
      const value = logLikelihood(Float64Array.from(point.params), gradient);
      // The listed velocities are rounded to 1e-6, a ten-millionth of their noise.
      expect(Math.abs(value / point.loglik - 1)).toBeLessThan(1e-8);
      // The listed gradients are rounded to 7 digits.
      point.grad.forEach((expected, k) => {
        expect(Math.abs(gradient[k]! / expected - 1)).toBeLessThan(1e-6);
      });
    }
    const target = diskPosterior(data);
    const position = target.unconstrain(Float64Array.from(data.truth), new Float64Array(9));
    expect(checkGradient(target, position).isGood).toBe(true);
  });

  test("auto: R-hat, effective size, leapfrogs, widths and cost of warmup", { timeout: 180_000 }, async () => {
    const target = diskPosterior(data);
    // Starts as a fit's users make them: the optimum, each parameter off by a thousandth of itself (up to 30 standard
    // deviations).
    const positions = [0, 1, 2, 3].map((chain) => {
      const random = createRandom(2026, "disk", chain);
      const values = Float64Array.from(data.map, (value) => value * (1 + 1e-3 * random.normal()));
      return target.unconstrain(values, new Float64Array(9));
    });
    const run = await sample(target, { seed: 1, chains: 4, initial: { kind: "given", positions } });
    data.names.forEach((_, k) => {
      const chains = chainsOf(run, k);
      expect(rhat(chains)).toBeLessThan(1.01);
      expect(essBulk(chains)).toBeGreaterThan(400);
      const mean = meanOf(chains.values);
      const sd = Math.sqrt(meanOf(chains.values.map((value) => (value - mean) ** 2)));
      expect(Math.abs(sd / data.laplace_sd[k]! - 1)).toBeLessThan(0.1);
      expect(Math.abs(mean - data.map[k]!) / sd).toBeLessThan(0.5);
    });
    expect(meanOf(run.statistic("leapfrogs"))).toBeLessThan(10);
    expect(run.chains.map(({ metric }) => metric.kind)).toEqual(["dense", "dense", "dense", "dense"]);
    const initial = { kind: "given", positions: positions.slice(0, 2) } as const;
    const short = await sample(target, { seed: 1, chains: 2, warmup: 500, draws: 1, initial });
    for (const chain of short.chains) expect(chain.warmupGradients).toBeLessThan(15_000);
  });
});
