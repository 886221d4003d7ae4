import { createRandom } from "@siegert/random";
import fc from "fast-check";
import { expect, test } from "vitest";
import { leastSquares, type ResidualProblem } from "../src/index.ts";

/** r = A x − b. */
function linearProblem(a: Float64Array, b: Float64Array): ResidualProblem {
  const n = a.length / b.length;
  return {
    residualCount: b.length,
    residuals(x, out) {
      for (let i = 0; i < b.length; i++) {
        let sum = -b[i]!;
        for (let j = 0; j < n; j++) sum += a[i * n + j]! * x[j]!;
        out[i] = sum;
      }
    },
    jacobian(_x, out) {
      out.set(a);
    },
  };
}

test("linear least squares in a box ends where the Karush–Kuhn–Tucker conditions hold", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 6 }), (seed, n) => {
      const random = createRandom(seed, "kkt");
      const m = n + 4;
      const a = Float64Array.from({ length: m * n }, () => random.normal());
      const b = Float64Array.from({ length: m }, () => 2 * random.normal());
      const lower = Array.from({ length: n }, () => -random.uniform());
      const upper = Array.from({ length: n }, () => random.uniform());
      const start = lower.map((low, j) => low + random.uniform() * (upper[j]! - low));
      const tolerances = { ftol: 1e-15, xtol: 1e-15, gtol: 1e-14 };
      const fit = leastSquares(linearProblem(a, b), start, { bounds: { lower, upper }, ...tolerances });
      expect(fit.success).toBe(true);
      for (let j = 0; j < n; j++) {
        expect(fit.x[j]).toBeGreaterThanOrEqual(lower[j]!);
        expect(fit.x[j]).toBeLessThanOrEqual(upper[j]!);
        // Either x is at the bound that −g points at, or g is 0.
        const room = fit.gradient[j]! > 0 ? fit.x[j]! - lower[j]! : upper[j]! - fit.x[j]!;
        expect(Math.min(room, Math.abs(fit.gradient[j]!))).toBeLessThan(1e-6);
      }
    }),
    { numRuns: 200, seed: 1 },
  );
});

/** y = a exp(−b t) + c on t = 0, 0.1, …, with deterministic deviations. */
const t = Array.from({ length: 40 }, (_, i) => i / 10);
const y = t.map((value, i) => 3 * Math.exp(-1.2 * value) + 0.5 + 0.05 * Math.sin(7 * i));

function decayProblem(units: readonly number[] = [1, 1, 1]): ResidualProblem {
  return {
    residualCount: t.length,
    residuals(x, out) {
      const [a, b, c] = [x[0]! * units[0]!, x[1]! * units[1]!, x[2]! * units[2]!];
      for (let i = 0; i < t.length; i++) out[i] = a * Math.exp(-b * t[i]!) + c - y[i]!;
    },
    jacobian(x, out) {
      const [a, b] = [x[0]! * units[0]!, x[1]! * units[1]!];
      for (let i = 0; i < t.length; i++) {
        const e = Math.exp(-b * t[i]!);
        out.set([e * units[0]!, -a * t[i]! * e * units[1]!, units[2]!], 3 * i);
      }
    },
  };
}

test.each(["trf", "lm"] as const)(
  "%s with xScale 'jac' takes the same path in any units of the parameters",
  (method) => {
    // Powers of two, so that the change of units itself does not round.
    const units = [2 ** 30, 2 ** -20, 2 ** 7];
    const plain = leastSquares(decayProblem(), [1, 3, 0], { method });
    const scaled = leastSquares(decayProblem(units), [1 / units[0]!, 3 / units[1]!, 0], { method });
    expect(scaled.evaluations).toBe(plain.evaluations);
    expect(scaled.status).toBe(plain.status);
    for (let j = 0; j < 3; j++) {
      expect(Math.abs((scaled.x[j]! * units[j]!) / plain.x[j]! - 1)).toBeLessThan(1e-10);
      const ratio = (scaled.standardErrors![j]! * units[j]!) / plain.standardErrors![j]!;
      expect(Math.abs(ratio - 1)).toBeLessThan(1e-8);
    }
  },
);

test("the units of the residuals do not change the path either", () => {
  const small = decayProblem();
  const tiny: ResidualProblem = {
    residualCount: t.length,
    residuals(x, out) {
      small.residuals(x, out);
      for (let i = 0; i < out.length; i++) out[i]! *= 2 ** -40;
    },
    jacobian(x, out) {
      small.jacobian!(x, out);
      for (let i = 0; i < out.length; i++) out[i]! *= 2 ** -40;
    },
  };
  const plain = leastSquares(small, [1, 3, 0]);
  const scaled = leastSquares(tiny, [1, 3, 0]);
  expect(scaled.evaluations).toBe(plain.evaluations);
  expect(Array.from(scaled.x)).toEqual(Array.from(plain.x));
});

test("a start on a bound is moved inside, and leaves it when the cost falls that way", () => {
  const fit = leastSquares(decayProblem(), [1, 0, 0], { bounds: { lower: [0, 0, 0], upper: 10 } });
  const free = leastSquares(decayProblem(), [1, 1, 0]);
  expect(fit.success).toBe(true);
  expect(Array.from(fit.activeMask)).toEqual([0, 0, 0]);
  expect(Array.from(free.activeMask)).toEqual([0, 0, 0]);
  expect(free.warnings).toEqual([]);
  for (let j = 0; j < 3; j++) expect(Math.abs(fit.x[j]! / free.x[j]! - 1)).toBeLessThan(1e-5);
});

