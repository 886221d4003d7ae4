import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as wasm from "../src/index.ts";
import { createMath } from "../src/index.ts";
import fixture from "./fixtures/accuracy.json" with { type: "json" }; // from accuracy.py, mpmath, 200 bits and more

type Unary = (x: number) => number;

/** Bounds in ulp, as the README states them, with the plain twin and what the error is relative to. */
const functions: Readonly<Record<string, readonly [bound: number, plain: Unary, scale?: Unary]>> = {
  exp: [1, wasm.expPlain],
  expm1: [1.5, wasm.expm1Plain],
  log: [1, wasm.logPlain],
  log1p: [1, wasm.log1pPlain],
  sin: [1, wasm.sinPlain],
  cos: [1, wasm.cosPlain],
  tanh: [2, wasm.tanhPlain],
  sigmoid: [2.5, wasm.sigmoidPlain],
  softplus: [2, wasm.softplusPlain],
  erf: [1.5, wasm.erfPlain],
  lgamma: [6, wasm.lgammaPlain],
  digamma: [6, wasm.digammaPlain],
  lgammaNegative: [6, wasm.lgammaPlain, (x) => Math.max(1, wasm.lgammaPlain(1 - x))],
  digammaNegative: [10, wasm.digammaPlain, (x) => Math.max(1, wasm.digammaPlain(1 - x))],
};

function numberOf(digits: string): number {
  return new Float64Array(BigUint64Array.of(BigInt(`0x${digits}`)).buffer)[0]!;
}

/** Distance between neighbouring float64 at |x|. */
function ulp(x: number): number {
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(x))), -1022);
  const isBelow = exponent > -1022 && 2 ** exponent > Math.abs(x);
  return 2 ** (exponent - (isBelow ? 1 : 0) - 52);
}

/** Error of `value` in ulp of the reference, or of `scale` where that is larger. */
function errorOf(value: number, reference: number, rest: number, scale = 0): number {
  if (Object.is(value, reference) && !Number.isFinite(value)) return 0;
  const unit = ulp(reference);
  return Math.abs((value - reference) / unit - rest) * (unit / ulp(Math.max(Math.abs(reference), scale)));
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly reference: number;
  readonly rest: number;
}

function pointsOf(name: keyof typeof fixture): Point[] {
  return fixture[name].map((text) => {
    const reference = text.slice(-18, -2);
    return {
      x: numberOf(text.slice(0, 16)),
      y: name === "pow" ? numberOf(text.slice(16, 32)) : 0,
      reference: numberOf(reference),
      rest: (Number.parseInt(text.slice(-2), 16) - 128) / 254,
    };
  });
}

for (const [name, [bound, plain, scale]] of Object.entries(functions)) {
  test(`${name}: below ${bound} ulp of ${scale ? "max(1, |f(x)|, f(1 − x))" : "the exact value"}`, () => {
    const points = pointsOf(name as keyof typeof fixture);
    expect(points.length).toBeGreaterThan(300);
    const x = Float64Array.from(points, (point) => point.x);
    const computed = createMath({ simd: true })[name.replace("Negative", "") as "exp"](x, new Float64Array(x.length));
    points.forEach(({ x, reference, rest }, k) => {
      expect(errorOf(computed[k]!, reference, rest, scale?.(x)), `${name}(${x}) = ${reference}`).toBeLessThan(bound);
      expect(plain(x)).toBe(computed[k]);
    });
  });
}

test("pow: below 1 ulp of the exact value", () => {
  const points = pointsOf("pow");
  expect(points.length).toBeGreaterThan(500);
  const x = Float64Array.from(points, (point) => point.x);
  const y = Float64Array.from(points, (point) => point.y);
  const computed = createMath({ simd: true }).pow(x, y, new Float64Array(x.length));
  points.forEach((point, k) => {
    const label = `${point.x} ** ${point.y} = ${point.reference}`;
    expect(errorOf(computed[k]!, point.reference, point.rest), label).toBeLessThan(1);
    expect(wasm.powPlain(point.x, point.y)).toBe(computed[k]);
  });
});

// Rounding to nearest leaves errors of 1/√12 = 0.289 ulp root mean square; a constant wrong in its last digits, more.
test.each(["exp", "expm1", "log", "log1p", "sin", "cos"] as const)(
  "%s: errors are little more than rounding",
  (name) => {
    const plain = functions[name]![1];
    const isCircular = name === "sin" || name === "cos";
    const points = pointsOf(name).filter(({ x }) => !isCircular || Math.abs(x) >= 2 ** 20);
    const squares = points.map(({ x, reference, rest }) => errorOf(plain(x), reference, rest) ** 2);
    expect(points.length).toBeGreaterThan(100);
    expect(Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / points.length)).toBeLessThan(0.33);
  },
);

test("the measure of errors sees half an ulp and a wrong exponent", () => {
  expect(errorOf(1 + 2 ** -52, 1, 0.25)).toBe(0.75);
  expect(errorOf(2, 1, 0)).toBe(2 ** 52);
  expect(errorOf(5e-324, 0, 0)).toBe(1);
  expect(errorOf(Infinity, 1e308, 0)).toBe(Infinity);
});

