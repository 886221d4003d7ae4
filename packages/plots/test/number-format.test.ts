import { InvalidArgumentError } from "@siegert/errors";
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatNumber, formatWithError } from "../src/index.ts";
import { number } from "./figure-reading.ts";

test.each([
  // CODATA 2022 (Mohr et al. 2025): fine-structure constant inverse, G, proton mass, Avogadro's exact constant.
  [137.035999177, 0.000000021, "137.035999177(21)"],
  [6.6743e-11, 0.00015e-11, "6.67430(15)×10⁻¹¹"],
  [1.67262192595e-27, 0.00000000052e-27, "1.67262192595(52)×10⁻²⁷"],
  [6.02214076e23, 0, "6.0221×10²³"],
])("writes %d ± %d as the tables of constants do", (value, error, text) => {
  expect(formatWithError(value, error)).toBe(text);
});

test.each([
  [1234.4, 56.4, "1234(56)", "1234 ± 56"],
  [0.12344, 0.0056, "0.1234(56)", "0.1234 ± 0.0056"],
  [12.34, 4.51, "12.3(4.5)", "12.3 ± 4.5"],
  [12345.6, 678.9, "12350(680)", "12350 ± 680"],
  [-0.2987, 0.00213, "−0.2987(21)", "−0.2987 ± 0.0021"],
  [1.0023e-3, 2.3e-6, "1.0023(23)×10⁻³", "(1.0023 ± 0.0023)×10⁻³"],
  [-2.5e7, 1.2e6, "−2.50(12)×10⁷", "(−2.50 ± 0.12)×10⁷"],
  [0, 0.31, "0.00(31)", "0.00 ± 0.31"],
  [-0.001, 0.31, "0.00(31)", "0.00 ± 0.31"],
  [0.3, 1234, "0(1200)", "0 ± 1200"],
  [1e-9, 2e-9, "1.0(2.0)×10⁻⁹", "(1.0 ± 2.0)×10⁻⁹"],
])("rounds %d ± %d at the second digit of the error", (value, error, parentheses, plusMinus) => {
  expect(formatWithError(value, error)).toBe(parentheses);
  expect(formatWithError(value, error, "plus-minus")).toBe(plusMinus);
});

test("an error that rounds up to the next power of ten takes the value with it", () => {
  expect(formatWithError(5.0123, 0.0996)).toBe("5.01(10)");
  expect(formatWithError(999.96, 0.996)).toBe("1000.0(1.0)");
  expect(formatWithError(999999.7, 12)).toBe("1.000000(12)×10⁶");
});

test("a value rounds half away from zero below the last digit of the error", () => {
  expect(formatWithError(0.06, 1.1)).toBe("0.1(1.1)");
  expect(formatWithError(0.04, 1.1)).toBe("0.0(1.1)");
});

test("value and error read back within half a unit of the last digit, over 600 powers of ten", () => {
  const magnitude = fc.tuple(fc.double({ min: 1, max: 9.99, noNaN: true }), fc.integer({ min: -300, max: 290 }));
  fc.assert(
    fc.property(magnitude, fc.integer({ min: -12, max: 3 }), fc.boolean(), ([mantissa, power], shift, negative) => {
      const value = (negative ? -1 : 1) * mantissa * 10 ** power;
      const error = mantissa * 10 ** (power + shift);
      const match = /^\(?(.+?) ± (.+?)\)?(×.*)?$/.exec(formatWithError(value, error, "plus-minus"));
      const [, shownValue = "", shownError = "", factor = ""] = match ?? [];
      const [readValue, readError] = [number(shownValue + factor), number(shownError + factor)];
      expect(Math.abs(readError / error - 1)).toBeLessThan(0.0501);
      // Half a unit of the second digit of the error is at most 5 % of it (5.5 % where it carries).
      expect(Math.abs(readValue - value)).toBeLessThanOrEqual(0.0551 * error + 1e-14 * Math.abs(value));
    }),
    { numRuns: 500, seed: 7 },
  );
});

test("without a usable error the value stands alone", () => {
  expect(formatWithError(1234.5678, undefined)).toBe("1234.6");
  expect(formatWithError(1234.5678, Number.NaN)).toBe("1234.6");
  expect(formatWithError(1234.5678, Infinity)).toBe("1234.6 ± ∞");
});

test("an error below the resolution of float64 is written on its own", () => {
  expect(formatWithError(1.5, 1e-20)).toBe("1.5 ± 1×10⁻²⁰");
});

test("formatWithError refuses values that are not finite and negative errors", () => {
  expect(() => formatWithError(Number.NaN, 1)).toThrow(InvalidArgumentError);
  expect(() => formatWithError(Infinity, 1)).toThrow(InvalidArgumentError);
  expect(() => formatWithError(1, -1)).toThrow("error must not be negative; received -1");
});

test.each([
  [0, "0"],
  [-0, "0"],
  [1000, "1000"],
  [-0.5, "−0.5"],
  [1234567, "1.2346×10⁶"],
  [999999.9, "1×10⁶"],
  [0.00012345, "0.00012345"],
  [0.000012345, "1.2345×10⁻⁵"],
  [-1e-300, "−1×10⁻³⁰⁰"],
  [Infinity, "∞"],
  [-Infinity, "−∞"],
  [Number.NaN, "NaN"],
])("formatNumber(%d) is %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test("formatNumber keeps as many digits as asked and refuses odd counts", () => {
  expect(formatNumber(Math.PI, 1)).toBe("3");
  expect(formatNumber(Math.PI, 10)).toBe("3.141592654");
  expect(formatNumber(123456, 2)).toBe("120000");
  for (const digits of [0, 16, 2.5]) expect(() => formatNumber(1, digits)).toThrow(InvalidArgumentError);
});
