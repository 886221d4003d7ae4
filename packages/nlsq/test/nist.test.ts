// NIST Statistical Reference Datasets, nonlinear regression: certified to 11 digits. Digits are counted as NIST and
// McCullough (1998) do: −log10 |value/certified − 1|.
import { expect, test } from "vitest";
import { type LeastSquaresOptions, leastSquares, type NormalEquationsProblem } from "../src/index.ts";
import { type NistName, nistNames, nistProblem, nistResiduals } from "./nist-models.ts";

function digits(values: ArrayLike<number>, certified: readonly number[]): number {
  return Math.min(...certified.map((value, j) => -Math.log10(Math.abs(values[j]! / value - 1) || 1e-16)));
}

const tight: LeastSquaresOptions = { ftol: null, xtol: null, gtol: null, maxEvaluations: 3000 };

/**
 * Lanczos1 was generated without noise: its residuals, 1e-13, lie at a few hundred roundings of y, so that in double
 * precision its residual variance has 2 to 3 digits whoever computes it.
 */
const deviationDigits = (name: NistName): number => (name === "Lanczos1" ? 2 : 5);

const runs = nistNames.flatMap((name) => [1, 2].map((start) => ({ name, start })));

test("the collection is whole: 27 problems, 8 of higher difficulty", () => {
  expect(nistNames).toHaveLength(27);
  expect(nistNames.filter((name) => nistProblem(name).difficulty === "Higher")).toHaveLength(8);
});

for (const method of ["trf", "lm"] as const) {
  test.each(runs)(`${method} reaches 6 certified digits: $name from start $start`, ({ name, start }) => {
    const problem = nistProblem(name);
    const fit = leastSquares(nistResiduals(name), problem.starts[start - 1]!, { ...tight, method });
    expect(digits(fit.x, problem.parameters)).toBeGreaterThanOrEqual(6);
    expect(digits(fit.standardErrors!, problem.standardDeviations)).toBeGreaterThanOrEqual(deviationDigits(name));
    expect(fit.success).toBe(true);
    if (name !== "Lanczos1") {
      expect(digits([fit.residualSumOfSquares], [problem.residualSumOfSquares])).toBeGreaterThanOrEqual(9);
      expect(digits([Math.sqrt(fit.reducedChi2!)], [problem.residualStandardDeviation])).toBeGreaterThanOrEqual(9);
    }
  });

  test.each(runs)(`${method} without derivatives reaches 6 digits: $name from start $start`, ({ name, start }) => {
    const problem = nistProblem(name);
    const residuals = nistResiduals(name, { jacobian: false });
    const fit = leastSquares(residuals, problem.starts[start - 1]!, { ...tight, method });
    expect(digits(fit.x, problem.parameters)).toBeGreaterThanOrEqual(6);
    expect(digits(fit.standardErrors!, problem.standardDeviations)).toBeGreaterThanOrEqual(deviationDigits(name));
  });
}

test.each(nistNames)("the default tolerances and budget end within a hundredth of a standard error: %s", (name) => {
  const problem = nistProblem(name);
  const fit = leastSquares(nistResiduals(name), problem.starts[1]);
  expect(fit.success).toBe(true);
  // Lanczos1's errors are rounding errors (see above): a relative 1e-6 stands in for them.
  problem.parameters.forEach((value, j) => {
    const unit = name === "Lanczos1" ? 1e-4 * value : problem.standardDeviations[j]!;
    expect(Math.abs(fit.x[j]! - value)).toBeLessThan(0.01 * unit);
  });
});

/** The same problem through JᵀJ alone. */
function asNormalEquations(name: NistName): NormalEquationsProblem {
  const { residualCount: m, residuals, jacobian } = nistResiduals(name);
  const r = new Float64Array(m);
  const cost = (x: Float64Array): number => {
    residuals(x, r);
    return 0.5 * r.reduce((sum, value) => sum + value * value, 0);
  };
  return {
    residualCount: m,
    cost,
    normalEquations(x, _loss, jtj, jtr) {
      const n = x.length;
      const value = cost(x);
      const j = new Float64Array(m * n);
      jacobian!(x, j);
      for (let i = 0; i < m; i++) {
        for (let a = 0; a < n; a++) {
          jtr[a]! += j[i * n + a]! * r[i]!;
          for (let b = 0; b < n; b++) jtj[a * n + b]! += j[i * n + a]! * j[i * n + b]!;
        }
      }
      return value;
    },
  };
}

const isLedAstray = (name: NistName, start: number): boolean => name === "MGH17" && start === 1;
const wellLed = runs.filter(({ name, start }) => !isLedAstray(name, start));

test.each(wellLed)("normal equations give the same fit to 1e-6: $name from start $start", ({ name, start }) => {
  const problem = nistProblem(name);
  const fit = leastSquares(asNormalEquations(name), problem.starts[start - 1]!, tight);
  // Squaring costs half the digits where JᵀJ, scaled, has a condition number near 1e9 and beyond.
  const reached = name === "Bennett5" || name.startsWith("Lanczos") ? 4 : 6;
  expect(digits(fit.x, problem.parameters)).toBeGreaterThanOrEqual(reached);
  expect(digits(fit.standardErrors!, problem.standardDeviations)).toBeGreaterThanOrEqual(name === "Lanczos1" ? 2 : 4);
});

test("normal equations that lead into a valley where JᵀJ is singular to rounding say so: MGH17 from start 1", () => {
  const fit = leastSquares(asNormalEquations("MGH17"), nistProblem("MGH17").starts[0], tight);
  expect(fit.rank).toBe(4);
  expect(fit.covariance).toBeUndefined();
  expect(fit.warnings.map(({ code }) => code)).toContain("rank-deficient");
});