test("the residuals are never asked outside the bounds, not even for differences", () => {
  const { residuals } = decayProblem();
  const bounds = { lower: [0, 0.5, -0.1], upper: [2, 1, 0.4] };
  let outside = 0;
  const watched: ResidualProblem = {
    residualCount: t.length,
    residuals(x, out) {
      if (x.some((value, j) => value < bounds.lower[j]! || value > bounds.upper[j]!)) outside++;
      residuals(x, out);
    },
  };
  for (const method of ["2-point", "3-point"] as const) {
    const fit = leastSquares(watched, [2, 0.5, 0.4], { bounds, finiteDifference: { method } });
    expect(fit.success).toBe(true);
    expect(Array.from(fit.activeMask)).toEqual([1, 0, 1]);
  }
  expect(outside).toBe(0);
});

test("a parameter with equal bounds is held: same fit as without it, no error, no degree of freedom", () => {
  const fit = leastSquares(decayProblem(), [1, 1, 0.45], {
    bounds: { lower: [-Infinity, -Infinity, 0.45], upper: [Infinity, Infinity, 0.45] },
  });
  const reduced: ResidualProblem = {
    residualCount: t.length,
    residuals: (x, out) => decayProblem().residuals(Float64Array.of(x[0]!, x[1]!, 0.45), out),
  };
  const direct = leastSquares(reduced, [1, 1]);
  expect(fit.x[2]).toBe(0.45);
  expect(fit.standardErrors![2]).toBe(0);
  expect(fit.degreesOfFreedom).toBe(38);
  expect(fit.activeMask[2]).toBe(0);
  for (let j = 0; j < 2; j++) {
    expect(Math.abs(fit.x[j]! / direct.x[j]! - 1)).toBeLessThan(1e-6);
    expect(Math.abs(fit.standardErrors![j]! / direct.standardErrors![j]! - 1)).toBeLessThan(1e-5);
  }
  expect(fit.correlation![8]).toBe(1);
});

test("with every parameter held there is nothing to fit, and that is said", () => {
  const fit = leastSquares(decayProblem(), [1, 1, 0], { bounds: { lower: [1, 1, 0], upper: [1, 1, 0] } });
  expect(fit.success).toBe(true);
  expect(fit.message).toMatch(/fixed/);
  expect(Array.from(fit.x)).toEqual([1, 1, 0]);
  expect(Array.from(fit.standardErrors!)).toEqual([0, 0, 0]);
});

test("points that are not finite are stepped around", () => {
  // √x and log x have no value for x < 0, where the first full step would go.
  const problem: ResidualProblem = {
    residualCount: 2,
    residuals(x, out) {
      out[0] = Math.log(x[0]!) + 3;
      out[1] = Math.sqrt(x[0]!) - Math.exp(-1.5);
    },
  };
  for (const method of ["trf", "lm"] as const) {
    const fit = leastSquares(problem, [5], { method });
    expect(fit.success).toBe(true);
    expect(Math.abs(fit.x[0]! / Math.exp(-3) - 1)).toBeLessThan(1e-6);
  }
});

test.each(["trf", "lm"] as const)("%s rejects a lower cost whose Jacobian is not finite", (method) => {
  const problem: ResidualProblem = {
    residualCount: 2,
    residuals(x, out) {
      out[0] = x[0]! - 1;
      out[1] = 0.5 * x[0]! ** 2;
    },
    jacobian(x, out) {
      out[0] = x[0]! < 0.9 ? Number.NaN : 1;
      out[1] = x[0]!;
    },
  };
  const fit = leastSquares(problem, [3], { method });
  expect(fit.x[0]).toBeGreaterThanOrEqual(0.9);
  expect(fit.x[0]).toBeLessThan(3);
  expect(Number.isFinite(fit.cost)).toBe(true);
  expect(fit.status).not.toBe("gtol");
});

test.each(["trf", "lm"] as const)("%s reports a Jacobian of the wrong sign as a stall, not as success", (method) => {
  const wrong: ResidualProblem = { ...decayProblem(), jacobian: (x, out) => void negated(x, out) };
  function negated(x: Float64Array, out: Float64Array): void {
    decayProblem().jacobian!(x, out);
    for (let i = 0; i < out.length; i++) out[i]! *= -1;
  }
  const fit = leastSquares(wrong, [1, 1, 0], { method });
  expect(fit.status).toBe("stalled");
  expect(fit.success).toBe(false);
  expect(fit.message).toMatch(/Jacobian may be wrong/);
});

test("fewer residuals than parameters: the fit is made and its errors are infinite", () => {
  const problem: ResidualProblem = {
    residualCount: 1,
    residuals: (x, out) => void out.fill(x[0]! + 2 * x[1]! - 5),
  };
  const fit = leastSquares(problem, [0, 0]);
  expect(fit.cost).toBeLessThan(1e-20);
  expect(fit.rank).toBe(1);
  expect(Array.from(fit.standardErrors!)).toEqual([Infinity, Infinity]);
  expect(fit.reducedChi2).toBeUndefined();
  expect(fit.warnings.map(({ code }) => code)).toEqual(["rank-deficient", "no-degrees-of-freedom"]);
});
