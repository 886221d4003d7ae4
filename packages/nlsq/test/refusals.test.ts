import { InvalidArgumentError } from "@siegert/errors";
import { createRandom } from "@siegert/random";
import { expect, test } from "vitest";
import {
  curveFit,
  type LeastSquaresOptions,
  latinHypercube,
  leastSquares,
  type MultistartOptions,
  multistart,
  NonFiniteStartError,
  type NormalEquationsProblem,
  type ResidualProblem,
} from "../src/index.ts";

const problem: ResidualProblem = {
  residualCount: 3,
  residuals: (x, out) => out.set([x[0]! - 1, x[1]! - 2, x[0]! + x[1]!]),
};

function refusal(run: () => unknown): InvalidArgumentError {
  try {
    run();
  } catch (error) {
    if (error instanceof InvalidArgumentError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

const refused: readonly (readonly [LeastSquaresOptions, string, RegExp])[] = [
  [
    { bounds: { lower: [0, 1], upper: [1, 0.5] } },
    "bounds.lower[1]",
    /not exceed bounds.upper\[1\] = 0.5 \(parameter x\[1\]\); received 1/,
  ],
  [
    { bounds: { lower: [0, 0.75] } },
    "start[1]",
    /within its bounds \[0.75, Infinity\] \(parameter x\[1\]\); received 0.5/,
  ],
  [{ bounds: { lower: [0] } }, "bounds.lower", /one entry per parameter, 2/],
  [{ bounds: { upper: [Number.NaN, 1] } }, "bounds.upper[0]", /be a number/],
  [{ bounds: { lower: Infinity } }, "bounds.lower[0]", /less than Infinity/],
  [{ bounds: { upper: -Infinity } }, "bounds.upper[0]", /exceed -Infinity/],
  [{ method: "lm", bounds: { lower: 0 } }, "method", /'trf' when there are bounds/],
  [{ ftol: -1 }, "ftol", /\[0, 1\)/],
  [{ xtol: Number.NaN }, "xtol", /\[0, 1\)/],
  [{ gtol: 1 }, "gtol", /\[0, 1\)/],
  [{ maxIterations: 0 }, "maxIterations", /positive integer/],
  [{ maxEvaluations: 1.5 }, "maxEvaluations", /positive integer/],
  [{ fScale: 0 }, "fScale", /positive and finite/],
  [{ xScale: [1] }, "xScale", /one entry per parameter/],
  [{ xScale: [1, 0] }, "xScale[1]", /positive and finite/],
  [{ clusters: [1, 2] }, "clusters", /one entry per residual, 3/],
  [{ clusters: [1, 2, 0.5] }, "clusters[2]", /32-bit integer/],
  [{ parameterNames: ["a"] }, "parameterNames", /one entry per parameter/],
  [{ finiteDifference: { relativeStep: -1 } }, "finiteDifference.relativeStep[0]", /positive/],
  [{ finiteDifference: { typicalX: [1] } }, "finiteDifference.typicalX", /one entry per parameter/],
  [{ loss: "hubber" as "huber" }, "loss", /nearest: huber/],
  [{ method: "dogbox" as "trf" }, "method", /one of trf, lm/],
  [{ covariance: "robust" as "none" }, "covariance", /one of classical, sandwich, none/],
  [{ xScale: "jacobian" as "jac" }, "xScale", /'jac'/],
  [{ finiteDifference: { method: "cs" as "2-point" } }, "finiteDifference.method", /2-point/],
  [{ tolerence: 1 } as LeastSquaresOptions, "options", /known keys only/],
  [{ maxIteration: 1 } as LeastSquaresOptions, "options", /nearest: maxIterations/],
];

test.each(refused)("leastSquares refuses %o", (options, argument, message) => {
  const error = refusal(() => leastSquares(problem, [0.5, 0.5], options));
  expect(error.argument).toBe(argument);
  expect(error.message).toMatch(message);
});

test("parameter names appear in refusals", () => {
  const options = { bounds: { upper: [1, 0.1] }, parameterNames: ["rate", "offset"] };
  expect(refusal(() => leastSquares(problem, [0.5, 0.5], options)).message).toContain("parameter offset");
});

test("a start that is empty or not finite, and a count of residuals that is no count", () => {
  expect(refusal(() => leastSquares(problem, [])).argument).toBe("start");
  expect(refusal(() => leastSquares(problem, [0, Number.NaN])).argument).toBe("start[1]");
  expect(refusal(() => leastSquares({ ...problem, residualCount: 0 }, [0, 0])).argument).toBe("problem.residualCount");
  const short = { ...problem, residualCount: 1 };
  expect(refusal(() => leastSquares(short, [0, 0], { method: "lm" })).message).toMatch(/fewer residuals \(1\)/);
});

test("residuals or derivatives that are not finite at the start are named", () => {
  const nan: ResidualProblem = { residualCount: 3, residuals: (x, out) => out.set([x[0]!, Math.log(x[1]!), 0]) };
  const error = refusal(() => leastSquares(nan, [1, -1]));
  expect(error).toBeInstanceOf(NonFiniteStartError);
  expect(error.message).toBe("residuals(start)[1] must be finite; received NaN");
  for (const loss of ["huber", "arctan"] as const) {
    const infinite: ResidualProblem = { residualCount: 3, residuals: (_x, out) => out.set([0, 0, Infinity]) };
    expect(refusal(() => leastSquares(infinite, [1, 1], { loss })).argument).toBe("residuals(start)[2]");
  }
  const slope: ResidualProblem = { ...problem, jacobian: (_x, out) => out.set([1, 0, 0, Number.NaN, 1, 1]) };
  expect(refusal(() => leastSquares(slope, [1, 1])).argument).toBe("jacobian(start)[1, 1]");
  const huge: ResidualProblem = { residualCount: 3, residuals: (_x, out) => out.set([1e200, 0, 0]) };
  expect(refusal(() => leastSquares(huge, [1, 1])).argument).toBe("cost(start)");
});

test("normal equations that are not finite, rounding in them, and clusters beside them", () => {
  const normal = (jtj: readonly number[], cost = 1): NormalEquationsProblem => ({
    residualCount: 3,
    cost: () => cost,
    normalEquations(_x, _loss, outJtj, outJtr) {
      outJtj.set(jtj);
      outJtr.fill(1);
      return cost;
    },
  });
  expect(refusal(() => leastSquares(normal([1, 0, 0, 1], Number.NaN), [1, 1])).argument).toBe("cost(start)");
  expect(refusal(() => leastSquares(normal([1, 0, 0, Infinity]), [1, 1])).argument).toBe("jtj(start)[1, 1]");
  // A parameter without effect may leave rounding of either sign.
  expect(leastSquares(normal([1, 0, 0, -1e-24]), [1, 1]).rank).toBe(1);
  expect(refusal(() => leastSquares(normal([1, 0, 0, 1]), [1, 1], { clusters: [1, 2, 3] })).argument).toBe("clusters");
});

const slope = (x: number, [a = 0]: Float64Array): number => a * x;

test.each([
  [() => curveFit(slope, [1, 2], [1]), "x"],
  [() => curveFit(slope, [], []), "y"],
  [() => curveFit(slope, [1, 2], [1, Number.NaN], { p0: [1] }), "y[1]"],
  [() => curveFit(slope, [1, Infinity], [1, 2], { p0: [1] }), "x[1]"],
  [() => curveFit(slope, [1, 2], [1, 2], { p0: [1], sigma: [1, 0] }), "sigma[1]"],
  [() => curveFit(slope, [1, 2], [1, 2], { p0: [1], sigma: [1] }), "sigma"],
  [() => curveFit(slope, [1, 2], [1, 2], { p0: [1], sigma: -1 }), "sigma"],
  [() => curveFit(slope, [1, 2], [1, 2]), "p0"],
  [() => curveFit(slope, [1, 2], [1, 2], { p0: [1], jacobian: "4-point" as "2-point" }), "jacobian"],
  [() => curveFit(slope, [1, 2], [1, 2], { p0: [1], sigmas: 1 } as object), "options"],
])("curveFit refuses %s", (run, argument) => {
  expect(refusal(run).argument).toBe(argument);
});

const box = { bounds: { lower: [0, 1], upper: [1, 2] } };
const multistartRefusals: readonly (readonly [MultistartOptions, string])[] = [
  [{ bounds: { lower: 0, upper: 1 } }, "bounds"],
  [{ bounds: { lower: [0, 1] } }, "bounds.upper[0]"],
  [{ bounds: { lower: [0, 1] }, region: { lower: [0, 0], upper: [1, 2] } }, "region.lower[1]"],
  [{ ...box, spacing: "log" }, "bounds.lower[0]"],
  [{ ...box, spacing: ["linear"] }, "spacing"],
  [{ ...box, spacing: ["linear", "cubic" as "log"] }, "spacing[1]"],
  [{ ...box, starts: 0 }, "starts"],
  [{ ...box, refine: 0.5 }, "refine"],
  [{ ...box, include: [[0]] }, "include[0]"],
  [{ ...box, include: [[0, 5]] }, "include[0][1]"],
  [{ ...box, distinct: 2 }, "distinct"],
  [{ ...box, start: 3 } as MultistartOptions, "options"],
];

test.each(multistartRefusals)("multistart refuses %o", (options, argument) => {
  expect(refusal(() => multistart(problem, options)).argument).toBe(argument);
});

test("a region without a finite start is refused, by multistart as a whole", () => {
  const nowhere: ResidualProblem = { residualCount: 1, residuals: (_x, out) => void out.fill(Number.NaN) };
  expect(refusal(() => multistart(nowhere, box)).message).toMatch(/residuals and their derivatives are finite/);
});

test.each([
  [0, 1],
  [1.5, 1],
  [1, 0],
])("latinHypercube refuses %f points in %f dimensions", (count, dimension) => {
  expect(() => latinHypercube(createRandom(1), count, dimension)).toThrow(InvalidArgumentError);
});
