import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AnalysisMode, createModel, DirectCorrelation, type ModelOptions, timeAxis } from "../src/index.ts";

const LAMINAR = [1000, -0.3, 20, 1e-3, 0.1, 1e-5, 3];
const TWO_COMPONENT = [1e4, -0.3, 50, 2e4, 0.1, 10, 1e3, 0.2, 5, 0.4, -0.05, 1, 0.1, 3];
const CONTRAST = 0.3;

function direct(
  options: ModelOptions,
  p: readonly number[],
  phi: readonly number[],
  start = 1,
  smoothing = 0,
): DirectCorrelation {
  const times = timeAxis({ frames: 100, dt: 0.1, start });
  const correlation = new DirectCorrelation(createModel(options), { q: 0.0054, gap: 2e6, phi, times }, { smoothing });
  correlation.setParameters(Float64Array.from(p));
  return correlation;
}

describe("golden numbers, contrast 0.3 and offset 1, to 1e-12 relative", () => {
  // Columns: angle, first frame, i, j, with smoothed |x| as other packages have it, exact.
  test.each([
    [0, 1, 0, 1, 1.2943643475520483, 1.2943643533421074],
    [0, 1, 10, 20, 1.0239897114809033, 1.023989712103757],
    [30, 1, 10, 20, 1.0424482145031315, 1.0424482153219334],
    [90, 1, 10, 20, 1.2905220809701463, 1.2905220809858295],
    [90, 1, 50, 99, 1.2267529632390715, 1.2267529632515524],
    [0, 0, 0, 1, 1.294519480258572, 1.2945194860506701],
    [90, 0, 0, 50, 1.2249460180361627, 1.2249460180484935],
  ])("laminar flow at %d°, start %d, pair (%d, %d)", (phi, start, i, j, smoothed, exact) => {
    const c2 = (smoothing: number) =>
      1 + CONTRAST * direct({ mode: "laminar_flow" }, LAMINAR, [phi], start, smoothing).normalised(i, j, 0);
    expect(Math.abs(c2(1e-12) / smoothed - 1)).toBeLessThan(1e-12);
    expect(Math.abs(c2(0) / exact - 1)).toBeLessThan(1e-12);
  });

  test.each([
    [0, 1, 1.2984051553680658],
    [10, 20, 1.2922774273247142],
    [50, 99, 1.2765681486216047],
  ])("static, pair (%d, %d)", (i, j, expected) => {
    const c2 = 1 + CONTRAST * direct({ mode: "static_isotropic" }, LAMINAR.slice(0, 3), [0]).normalised(i, j, 0);
    expect(Math.abs(c2 / expected - 1)).toBeLessThan(1e-12);
  });

  test.each([
    ["hard", 0, 1, 1.2785529951285757],
    ["hard", 0, 50, 1.031450717654371],
    ["hard", 10, 20, 1.1264615697553955],
    ["hard", 50, 99, 1.064147852462745],
    ["smooth", 0, 1, 1.2785529951285726],
    ["smooth", 50, 99, 1.0641478524056391],
  ] as const)("two components with the %s limit, pair (%d, %d)", (fractionLimit, i, j, expected) => {
    const c2 = 1 + CONTRAST * direct({ mode: "two_component", fractionLimit }, TWO_COMPONENT, [30]).normalised(i, j, 0);
    expect(Math.abs(c2 / expected - 1)).toBeLessThan(1e-12);
  });
});

const MODES: [AnalysisMode, number[]][] = [
  ["static_anisotropic", LAMINAR.slice(0, 3)],
  ["laminar_flow", LAMINAR],
  ["two_component", TWO_COMPONENT],
];

describe("laws of every model", () => {
  test.each(MODES)("%s: 1 on the diagonal, symmetric, within [0, 1], unchanged by a full turn", (mode, centre) => {
    const factors = fc.array(fc.double({ min: 0.3, max: 2, noNaN: true }), { minLength: 14, maxLength: 14 });
    const frame = fc.integer({ min: 0, max: 99 });
    fc.assert(
      fc.property(factors, frame, frame, fc.double({ min: -180, max: 180, noNaN: true }), (scale, i, j, phi) => {
        const p = centre.map((c, k) => c * scale[k]!);
        const correlation = direct({ mode }, p, [phi, phi + 360]);
        const value = correlation.normalised(i, j, 0);
        expect(correlation.normalised(j, i, 0)).toBe(value);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-14);
        expect(Math.abs(correlation.normalised(i, j, 1) - value)).toBeLessThan(1e-9);
        expect(correlation.normalised(i, i, 0)).toBe(1);
      }),
      { numRuns: 200, seed: 5 },
    );
  });
});

test("constant diffusion without shear decays as exp(−q² D0 τ)", () => {
  const correlation = direct({ mode: "static_isotropic" }, [1500, 0, 0], [0]);
  for (const [i, j] of [
    [0, 1],
    [3, 40],
    [10, 99],
  ] as const) {
    const expected = Math.exp(-(0.0054 ** 2) * 1500 * (j - i) * 0.1);
    expect(Math.abs(correlation.normalised(i, j, 0) / expected - 1)).toBeLessThan(1e-13);
  }
});

test("a fraction of 1 leaves the sample alone, a fraction of 0 the reference alone", () => {
  const withFraction = (f3: number) => {
    const p = [...TWO_COMPONENT];
    p[9] = 0;
    p[12] = f3;
    return direct({ mode: "two_component" }, p, [30]).normalised(10, 40, 0);
  };
  const alone = (offset: number) => {
    const p = [TWO_COMPONENT[offset]!, TWO_COMPONENT[offset + 1]!, TWO_COMPONENT[offset + 2]!];
    return direct({ mode: "static_isotropic" }, p, [0]).normalised(10, 40, 0);
  };
  expect(Math.abs(withFraction(1) / alone(3) - 1)).toBeLessThan(1e-13);
  expect(Math.abs(withFraction(0) / alone(0) - 1)).toBeLessThan(1e-13);
});

test("a shear rate of the coded convention is π/√2 times one of the derived convention, for small phases", () => {
  const decay = (shear: "coded" | "derived", rate: number) => {
    const p = [100, 0, -100, rate, 0, 0, 0];
    return 1 - direct({ mode: "laminar_flow", shear }, p, [0]).normalised(0, 1, 0);
  };
  const rate = 1e-6;
  expect(Math.abs(decay("coded", (rate * Math.PI) / Math.SQRT2) / decay("derived", rate) - 1)).toBeLessThan(1e-6);
});
