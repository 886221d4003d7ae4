import { createModel, timeAxis } from "@siegert/physics-core";
import { createRandom } from "@siegert/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ParameterBox, plainCoordinates, referenceTimeCoordinates } from "../src/fit/coordinates.ts";
import { fitQuality, isAtBound } from "../src/fit/fit-quality.ts";
import { NoiseEstimator } from "../src/fit/noise.ts";
import { applyScaling, freeScaling, projectScaling, SCALING_MODES } from "../src/fit/scaling-basis.ts";
import { spreadStarts } from "../src/fit/starting-points.ts";

function noisyMap(frames: number, sigma: number, seed: number, signal: (i: number, j: number) => number): Float64Array {
  const random = createRandom(seed, "noise");
  const map = new Float64Array(frames * frames);
  for (let i = 0; i < frames; i++) {
    for (let j = i; j < frames; j++) {
      map[i * frames + j] = signal(i, j) + sigma * random.normal();
      map[j * frames + i] = map[i * frames + j]!;
    }
  }
  return map;
}

describe("noise estimate", () => {
  test.each([0.001, 0.02, 0.3])(
    "recovers σ = %d under a decaying, ageing signal, within 4 standard errors",
    (sigma) => {
      const frames = 200;
      const estimator = new NoiseEstimator();
      estimator.add(
        noisyMap(frames, sigma, 7, (i, j) => 1 + 0.3 * Math.exp(-(j - i) / (10 + 0.1 * i))),
        frames,
      );
      // About 11 000 differences, correlated with their neighbours: the error of a median of that many is below 1.5 %.
      expect(Math.abs(estimator.sigma()! / sigma - 1)).toBeLessThan(0.06);
    },
  );

  test("is not moved by errors that whole frames share", () => {
    const frames = 150;
    const random = createRandom(3, "frames");
    const gain = Float64Array.from({ length: frames }, () => 0.5 * random.normal());
    const estimator = new NoiseEstimator();
    estimator.add(
      noisyMap(frames, 0.02, 8, (i, j) => 1 + gain[i]! + gain[j]!),
      frames,
    );
    expect(Math.abs(estimator.sigma()! / 0.02 - 1)).toBeLessThan(0.06);
  });

  test("says nothing about maps that are too small or exact", () => {
    const estimator = new NoiseEstimator();
    estimator.add(new Float64Array(25).fill(1), 5);
    expect(estimator.sigma()).toBeUndefined();
    estimator.add(new Float64Array(400 * 400).fill(1), 400);
    expect(estimator.sigma()).toBeUndefined();
  });
});

const TWO_COMPONENT = [1e4, -0.3, 50, 2e4, 0.1, 10, 1e3, 0.2, 5, 0.4, -0.05, 1, 0.1, 3];
const LAMINAR = [1000, -0.3, 20, 1e-3, 0.1, 1e-5, 3];

function boxOf(values: readonly number[], free: readonly number[]): ParameterBox {
  return {
    values: Float64Array.from(values),
    lower: Float64Array.from(values, (v) => v - 10 * Math.abs(v) - 1).map((v, k) =>
      values[k]! > 100 || k === 3 ? Math.max(v, 1e-6) : v,
    ),
    upper: Float64Array.from(values, (v) => v + 10 * Math.abs(v) + 1),
    free,
    tied: new Map<number, number>(),
  };
}

