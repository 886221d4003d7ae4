/** References: normalised, with the gradient and the draws of their density; and fitted ones. */
import { checkGradient } from "@siegert/log-density";
import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";
import {
  continuousReplicas,
  fittedNormalReference,
  independentReference,
  normalReference,
  type ReferenceChoice,
  slice,
  temper,
  uniformReference,
} from "../../src/index.ts";
import { FittedReference } from "../../src/references/fitted-reference.ts";
import { makeReference } from "../../src/references/make-reference.ts";
import { zScore } from "../explorers/run-moments.ts";

/** Sum of exp(log density) over a grid of the plane, times the area of a cell. */
async function integral(choice: ReferenceChoice, half: number, cells: number): Promise<number> {
  const { reference } = await makeReference(choice, 2);
  const step = (2 * half) / cells;
  const at = new Float64Array(2);
  let sum = 0;
  for (let i = 0; i < cells; i++) {
    for (let j = 0; j < cells; j++) {
      at[0] = -half + (i + 0.5) * step;
      at[1] = -half + (j + 0.5) * step;
      sum += Math.exp(reference.logDensity(at)) * step * step;
    }
  }
  return sum;
}

const covariance = [
  [1.5, -0.8],
  [-0.8, 0.9],
];

test("densities integrate to 1", async () => {
  expect(await integral(normalReference({ mean: [0.5, -1], sd: [0.7, 1.3] }), 12, 400)).toBeCloseTo(1, 10);
  expect(await integral(normalReference({ mean: [0.5, -1], covariance }), 12, 400)).toBeCloseTo(1, 10);
  expect(await integral(uniformReference({ lower: -2, upper: [1, 3] }), 4, 400)).toBeCloseTo(1, 10);
  const { reference } = await makeReference(
    independentReference([
      { law: "boolean", probability: 0.3 },
      { law: "integer", lower: -1, upper: 3 },
    ]),
    2,
  );
  let total = 0;
  for (const b of [0, 1]) for (let k = -1; k <= 3; k++) total += Math.exp(reference.logDensity(Float64Array.of(b, k)));
  expect(total).toBeCloseTo(1, 14);
});

test("what lies outside has density 0", async () => {
  const { reference } = await makeReference(
    independentReference([
      { law: "uniform", lower: 0, upper: 1 },
      { law: "integer", lower: 0, upper: 2 },
      { law: "boolean", probability: 0.5 },
      { law: "fixed", value: 7 },
    ]),
    4,
  );
  expect(reference.logDensity(Float64Array.of(0.5, 2, 1, 7))).toBeCloseTo(-Math.log(6), 14);
  const outside = [
    [1.1, 2, 1, 7],
    [-0.1, 2, 1, 7],
    [0.5, 1.5, 1, 7],
    [0.5, 3, 1, 7],
    [0.5, 2, 0.5, 7],
    [0.5, 2, 1, 7.1],
    [Number.NaN, 2, 1, 7],
  ];
  for (const point of outside) expect(reference.logDensity(Float64Array.from(point))).toBe(-Infinity);
});

describe.each([
  ["independent normals", normalReference({ mean: [0.5, -1], sd: [0.7, 1.3] }), [0.5, -1], [0.49, 0, 1.69]],
  ["a normal with correlations", normalReference({ mean: [0.5, -1], covariance }), [0.5, -1], [1.5, -0.8, 0.9]],
  ["a box", uniformReference({ lower: [0, -2], upper: [3, 4] }), [1.5, 1], [0.75, 0, 3]],
] as const)("%s", (_, choice, mean, packed) => {
  test("draws have mean and covariance of the law", async () => {
    const { reference } = await makeReference(choice, 2);
    const random = createRandom(3, "reference");
    const at = new Float64Array(2);
    const size = 40_000;
    const sums = new Float64Array(5);
    const squares = new Float64Array(5);
    for (let n = 0; n < size; n++) {
      reference.draw(random, at);
      const [x, y] = [at[0]! - mean[0], at[1]! - mean[1]];
      [x, y, x * x, x * y, y * y].forEach((value, k) => {
        sums[k]! += value / size;
        squares[k]! += (value * value) / size;
      });
    }
    [0, 0, ...packed].forEach((expected, k) => {
      const error = Math.sqrt((squares[k]! - sums[k]! ** 2) / size);
      expect(Math.abs(sums[k]! - expected) / error).toBeLessThan(4);
    });
  });

  test("the gradient is that of the density", async () => {
    const { reference } = await makeReference(choice, 2);
    expect(checkGradient(reference, Float64Array.of(0.9, 0.4)).isGood).toBe(true);
  });
});

