import { expect, test } from "vitest";
import { type IterationEvent, leastSquares, leastSquaresAsync, multistartAsync } from "../src/index.ts";
import { nistProblem, nistResiduals } from "./nist-models.ts";

// Hundreds of iterations through a narrow valley.
const problem = nistResiduals("MGH17");
const start = nistProblem("MGH17").starts[0];

test.each(["trf", "lm"] as const)(
  "%s: progress tells every iteration, the cost falls, the last one is the result",
  (method) => {
    const events: IterationEvent[] = [];
    const fit = leastSquares(problem, start, { method, onProgress: (event) => void events.push(event) });
    expect(events.map(({ iteration }) => iteration)).toEqual(Array.from({ length: fit.iterations + 1 }, (_, i) => i));
    for (let i = 1; i < events.length; i++) {
      expect(events[i]!.cost).toBeLessThanOrEqual(events[i - 1]!.cost);
      expect(events[i]!.costReduction).toBe(events[i - 1]!.cost - events[i]!.cost);
      expect(events[i]!.evaluations).toBeGreaterThan(events[i - 1]!.evaluations);
    }
    expect(Array.from(events.at(-1)!.x)).toEqual(Array.from(fit.x));
    expect(events.at(-1)!.evaluations).toBe(fit.evaluations);
    expect(Array.from(events[0]!.x)).toEqual(start);
  },
);

test.each(["trf", "lm"] as const)("%s: an abort returns the best point so far, without an exception", (method) => {
  const controller = new AbortController();
  const costs: number[] = [];
  const fit = leastSquares(problem, start, {
    method,
    signal: controller.signal,
    onProgress: ({ iteration, cost }) => {
      costs.push(cost);
      if (iteration === 20) controller.abort();
    },
  });
  expect(fit.status).toBe("aborted");
  expect(fit.success).toBe(false);
  expect(fit.iterations).toBe(20);
  expect(fit.cost).toBe(Math.min(...costs));
  expect(fit.message).toMatch(/aborted after 20 iterations/);
  expect(fit.warnings[0]!.code).toBe("not-converged");
});

test("a signal that is already aborted gives the start back", () => {
  const fit = leastSquares(problem, start, { signal: AbortSignal.abort() });
  expect(fit.status).toBe("aborted");
  expect(Array.from(fit.x)).toEqual(start);
});

test("the asynchronous fit gives the same bits", async () => {
  const options = { method: "trf" } as const;
  const { x, ...rest } = leastSquares(problem, start, options);
  const { x: asyncX, ...asyncRest } = await leastSquaresAsync(problem, start, options);
  expect(Array.from(asyncX)).toEqual(Array.from(x));
  expect(asyncRest).toEqual(rest);
});

test("the asynchronous fit lets timers run, so that an abort arrives from outside", async () => {
  const controller = new AbortController();
  const slow = {
    residualCount: problem.residualCount,
    residuals(x: Float64Array, out: Float64Array): void {
      const until = performance.now() + 10;
      while (performance.now() < until);
      problem.residuals(x, out);
    },
    jacobian: problem.jacobian!,
  };
  setTimeout(() => controller.abort(), 120);
  const began = performance.now();
  const fit = await leastSquaresAsync(slow, start, { signal: controller.signal });
  expect(fit.status).toBe("aborted");
  expect(fit.iterations).toBeGreaterThan(0);
  // 800 evaluations at 10 ms would take 8 s.
  expect(performance.now() - began).toBeLessThan(4000);
});

test("a multistart stops on its signal with the best fit so far", async () => {
  const controller = new AbortController();
  let refined = 0;
  const result = await multistartAsync(nistResiduals("Misra1a"), {
    bounds: { lower: [1, 1e-6], upper: [1000, 1e-2] },
    spacing: "log",
    starts: 30,
    refine: 10,
    signal: controller.signal,
    onProgress: ({ stage, done }) => {
      if (stage !== "refine") return;
      refined = done;
      if (done === 3) controller.abort();
    },
  });
  expect(result.status).toBe("aborted");
  expect(refined).toBe(3);
  expect(result.refined).toBe(3);
  expect(result.best.success).toBe(true);
});

test("a multistart that is aborted while screening returns the best start screened as an aborted fit", async () => {
  const controller = new AbortController();
  const result = await multistartAsync(nistResiduals("Misra1a"), {
    bounds: { lower: [1, 1e-6], upper: [1000, 1e-2] },
    starts: 30,
    signal: controller.signal,
    onProgress: ({ done }) => {
      if (done === 7) controller.abort();
    },
  });
  expect(result.status).toBe("aborted");
  expect(result.screened).toBe(7);
  expect(result.best.status).toBe("aborted");
});

test.each([
  ["max-iterations", { maxIterations: 5 }],
  ["max-evaluations", { maxEvaluations: 9 }],
] as const)("%s is a status with a reason, not an exception", (status, options) => {
  for (const method of ["trf", "lm"] as const) {
    const fit = leastSquares(problem, start, { method, ...options });
    expect(fit.status).toBe(status);
    expect(fit.success).toBe(false);
    expect(fit.message).toMatch(/limit of/);
    expect(fit.warnings[0]).toMatchObject({ code: "not-converged" });
    if (status === "max-iterations") expect(fit.iterations).toBe(5);
    else expect(fit.evaluations).toBe(9);
  }
});

test("each tolerance alone ends the fit under its own name", () => {
  const from = nistProblem("Misra1a").starts[1];
  const off = { ftol: null, xtol: null, gtol: null };
  const residuals = nistResiduals("Misra1a");
  expect(leastSquares(residuals, from, { ...off, ftol: 1e-4 }).status).toBe("ftol");
  expect(leastSquares(residuals, from, { ...off, xtol: 1e-4 }).status).toBe("xtol");
  expect(leastSquares(residuals, from, { ...off, gtol: 1e-4 }).status).toBe("gtol");
  expect(leastSquares(residuals, from, { ...off, ftol: 1e-3, xtol: 1e-3 }).status).toBe("both");
  expect(leastSquares(residuals, from, off).status).toBe("precision-limit");
});
