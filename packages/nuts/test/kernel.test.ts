/** The kernels alone: integration, invariance of the target, termination. */
import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";
import { Integrator } from "../src/kernel/integrator.ts";
import type { Kernel, Point } from "../src/kernel/kernel.ts";
import { NutsKernel } from "../src/kernel/nuts-kernel.ts";
import { StaticHmcKernel } from "../src/kernel/static-hmc-kernel.ts";
import { isTurning } from "../src/kernel/subtree.ts";
import { DenseMetric } from "../src/metric/dense-metric.ts";
import { DiagonalMetric } from "../src/metric/diagonal-metric.ts";
import { uniformityP } from "./chi-square.ts";

type Density = (x: Float64Array, gradient: Float64Array) => number;

/** The logistic distribution: its cumulative distribution function is 1/(1 + e⁻ˣ). */
const logistic: Density = (x, gradient) => {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    gradient[i] = -Math.tanh(0.5 * x[i]!);
    sum -= Math.abs(x[i]!) + 2 * Math.log1p(Math.exp(-Math.abs(x[i]!)));
  }
  return sum;
};

function step(kernel: Kernel, density: Density): void {
  while (!kernel.advance(density(kernel.position, kernel.gradient)));
}

/** p value of uniform ranks after one transition from exact draws stretched by `stretch`. */
function invarianceP(kernel: Kernel, stepSize: number, stretch: number, depth: number): number {
  const random = createRandom(11, "invariance");
  const metric = new DiagonalMetric([1.3]);
  const counts = Array<number>(20).fill(0);
  const point: Point = { position: new Float64Array(1), gradient: new Float64Array(1), logDensity: 0 };
  for (let n = 0; n < 40_000; n++) {
    const u = random.uniform();
    point.position[0] = stretch * Math.log(u / (1 - u));
    point.logDensity = logistic(point.position, point.gradient);
    kernel.begin(point, metric, stepSize, random, depth);
    step(kernel, logistic);
    const bin = Math.floor(20 / (1 + Math.exp(-point.position[0]!)));
    counts[bin] = counts[bin]! + 1;
  }
  return uniformityP(counts);
}

describe.each([0.15, 0.5, 1.2, 2.5])("with a step size of %d", (stepSize) => {
  test("a transition of the tree leaves the target as it is, to 1 part in 100", () => {
    expect(invarianceP(new NutsKernel(1, 1000), stepSize, 1, 10)).toBeGreaterThan(1e-3);
    expect(invarianceP(new NutsKernel(1, 1000), stepSize, 1, 2)).toBeGreaterThan(1e-3);
    expect(invarianceP(new StaticHmcKernel(1, 1000, 4, 0.5), stepSize, 1, 10)).toBeGreaterThan(1e-3);
  });
});

test.each([0.3, 0.7])("a banana in two dimensions stays as it is too, with a step size of %d", (stepSize) => {
  // x ~ N(0, 1), y | x ~ N(x², 0.5): both x and 2 (y − x²) are standard normal.
  const banana: Density = (at, gradient) => {
    const [x, y] = [at[0]!, at[1]!];
    gradient[0] = -x + 8 * x * (y - x * x);
    gradient[1] = -4 * (y - x * x);
    return -0.5 * x * x - 2 * (y - x * x) ** 2;
  };
  const random = createRandom(12, "banana");
  const metric = new DenseMetric(2, [0.9, 0.3, 0.8]);
  const point: Point = { position: new Float64Array(2), gradient: new Float64Array(2), logDensity: 0 };
  const kernel = new NutsKernel(2, 1000);
  const radii = Array<number>(20).fill(0);
  const quadrants = Array<number>(8).fill(0);
  for (let n = 0; n < 40_000; n++) {
    const x = random.normal();
    point.position.set([x, x * x + 0.5 * random.normal()]);
    point.logDensity = banana(point.position, point.gradient);
    kernel.begin(point, metric, stepSize, random, 10);
    step(kernel, banana);
    const u = point.position[0]!;
    const v = 2 * (point.position[1]! - u * u);
    // exp(−r²/2) is uniform, and so is the angle.
    const radius = Math.min(19, Math.floor(20 * Math.exp(-0.5 * (u * u + v * v))));
    const angle = Math.min(7, Math.floor((4 * (Math.atan2(v, u) + Math.PI)) / Math.PI));
    radii[radius] = radii[radius]! + 1;
    quadrants[angle] = quadrants[angle]! + 1;
  }
  expect(uniformityP(radii)).toBeGreaterThan(1e-3);
  expect(uniformityP(quadrants)).toBeGreaterThan(1e-3);
});

