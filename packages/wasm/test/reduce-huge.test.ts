import { expect, test } from "vitest";
import { instantiate, ModuleBuilder, setAll } from "../src/index.ts";
import { addReduceHuge, hugeRemainder, reduceHugePlain } from "../src/math/reduce-huge.ts";
import fixture from "./fixtures/accuracy.json" with { type: "json" }; // from accuracy.py, mpmath, 2400 bits

function numberOf(digits: string): number {
  return new Float64Array(BigUint64Array.of(BigInt(`0x${digits}`)).buffer)[0]!;
}

/** The vector code's function, of one angle: [quadrant, high, low]. */
function compiled(): (x: number) => readonly [bigint, number, number] {
  const module = new ModuleBuilder();
  const reduce = addReduceHuge(module);
  module.function("reduce", { params: ["f64"], results: ["i64", "f64", "f64"], export: true }, (fn, x) => {
    const [quadrant, high, low] = [fn.local("i64"), fn.local("f64"), fn.local("f64")];
    return [setAll([quadrant, high, low], reduce(x)), quadrant, high, low];
  });
  return instantiate<{ reduce: (x: number) => readonly [bigint, number, number] }>(module).reduce;
}

// A significand of 53 bits times 192 digits whose last counts 2⁻¹⁹⁰ of a quadrant leaves an error below 2⁻¹³⁶.
test("remainders by π/2 are right to the digits that are multiplied, for the worst angles too", () => {
  const reduce = compiled();
  expect(fixture.remainder.length).toBeGreaterThan(180);
  for (const text of fixture.remainder) {
    const [x, high, low] = [0, 16, 32].map((at) => numberOf(text.slice(at, at + 16))) as [number, number, number];
    reduceHugePlain(x);
    const { quadrant, high: ourHigh, low: ourLow } = hugeRemainder;
    expect(quadrant, `${x}`).toBe(Number(text.slice(48)));
    expect(Math.abs(ourHigh - high + (ourLow - low)), `${x}`).toBeLessThan(2 ** -100 * Math.abs(high) + 2 ** -136);
    expect(reduce(x)).toEqual([BigInt(quadrant), ourHigh, ourLow]);
  }
});
