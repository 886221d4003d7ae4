import { InvalidArgumentError } from "@siegert/errors";
import { createModel, DirectCorrelation, timeAxis } from "@siegert/physics-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { correlationMap } from "../src/index.ts";
import { CASES, experimentOf, LAMINAR, modelOf, nameOf, STATIC, TWO_COMPONENT } from "./cases.ts";

const SCALING = { contrast: 0.3, offset: 1 };

describe("maps agree with the direct formula, pair by pair, to 1e-12", () => {
  test.each(CASES.map((c) => [nameOf(c), c] as const))("%s", (_, c) => {
    const model = modelOf(c);
    const anyFactors = fc.array(fc.double({ min: 0.2, max: 2, noNaN: true }), {
      minLength: c.centre.length,
      maxLength: c.centre.length,
    });
    const anySetting = fc.record({
      frames: fc.constantFrom(2, 3, 17, 63, 64, 65, 131),
      start: fc.constantFrom(0, 1, 40),
      phi: fc.double({ min: -180, max: 180, noNaN: true }),
      factors: anyFactors,
    });
    fc.assert(
      fc.property(anySetting, ({ frames, start, phi, factors }) => {
        const experiment = experimentOf(frames, [phi], start);
        const p = Float64Array.from(c.centre, (value, k) => value * factors[k]!);
        const map = correlationMap(model, experiment, p, 0, SCALING);
        const direct = new DirectCorrelation(model, experiment);
        direct.setParameters(p);
        for (let i = 0; i < frames; i++) {
          for (let j = i; j < frames; j++) {
            const expected = 1 + 0.3 * direct.normalised(i, j, 0);
            expect(Math.abs(map[i * frames + j]! / expected - 1)).toBeLessThanOrEqual(1e-12);
            expect(map[j * frames + i]).toBe(map[i * frames + j]);
          }
          expect(map[i * frames + i]).toBe(1.3);
        }
      }),
      { numRuns: 30, seed: 21 },
    );
  });
});

describe("golden numbers, to 1e-12", () => {
  const times = timeAxis({ frames: 100, dt: 0.1, start: 1 });
  const shifted = timeAxis({ frames: 100, dt: 0.1 });
  const at = (
    mode: "laminar_flow" | "static_isotropic" | "two_component",
    p: readonly number[],
    phi: number,
    t = times,
  ) =>
    correlationMap(
      createModel({ mode }),
      { q: 0.0054, gap: 2e6, phi: [phi], times: t },
      Float64Array.from(p),
      0,
      SCALING,
    );
  const near = (map: Float64Array, i: number, j: number, expected: number) =>
    expect(Math.abs(map[i * 100 + j]! / expected - 1)).toBeLessThan(1e-12);

  test("laminar flow, coded", () => {
    near(at("laminar_flow", LAMINAR, 0), 0, 1, 1.2943643533421074);
    near(at("laminar_flow", LAMINAR, 0), 10, 20, 1.023989712103757);
    near(at("laminar_flow", LAMINAR, 30), 10, 20, 1.0424482153219334);
    near(at("laminar_flow", LAMINAR, 90), 10, 20, 1.2905220809858295);
    near(at("laminar_flow", LAMINAR, 90), 50, 99, 1.2267529632515524);
    near(at("laminar_flow", LAMINAR, 0, shifted), 0, 1, 1.2945194860506701);
    near(at("laminar_flow", LAMINAR, 90, shifted), 0, 50, 1.2249460180484935);
  });

  test("static", () => {
    const map = at("static_isotropic", STATIC, 0);
    near(map, 0, 1, 1.2984051553680658);
    near(map, 10, 20, 1.2922774273247142);
    near(map, 50, 99, 1.2765681486216047);
  });

  test("two components, hard and smooth fraction", () => {
    const hard = at("two_component", TWO_COMPONENT, 30);
    near(hard, 0, 1, 1.2785529951285757);
    near(hard, 0, 50, 1.031450717654371);
    near(hard, 10, 20, 1.1264615697553955);
    near(hard, 50, 99, 1.064147852462745);
    const smooth = correlationMap(
      createModel({ mode: "two_component", fractionLimit: "smooth" }),
      { q: 0.0054, phi: [30], times },
      Float64Array.from(TWO_COMPONENT),
      0,
      SCALING,
    );
    near(smooth, 0, 1, 1.2785529951285726);
    near(smooth, 50, 99, 1.0641478524056391);
  });
});

