import { InvalidArgumentError } from "@siegert/errors";
import { createModel, DirectCorrelation, type Experiment, type Model, timeAxis } from "@siegert/physics-core";
import { describe, expect, test } from "vitest";
import { createShard, freeParameters, type ShardOptions } from "../src/index.ts";
import { CASES, experimentOf, gradientError, largestError, PHI, vectorOf } from "./cases.ts";
import { complexStepGradient } from "./complex-likelihood.ts";
import { type Pairs, randomPairs } from "./random-pairs.ts";

const ENGINES = ["plain", "wasm"] as const;
const HETERODYNE = createModel({ mode: "two_component" });
const LAMINAR = createModel({ mode: "laminar_flow" });
const ORDINARY = CASES.find((each) => each.name === "two components, hard limit")!.physical;

function directC2(model: Model, experiment: Experiment, pairs: Pairs, x: Float64Array): Float64Array {
  const physical = model.parameters.length;
  const direct = new DirectCorrelation(model, experiment);
  direct.setParameters(x.slice(0, physical));
  return pairs.c2.map((_, k) => {
    const at = physical + 2 * pairs.angle[k]!;
    return x[at + 1]! + x[at]! * direct.normalised(pairs.i[k]!, pairs.j[k]!, pairs.angle[k]!);
  });
}

