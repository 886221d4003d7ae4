// Against scipy.optimize: fixtures and the script that made them are in fixtures/.
import { expect, test } from "vitest";
import { curveFit, type LossName, leastSquares, type ResidualProblem, rho } from "../src/index.ts";
import reference from "./fixtures/scipy-fits.json" with { type: "json" };

type ModelName = keyof typeof reference.data;

/** Value and derivatives of the models at one x, as in scipy_fits.py. */
const models: Record<ModelName, (p: Float64Array, x: number, i: number) => readonly [number, readonly number[]]> = {
  decay: (p, x) => {
    const e = Math.exp(-p[1]! * x);
    return [p[0]! * e + p[2]!, [e, -p[0]! * x * e, 1]];
  },
  peak: (p, x) => {
    const u = (x - p[1]!) / p[2]!;
    const e = Math.exp(-0.5 * u * u);
    return [p[0]! * e + p[3]!, [e, (p[0]! * e * u) / p[2]!, (p[0]! * e * u * u) / p[2]!, 1]];
  },
  rosenbrock: (p, _x, i) => (i === 0 ? [10 * (p[1]! - p[0]! ** 2), [-20 * p[0]!, 10]] : [1 - p[0]!, [-1, 0]]),
};

function problemOf(name: ModelName): ResidualProblem {
  const { x, y } = reference.data[name];
  return {
    residualCount: x.length,
    residuals(p, out) {
      for (let i = 0; i < x.length; i++) out[i] = models[name](p, x[i]!, i)[0] - y[i]!;
    },
    jacobian(p, out) {
      for (let i = 0; i < x.length; i++) out.set(models[name](p, x[i]!, i)[1], i * p.length);
    },
  };
}

function largestRelativeError(values: ArrayLike<number>, expected: readonly number[]): number {
  return Math.max(...expected.map((value, j) => Math.abs(values[j]! / value - 1)));
}

test.each(reference.fits)("$model, loss $loss, from $start within [$lower, $upper]", (fit) => {
  const result = leastSquares(problemOf(fit.model as ModelName), fit.start, {
    bounds: { lower: fit.lower.map(Number), upper: fit.upper.map(Number) },
    loss: fit.loss as LossName,
    fScale: fit.fScale,
    ftol: 1e-15,
    xtol: 1e-15,
    gtol: 1e-12,
    maxEvaluations: 5000,
  });
  expect(result.success).toBe(true);
  expect(Math.abs(result.cost - fit.cost)).toBeLessThanOrEqual(1e-9 * fit.cost + 1e-20);
  expect(largestRelativeError(result.x, fit.x)).toBeLessThan(1e-6);
});

test.each(reference.curves)("curveFit as curve_fit: absoluteSigma $absoluteSigma", (curve) => {
  const { x, y } = reference.data.decay;
  const result = curveFit((xi, [a = 0, b = 0, c = 0]) => a * Math.exp(-b * xi) + c, x, y, {
    p0: [1, 1, 0],
    absoluteSigma: curve.absoluteSigma,
    ...(curve.sigma && { sigma: curve.sigma }),
    ftol: 1e-15,
    xtol: 1e-15,
  });
  expect(largestRelativeError(result.parameters, curve.parameters)).toBeLessThan(1e-7);
  expect(largestRelativeError(result.covariance!, curve.covariance)).toBeLessThan(1e-6);
});

test.each(reference.losses)("rho and its derivatives: $loss", ({ loss, z, rho: rows }) => {
  const out = new Float64Array(3);
  z.forEach((value, i) => {
    rho(loss as LossName, value, out);
    // SciPy forms soft_l1 as 2(√(1+z) − 1), which cancels for small z: absolute there.
    for (const [order, row] of rows.entries()) {
      expect(Math.abs(out[order]! - row[i]!)).toBeLessThan(1e-14 * Math.abs(row[i]!) + 1e-15);
    }
  });
});
