import { InvalidArgumentError } from "@siegert/errors";
import { createRandom } from "@siegert/random";
import { expect, test } from "vitest";
import {
  type LeastSquaresOptions,
  type Loss,
  leastSquares,
  type NormalEquationsProblem,
  type ResidualProblem,
  robustFactors,
  sandwichCovariance,
} from "../src/index.ts";

/** Residuals of a model value(x, i) at the points of a series. */
function residualsOf(
  series: readonly number[],
  value: (x: Float64Array, i: number) => number,
): Pick<ResidualProblem, "residualCount" | "residuals"> {
  return {
    residualCount: series.length,
    residuals(x, out) {
      for (let i = 0; i < series.length; i++) out[i] = value(x, i) - series[i]!;
    },
  };
}

/** A straight line a + b t at m points with the given deviations. */
function line(y: readonly number[], t: readonly number[]): ResidualProblem {
  return {
    residualCount: y.length,
    residuals(x, out) {
      for (let i = 0; i < y.length; i++) out[i] = x[0]! + x[1]! * t[i]! - y[i]!;
    },
    jacobian(_x, out) {
      for (let i = 0; i < y.length; i++) out.set([1, t[i]!], 2 * i);
    },
  };
}

const t = [0, 1, 2, 3, 4, 5, 6, 7];
const y = [0.9, 3.2, 4.7, 7.4, 8.8, 11.3, 12.6, 15.4];

/** (JᵀJ)⁻¹ of the line, by hand. */
function inverseInformation(): readonly [number, number, number] {
  const [s0, s1, s2] = [8, 28, 140];
  const determinant = s0 * s2 - s1 * s1;
  return [s2 / determinant, -s1 / determinant, s0 / determinant];
}

test("classical covariance of a straight line is the textbook's, with and without absolute errors", () => {
  const fit = leastSquares(line(y, t), [0, 0]);
  const absolute = leastSquares(line(y, t), [0, 0], { absoluteSigma: true });
  const [aa, ab, bb] = inverseInformation();
  const variance = fit.residualSumOfSquares / 6;
  [aa, ab, ab, bb].forEach((value, k) => {
    expect(fit.covariance![k]! / (variance * value)).toBeCloseTo(1, 10);
    expect(absolute.covariance![k]! / value).toBeCloseTo(1, 10);
  });
  expect(fit.standardErrors![1]).toBeCloseTo(Math.sqrt(variance * bb), 12);
  expect(fit.correlation![1]).toBeCloseTo(ab / Math.sqrt(aa * bb), 12);
  expect(fit.reducedChi2).toBeCloseTo(variance, 12);
  expect(fit.degreesOfFreedom).toBe(6);
  expect(fit.rank).toBe(2);
});

/** A⁻¹ M A⁻¹ for the line, with M from the scores summed over groups. */
function expectedSandwich(residuals: readonly number[], groups: readonly number[]): number[] {
  const meat = [0, 0, 0, 0];
  for (const group of new Set(groups)) {
    const score = [0, 0];
    residuals.forEach((r, i) => {
      if (groups[i] !== group) return;
      score[0]! += r;
      score[1]! += r * t[i]!;
    });
    for (let k = 0; k < 4; k++) meat[k]! += score[k >> 1]! * score[k & 1]!;
  }
  const [aa, ab, bb] = inverseInformation();
  const multiply = (p: readonly number[], q: readonly number[]): number[] =>
    [0, 1, 2, 3].map((k) => p[2 * (k >> 1)]! * q[k & 1]! + p[2 * (k >> 1) + 1]! * q[2 + (k & 1)]!);
  const inverse = [aa, ab, ab, bb];
  return multiply(multiply(inverse, meat), inverse);
}

