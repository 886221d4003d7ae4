/**
 * Known densities of x, moved to u: they must integrate to 1 there, and give the known moments. The trapezoidal rule on
 * all of R^n converges exponentially for such integrands, so the agreement is to about 1e-8 although nothing is fitted.
 */
import { describe, expect, test } from "vitest";
import {
  type Bijector,
  choleskyCorrelation,
  interval,
  lowerBounded,
  ordered,
  positive,
  positiveOrdered,
  simplex,
  sumToZero,
  upperBounded,
} from "../src/index.ts";

interface Case {
  readonly name: string;
  readonly bijector: Bijector;
  readonly density: (x: Float64Array) => number;
  readonly moment: (x: Float64Array) => number;
  readonly expected: number;
  readonly halfWidth: number;
  readonly points: number;
}

const normal = (x: number) => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
const cases: Case[] = [
  {
    name: "positive: gamma of shape 3",
    bijector: positive(),
    density: (x) => 0.5 * x[0]! ** 2 * Math.exp(-x[0]!),
    moment: (x) => x[0]! ** 2,
    expected: 12,
    halfWidth: 20,
    points: 400,
  },
  {
    name: "lower bound: exponential above 5",
    bijector: lowerBounded(5),
    density: (x) => Math.exp(5 - x[0]!),
    moment: (x) => x[0]!,
    expected: 6,
    halfWidth: 40,
    points: 800,
  },
  {
    name: "upper bound: exponential below −1",
    bijector: upperBounded(-1),
    density: (x) => Math.exp(x[0]! + 1),
    moment: (x) => x[0]!,
    expected: -2,
    halfWidth: 40,
    points: 800,
  },
  {
    name: "interval: beta(2, 3) on (−1, 3)",
    bijector: interval(-1, 3),
    density: (x) => (12 * ((x[0]! + 1) / 4) * ((3 - x[0]!) / 4) ** 2) / 4,
    moment: (x) => (x[0]! + 1) / 4,
    expected: 2 / 5,
    halfWidth: 30,
    points: 600,
  },
  {
    name: "simplex: Dirichlet(2, 3, 4)",
    bijector: simplex(3),
    density: (x) => (40320 / (1 * 2 * 6)) * x[0]! * x[1]! ** 2 * x[2]! ** 3,
    moment: (x) => x[0]! * x[2]!,
    expected: (2 * 4) / (9 * 10),
    halfWidth: 25,
    points: 300,
  },
  {
    name: "ordered: two sorted normal variates",
    bijector: ordered(2),
    density: (x) => 2 * normal(x[0]!) * normal(x[1]!),
    moment: (x) => x[1]!,
    expected: 1 / Math.sqrt(Math.PI),
    halfWidth: 40,
    points: 900,
  },
  {
    name: "positive ordered: two sorted exponential variates",
    bijector: positiveOrdered(2),
    density: (x) => 2 * Math.exp(-x[0]! - x[1]!),
    moment: (x) => x[1]!,
    expected: 1.5,
    halfWidth: 40,
    points: 800,
  },
  {
    name: "sum to zero: normal on the plane",
    bijector: sumToZero(3),
    density: (x) => Math.exp(-0.5 * (x[0]! ** 2 + x[1]! ** 2 + x[2]! ** 2)) / (2 * Math.PI),
    moment: (x) => x[2]! ** 2,
    expected: 2 / 3,
    halfWidth: 12,
    points: 120,
  },
  {
    // LKJ(2): |R| to the power 1, times the Jacobian L₁₁² L₂₂ of L ↦ R. For 3 × 3 matrices the constant is 2^(Σ…) B(…)
    // of Lewandowski et al. (2009), eq. 16; the marginal of a correlation is r = 2b − 1 with b ~ Beta(2.5, 2.5), so E
    // r² = 1/6.
    name: "Cholesky correlation: LKJ(2) of 3 × 3",
    bijector: choleskyCorrelation(3),
    density: (x) => (x[4]! ** 3 * x[8]! ** 2) / lkj3Constant,
    moment: (x) => (x[3]! * x[6]! + x[4]! * x[7]!) ** 2,
    expected: 1 / 6,
    halfWidth: 12,
    points: 90,
  },
];

/**
 * ∏ of the marginal constants of the partial correlations: z₁₀, z₂₀ with exponent 1.5, z₂₁ with exponent 1, on (−1, 1).
 */
const lkj3Constant = ((3 * Math.PI) / 8) ** 2 * (4 / 3);

describe.each(cases)("$name", ({ bijector, density, moment, expected, halfWidth, points }) => {
  test("integrates to 1 and has the known moment", () => {
    const u = new Float64Array(bijector.unconstrainedDim);
    const x = new Float64Array(bijector.constrainedDim);
    const step = (2 * halfWidth) / points;
    let mass = 0;
    let sum = 0;
    const visit = (axis: number): void => {
      if (axis === u.length) {
        const weight = Math.exp(bijector.constrain(u, 0, x, 0)) * density(x);
        mass += weight;
        sum += weight === 0 ? 0 : weight * moment(x);
        return;
      }
      for (let k = 0; k <= points; k++) {
        u[axis] = k * step - halfWidth;
        visit(axis + 1);
      }
    };
    visit(0);
    const cell = step ** u.length;
    expect(Math.abs(mass * cell - 1)).toBeLessThan(1e-6);
    expect(Math.abs((sum * cell) / expected - 1)).toBeLessThan(1e-6);
  });
});