describe.each(ENGINES)("%s", (engine) => {
  test.each([
    ["homodyne", LAMINAR, [1e5, 1, 100, 1e-3, 0.1, 1e-5, 3]],
    ["heterodyne, reference", HETERODYNE, [1e6, 0.5, 50, 2e4, 0.1, 10, 1e3, 0.2, 5, 0.4, -0.01, 1, 0.1, 3]],
    ["heterodyne, sample", HETERODYNE, [1e4, 0.5, 50, 1e6, 1.5, 10, 1e3, 0.2, 5, 0.4, -0.01, 1, 0.1, 3]],
  ])("exponents far beyond the range of float64 change nothing: %s", (_, model, physical) => {
    const experiment = experimentOf(300);
    const near = randomPairs(800, 300, 3, 5);
    // Half of the pairs close to the diagonal, where the correlation has not died.
    for (let k = 0; k < 400; k++) near.j[k] = Math.min(299, near.i[k]! + (k % 5));
    const shard = createShard({ model, experiment, ...near, engine });
    const x = vectorOf(physical, 0.1);
    expect(largestError(shard.c2(x, new Float64Array(800)), directC2(model, experiment, near, x))).toBeLessThan(1e-12);
    const gradient = new Float64Array(shard.parameterCount);
    const value = shard.logLikelihoodAndGradient(x, gradient);
    expect(Math.abs(value / shard.logLikelihood(x) - 1)).toBeLessThan(1e-12);
    const { gradient: expected, scale } = complexStepGradient(model, experiment, near, undefined, x);
    expect(gradientError(gradient, expected, scale)).toBeLessThan(1e-10);
  });

  test("the two ways to take exponentials meet at the limit of the range", () => {
    const experiment = experimentOf(300);
    const pairs = randomPairs(800, 300, 3, 6);
    for (let k = 0; k < 800; k++) pairs.j[k] = Math.min(299, pairs.i[k]! + (k % 7));
    // h ∫ = ½ q² D0 · 29.9 s: 600 at D0 = 1.376e6.
    const shard = createShard({ model: HETERODYNE, experiment, ...pairs, engine });
    const gradients = [1.3763e6, 1.3764e6].map((amplitude) => {
      const x = vectorOf([amplitude, 0, 0, ...ORDINARY.slice(3)], 0.1);
      expect(largestError(shard.c2(x, new Float64Array(800)), directC2(HETERODYNE, experiment, pairs, x))).toBeLessThan(
        1e-12,
      );
      const gradient = new Float64Array(shard.parameterCount);
      shard.logLikelihoodAndGradient(x, gradient);
      const { gradient: expected, scale } = complexStepGradient(HETERODYNE, experiment, pairs, undefined, x);
      expect(gradientError(gradient, expected, scale)).toBeLessThan(1e-10);
      return gradient;
    });
    expect(gradients[0]).not.toEqual(gradients[1]);
  });

  test("a pair of a frame with itself is offset + contrast and moves only these", () => {
    const same = Int32Array.from([0, 5, 5, 59]);
    const angle = Int32Array.from([0, 1, 2, 1]);
    const c2 = Float64Array.from([1.2, 1.3, 1.4, 1.5]);
    const shard = createShard({ model: HETERODYNE, experiment: experimentOf(60), i: same, j: same, angle, c2, engine });
    const x = vectorOf(ORDINARY, 0.1);
    const expected = Array.from(angle, (k) => x[14 + 2 * k + 1]! + x[14 + 2 * k]!);
    expect(Array.from(shard.c2(x, new Float64Array(4)))).toEqual(expected);
    const gradient = new Float64Array(shard.parameterCount);
    shard.logLikelihoodAndGradient(x, gradient);
    expect(Array.from(gradient.slice(0, 14))).toEqual(new Array(14).fill(0));
    const pull = (c2[1]! - expected[1]! + c2[3]! - expected[3]!) / 0.01;
    expect(gradient[16]).toBeCloseTo(pull, 10);
    expect(gradient[17]).toBeCloseTo(pull, 10);
  });

  test("the order of frames and of pairs does not matter, and a pair given twice counts twice", () => {
    const experiment = experimentOf(60);
    const pairs = randomPairs(301, 60, 3, 11);
    const shard = createShard({ model: LAMINAR, experiment, ...pairs, engine });
    const x = vectorOf(CASES[2]!.physical, 0.1);
    const gradient = new Float64Array(shard.parameterCount);
    const value = shard.logLikelihoodAndGradient(x, gradient);
    const swapped = createShard({ model: LAMINAR, experiment, ...pairs, i: pairs.j, j: pairs.i, engine });
    expect(swapped.logLikelihood(x)).toBeCloseTo(value, 9);
    const reversed = {
      i: pairs.i.toReversed(),
      j: pairs.j.toReversed(),
      angle: pairs.angle.toReversed(),
      c2: pairs.c2.toReversed(),
    };
    const backwards = createShard({ model: LAMINAR, experiment, ...reversed, engine });
    expect(largestError(backwards.c2(x, new Float64Array(301)).toReversed(), shard.c2(x, new Float64Array(301)))).toBe(
      0,
    );
    const twice = (values: Int32Array): Int32Array => Int32Array.from([...values, ...values]);
    const doubled = createShard({
      model: LAMINAR,
      experiment,
      i: twice(pairs.i),
      j: twice(pairs.j),
      angle: twice(pairs.angle),
      c2: Float64Array.from([...pairs.c2, ...pairs.c2]),
      engine,
    });
    const doubledGradient = new Float64Array(shard.parameterCount);
    expect(doubled.logLikelihoodAndGradient(x, doubledGradient) / value).toBeCloseTo(2, 11);
    expect(
      gradientError(
        doubledGradient,
        gradient.map((entry) => 2 * entry),
        gradient.map(Math.abs),
      ),
    ).toBeLessThan(1e-8);
  });

  test("only the sample: the reference, the flow and the fraction have no derivative", () => {
    const experiment = experimentOf(60);
    const pairs = randomPairs(400, 60, 3, 12);
    const physical = [1e4, -0.3, 50, 2e4, 0.1, 10, 1e3, 0.2, 5, 0, 0, 0, 1, 3];
    const shard = createShard({ model: HETERODYNE, experiment, ...pairs, engine });
    const x = vectorOf(physical, 0.1);
    expect(largestError(shard.c2(x, new Float64Array(400)), directC2(HETERODYNE, experiment, pairs, x))).toBeLessThan(
      1e-12,
    );
    const gradient = new Float64Array(shard.parameterCount);
    shard.logLikelihoodAndGradient(x, gradient);
    for (const k of [0, 1, 2, 6, 7, 8, 9, 10, 11, 12, 13]) expect(gradient[k]).toBeCloseTo(0, 14);
    expect(Math.abs(gradient[3]!)).toBeGreaterThan(0);
  });

  test.each([2, 3, 20])("pairs at t = 0 are taken, %s frames", (frames) => {
    const experiment: Experiment = { q: 0.0054, gap: 2e6, phi: PHI, times: timeAxis({ frames, dt: 0.1 }) };
    const pairs = randomPairs(200, frames, 3, 13);
    for (const { model, physical } of CASES) {
      const shard = createShard({ model, experiment, ...pairs, engine });
      const x = vectorOf(physical, 0.1);
      expect(largestError(shard.c2(x, new Float64Array(200)), directC2(model, experiment, pairs, x))).toBeLessThan(
        1e-12,
      );
      const gradient = new Float64Array(shard.parameterCount);
      shard.logLikelihoodAndGradient(x, gradient);
      const { gradient: expected, scale } = complexStepGradient(model, experiment, pairs, undefined, x);
      // With fs = 0.9999 the reference's 1 − fs has four digits fewer, and at short lags its effects nearly cancel.
      expect(gradientError(gradient, expected, scale)).toBeLessThan(physical[12] === 0.9999 ? 1e-9 : 1e-11);
    }
  });

  test("a point that gives no finite number is rejected, not thrown, and leaves no trace", () => {
    const experiment = experimentOf(60);
    const pairs = randomPairs(300, 60, 3, 14);
    const shard = createShard({ model: HETERODYNE, experiment, ...pairs, engine });
    const x = vectorOf(ORDINARY, 0.1);
    const gradient = new Float64Array(shard.parameterCount);
    const value = shard.logLikelihoodAndGradient(x, gradient);
    const kept = gradient.slice();
    for (const [index, bad] of [
      [0, Number.NaN],
      [0, Infinity],
      [1, 1e6],
      [6, Infinity],
      [10, 1e300],
      [13, Number.NaN],
      [14, Number.NaN],
      [14, 1e200],
      [20, 0],
      [20, -0.1],
      [20, Number.NaN],
    ] as const) {
      const rejected = x.slice();
      rejected[index] = bad;
      const outcome = shard.logLikelihoodAndGradient(rejected, gradient);
      expect(Number.isFinite(outcome) || outcome === -Infinity, `x[${index}] = ${bad}`).toBe(true);
      expect(Number.isNaN(shard.logLikelihood(rejected))).toBe(false);
      if (outcome === -Infinity) expect(gradient.every((entry) => entry === 0)).toBe(true);
      expect(shard.logLikelihoodAndGradient(x, gradient)).toBe(value);
      expect(gradient).toEqual(kept);
    }
    const sigmaLess = x.slice();
    sigmaLess[20] = -0.1;
    expect(shard.logLikelihood(sigmaLess)).toBe(-Infinity);
  });

  test("free parameters give the entries of the full gradient", () => {
    const experiment = experimentOf(60);
    const pairs = randomPairs(300, 60, 3, 15);
    const shard = createShard({ model: LAMINAR, experiment, ...pairs, engine });
    const x = vectorOf(CASES[2]!.physical, 0.1);
    const gradient = new Float64Array(shard.parameterCount);
    const value = shard.logLikelihoodAndGradient(x, gradient);
    const c2 = shard.c2(x, new Float64Array(300));
    const names = ["phi0", "D0", "sigma", "contrast_2"];
    const indices = names.map((name) => shard.names.indexOf(name));
    const byName = Object.fromEntries(shard.names.map((name, k) => [name, x[k]!]));
    for (const options of [
      { free: names, fixed: byName },
      { free: indices, fixed: x },
    ]) {
      const reduced = freeParameters(shard, options);
      expect(reduced.names).toEqual(names);
      expect(reduced.parameterCount).toBe(4);
      const point = Float64Array.from(indices, (k) => x[k]!);
      const reducedGradient = new Float64Array(4);
      expect(reduced.logLikelihoodAndGradient(point, reducedGradient)).toBe(value);
      expect(Array.from(reducedGradient)).toEqual(indices.map((k) => gradient[k]));
      expect(reduced.logLikelihood(point)).toBe(shard.logLikelihood(x));
      expect(reduced.c2(point, new Float64Array(300))).toEqual(c2);
    }
  });
});

