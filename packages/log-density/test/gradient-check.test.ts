import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import { checkGradient, type LogDensity } from "../src/index.ts";

/** −x²/2 − e^y, and a gradient that may be off by a factor in one coordinate. */
function target(factor: number, shift = 0): LogDensity {
  const value = (x: Float64Array) => -0.5 * x[0]! ** 2 - Math.exp(x[1]!);
  return {
    dim: 2,
    logDensity: value,
    logDensityAndGradient(x, gradient) {
      gradient[0] = -x[0]!;
      gradient[1] = -Math.exp(x[1]!) * factor;
      return value(x) + shift;
    },
  };
}
const at = Float64Array.of(1.5, -0.3);

test("finds nothing wrong with a right gradient, to near rounding", () => {
  const report = checkGradient(target(1), at);
  expect(report.isGood).toBe(true);
  for (const { error } of report.coordinates) expect(error).toBeLessThan(1e-9);
});

test("finds an error of 1 part in 100 000 and names the coordinate", () => {
  const report = checkGradient(target(1.00001), at);
  expect(report.isGood).toBe(false);
  expect(report.coordinates.map((one) => one.isGood)).toEqual([true, false]);
  expect(report.text.split("\n")[0]).toBe("Gradient disagrees with the log density in 1 of 2 coordinates.");
  expect(report.text.split("\n")[2]).toMatch(/^✗ position\[1\] +-0\.74/);
});

test("a complex step sees an error of 1e-9", () => {
  // Im(−(x + ia)²/2 − exp(y + ib)) = −x a − e^y sin b.
  const imaginaryPart = (re: Float64Array, im: Float64Array) => -re[0]! * im[0]! - Math.exp(re[1]!) * Math.sin(im[1]!);
  expect(checkGradient(target(1), at, { imaginaryPart }).isGood).toBe(true);
  expect(checkGradient(target(1 + 1e-9), at, { imaginaryPart }).isGood).toBe(false);
});

test("sees that the two methods give different values, and a NaN gradient", () => {
  const report = checkGradient(target(1, 0.1), at);
  expect(report.isGood).toBe(false);
  expect(report.text).toContain("they must agree");
  expect(checkGradient(target(Number.NaN), at).coordinates[1]!.isGood).toBe(false);
});

test("refuses a position of the wrong length or without a finite value", () => {
  expect(() => checkGradient(target(1), Float64Array.of(1))).toThrow(InvalidArgumentError);
  expect(() => checkGradient(target(1), Float64Array.of(Number.NaN, 0))).toThrow(/finite log density/);
});
