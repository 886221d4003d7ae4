import { expect, test } from "vitest";
import { Differentiator, finiteDifferenceSettings } from "../src/finite-difference.ts";

/** Derivative of one function of one parameter, through the package's differences. */
function derivative(
  f: (x: number) => number,
  x: number,
  method: "2-point" | "3-point",
  lower = -Infinity,
  upper = Infinity,
) {
  const asked: number[] = [];
  const residuals = (p: Float64Array, out: Float64Array): void => {
    asked.push(p[0]!);
    out[0] = f(p[0]!);
  };
  const box = { lower: Float64Array.of(lower), upper: Float64Array.of(upper) };
  const differentiator = new Differentiator(
    residuals,
    1,
    finiteDifferenceSettings({ method }, 1),
    box,
    Int32Array.of(0),
  );
  const out = new Float64Array(1);
  const point = Float64Array.of(x);
  differentiator.jacobian(point, Float64Array.of(f(x)), out);
  return { value: out[0]!, asked, restored: point[0] };
}

test.each([
  ["2-point", 1e-7],
  ["3-point", 1e-9],
] as const)("%s differences at scales from 1e-12 to 1e12 are good to %f", (method, tolerance) => {
  for (const scale of [1e-12, 1e-3, 1, 1e6, 1e12]) {
    const { value, restored } = derivative((x) => Math.exp(x / scale), 0.7 * scale, method);
    expect(Math.abs((value * scale) / Math.exp(0.7) - 1)).toBeLessThan(tolerance);
    expect(restored).toBe(0.7 * scale);
  }
});

test.each([
  ["2-point", 1, 2],
  ["3-point", 2, 2],
] as const)("%s at a bound turns inwards with %i evaluations", (method, count, _) => {
  for (const [x, lower, upper] of [
    [1, 1, 3],
    [3, 1, 3],
    [1, 1, 1 + 1e-9],
  ] as const) {
    const { value, asked } = derivative((u) => u ** 3, x, method, lower, upper);
    expect(asked).toHaveLength(count);
    expect(asked.every((u) => u >= lower && u <= upper)).toBe(true);
    // In the narrow box, 1e-9 wide, rounding limits any difference to about 7 digits.
    const tolerance = upper - lower < 1e-8 ? 1e-6 : method === "2-point" ? 1e-7 : 1e-9;
    expect(Math.abs(value / (3 * x * x) - 1)).toBeLessThan(tolerance);
  }
});

test("a parameter at 0 is stepped by its typical size", () => {
  const settings = finiteDifferenceSettings({ typicalX: 1e-6 }, 1);
  const asked: number[] = [];
  const box = { lower: Float64Array.of(-Infinity), upper: Float64Array.of(Infinity) };
  const residuals = (p: Float64Array, out: Float64Array): void => {
    asked.push(p[0]!);
    out[0] = Math.sin(1e6 * p[0]!);
  };
  const out = new Float64Array(1);
  new Differentiator(residuals, 1, settings, box, Int32Array.of(0)).jacobian(
    new Float64Array(1),
    new Float64Array(1),
    out,
  );
  expect(Math.max(...asked.map(Math.abs))).toBeLessThan(1e-10);
  expect(Math.abs(out[0]! / 1e6 - 1)).toBeLessThan(1e-9);
});