test("names follow the model, then contrast and offset of each angle, then sigma", () => {
  const pairs = randomPairs(10, 60, 2, 1);
  const experiment = { ...experimentOf(60), phi: [0, 90] };
  const options: ShardOptions = { model: createModel({ mode: "static_isotropic" }), experiment, ...pairs };
  const physics = ["D0", "alpha", "D_offset"];
  const scaling = ["contrast_0", "offset_0", "contrast_1", "offset_1"];
  expect(createShard(options).names).toEqual([...physics, ...scaling, "sigma"]);
  expect(createShard({ ...options, sigma: 0.1 }).names).toEqual([...physics, ...scaling]);
});

test.each<[string, Partial<ShardOptions>, string]>([
  ["frame too large", { i: Int32Array.from([0, 1, 60]) }, "i[2]"],
  ["frame below 0", { j: Int32Array.from([0, -1, 3]) }, "j[1]"],
  ["angle out of range", { angle: Int32Array.from([0, 3, 0]) }, "angle[1]"],
  ["lengths differ", { j: Int32Array.from([0, 1]) }, "j"],
  ["no pairs", { i: new Int32Array(0) }, "i"],
  ["c2 too short", { c2: Float64Array.from([1, 1]) }, "c2"],
  ["c2 not finite", { c2: Float64Array.from([1, Number.NaN, 1]) }, "c2[1]"],
  ["sigma 0", { sigma: 0 }, "sigma"],
  ["sigma per pair too short", { sigma: Float64Array.from([1]) }, "sigma"],
  ["sigma per pair not positive", { sigma: Float64Array.from([1, 1, -1]) }, "sigma[2]"],
  ["engine unknown", { engine: "gpu" as unknown as "wasm" }, "engine"],
  ["experiment invalid", { experiment: { ...experimentOf(60), q: -1 } }, "q"],
])("createShard refuses: %s", (_, change, argument) => {
  const options: ShardOptions = {
    model: LAMINAR,
    experiment: experimentOf(60),
    i: Int32Array.from([0, 1, 2]),
    j: Int32Array.from([3, 4, 5]),
    angle: Int32Array.from([0, 1, 2]),
    c2: Float64Array.from([1, 1, 1]),
  };
  expect(() => createShard({ ...options, ...change })).toThrow(InvalidArgumentError);
  expect(() => createShard({ ...options, ...change })).toThrow(expect.objectContaining({ argument }));
});

