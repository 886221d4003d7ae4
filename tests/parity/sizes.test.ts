import { type FitOptions, fitCorrelation } from "@siegert/xpcs";
import { expect, test } from "vitest";
import { simulate } from "./simulated-fit.ts";

const LAMINAR = [12000, -0.4, 800, 4e-4, 0.4, 3e-5, 3];
const START = [10000, -0.3, 500, 5e-4, 0.3, 2e-5, 2];

/** Weights of 1 but for the first `masked` pairs, which are 0. */
function weightsWithout(frames: number, masked: number): Float64Array {
  const weights = new Float64Array(frames * frames).fill(1);
  let left = masked;
  for (let i = 0; i < frames && left > 0; i++) {
    for (let j = i + 1; j < frames && left > 0; j++, left--) weights[i * frames + j] = 0;
  }
  return weights;
}

// Two angles; masked: pairs without weight at either angle.
test.each([
  [50_400, 225, [0, 0]],
  [99_999, 318, [404, 403]],
  [100_806, 318, [0, 0]],
  [501_972, 709, [0, 0]],
  [1_001_000, 1001, [0, 0]],
  [2_000_810, 1415, [0, 0]],
] as const)("%d pairs: every route gives the same parameters to 1e-6", async (pairs, frames, masked) => {
  const set = simulate({
    mode: "laminar_flow",
    truth: LAMINAR,
    phi: [10, 70],
    frames,
    dt: 20 / frames,
    noise: 0.02,
    seed: 4,
  });
  const weights = masked.map((count) => weightsWithout(frames, count));
  const weighted: Partial<FitOptions> = { weights: (angle) => weights[angle]! };
  const routes: Partial<FitOptions>[] = [weighted, { ...weighted, tileSize: 24 }, { ...weighted, engine: "plain" }];
  if (masked[0] === 0) routes.push({}, { tileSize: 24 }, { engine: "plain" });
  const results = [];
  for (const route of routes) {
    results.push(
      await fitCorrelation({
        model: set.model,
        experiment: set.experiment,
        c2: (angle) => set.maps[angle]!,
        parameters: set.model.parameters.map(({ lower, upper }, k) => ({
          start: START[k]!,
          lower,
          upper,
          isFree: true,
        })),
        scalingMode: "individual",
        multistart: { when: "never" },
        tolerance: { ftol: 1e-14, xtol: 1e-12, gtol: 1e-12 },
        ...route,
      }),
    );
  }
  const [first, ...others] = results;
  expect(first!.pairs).toBe(pairs);
  for (const other of others) {
    expect(other.pairs).toBe(pairs);
    for (const [k, p] of first!.parameters.entries()) {
      const value = other.parameters[k]!.value;
      const allowance = Math.max(1e-6 * Math.abs(p.value), 1e-5 * p.standardError!);
      expect(Math.abs(value - p.value), `${other.route}, ${p.name}: ${value} for ${p.value}`).toBeLessThanOrEqual(
        allowance,
      );
    }
  }
});