test("the README states these bounds", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8").replaceAll(/ +/g, " ");
  for (const [name, [bound]] of Object.entries({ ...functions, pow: [1] as const })) {
    const label = name.endsWith("Negative") ? `\`${name.replace("Negative", "")}\`, x < 0` : `\`${name}\``;
    expect(readme, name).toContain(`\n| ${label} | ${bound} ulp`);
  }
});

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const special: readonly (readonly [string, Unary, readonly (readonly [number, number])[]])[] = [
  [
    "exp",
    wasm.expPlain,
    [
      [0, 1],
      [-0, 1],
      [inf, inf],
      [-inf, 0],
      [nan, nan],
      [710, inf],
      [-746, 0],
    ],
  ],
  [
    "expm1",
    wasm.expm1Plain,
    [
      [0, 0],
      [-0, -0],
      [inf, inf],
      [-inf, -1],
      [nan, nan],
      [710, inf],
      [-40, -1],
    ],
  ],
  [
    "log",
    wasm.logPlain,
    [
      [1, 0],
      [0, -inf],
      [-0, -inf],
      [-1, nan],
      [inf, inf],
      [-inf, nan],
      [nan, nan],
    ],
  ],
  [
    "log1p",
    wasm.log1pPlain,
    [
      [0, 0],
      [-0, -0],
      [-1, -inf],
      [-2, nan],
      [inf, inf],
      [-inf, nan],
      [nan, nan],
    ],
  ],
  [
    "sin",
    wasm.sinPlain,
    [
      [0, 0],
      [-0, -0],
      [inf, nan],
      [-inf, nan],
      [nan, nan],
    ],
  ],
  [
    "cos",
    wasm.cosPlain,
    [
      [0, 1],
      [-0, 1],
      [inf, nan],
      [-inf, nan],
      [nan, nan],
    ],
  ],
  [
    "tanh",
    wasm.tanhPlain,
    [
      [0, 0],
      [-0, -0],
      [inf, 1],
      [-inf, -1],
      [nan, nan],
      [1e300, 1],
    ],
  ],
  [
    "sigmoid",
    wasm.sigmoidPlain,
    [
      [0, 0.5],
      [inf, 1],
      [-inf, 0],
      [nan, nan],
      [-1e300, 0],
    ],
  ],
  [
    "softplus",
    wasm.softplusPlain,
    [
      [0, Math.LN2],
      [inf, inf],
      [-inf, 0],
      [nan, nan],
      [1e300, 1e300],
    ],
  ],
  [
    "erf",
    wasm.erfPlain,
    [
      [0, 0],
      [-0, -0],
      [inf, 1],
      [-inf, -1],
      [nan, nan],
    ],
  ],
  [
    "lgamma",
    wasm.lgammaPlain,
    [
      [1, 0],
      [2, 0],
      [0, inf],
      [-0, inf],
      [-3, inf],
      [-1e300, inf],
      [inf, inf],
      [-inf, inf],
      [nan, nan],
    ],
  ],
  [
    "digamma",
    wasm.digammaPlain,
    [
      [0, -inf],
      [-0, inf],
      [-3, nan],
      [-1e300, nan],
      [inf, inf],
      [-inf, nan],
      [nan, nan],
    ],
  ],
];

test.each(special)("%s at the ends of its range", (_, plain, values) => {
  for (const [x, expected] of values) expect(plain(x), `f(${x})`).toEqual(expected);
});

test("pow has ECMAScript's special values", () => {
  const numbers = [0, 1, 2, 3, 0.5, 1.5, 1e-310, 1e308, 2 ** 53, 2 ** 53 + 2, 1e300, inf];
  const all = [...numbers, ...numbers.map((x) => -x), nan];
  for (const x of all) {
    for (const y of all) {
      const expected = x ** y;
      const isSpecial = !Number.isFinite(expected) || expected === 0 || Math.abs(expected) === 1;
      if (isSpecial) expect(wasm.powPlain(x, y), `${x} ** ${y}`).toEqual(expected);
      else expect(Math.abs(wasm.powPlain(x, y) / expected - 1), `${x} ** ${y}`).toBeLessThan(1e-14);
    }
  }
});

test("integer powers that float64 can hold are exact", () => {
  for (let base = 2n; base < 400n; base++) {
    for (let n = 0n; base ** n < 2n ** 53n; n++) {
      expect(wasm.powPlain(Number(base), Number(n)), `${base} ** ${n}`).toBe(Number(base ** n));
    }
  }
});

test("erfc keeps its digits where it is small", () => {
  // Values of erfc to 16 digits (NIST Digital Library of Mathematical Functions, section 7.23, and its continued fraction).
  const values: readonly (readonly [number, number])[] = [
    [-3, 1.999977909503001],
    [0, 1],
    [0.3, 0.6713732405408726],
    [1, 0.15729920705028513],
    [2, 0.004677734981047266],
    [4, 1.541725790028002e-8],
    [6, 2.151973671249891e-17],
    [7, 4.183825607779414e-23],
    [10, 2.088487583762545e-45],
    [26, 5.663192408856143e-296],
    [28, 0],
    [Infinity, 0],
    [-Infinity, 2],
  ];
  for (const [x, value] of values) {
    const error = value === 0 ? wasm.erfcPlain(x) : wasm.erfcPlain(x) / value - 1;
    expect(Math.abs(error), `erfc(${x})`).toBeLessThan(2e-15);
  }
  expect(wasm.erfcPlain(Number.NaN)).toBeNaN();
});
