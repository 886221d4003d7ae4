import { InvalidArgumentError } from "@siegert/errors";
import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";

import { leastSquares, type NormalEquationsProblem, type ResidualProblem } from "../src/index.ts";

/** Decays a exp(−b t) + c on 200 times, with derivatives. `sign` −1 makes those wrong; `unit` multiplies all residuals. */
interface Decay {
  readonly data: Float64Array;
  readonly sign?: 1 | -1;
  readonly unit?: number;
  /** Added to the model and subtracted again, for its rounding. */
  readonly background?: number;
}

const times = Float64Array.from({ length: 200 }, (_, i) => i / 50);

/** Exact data up to their rounding: another order of operations, and one unit in the last place of noise. */
function roundedData([a, b, c]: readonly [number, number, number], seed: number): Float64Array {
  const random = createRandom(seed, "rounding");
  return times.map((t) => (c + a / Math.exp(b * t)) * (1 + 1e-16 * random.normal()));
}

function residualProblem({ data, sign = 1, unit = 1, background = 0 }: Decay): ResidualProblem {
  return {
    residualCount: times.length,
    residuals(x, out) {
      for (let i = 0; i < out.length; i++) {
        const model = background + (x[0]! * Math.exp(-x[1]! * times[i]!) + x[2]!) - background;
        out[i] = unit * (model - data[i]!);
      }
    },
    jacobian(x, out) {
      for (let i = 0; i < times.length; i++) {
        const decay = Math.exp(-x[1]! * times[i]!);
        out.set([sign * unit * decay, -sign * unit * x[0]! * times[i]! * decay, sign * unit], 3 * i);
      }
    },
  };
}

function normalProblem(decay: Decay): NormalEquationsProblem {
  const { residuals, jacobian, residualCount } = residualProblem(decay);
  const r = new Float64Array(residualCount);
  const jacobianRows = new Float64Array(3 * residualCount);
  const cost = (x: Float64Array): number => {
    residuals(x, r);
    return 0.5 * r.reduce((sum, value) => sum + value * value, 0);
  };
  return {
    residualCount,
    cost,
    normalEquations(x, _loss, jtj, jtr) {
      const total = cost(x);
      jacobian!(x, jacobianRows);
      for (let i = 0; i < residualCount; i++) {
        const row = jacobianRows.subarray(3 * i, 3 * i + 3);
        for (let j = 0; j < 3; j++) {
          jtr[j]! += row[j]! * r[i]!;
          for (let k = 0; k < 3; k++) jtj[3 * j + k]! += row[j]! * row[k]!;
        }
      }
      return total;
    },
  };
}

const faces = [
  ["residuals", residualProblem],
  ["normal equations", normalProblem],
] as const;

describe.each(faces)("%s", (_name, problemOf) => {
  test.each([
    ["trf", {}],
    ["lm", {}],
    ["trf", { ftol: 1e-10, xtol: 1e-10, gtol: 1e-10 }],
    ["lm", { ftol: 1e-10, xtol: 1e-10, gtol: 1e-10 }],
    ["trf", { ftol: null, xtol: null, gtol: null }],
    ["lm", { ftol: null, xtol: null, gtol: null }],
    // The floor of the cost is reached before a step is as short as this.
    ["trf", { ftol: null, xtol: 1e-16, gtol: null }],
    ["lm", { ftol: null, xtol: 1e-16, gtol: null }],
  ] as const)(
    "%s, %o: data that are exact to rounding are fitted to the last digits, with success",
    (method, options) => {
      for (let seed = 0; seed < 40; seed++) {
        const random = createRandom(seed, "truth");
        const truth = [1 + 9 * random.uniform(), 0.3 + random.uniform(), random.uniform()] as const;
        // Far away, near, and at the floor itself, from where no cost can tell how far it has come.
        const away = [0.5, 1e-3, 1e-15][seed % 3]!;
        const start = truth.map((value) => value * (1 + away * random.normal()));
        const fit = leastSquares(problemOf({ data: roundedData(truth, seed) }), start, { method, ...options });
        expect(`${seed} ${fit.success ? "success" : fit.status}`).toBe(`${seed} success`);
        for (let j = 0; j < 3; j++) expect(Math.abs(fit.x[j]! / truth[j]! - 1)).toBeLessThan(1e-12);
      }
    },
  );

  test.each(["trf", "lm"] as const)("%s: rounding of a large known background is no stall either", (method) => {
    const background = 1e5;
    for (let seed = 0; seed < 40; seed++) {
      const truth = [4, 1.2, 0.5] as const;
      // The residuals carry ε · 1e5, far above what the rounding of the parameters makes of them.
      const random = createRandom(seed, "background");
      const data = roundedData(truth, seed).map((value) => value + 1e-16 * background * random.normal());
      // At the floor already, where a step can promise what rounding then takes.
      const start = truth.map((value) => value * (1 + 3e-13 * random.normal()));
      const tolerances = { ftol: null, xtol: 1e-10, gtol: null };
      const fit = leastSquares(problemOf({ data, background }), start, { method, ...tolerances });
      expect(`${seed} ${fit.success ? "success" : fit.status}`).toBe(`${seed} success`);
      for (let j = 0; j < 3; j++) expect(Math.abs(fit.x[j]! / truth[j]! - 1)).toBeLessThan(1e-10);
    }
  });

  test.each(["trf", "lm"] as const)("%s: a wrong Jacobian stalls on such data as well", (method) => {
    const truth = [4, 1.2, 0.5] as const;
    for (const away of [0.1, 1e-3, 1e-6]) {
      const start = truth.map((value, j) => value * (1 + away * (j - 0.6)));
      const fit = leastSquares(problemOf({ data: roundedData(truth, 1), sign: -1 }), start, { method });
      expect(fit.status, `${away} away`).toBe("stalled");
      expect(fit.success).toBe(false);
    }
  });

  test("residuals whose squares underflow are refused, not taken for a perfect fit", () => {
    const data = roundedData([4, 1.2, 0.5], 1);
    for (const unit of [1e-200, 1e-160]) {
      const run = (): unknown => leastSquares(problemOf({ data, unit }), [1, 1, 0]);
      expect(run).toThrow(InvalidArgumentError);
      expect(run).toThrow(/^cost\(start\) must not underflow: .*multiply the residuals/);
    }
  });

  test("residuals just above that limit are fitted", () => {
    const data = roundedData([4, 1.2, 0.5], 1);
    const fit = leastSquares(problemOf({ data, unit: 1e-140 }), [1, 1, 0]);
    expect(fit.success).toBe(true);
    for (const [j, value] of [4, 1.2, 0.5].entries()) expect(Math.abs(fit.x[j]! / value - 1)).toBeLessThan(1e-8);
  });
});

test("a start at which every residual is exactly 0 is a fit, whatever the face", () => {
  const data = times.map((t) => 2 * Math.exp(-t) + 1);
  for (const [, problemOf] of faces) {
    const fit = leastSquares(problemOf({ data }), [2, 1, 1]);
    expect(fit.success).toBe(true);
    expect(fit.cost).toBe(0);
    expect(Array.from(fit.x)).toEqual([2, 1, 1]);
  }
});
