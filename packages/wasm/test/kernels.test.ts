import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { createMath, type MathKernels, type UnaryMathName } from "../src/index.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

const names: readonly UnaryMathName[] = [
  "exp",
  "expm1",
  "log",
  "log1p",
  "sin",
  "cos",
  "tanh",
  "sigmoid",
  "softplus",
  "erf",
  "lgamma",
  "digamma",
];
const vector = createMath();
const plain = createMath({ simd: false });

test("vector code and plain twins give the same arrays, bit for bit, at every length", () => {
  expect([vector.isSimd, plain.isSimd]).toEqual([true, false]);
  const lengths = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(2047, 2048, 2049, 4097));
  fc.assert(
    fc.property(lengths, fc.double({ noNaN: true, min: -100, max: 100 }), (length, start) => {
      const x = Float64Array.from({ length }, (_, k) => start * Math.cos(k));
      const y = Float64Array.from({ length }, (_, k) => 3 * Math.sin(k * k));
      const [a, b, c, d] = [0, 1, 2, 3].map(() => new Float64Array(length)) as [
        Float64Array,
        Float64Array,
        Float64Array,
        Float64Array,
      ];
      for (const name of names) expect(vector[name](x, a), name).toEqual(plain[name](x, b));
      expect(vector.pow(x, y, a)).toEqual(plain.pow(x, y, b));
      vector.sincos(x, a, b);
      plain.sincos(x, c, d);
      expect([a, b]).toEqual([c, d]);
    }),
    { numRuns: 40, seed: 21 },
  );
});

test("writes into out, returns it, and takes the input as out", () => {
  for (const math of [vector, plain]) {
    const x = Float64Array.of(0, 1, 2);
    const out = new Float64Array(3);
    expect(math.exp(x, out)).toBe(out);
    expect(x).toEqual(Float64Array.of(0, 1, 2));
    expect(math.exp(x, x)).toEqual(out);
    const part = new Float64Array(10);
    math.exp(Float64Array.of(0, 0), part.subarray(4, 6));
    expect([...part]).toEqual([0, 0, 0, 0, 1, 1, 0, 0, 0, 0]);
  }
});

test("refuses arrays of different lengths", () => {
  const [two, three] = [new Float64Array(2), new Float64Array(3)];
  for (const math of [vector, plain]) {
    for (const name of names) expect(() => math[name](two, three)).toThrow(RangeError);
    expect(() => math.pow(two, three, three)).toThrow(/one length; received 2, 3 and 3/);
    expect(() => math.pow(two, two, three)).toThrow(RangeError);
    expect(() => math.sincos(two, two, three)).toThrow(RangeError);
  }
});

test("without WebAssembly the plain twins run, and asking for vector code is refused", async () => {
  vi.stubGlobal("WebAssembly", undefined);
  const bare = await import("../src/index.ts");
  const math: MathKernels = bare.createMath();
  expect(math.isSimd).toBe(false);
  expect(math.log(Float64Array.of(1), new Float64Array(1))[0]).toBe(0);
  expect(() => bare.createMath({ simd: true })).toThrow(TypeError);
});
