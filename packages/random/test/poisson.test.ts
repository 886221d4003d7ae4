import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import { createRandom } from "../src/index.ts";
import { hatHeight, hatSteepness, hatWidth, logProbability, squeeze } from "../src/poisson.ts";
import reference from "./fixtures/reference.json" with { type: "json" };
import { chiSquare, draws } from "./goodness-of-fit.ts";

test.each(reference.poisson)(
  "poisson($mean) passes χ² against SciPy's probabilities",
  ({ mean, last, probabilities }) => {
    const random = createRandom(42, "poisson", String(mean));
    const counts = new Float64Array(probabilities.length);
    for (let i = 0; i < 100_000; i++) {
      const count = random.poisson(mean);
      const bin = last.findIndex((k) => count <= k);
      counts[bin < 0 ? last.length : bin]!++;
    }
    expect(chiSquare(counts, probabilities)).toBeGreaterThan(1e-3);
  },
);

test.each([1e-3, 0.2, 3, 10, 77.7, 1e4, 1e9, 1e15])(
  "poisson(%d) has the mean and variance of its parameter",
  (mean) => {
    const random = createRandom(42, "poisson moments", String(mean));
    const n = 200_000;
    const deviations = draws(n, () => random.poisson(mean) - mean);
    const first = deviations.reduce((sum, x) => sum + x, 0) / n;
    const second = deviations.reduce((sum, x) => sum + x * x, 0) / n;
    expect(Math.abs(first) / Math.sqrt(mean / n)).toBeLessThan(4);
    // Var (X − mean)² = mean + 2 mean².
    expect(Math.abs(second - mean) / Math.sqrt((mean + 2 * mean * mean) / n)).toBeLessThan(4);
  },
);

test("poisson is an integer ≥ 0, is 0 for mean 0, and almost always 0 for a tiny mean", () => {
  const random = createRandom(42, "edges");
  for (const mean of [0, 1e-300, 0.4, 5, 20, 1e15]) {
    for (let i = 0; i < 1000; i++) {
      const count = random.poisson(mean);
      expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
      if (mean < 1e-200) expect(count).toBe(0);
    }
  }
});

test("the log probability that decides acceptance agrees with mpmath to 1e-12", () => {
  for (const [count, mean, value] of reference.poissonLogProbability as [number, number, number][]) {
    expect(Math.abs(logProbability(count, mean) - value)).toBeLessThan(1e-12);
  }
});

test("the hat of the rejection lies above the probabilities, and both of its short cuts are right, for all means", () => {
  const means = Array.from({ length: 150 }, (_, i) => 10 + i * 0.337).concat([100.5, 333.3, 1e3, 1e4 + 0.1, 1e6, 1e9]);
  for (const mean of means) {
    const b = hatWidth(mean);
    const a = hatSteepness(b);
    let [highest, lowestInside, highestAtEdge] = [0, Infinity, 0];
    for (let i = 1; i < 4000; i++) {
      const u = i / 4000 - 0.5;
      const edge = 0.5 - Math.abs(u);
      const count = Math.floor(((2 * a) / edge + b) * u + mean + 0.43);
      const probability = count < 0 ? 0 : Math.exp(logProbability(count, mean));
      const acceptance = (probability * (a / (edge * edge) + b)) / hatHeight(b);
      highest = Math.max(highest, acceptance);
      if (edge >= 0.07) lowestInside = Math.min(lowestInside, acceptance);
      if (edge < 0.013) highestAtEdge = Math.max(highestAtEdge, acceptance / edge);
    }
    expect(highest).toBeLessThanOrEqual(1);
    expect(lowestInside).toBeGreaterThanOrEqual(squeeze(b));
    expect(highestAtEdge).toBeLessThanOrEqual(1);
  }
});

test.each([-1, Number.NaN, Infinity, 1e16])("poisson refuses the mean %d", (mean) => {
  expect(() => createRandom(1).poisson(mean)).toThrow(InvalidArgumentError);
});
