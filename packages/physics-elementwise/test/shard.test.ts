import { DirectCorrelation } from "@siegert/physics-core";
import { describe, expect, test } from "vitest";
import { createShard } from "../src/index.ts";
import { CASES, type Case, experimentOf, gradientError, largestError, vectorOf } from "./cases.ts";
import { Complex } from "./complex.ts";
import { complexStepGradient, complexTerms } from "./complex-likelihood.ts";
import { randomPairs } from "./random-pairs.ts";

const ENGINES = ["plain", "wasm"] as const;
const OWN_SIGMA = Float64Array.from({ length: 700 }, (_, k) => 0.05 + 0.0001 * k);

describe.each(CASES)("$name", ({ model, physical }: Case) => {
  // An odd number of frames: kernels that take two at a time have one left over.
  const experiment = experimentOf(61);
  const pairs = randomPairs(700, 61, 3, 7);

  test.each(ENGINES)("c2 is that of the direct formula to 1e-12 (%s)", (engine) => {
    const shard = createShard({ model, experiment, ...pairs, sigma: 0.05, engine });
    const x = vectorOf(physical);
    const direct = new DirectCorrelation(model, experiment);
    direct.setParameters(Float64Array.from(physical));
    const expected = pairs.c2.map((_, k) => {
      const at = physical.length + 2 * pairs.angle[k]!;
      return x[at + 1]! + x[at]! * direct.normalised(pairs.i[k]!, pairs.j[k]!, pairs.angle[k]!);
    });
    expect(shard.engine).toBe(engine);
    expect(largestError(shard.c2(x, new Float64Array(700)), expected)).toBeLessThan(1e-12);
  });

  test.each(ENGINES)("value and gradient are those of the complex step (%s)", (engine) => {
    for (const sigma of [undefined, 0.07, OWN_SIGMA]) {
      const shard = createShard({ model, experiment, ...pairs, sigma, engine });
      const x = vectorOf(physical, sigma === undefined ? 0.07 : undefined);
      const gradient = new Float64Array(shard.parameterCount).fill(Number.NaN);
      const value = shard.logLikelihoodAndGradient(x, gradient);
      const complex = Array.from(x, (entry) => new Complex(entry));
      const terms = complexTerms(model, experiment, pairs, sigma, complex).map((term) => term.re);
      const expected = terms.reduce((sum, term) => sum + term, 0);
      const size = terms.reduce((sum, term) => sum + Math.abs(term), 0);
      expect(Math.abs(value - expected) / size).toBeLessThan(1e-12);
      expect(Math.abs(shard.logLikelihood(x) - value) / size).toBeLessThan(1e-13);
      const reference = complexStepGradient(model, experiment, pairs, sigma, x);
      expect(gradientError(gradient, reference.gradient, reference.scale)).toBeLessThan(1e-11);
      expect(gradientError(gradient, reference.gradient, reference.gradient.map(Math.abs))).toBeLessThan(1e-7);
    }
  });

  test("wasm and plain agree to 1e-12 in value and 1e-10 in gradient", () => {
    for (const sigma of [undefined, OWN_SIGMA]) {
      const x = vectorOf(physical, sigma === undefined ? 0.07 : undefined);
      const [plain, wasm] = ENGINES.map((engine) => {
        const shard = createShard({ model, experiment, ...pairs, sigma, engine });
        const gradient = new Float64Array(shard.parameterCount);
        const value = shard.logLikelihoodAndGradient(x, gradient);
        return { value, gradient, c2: shard.c2(x, new Float64Array(700)) };
      });
      const { scale } = complexStepGradient(model, experiment, pairs, sigma, x);
      expect(Math.abs(wasm!.value / plain!.value - 1)).toBeLessThan(1e-12);
      expect(largestError(wasm!.c2, plain!.c2)).toBeLessThan(1e-12);
      expect(gradientError(wasm!.gradient, plain!.gradient, scale)).toBeLessThan(1e-10);
    }
  });
});