test("the check of invariance sees a start that is 4 % too wide, after one short transition", () => {
  expect(invarianceP(new NutsKernel(1, 1000), 0.05, 1.04, 1)).toBeLessThan(1e-3);
});

test("leapfrog: error of the energy falls with the square of the step, and time can be reversed", () => {
  const metric = new DiagonalMetric([1, 2]);
  const energyError = (stepSize: number) => {
    const integrator = new Integrator(2);
    integrator.position.set([0.7, -1.2]);
    integrator.momentum.set([0.5, 0.3]);
    let logDensity = logistic(integrator.position, integrator.gradient);
    metric.whiten(integrator.gradient, integrator.force);
    const before = 0.5 * (0.25 + 0.09) - logDensity;
    let kinetic = 0;
    for (let n = 0; n < Math.round(2 / stepSize); n++) {
      integrator.halfStep(metric, stepSize);
      logDensity = logistic(integrator.position, integrator.gradient);
      kinetic = integrator.finishStep(metric, stepSize);
    }
    const error = kinetic - logDensity - before;
    for (let n = 0; n < Math.round(2 / stepSize); n++) {
      integrator.halfStep(metric, -stepSize);
      logistic(integrator.position, integrator.gradient);
      integrator.finishStep(metric, -stepSize);
    }
    expect(integrator.position[0]).toBeCloseTo(0.7, 13);
    expect(integrator.momentum[1]).toBeCloseTo(0.3, 13);
    return Math.abs(error);
  };
  expect(energyError(0.02) / energyError(0.01)).toBeCloseTo(4, 1);
});

test("the cross-subtree checks see a turn that the whole trajectory hides", () => {
  // Two halves that have each gone full circle: sums near zero, outer momenta alike.
  const [east, west] = [Float64Array.of(1, 0.1), Float64Array.of(-1, 0.1)];
  const sum = Float64Array.of(0.1, 0.4);
  expect(isTurning(sum, east, east, sum, east, east)).toBe(false);
  expect(isTurning(sum, east, west, sum, east, east)).toBe(true);
  expect(isTurning(sum, east, east, sum, west, east)).toBe(true);
});

test.each<[string, Density]>([
  ["NaN values", (x, g) => (logistic(x, g) > -2 ? logistic(x, g) : Number.NaN)],
  ["+∞", (x, g) => (logistic(x, g) > -2 ? logistic(x, g) : Infinity)],
  ["−∞", (x, g) => (logistic(x, g) > -2 ? logistic(x, g) : -Infinity)],
  [
    "NaN gradients",
    (x, g) => {
      const value = logistic(x, g);
      if (value < -2) g[0] = Number.NaN;
      return value;
    },
  ],
])("%s are divergences, and the chain stays where the density is finite", (_, density) => {
  for (const kernel of [new NutsKernel(1, 1000), new StaticHmcKernel(1, 1000, 5, 0.5)]) {
    const random = createRandom(3);
    const point: Point = { position: Float64Array.of(0.1), gradient: new Float64Array(1), logDensity: 0 };
    point.logDensity = density(point.position, point.gradient);
    let divergences = 0;
    for (let n = 0; n < 300; n++) {
      kernel.begin(point, new DiagonalMetric([1]), 0.5, random, 10);
      step(kernel, density);
      expect(logistic(point.position, new Float64Array(1))).toBeGreaterThan(-2);
      expect(Number.isFinite(kernel.transition.acceptRate + kernel.transition.energy)).toBe(true);
      if (!kernel.transition.divergence) continue;
      divergences++;
      expect(kernel.transition.divergence.energyError).toBe(Infinity);
      expect(Number.isFinite(kernel.transition.divergence.start[0])).toBe(true);
    }
    expect(divergences).toBeGreaterThan(10);
  }
});
