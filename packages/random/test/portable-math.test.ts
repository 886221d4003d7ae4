import { expect, test } from "vitest";
import { createRandom } from "../src/index.ts";
import { exp, log, log1p } from "../src/portable-math.ts";
import reference from "./fixtures/reference.json" with { type: "json" };

const EPSILON = 2 ** -52;

/** Distance of neighbouring doubles at a value. */
function unitInTheLastPlace(value: number): number {
  if (Math.abs(value) < 2 ** -1022) return 5e-324;
  return 2 ** (Math.floor(Math.log2(Math.abs(value))) - 52);
}

test.each([
  ["log", log, 1, reference.log],
  ["log1p", log1p, 2.5, reference.log1p],
  ["exp", exp, 1, reference.exp],
] as [string, (x: number) => number, number, [number, number][]][])(
  "%s agrees with mpmath to its bound in units of the last place",
  (_, f, units, pairs) => {
    for (const [x, value] of pairs) {
      expect(Math.abs(f(x) - value)).toBeLessThanOrEqual(units * unitInTheLastPlace(value));
    }
  },
);

test("log, log1p and exp agree with Math to 4 units over their whole ranges", () => {
  const random = createRandom(1, "portable math");
  const relativeError = (value: number, expected: number): number =>
    value === expected ? 0 : Math.abs(value - expected) / Math.max(Math.abs(expected), 2 ** -1022);
  for (let i = 0; i < 50_000; i++) {
    const x = (random.uniform() - 0.5) * 1480;
    expect(relativeError(exp(x), Math.exp(x))).toBeLessThan(4 * EPSILON);
    const positive = Math.exp((random.uniform() - 0.5) * 1400);
    expect(relativeError(log(positive), Math.log(positive))).toBeLessThan(4 * EPSILON);
    const nearZero = (random.uniform() < 0.5 ? -1 : 1) * Math.exp(-40 * random.uniform()) * 0.999;
    expect(relativeError(log1p(nearZero), Math.log1p(nearZero))).toBeLessThan(4 * EPSILON);
  }
});

test("exp underflows to 0 and overflows to Infinity; log(1) and log1p(0) are 0", () => {
  expect([exp(-746), exp(-Infinity), exp(710), exp(Infinity), exp(0)]).toEqual([0, 0, Infinity, Infinity, 1]);
  expect([log(1), log1p(0)]).toEqual([0, 0]);
});