describe("a fitted normal", () => {
  const start = independentReference([
    { law: "normal", mean: 0, sd: 5 },
    { law: "normal", mean: 0, sd: 5 },
  ]);

  test("is its start until it is fitted, then the normal with the moments given", async () => {
    const { reference: first } = await makeReference(start, 2);
    const fitted = new FittedReference(first, "full", 0);
    const at = Float64Array.of(0.3, -0.2);
    expect(fitted.logDensity(at)).toBe(first.logDensity(at));
    expect(fitted.save()).toEqual([]);
    fitted.fit(Float64Array.of(1, 2), Float64Array.of(4, 1.9, 1), 1e15);
    const { reference: normal } = await makeReference(
      normalReference({
        mean: [1, 2],
        covariance: [
          [4, 1.9],
          [1.9, 1],
        ],
      }),
      2,
    );
    expect(fitted.logDensity(at)).toBeCloseTo(normal.logDensity(at), 10);
    const again = fitted.fresh();
    expect(again.isFitted).toBe(false);
    again.load(fitted.save());
    expect(again.logDensity(at)).toBe(fitted.logDensity(at));
  });

  test("keeps what it has where moments are no moments, and leaves correlations out of few draws", async () => {
    const { reference: first } = await makeReference(start, 2);
    const fitted = new FittedReference(first, "full", 0);
    fitted.fit(Float64Array.of(1, 2), Float64Array.of(4, 0, 0), 100);
    fitted.fit(Float64Array.of(1, Number.NaN), Float64Array.of(4, 0, 1), 100);
    expect(fitted.isFitted).toBe(false);
    fitted.fit(Float64Array.of(1, 2), Float64Array.of(4, 2, 1), 5);
    expect(fitted.save()).toEqual([1, 2, 4, 0, 1]);
  });
});

/** A narrow, correlated normal far from the reference, normalised: log Z = 0. */
const shifted = {
  dim: 2,
  logDensity: ([x = 0, y = 0]: Float64Array) =>
    -Math.log(2 * Math.PI * 0.4 * 0.2) - 0.5 * ((x - 12) / 0.4) ** 2 - 0.5 * ((y - 2 * (x - 12) + 9) / 0.2) ** 2,
  logDensityAndGradient: () => 0,
};
const fixed = normalReference({ mean: 0, sd: 6 });

describe("a target far from the fixed reference", () => {
  const barrierOf = async (reference: ReferenceChoice, secondReference?: ReferenceChoice) => {
    const problem = await continuousReplicas({
      target: shifted,
      reference,
      explorer: slice(),
      ...(secondReference && { secondReference }),
    });
    return temper(problem, { seed: 14, rounds: 10, chains: secondReference ? [6, 8] : 8 });
  };

  test("has a high barrier, which a fitted reference lowers; log Z stays 0", async () => {
    const plain = await barrierOf(fixed);
    const diagonal = await barrierOf(fittedNormalReference({ start: fixed, firstRound: 4 }));
    const full = await barrierOf(fittedNormalReference({ start: fixed, firstRound: 4, covariance: "full" }));
    const barriers = [plain, diagonal, full].map((run) => run.last!.barriers[0]!);
    expect(barriers[0]).toBeGreaterThan(2.5);
    // Independent normals miss a correlation of 0.97; the full fit misses nothing.
    expect(barriers[1]).toBeLessThan(barriers[0]! / 1.5);
    expect(barriers[2]).toBeLessThan(0.3);
    for (const run of [plain, diagonal, full]) {
      expect(Math.abs(run.logZ!)).toBeLessThan(5 * run.logZError!);
      expect(Math.abs(zScore(run, ([x = 0]) => x, 12))).toBeLessThan(5);
    }
  });

  test("with two legs: the fitted leg is short, the fixed one stays, and both agree", async () => {
    const run = await barrierOf(fittedNormalReference({ start: fixed, firstRound: 4, covariance: "full" }), fixed);
    expect(run.legs.filter((leg) => leg === 0).length).toBe(6);
    const [fitted, kept] = run.last!.barriers as [number, number];
    expect(fitted).toBeLessThan(0.3);
    expect(kept).toBeGreaterThan(2.5);
    for (const { logZ, logZError } of run.last!.evidence.legs) expect(Math.abs(logZ!)).toBeLessThan(5 * logZError!);
    expect(Math.abs(zScore(run, ([x = 0]) => x, 12))).toBeLessThan(5);
    expect(Math.abs(zScore(run, ([x = 0, y = 0]) => (y - 2 * (x - 12) + 9) ** 2, 0.04))).toBeLessThan(5);
  });

  test("a fit that would come too late leaves the fixed reference", async () => {
    const late = await barrierOf(fittedNormalReference({ start: fixed, firstRound: 20 }));
    const plain = await barrierOf(fixed);
    expect(late.last!.barriers[0]).toBe(plain.last!.barriers[0]);
  });
});