test("sandwich covariance, of single residuals and of clusters, is (JᵀJ)⁻¹ M (JᵀJ)⁻¹ with its sample factor", () => {
  const each = leastSquares(line(y, t), [0, 0], { covariance: "sandwich" });
  const clusters = [0, 0, 7, 7, 7, -3, -3, -3];
  const grouped = leastSquares(line(y, t), [0, 0], { covariance: "sandwich", clusters });
  const residuals = y.map((value, i) => each.x[0]! + each.x[1]! * t[i]! - value);
  const single = expectedSandwich(residuals, t);
  const groups = expectedSandwich(residuals, clusters);
  for (let k = 0; k < 4; k++) {
    expect(each.covariance![k]! / (single[k]! * (8 / 6))).toBeCloseTo(1, 9);
    expect(grouped.covariance![k]! / (groups[k]! * (3 / 2) * (7 / 6))).toBeCloseTo(1, 9);
  }
});

/** The line through normal equations, with the loss applied by the model. */
function lineNormalEquations(): NormalEquationsProblem {
  const factors = new Float64Array(3);
  function accumulate(x: Float64Array, loss: Loss, jtj: Float64Array, jtr: Float64Array, meat: Float64Array): number {
    let cost = 0;
    for (let i = 0; i < y.length; i++) {
      const r = x[0]! + x[1]! * t[i]! - y[i]!;
      robustFactors(loss, r, factors);
      cost += factors[0]!;
      const row = [factors[2]!, factors[2]! * t[i]!];
      for (let a = 0; a < 2; a++) {
        jtr[a]! += row[a]! * factors[1]! * r;
        for (let b = 0; b < 2; b++) {
          jtj[2 * a + b]! += row[a]! * row[b]!;
          meat[2 * a + b]! += row[a]! * row[b]! * (factors[1]! * r) ** 2;
        }
      }
    }
    return cost;
  }
  const none = (): Float64Array => new Float64Array(4);
  return {
    residualCount: y.length,
    cost: (x, loss) => accumulate(x, loss, none(), none(), none()),
    normalEquations: (x, loss, jtj, jtr) => accumulate(x, loss, jtj, jtr, none()),
    scoreOuterProducts: (x, loss, out) => void accumulate(x, loss, none(), none(), out),
  };
}

test.each(["linear", "soft_l1", "huber", "cauchy", "arctan"] as const)(
  "normal equations give the residual problem's fit and both its covariances: loss %s",
  (loss) => {
    for (const covariance of ["classical", "sandwich"] as const) {
      const options: LeastSquaresOptions = { loss, fScale: 0.2, covariance, ftol: 1e-15, xtol: 1e-14, gtol: 1e-14 };
      const direct = leastSquares(line(y, t), [1, 2], options);
      const normal = leastSquares(lineNormalEquations(), [1, 2], options);
      expect(normal.cost / direct.cost).toBeCloseTo(1, 12);
      expect(normal.residualSumOfSquares / direct.residualSumOfSquares).toBeCloseTo(1, 7);
      for (let j = 0; j < 2; j++) expect(normal.x[j]! / direct.x[j]!).toBeCloseTo(1, 7);
      for (let k = 0; k < 4; k++) expect(normal.covariance![k]! / direct.covariance![k]!).toBeCloseTo(1, 6);
    }
  },
);

test("normal equations respect bounds and fixed parameters like residuals do; an object with both faces uses them", () => {
  const bounds = { lower: [0.95, -Infinity], upper: [Infinity, 1.8] };
  const tolerances = { ftol: 1e-15, xtol: 1e-15, gtol: 1e-14 };
  const held = { lower: [0.5, 0], upper: [0.5, 5] };
  const both = { ...lineNormalEquations(), residuals: () => expect.fail("residuals were asked") };
  for (const [box, start] of [
    [bounds, [1, 1]],
    [held, [0.5, 1]],
  ] as const) {
    const direct = leastSquares(line(y, t), start, { ...tolerances, bounds: box });
    const normal = leastSquares(both, start, { ...tolerances, bounds: box });
    expect(normal.success).toBe(true);
    expect(Array.from(normal.activeMask)).toEqual(Array.from(direct.activeMask));
    for (let j = 0; j < 2; j++) expect(normal.x[j]! / direct.x[j]!).toBeCloseTo(1, 9);
    for (let k = 0; k < 4; k++) expect(normal.covariance![k]!).toBeCloseTo(direct.covariance![k]!, 9);
  }
});