describe("analytic limits", () => {
  const frames = 150;
  const experiment = experimentOf(frames, [20, 380]);

  test("constant diffusion decays as exp(−q² D τ)", () => {
    const map = correlationMap(
      createModel({ mode: "static_isotropic" }),
      experiment,
      Float64Array.of(700, 0, 0),
      0,
      SCALING,
    );
    for (let i = 0; i < frames; i += 7) {
      for (let j = i; j < frames; j++) {
        const tau = experiment.times[j]! - experiment.times[i]!;
        expect(map[i * frames + j]).toBeCloseTo(1 + 0.3 * Math.exp(-(0.0054 ** 2) * 700 * tau), 13);
      }
    }
  });

  test.each([
    [1, 3],
    [0, 0],
  ])("a sample fraction of %d leaves one component", (fraction, first) => {
    const p = Float64Array.from(TWO_COMPONENT);
    p.set([0, 0, 0, fraction], 9);
    const map = correlationMap(createModel({ mode: "two_component" }), experiment, p, 0, SCALING);
    const alone = Float64Array.from(TWO_COMPONENT.slice(first, first + 3));
    const direct = new DirectCorrelation(createModel({ mode: "static_isotropic" }), experiment);
    direct.setParameters(alone);
    for (let i = 0; i < frames; i += 11) {
      for (let j = i + 1; j < frames; j++) {
        expect(Math.abs(map[i * frames + j]! - 1 - 0.3 * direct.normalised(i, j, 0))).toBeLessThan(1e-13);
      }
    }
  });

  test("a full turn of the angle changes nothing", () => {
    for (const [mode, p] of [["laminar_flow", LAMINAR] as const, ["two_component", TWO_COMPONENT] as const]) {
      const maps = [0, 1].map((angle) =>
        correlationMap(createModel({ mode }), experiment, Float64Array.from(p), angle, SCALING),
      );
      for (let k = 0; k < maps[0]!.length; k++) expect(Math.abs(maps[0]![k]! - maps[1]![k]!)).toBeLessThan(1e-12);
    }
  });
});

describe("extremes stay finite and agree with the direct formula", () => {
  const frames = 140;
  const cases: [string, "static_isotropic" | "laminar_flow" | "two_component", number[], number][] = [
    ["decay within a frame", "static_isotropic", [1e9, 0, 0], 1e-12],
    ["decay that overflows any common reference", "static_isotropic", [1e6, 1.5, 0], 1e-12],
    ["growth and decay in one", "two_component", [1e8, -1.8, 0, 1e-3, 2, 0, 1e3, 0, 0, 0.5, 0, 0, 0, 0], 1e-12],
    ["phase of 1e3", "two_component", [1e3, 0, 0, 1e3, 0, 0, 1.5e4, 0, 0, 0.5, 0, 0, 0, 0], 1e-12],
    ["phase of 1e4", "two_component", [10, 0, 0, 10, 0, 0, 1.5e5, 0, 0, 0.5, 0, 0, 0, 0], 1e-11],
    ["shear phase of 1e4", "laminar_flow", [10, 0, 0, 0.5, 0, 0, 0], 1e-12],
    ["diffusion floored at zero", "two_component", [10, 1, -100, 10, 0, -100, 1e3, 0, 0, 0.3, 0, 0, 0.1, 0], 1e-12],
    ["velocity that changes sign", "two_component", [1e3, 0, 0, 1e3, 0, 0, 1e3, 1, -7e3, 0.5, 0, 0, 0, 0], 1e-12],
    ["fraction that leaves [0, 1]", "two_component", [1e3, 0, 0, 1e3, 0, 0, 1e3, 0, 0, 1, 2, 12, -0.2, 0], 1e-12],
    ["no shear", "laminar_flow", [1e3, 0, 0, 1e-12, 0, 0, 0], 1e-12],
  ];
  test.each(cases)("%s", (_, mode, p, tolerance) => {
    const model = createModel({ mode });
    const experiment = experimentOf(frames, [0], 0);
    const map = correlationMap(model, experiment, Float64Array.from(p), 0, SCALING);
    const direct = new DirectCorrelation(model, experiment);
    direct.setParameters(Float64Array.from(p));
    for (let i = 0; i < frames; i++) {
      for (let j = i + 1; j < frames; j++) {
        const difference = Math.abs(map[i * frames + j]! - 1 - 0.3 * direct.normalised(i, j, 0));
        expect(difference).toBeLessThanOrEqual(tolerance);
      }
    }
  });
});

test("correlationMap refuses what does not fit", () => {
  const model = createModel({ mode: "static_isotropic" });
  const experiment = experimentOf(4, [0]);
  const p = Float64Array.from(STATIC);
  expect(() => correlationMap(model, experiment, p.subarray(1), 0, SCALING)).toThrow(InvalidArgumentError);
  expect(() => correlationMap(model, experiment, p, 1, SCALING)).toThrow(/angle must be an integer from 0 to 0/);
  expect(() => correlationMap(model, experiment, p, 0, SCALING, new Float64Array(15))).toThrow(/out must hold 4 × 4/);
  expect(() => correlationMap(model, { ...experiment, q: -1 }, p, 0, SCALING)).toThrow(InvalidArgumentError);
  expect(correlationMap(model, experiment, p.fill(Number.NaN), 0, SCALING)[1]).toBeNaN();
});