describe.each([
  ["laminar_flow", LAMINAR, [0, 1, 2, 3, 4, 5, 6]],
  ["laminar_flow", LAMINAR, [0, 2, 4]],
  ["two_component", TWO_COMPONENT, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13]],
  ["two_component", TWO_COMPONENT, [0, 1, 9, 10, 11]],
] as const)("coordinates of %s with free %#", (mode, values, free) => {
  const times = timeAxis({ frames: 50, dt: 0.1, start: 1 });
  const box = boxOf(values, free);
  test.each([
    ["plain", plainCoordinates(box)],
    ["reference-time", referenceTimeCoordinates(createModel({ mode }), box, times)],
  ])("%s coordinates come back, and their Jacobian matches differences", (_name, coordinates) => {
    const factors = fc.array(fc.double({ min: 0.5, max: 1.5, noNaN: true }), {
      minLength: values.length,
      maxLength: values.length,
    });
    fc.assert(
      fc.property(factors, (factor) => {
        const p = Float64Array.from(values, (v, k) => ((free as readonly number[]).includes(k) ? v * factor[k]! : v));
        const z = new Float64Array(coordinates.dim);
        const back = new Float64Array(p.length);
        coordinates.fromParameters(p, z);
        coordinates.toParameters(z, back);
        for (const [k, value] of p.entries())
          expect(Math.abs(back[k]! - value)).toBeLessThanOrEqual(1e-12 * Math.abs(value));
        const jacobian = new Float64Array(p.length * z.length);
        coordinates.jacobian(z, back, jacobian);
        const [up, down] = [new Float64Array(p.length), new Float64Array(p.length)];
        for (let c = 0; c < z.length; c++) {
          const step = 1e-5 * Math.max(1e-3, Math.abs(z[c]!));
          const moved = (sign: number, out: Float64Array) =>
            coordinates.toParameters(
              z.map((v, k) => (k === c ? v + sign * step : v)),
              out,
            );
          moved(1, up);
          moved(-1, down);
          for (let k = 0; k < p.length; k++) {
            const slope = (up[k]! - down[k]!) / (2 * step);
            expect(Math.abs(jacobian[k * z.length + c]! - slope)).toBeLessThanOrEqual(
              1e-6 * Math.abs(slope) + 1e-9 * Math.abs(p[k]! / step) * 1e-3,
            );
          }
        }
      }),
      { numRuns: 20, seed: 9 },
    );
  });
});

describe("scaling families", () => {
  const bounds = { contrast: [0, 1], offset: [0.5, 1.5] } as const;
  test.each(SCALING_MODES)("%s reproduces a member of itself", (mode) => {
    const basis = freeScaling(mode, [-170, -90, -30, 0, 45, 80, 120], bounds);
    const random = createRandom(2, mode);
    const coefficients = Float64Array.from(basis.names, (_, k) =>
      Number.isFinite(basis.lower[k]!) ? 0.6 + 0.2 * random.uniform() : 0.01 * random.normal(),
    );
    const scaling = new Float64Array(14);
    applyScaling(basis, coefficients, scaling);
    const found = projectScaling(basis, scaling);
    for (const [k, value] of coefficients.entries()) expect(Math.abs(found[k]! - value)).toBeLessThan(1e-7);
  });

  test.each([
    ["auto", 2, 4],
    ["auto", 3, 2],
    ["individual", 5, 10],
    ["constant_averaged", 2, 2],
    ["fourier", 7, 10],
    ["fourier", 3, 6],
    ["fourier", 1, 2],
  ] as const)("%s of %d angles has %d coefficients", (mode, angles, count) => {
    expect(
      freeScaling(
        mode,
        Array.from({ length: angles }, (_, k) => 17 * k),
        bounds,
      ).names,
    ).toHaveLength(count);
  });
});

test.each([
  [1.2, 0, "good"],
  [1.2, 1, "marginal"],
  [1.6, 0, "marginal"],
  [2.9, 2, "marginal"],
  [2.9, 3, "poor"],
  [3.1, 0, "poor"],
  [Number.NaN, 0, "poor"],
])("reduced χ² %d with %d at bounds is %s", (reduced, atBounds, quality) => {
  expect(fitQuality(reduced, atBounds)).toBe(quality);
});

test("a value is at a bound when it is within a millionth of the range", () => {
  expect(isAtBound(100, 100, 1e5)).toBe(true);
  expect(isAtBound(100.09, 100, 1e5)).toBe(true);
  expect(isAtBound(101, 100, 1e5)).toBe(false);
  expect(isAtBound(5, -Infinity, Infinity)).toBe(false);
});

test("spread starts keep fixed parameters and bounds, and repeat with their seed", () => {
  const model = createModel({ mode: "two_component" });
  const experiment = { q: 0.0054, phi: [0], times: timeAxis({ frames: 100, dt: 0.1, start: 1 }) };
  const free = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12];
  const box = {
    values: Float64Array.from(TWO_COMPONENT),
    lower: Float64Array.from(model.parameters, (p) => p.lower),
    upper: Float64Array.from(model.parameters, (p) => p.upper),
    free,
    tied: new Map<number, number>(),
  };
  const starts = spreadStarts(model, experiment, box, 40, 1);
  expect(starts).toHaveLength(40);
  for (const start of starts) {
    expect([start[11], start[13]]).toEqual([1, 3]);
    for (const k of free) {
      expect(start[k]).toBeGreaterThanOrEqual(box.lower[k]!);
      expect(start[k]).toBeLessThanOrEqual(box.upper[k]!);
    }
  }
  expect(spreadStarts(model, experiment, box, 40, 1)).toEqual(starts);
  expect(spreadStarts(model, experiment, box, 40, 2)).not.toEqual(starts);
});