test("the sandwich of given matrices is their product, and matrices of another size are refused", () => {
  const inverse = Float64Array.of(2, 1, 1, 3);
  const meat = Float64Array.of(5, -1, -1, 4);
  // [[2, 1], [1, 3]] · [[5, −1], [−1, 4]] = [[9, 2], [2, 11]], times [[2, 1], [1, 3]].
  expect(Array.from(sandwichCovariance(inverse, meat, 2))).toEqual([20, 15, 15, 35]);
  expect(Array.from(inverse)).toEqual([2, 1, 1, 3]);
  expect(sandwichCovariance(new Float64Array(0), new Float64Array(0), 0)).toHaveLength(0);
  const refused = [
    ["n", () => sandwichCovariance(inverse, meat, 1.5)],
    ["inverse", () => sandwichCovariance(inverse.slice(1), meat, 2)],
    ["meat", () => sandwichCovariance(inverse, meat.slice(1), 2)],
  ] as const;
  for (const [argument, run] of refused) {
    expect(run).toThrow(InvalidArgumentError);
    expect(run).toThrow(new RegExp(`^${argument} must`));
  }
});

test("a sandwich that the problem cannot fill is missed aloud, not replaced", () => {
  const { scoreOuterProducts: _, ...silent } = lineNormalEquations();
  const fit = leastSquares(silent, [0, 0], { covariance: "sandwich" });
  expect(fit.covariance).toBeUndefined();
  expect(Array.from(fit.standardErrors!)).toEqual([Infinity, Infinity]);
  expect(fit.warnings.map(({ code }) => code)).toEqual(["no-scores"]);
});

test("covariance 'none' computes none", () => {
  const fit = leastSquares(line(y, t), [0, 0], { covariance: "none" });
  expect(fit.covariance).toBeUndefined();
  expect(fit.standardErrors).toBeUndefined();
  expect(fit.correlation).toBeUndefined();
});

test.each(["jacobian", "2-point", "3-point", "normal equations"])(
  "parameters that the data do not determine have infinite errors and are named, by %s",
  (route) => {
    // Only the product a·b matters; c is determined.
    const value = (x: Float64Array, i: number): number => x[0]! * x[1]! * t[i]! + x[2]!;
    const row = (x: Float64Array, i: number): number[] => [x[1]! * t[i]!, x[0]! * t[i]!, 1];
    const direct: ResidualProblem = {
      ...residualsOf(y, value),
      ...(route === "jacobian" && {
        jacobian: (x: Float64Array, out: Float64Array) => void y.forEach((_, i) => void out.set(row(x, i), 3 * i)),
      }),
    };
    const cost = (x: Float64Array): number => 0.5 * y.reduce((sum, yi, i) => sum + (value(x, i) - yi) ** 2, 0);
    const normal: NormalEquationsProblem = {
      residualCount: y.length,
      cost,
      normalEquations(x, _loss, jtj, jtr) {
        y.forEach((yi, i) => {
          const r = row(x, i);
          for (let k = 0; k < 9; k++) jtj[k]! += r[Math.floor(k / 3)]! * r[k % 3]!;
          for (let j = 0; j < 3; j++) jtr[j]! += r[j]! * (value(x, i) - yi);
        });
        return cost(x);
      },
    };
    const fit = leastSquares(route === "normal equations" ? normal : direct, [1, 1.3, 0], {
      parameterNames: ["a", "b", "c"],
      ...(route.endsWith("point") && { finiteDifference: { method: route as "2-point" } }),
    });
    const reference = leastSquares(line(y, t), [0, 0]);
    expect(fit.rank).toBe(2);
    expect(fit.conditionNumber).toBe(Infinity);
    expect(fit.covariance).toBeUndefined();
    expect(fit.correlation).toBeUndefined();
    expect(fit.standardErrors![0]).toBe(Infinity);
    expect(fit.standardErrors![1]).toBe(Infinity);
    // c is the intercept of the line; one degree of freedom fewer is left.
    expect(fit.standardErrors![2]! / (reference.standardErrors![0]! * Math.sqrt(6 / 5))).toBeCloseTo(1, 4);
    const warning = fit.warnings.find(({ code }) => code === "rank-deficient");
    expect(warning?.parameters).toEqual(["a", "b"]);
    expect(warning?.message).toContain("a, b");
  },
);

