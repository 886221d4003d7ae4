import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import {
  type ConstrainedModel,
  checkGradient,
  constrainedDensity,
  coordinateName,
  interval,
  isExplained,
  isNamed,
  positive,
  real,
  simplex,
  valueNames,
} from "../src/index.ts";

/** mu ~ N(0, 2), tau ~ exponential, p uniform on the simplex weighted by Σ k pₖ, r uniform on (0, 1). */
const model: ConstrainedModel = {
  parameters: { mu: real(), tau: positive([2]), p: simplex(3), r: interval(0, 1) },
  logDensityAndGradient(x, gradient) {
    gradient.set([-x[0]! / 4, -1, -1, 0, 1, 2, 0]);
    return -(x[0]! ** 2) / 8 - x[1]! - x[2]! + x[4]! + 2 * x[5]!;
  },
  terms: (x) => [{ name: "prior of mu", value: -(x[0]! ** 2) / 8 }],
  priorMedian: [0, Math.LN2, Math.LN2, 1 / 3, 1 / 3, 1 / 3, 0.5],
};

test("adds the Jacobians, with a gradient to match", () => {
  const density = constrainedDensity(model);
  expect([density.dim, density.constrainedDim]).toEqual([6, 7]);
  const report = checkGradient(density, Float64Array.of(0.3, -1, 0.4, 0.2, -0.7, 1.1));
  expect(report.text).toContain("agrees");
  expect(report.isGood).toBe(true);
  // At u = 0: x = (0, 1, 1, ⅓, ⅓, ⅓, ½); Jacobians 0, 0 + 0, ½ log 3 − 3 log 3, log ¼.
  const atZero = -2 + 1 + -2.5 * Math.log(3) - Math.log(4);
  expect(density.logDensity(new Float64Array(6))).toBeCloseTo(atZero, 13);
});

test("names values and coordinates, goes back, and knows its prior median", () => {
  const density = constrainedDensity(model);
  expect(isNamed(density)).toBe(true);
  expect(valueNames(density.parameters)).toEqual(["mu", "tau[0]", "tau[1]", "p[0]", "p[1]", "p[2]", "r"]);
  expect(valueNames([{ name: "L", shape: [2, 2] }])).toEqual(["L[0,0]", "L[0,1]", "L[1,0]", "L[1,1]"]);
  expect([0, 2, 4, 5].map((k) => coordinateName(density, k))).toEqual(["mu", "tau~1", "p~1", "r"]);
  const values = Float64Array.of(1, 2, 3, 0.2, 0.3, 0.5, 0.9);
  const back = density.constrain(density.unconstrain(values, new Float64Array(6)), new Float64Array(7));
  back.forEach((v, k) => {
    expect(v).toBeCloseTo(values[k]!, 13);
  });
  expect(density.priorMedian?.[1]).toBeCloseTo(Math.log(Math.LN2), 14);
  expect(density.priorMedian?.[5]).toBeCloseTo(0, 14);
});

test("explains itself, Jacobians included", () => {
  const density = constrainedDensity(model);
  if (!isExplained(density)) throw new Error("no terms");
  const terms = density.terms(Float64Array.of(2, 0, 0, 0, 0, 0));
  expect(terms.map(({ name }) => name)).toEqual([
    "prior of mu",
    "log Jacobian of mu (real)",
    "log Jacobian of tau (positive)",
    "log Jacobian of p (simplex)",
    "log Jacobian of r (interval)",
  ]);
  expect(terms[0]!.value).toBe(-0.5);
});

test("uses the cheaper value when there is one", () => {
  const density = constrainedDensity({ ...model, logDensity: () => 42 });
  expect(density.logDensity(new Float64Array(6))).toBeCloseTo(42 - 2.5 * Math.log(3) - Math.log(4), 12);
});

test("refuses a model without parameters, a median outside the support, values of the wrong length", () => {
  expect(() => constrainedDensity({ ...model, parameters: {} })).toThrow(InvalidArgumentError);
  expect(() => constrainedDensity({ ...model, priorMedian: [0, -1, 1, 0.3, 0.3, 0.4, 0.5] })).toThrow(/greater than 0/);
  expect(() => constrainedDensity(model).unconstrain(new Float64Array(3), new Float64Array(6))).toThrow(/length 7/);
});
