import { createRandom } from "@siegert/random";
import { expect, test } from "vitest";
import {
  latinHypercube,
  leastSquares,
  type MultistartEvent,
  multistart,
  multistartAsync,
  type ResidualProblem,
} from "../src/index.ts";

test("a Latin hypercube has one point in every interval of every coordinate", () => {
  for (const count of [1, 2, 17, 100]) {
    const points = latinHypercube(createRandom(3), count, 4);
    for (let j = 0; j < 4; j++) {
      const cells = Array.from({ length: count }, (_, i) => Math.floor(points[i * 4 + j]! * count));
      expect(cells.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
    }
  }
});

test("its coordinates are uncorrelated and fill the cells evenly", () => {
  const count = 4000;
  const points = latinHypercube(createRandom(5), count, 2);
  let product = 0;
  let within = 0;
  for (let i = 0; i < count; i++) {
    product += (points[2 * i]! - 0.5) * (points[2 * i + 1]! - 0.5);
    within += (points[2 * i]! * count) % 1;
  }
  // Correlation has standard deviation 1/√count, the mean place in a cell √(1/12 count).
  expect(Math.abs(((12 * product) / count) * Math.sqrt(count))).toBeLessThan(4);
  expect(Math.abs((within / count - 0.5) * Math.sqrt(12 * count))).toBeLessThan(4);
});

/** A sine of unknown frequency: a local minimum in nearly every period of frequency. */
const t = Array.from({ length: 60 }, (_, i) => i / 6);
const sine: ResidualProblem = {
  residualCount: t.length,
  residuals(x, out) {
    for (let i = 0; i < t.length; i++)
      out[i] = x[0]! * Math.sin(x[1]! * t[i]!) - 2 * Math.sin(3.7 * t[i]!) - 0.01 * Math.cos(5 * i);
  },
};
const bounds = { lower: [0.1, 0.1], upper: [10, 9] };

test("finds the global minimum among many, and lists the local ones by cost", () => {
  const single = leastSquares(sine, [1, 1], { bounds });
  const result = multistart(sine, { bounds, seed: 7, refine: 40, starts: 40 });
  expect(single.x[1]).not.toBeCloseTo(3.7, 1);
  expect(result.best.x[1]).toBeCloseTo(3.7, 2);
  expect(result.best.x[0]).toBeCloseTo(2, 2);
  expect(result.optima.length).toBeGreaterThan(4);
  expect(result.optima[0]!.result).toBe(result.best);
  const costs = result.optima.map(({ cost }) => cost);
  expect(costs).toEqual(costs.toSorted((a, b) => a - b));
  expect(result.optima.reduce((sum, { hits }) => sum + hits, 0)).toBe(result.refined);
  for (const { result: a } of result.optima) {
    for (const { result: b } of result.optima) {
      const apart = Math.max(Math.abs(a.x[0]! - b.x[0]!) / 9.9, Math.abs(a.x[1]! - b.x[1]!) / 8.9);
      expect(a === b || apart > 1e-3).toBe(true);
    }
  }
});

test("screening refines the cheapest starts only; without it all are refined", () => {
  const events: MultistartEvent[] = [];
  const screened = multistart(sine, { bounds, starts: 50, refine: 4, onProgress: (event) => void events.push(event) });
  expect(screened).toMatchObject({ screened: 50, finite: 50, refined: 4, status: "completed" });
  expect(events.filter(({ stage }) => stage === "screen").map(({ done }) => done)).toEqual(
    Array.from({ length: 50 }, (_, i) => i + 1),
  );
  expect(events.at(-1)).toEqual({ stage: "refine", done: 4, total: 4, bestCost: screened.best.cost });
  expect(multistart(sine, { bounds, starts: 12, screen: false }).refined).toBe(12);
});

test("equal seeds give equal results, in either driver; another seed draws other starts", async () => {
  const options = { bounds, seed: 3, starts: 20, refine: 3 };
  const first = multistart(sine, options);
  expect(multistart(sine, options)).toEqual(first);
  expect(await multistartAsync(sine, options)).toEqual(first);
  const costs = (seed: number): number[] => {
    const seen: number[] = [];
    multistart(sine, { ...options, seed, onProgress: ({ bestCost }) => void seen.push(bestCost) });
    return seen;
  };
  expect(costs(4)).not.toEqual(costs(3));
});

test("spacing 'log' draws every decade alike, and the region may be narrower than the bounds", () => {
  const seen: number[] = [];
  const recorder: ResidualProblem = {
    residualCount: 2,
    residuals(x, out) {
      seen.push(x[0]!);
      out.set([Math.log(x[0]!) - 1, x[1]!]);
    },
  };
  multistart(recorder, {
    bounds: { lower: [0, -Infinity], upper: [Infinity, Infinity] },
    region: { lower: [1e-3, -1], upper: [1e3, 1] },
    spacing: ["log", "linear"],
    starts: 60,
    refine: 1,
  });
  const decades = new Map<number, number>();
  for (const value of seen.slice(0, 60)) {
    const decade = Math.floor(Math.log10(value));
    decades.set(decade, (decades.get(decade) ?? 0) + 1);
  }
  expect([...decades.entries()].toSorted(([a], [b]) => a - b)).toEqual([-3, -2, -1, 0, 1, 2].map((d) => [d, 10]));
});

test("included starts are refined whatever they cost, and starts that are not finite are passed over", () => {
  const partial: ResidualProblem = {
    residualCount: 2,
    residuals: (x, out) => out.set([Math.sqrt(x[0]! - 0.5) - 1, x[0]! - 1.5]),
  };
  const result = multistart(partial, { bounds: { lower: [0], upper: [4] }, starts: 16, refine: 2, include: [[3.9]] });
  expect(result.finite).toBe(14);
  expect(result.refined).toBe(3);
  expect(result.best.x[0]).toBeCloseTo(1.5, 6);
});

test("a drawn start with derivatives that are not finite is skipped, an included one is refused", () => {
  const cusp: ResidualProblem = {
    residualCount: 1,
    residuals: (x, out) => void out.fill(x[0]! - 1),
    jacobian: (x, out) => void out.fill(x[0]! < 1 ? Number.NaN : 1),
  };
  const options = { bounds: { lower: [0], upper: [4] }, starts: 8, screen: false };
  expect(multistart(cusp, options).refined).toBe(6);
  expect(() => multistart(cusp, { ...options, include: [[0.5]] })).toThrow(/jacobian\(start\)/);
});