test("a parameter without influence is undetermined, and the rest is fitted", () => {
  const problem = residualsOf(y, (x, i) => x[0]! + x[1]! * t[i]!);
  const fit = leastSquares(problem, [0, 0, 5]);
  expect(fit.success).toBe(true);
  expect(fit.x[2]).toBe(5);
  expect(fit.standardErrors![2]).toBe(Infinity);
  expect(Number.isFinite(fit.standardErrors![0])).toBe(true);
});

test("nearly indistinguishable parameters are named", () => {
  const close = (x: Float64Array, i: number): number => x[0]! * t[i]! + x[1]! * (t[i]! + 1e-7 * t[i]! ** 2) + x[2]!;
  const problem: ResidualProblem = {
    ...residualsOf(y, close),
    jacobian: (_x, out) => void y.forEach((_, i) => void out.set([t[i]!, t[i]! + 1e-7 * t[i]! ** 2, 1], 3 * i)),
  };
  const fit = leastSquares(problem, [1, 1, 1], { parameterNames: ["a", "b", "c"] });
  expect(fit.warnings.map(({ code }) => code)).toEqual(["ill-conditioned"]);
  expect(fit.warnings[0]!.parameters).toEqual(["a", "b"]);
  expect(fit.conditionNumber).toBeGreaterThan(1e12);
});

test("at a bound the parameter is named", () => {
  const fit = leastSquares(line(y, t), [0, 0], { bounds: { upper: [Infinity, 1.5] }, parameterNames: ["a", "b"] });
  expect(Array.from(fit.activeMask)).toEqual([0, 1]);
  expect(fit.warnings).toMatchObject([{ code: "at-bound", parameters: ["b"] }]);
});

/** Share of `count` simulated fits whose estimate lies within 1.96 reported standard errors of the truth, per error. */
function coverage(options: LeastSquaresOptions, count: number): number {
  const times = Array.from({ length: 60 }, (_, i) => i / 20);
  let hits = 0;
  for (let run = 0; run < count; run++) {
    const random = createRandom(11, "coverage", run);
    const data = times.map((time) => 2 * Math.exp(-time) + 0.5 + random.normal(0, 0.1));
    const problem = residualsOf(data, (x, i) => x[0]! * Math.exp(-x[1]! * times[i]!) + x[2]!);
    const fit = leastSquares(problem, [1, 2, 0], options);
    if (Math.abs(fit.x[1]! - 1) < 1.96 * fit.standardErrors![1]!) hits++;
  }
  return hits / count;
}

test.each([
  ["classical", {}],
  ["sandwich", { covariance: "sandwich" }],
  ["sandwich of a robust fit", { covariance: "sandwich", loss: "soft_l1", fScale: 0.15 }],
] as const)("intervals of 1.96 standard errors cover the truth in about 95 of 100 fits: %s", (_, options) => {
  const count = 600;
  const share = coverage(options, count);
  // Binomial error 0.9 %; small samples and curvature cost up to 2 % (Student's t with 57 degrees: 0.5 %).
  expect(share).toBeGreaterThan(0.95 - 0.02 - 4 * Math.sqrt((0.95 * 0.05) / count));
  expect(share).toBeLessThan(0.95 + 4 * Math.sqrt((0.95 * 0.05) / count));
});
