import { expect, test } from "vitest";
import { type Arithmetic, complexArithmetic, realArithmetic } from "../src/index.ts";

type Unary = "sqrt" | "exp" | "log" | "sin" | "cos" | "tan" | "atan" | "sinh" | "cosh" | "tanh" | "abs" | "neg";

const derivatives: Record<Unary, (x: number) => number> = {
  sqrt: (x) => 0.5 / Math.sqrt(x),
  exp: Math.exp,
  log: (x) => 1 / x,
  sin: Math.cos,
  cos: (x) => -Math.sin(x),
  tan: (x) => 1 / Math.cos(x) ** 2,
  atan: (x) => 1 / (1 + x * x),
  sinh: Math.cosh,
  cosh: Math.sinh,
  tanh: (x) => 1 / Math.cosh(x) ** 2,
  abs: Math.sign,
  neg: () => -1,
};

const positiveOnly: readonly string[] = ["sqrt", "log"];
const step = 1e-100;
const cases = Object.entries(derivatives).flatMap(([name, derivative]) =>
  [-30, -2.5, -1, -1e-3, 1e-3, 0.7, 1, 2.5, 30]
    .filter((x) => x > 0 || !positiveOnly.includes(name))
    .map((x) => ({ name: name as Unary, x, derivative })),
);

test.each(cases)("$name at $x: the value of Math and the derivative to rounding", ({ name, x, derivative }) => {
  const result = complexArithmetic[name]({ re: x, im: step });
  const value = realArithmetic[name](x);
  expect(Math.abs(result.re - value)).toBeLessThanOrEqual(4e-16 * Math.max(Math.abs(value), 1e-3));
  expect(Math.abs(result.im / step / derivative(x) - 1)).toBeLessThan(1e-14);
});

test.each([
  [2.5, 3, 3 * 2.5 ** 2],
  [-2.5, 3, 3 * 2.5 ** 2],
  [-2.5, -2, -2 * (-2.5) ** -3],
  [2.5, 0.5, 0.5 * 2.5 ** -0.5],
  [2.5, -1.7, -1.7 * 2.5 ** -2.7],
  [3, 0, 0],
])("pow(%f + ih, %f) has the derivative of a power", (base, exponent, expected) => {
  const result = complexArithmetic.pow({ re: base, im: step }, exponent);
  expect(Math.abs(result.re / base ** exponent - 1)).toBeLessThan(1e-15);
  expect(Math.abs(result.im / step - expected)).toBeLessThanOrEqual(1e-14 * Math.abs(expected));
});

test("pow with a varying exponent has the derivative a^b log a", () => {
  const result = complexArithmetic.pow(2.5, { re: 1.7, im: step });
  expect(Math.abs(result.im / step / (2.5 ** 1.7 * Math.log(2.5)) - 1)).toBeLessThan(1e-14);
});

test("a negative base without a real power, root or logarithm gives NaN, as Math does", () => {
  const minusTwo = { re: -2, im: 0 };
  expect(complexArithmetic.pow(minusTwo, 0.5).re).toBeNaN();
  expect(complexArithmetic.sqrt(minusTwo).re).toBeNaN();
  expect(complexArithmetic.log(minusTwo).re).toBeNaN();
});

test("general complex numbers: identities at z = 0.3 + 0.8i", () => {
  const m: Arithmetic<{ re: number; im: number }> = complexArithmetic;
  const z = { re: 0.3, im: 0.8 };
  const same = (a: { re: number; im: number }, b: { re: number; im: number }): void =>
    expect(Math.hypot(a.re - b.re, a.im - b.im)).toBeLessThan(1e-14);
  same(m.exp(m.log(z)), z);
  same(m.pow(m.sqrt(z), 2), z);
  same(m.tan(m.atan(z)), z);
  same(m.div(m.mul(z, z), z), z);
  same(m.add(m.pow(m.sin(z), 2), m.pow(m.cos(z), 2)), { re: 1, im: 0 });
  same(m.sub(m.pow(m.cosh(z), 2), m.pow(m.sinh(z), 2)), { re: 1, im: 0 });
  same(m.tanh(z), m.div(m.sinh(z), m.cosh(z)));
  same(m.div(z, { re: 0.1, im: 5 }), m.mul(z, m.pow({ re: 0.1, im: 5 }, -1)));
});
