import { expect, test } from "vitest";
import { type Arithmetic, curveFit, curveFitAsync } from "../src/index.ts";

const x = Array.from({ length: 50 }, (_, i) => i / 10);
const y = x.map((value, i) => 2.5 * Math.exp(-1.3 * value) + 0.5 + 0.02 * Math.cos(11 * i));
const p0 = [1, 1, 0];

const point = (t: number, [a = 0, b = 0, c = 0]: Float64Array): number => a * Math.exp(-b * t) + c;
const generic = <T>(t: number, [a, b, c]: readonly T[], m: Arithmetic<T>): T =>
  m.add(m.mul(a!, m.exp(m.mul(-t, b!))), c!);
const pointJacobian = (t: number, [a = 0, b = 0]: Float64Array, out: Float64Array): void => {
  const e = Math.exp(-b * t);
  out.set([e, -a * t * e, 1]);
};
const vectorized = (t: ArrayLike<number>, p: Float64Array, out: Float64Array): void => {
  for (let i = 0; i < out.length; i++) out[i] = point(t[i]!, p);
};
const vectorizedJacobian = (t: ArrayLike<number>, p: Float64Array, out: Float64Array): void => {
  for (let i = 0; i < t.length; i++) pointJacobian(t[i]!, p, out.subarray(3 * i, 3 * i + 3));
};

test("every form of model and Jacobian gives the same fit, exact derivatives the same bits", async () => {
  const exact = curveFit(point, x, y, { p0, jacobian: pointJacobian });
  const others = [
    curveFit(point, x, y, { p0 }),
    curveFit(point, x, y, { p0, jacobian: "2-point" }),
    curveFit(generic, x, y, { p0, jacobian: "complex-step" }),
    curveFit(vectorized, x, y, { p0, vectorized: true }),
    curveFit(vectorized, x, y, { p0, vectorized: true, jacobian: vectorizedJacobian }),
    await curveFitAsync(point, Float64Array.from(x), Float64Array.from(y), { p0, jacobian: pointJacobian }),
  ];
  expect(exact.success).toBe(true);
  for (const other of others) {
    for (let j = 0; j < 3; j++) {
      expect(Math.abs(other.parameters[j]! / exact.parameters[j]! - 1)).toBeLessThan(1e-6);
      expect(Math.abs(other.standardErrors![j]! / exact.standardErrors![j]! - 1)).toBeLessThan(1e-5);
    }
  }
  for (const same of others.slice(4)) expect(Array.from(same.parameters)).toEqual(Array.from(exact.parameters));
});

test("fitted values and residuals are those of the parameters returned", () => {
  const fit = curveFit(point, x, y, { p0, sigma: 0.1 });
  expect(fit.parameters).toBe(fit.x);
  x.forEach((value, i) => {
    expect(fit.fitted[i]).toBe(point(value, fit.parameters));
    expect(fit.residuals[i]).toBe(y[i]! - fit.fitted[i]!);
  });
  expect(fit.residuals.reduce((sum, r) => sum + (r / 0.1) ** 2, 0) / fit.residualSumOfSquares).toBeCloseTo(1, 12);
});

test("sigma is relative unless absoluteSigma: a common factor changes nothing, or the errors in proportion", () => {
  const one = curveFit(point, x, y, { p0, sigma: 1 });
  const ten = curveFit(point, x, y, { p0, sigma: 10 });
  const absolute = curveFit(point, x, y, { p0, sigma: 10, absoluteSigma: true });
  const absoluteOne = curveFit(point, x, y, { p0, sigma: 1, absoluteSigma: true });
  for (let j = 0; j < 3; j++) {
    expect(ten.standardErrors![j]! / one.standardErrors![j]!).toBeCloseTo(1, 6);
    expect(absolute.standardErrors![j]! / absoluteOne.standardErrors![j]!).toBeCloseTo(10, 5);
  }
});

test("a point with a large sigma hardly counts", () => {
  const spoiled = y.with(7, 50);
  const sigma = y.map((_, i) => (i === 7 ? 1e6 : 1));
  const fit = curveFit(point, x, spoiled, { p0, sigma });
  const clean = curveFit(
    point,
    x.filter((_, i) => i !== 7),
    y.filter((_, i) => i !== 7),
    { p0 },
  );
  for (let j = 0; j < 3; j++) expect(fit.parameters[j]! / clean.parameters[j]!).toBeCloseTo(1, 6);
});

test("without p0 the start comes from the bounds: their middle, one inside a single bound, else 1", () => {
  let first: number[] | undefined;
  const watched = (t: number, p: Float64Array): number => {
    first ??= Array.from(p);
    return point(t, p);
  };
  const bounds = { lower: [0, 0.5, -Infinity], upper: [4, Infinity, 3] };
  expect(curveFit(watched, x, y, { bounds }).success).toBe(true);
  expect(first).toEqual([2, 1.5, 2]);
  first = undefined;
  expect(curveFit(watched, x, y, { parameterNames: ["a", "b", "c"] }).success).toBe(true);
  expect(first).toEqual([1, 1, 1]);
});

test("x may be anything that the model understands", () => {
  const points = [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
    [2, 1],
    [1, 3],
  ] as const;
  const plane = (p: readonly [number, number], [a = 0, b = 0, c = 0]: Float64Array): number => a + b * p[0] + c * p[1];
  const fit = curveFit(
    plane,
    points,
    points.map(([u, v]) => 1 + 2 * u - 3 * v),
    { p0: [0, 0, 0] },
  );
  for (const [j, value] of [1, 2, -3].entries()) expect(fit.parameters[j]).toBeCloseTo(value, 9);
});

test("robust losses keep outliers from the fit", () => {
  const spoiled = y.map((value, i) => (i % 9 === 4 ? value + 3 : value));
  const plain = curveFit(point, x, spoiled, { p0 });
  const robust = curveFit(point, x, spoiled, { p0, loss: "cauchy", fScale: 0.05, bounds: { lower: 0, upper: 10 } });
  expect(Math.abs(plain.parameters[2]! - 0.5)).toBeGreaterThan(0.1);
  expect(Math.abs(robust.parameters[2]! - 0.5)).toBeLessThan(0.02);
});

test("a complex-step model that ignores a parameter leaves it undetermined", () => {
  const constant = <T>(_t: number, [a]: readonly T[], m: Arithmetic<T>): T => m.mul(1, a!);
  const fit = curveFit(constant, x, y, { p0: [1, 2], jacobian: "complex-step" });
  expect(fit.standardErrors![1]).toBe(Infinity);
  expect(fit.parameters[0]).toBeCloseTo(y.reduce((sum, value) => sum + value, 0) / y.length, 10);
});