test("calls refuse vectors of the wrong length; freeParameters names what is wrong", () => {
  const shard = createShard({ model: LAMINAR, experiment: experimentOf(60), ...randomPairs(10, 60, 3, 1) });
  const x = vectorOf(CASES[2]!.physical, 0.1);
  expect(() => shard.logLikelihood(x.slice(1))).toThrow(InvalidArgumentError);
  expect(() => shard.logLikelihoodAndGradient(x, new Float64Array(2))).toThrow("gradient");
  expect(() => shard.c2(x, new Float64Array(9))).toThrow("out");
  const fails = (free: string[] | number[], fixed: Record<string, number> | Float64Array): unknown => {
    try {
      return freeParameters(shard, { free, fixed });
    } catch (error) {
      return error instanceof InvalidArgumentError ? error.argument : error;
    }
  };
  expect(fails([], x)).toBe("free");
  expect(fails(["D0", "alfa"], x)).toBe("free[1]");
  expect(fails([0, 0], x)).toBe("free[1]");
  expect(fails([14.5], x)).toBe("free[0]");
  expect(fails(["D0"], { alpha: 1 })).toBe("fixed.D_offset");
  expect(fails(["D0"], { alfa: 1 })).toBe("fixed.alfa");
  expect(fails(["D0"], x.slice(1))).toBe("fixed");
});
