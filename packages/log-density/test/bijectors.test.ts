import { InvalidArgumentError } from "@siegert/errors";
import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";
import {
  type Bijector,
  choleskyCorrelation,
  interval,
  lowerBounded,
  ordered,
  positive,
  positiveOrdered,
  real,
  simplex,
  sumToZero,
  upperBounded,
} from "../src/index.ts";
import { determinant } from "./determinant.ts";

/** A bijector and the entries of x that are coordinates of its measure; none for a measure on a hyperplane. */
interface Case {
  readonly name: string;
  readonly bijector: Bijector;
  readonly free?: readonly number[];
  readonly isInside: (x: Float64Array) => boolean;
}

const all = (n: number) => Array.from({ length: n }, (_, k) => k);
const cases: Case[] = [
  { name: "real", bijector: real([2, 2]), free: all(4), isInside: (x) => x.every(Number.isFinite) },
  { name: "positive", bijector: positive([3]), free: all(3), isInside: (x) => x.every((v) => v > 0) },
  { name: "lower", bijector: lowerBounded(-7, [2]), free: all(2), isInside: (x) => x.every((v) => v > -7) },
  { name: "upper", bijector: upperBounded(0.5), free: [0], isInside: (x) => x[0]! < 0.5 },
  { name: "interval", bijector: interval(-2, 9, [3]), free: all(3), isInside: (x) => x.every((v) => v > -2 && v < 9) },
  {
    name: "simplex",
    bijector: simplex(5),
    free: all(4),
    isInside: (x) => x.every((v) => v > 0) && Math.abs(x.reduce((a, b) => a + b) - 1) < 1e-14,
  },
  { name: "ordered", bijector: ordered(4), free: all(4), isInside: (x) => isIncreasing(x) },
  {
    name: "positive-ordered",
    bijector: positiveOrdered(4),
    free: all(4),
    isInside: (x) => x[0]! > 0 && isIncreasing(x),
  },
  { name: "sum-to-zero", bijector: sumToZero(5), isInside: (x) => Math.abs(x.reduce((a, b) => a + b)) < 1e-13 },
  {
    name: "cholesky-correlation",
    bijector: choleskyCorrelation(4),
    free: [4, 8, 9, 12, 13, 14],
    isInside: (x) => [0, 1, 2, 3].every((i) => Math.abs(rowNorm(x, i) - 1) < 1e-14 && x[5 * i]! > 0),
  },
];

function isIncreasing(x: Float64Array): boolean {
  return x.every((v, k) => k === 0 || v > x[k - 1]!);
}

function rowNorm(x: Float64Array, i: number): number {
  return x.subarray(4 * i, 4 * i + 4).reduce((sum, v) => sum + v * v, 0);
}

describe.each(cases)("$name", ({ name, bijector, free, isInside }) => {
  const n = bijector.unconstrainedDim;
  const m = bijector.constrainedDim;
  const u = createRandom(1, name).fillNormal(new Float64Array(n));
  const x = new Float64Array(m);
  const at = (position: Float64Array) => {
    const values = new Float64Array(m);
    return { logJacobian: bijector.constrain(position, 0, values, 0), values };
  };

  test("lands in its set, and back", () => {
    bijector.constrain(u, 0, x, 0);
    expect(isInside(x)).toBe(true);
    const back = new Float64Array(n);
    bijector.unconstrain(x, 0, back, 0);
    for (let k = 0; k < n; k++) expect(back[k]).toBeCloseTo(u[k]!, 11);
    expect(bijector.shape.reduce((a, b) => a * b, 1)).toBe(m);
  });

  test("log Jacobian is that of the numerical derivative", () => {
    const columns = all(n).map((k) => derivative((position) => at(position).values, u, k));
    const matrix = free
      ? free.map((i) => columns.map((column) => column[i]!))
      : columns.map((a) => columns.map((b) => a.reduce((sum, v, i) => sum + v * b[i]!, 0)));
    const volume = Math.abs(determinant(matrix));
    expect(Math.log(volume) * (free ? 1 : 0.5)).toBeCloseTo(at(u).logJacobian, 7);
  });

  test("pulls gradients back as the numerical derivative does, at an offset too", () => {
    const weights = createRandom(2, name).fillNormal(new Float64Array(m));
    // h(x) = Σ w x + ½ Σ w² x² has the gradient w + w² x.
    const h = (position: Float64Array) => {
      const { logJacobian, values } = at(position);
      return Float64Array.of(
        values.reduce((sum, v, i) => sum + weights[i]! * v + 0.5 * (weights[i]! * v) ** 2, logJacobian),
      );
    };
    const big = { u: new Float64Array(n + 5), x: new Float64Array(m + 4), g: new Float64Array(m + 4) };
    big.u.set(u, 3);
    bijector.constrain(big.u, 3, big.x, 2);
    for (let i = 0; i < m; i++) big.g[2 + i] = weights[i]! + weights[i]! ** 2 * big.x[2 + i]!;
    const pulled = new Float64Array(n + 5).fill(77);
    bijector.pullBack(big.u, 3, big.x, 2, big.g, pulled);
    for (let k = 0; k < n; k++) {
      const expected = derivative(h, u, k)[0]!;
      expect(Math.abs(pulled[3 + k]! - expected)).toBeLessThan(1e-7 * Math.max(1, Math.abs(expected)));
    }
    expect([pulled[0], pulled[2], pulled[3 + n]]).toEqual([77, 77, 77]);
  });

  test("stays finite far out", () => {
    for (const scale of [-300, 300]) {
      const far = new Float64Array(n).fill(scale);
      const { logJacobian, values } = at(far);
      expect(Number.isFinite(logJacobian)).toBe(true);
      expect(values.every((v) => !Number.isNaN(v))).toBe(true);
      const gradient = new Float64Array(n);
      bijector.pullBack(far, 0, values, 0, new Float64Array(m), gradient);
      expect(gradient.every(Number.isFinite)).toBe(true);
    }
  });
});

function derivative(f: (u: Float64Array) => Float64Array, u: Float64Array, k: number): Float64Array {
  // Five-point rule: error of order step⁴, about 1e-11 here.
  const step = 1e-3;
  const [a, b, c, d] = [-2, -1, 1, 2].map((times) => {
    const at = u.slice();
    at[k] = at[k]! + times * step;
    return f(at);
  });
  return a!.map((v, i) => (v - 8 * b![i]! + 8 * c![i]! - d![i]!) / (12 * step));
}

test.each<[string, () => unknown]>([
  ["an empty interval", () => interval(1, 1)],
  ["an infinite bound", () => lowerBounded(Number.NEGATIVE_INFINITY)],
  ["a NaN bound", () => upperBounded(Number.NaN)],
  ["a simplex of one", () => simplex(1)],
  ["a fractional size", () => ordered(2.5)],
  ["a shape with a zero", () => positive([3, 0])],
  ["0 as a positive number", () => positive().unconstrain(Float64Array.of(0), 0, new Float64Array(1), 0)],
  ["the end of an interval", () => interval(0, 1).unconstrain(Float64Array.of(1), 0, new Float64Array(1), 0)],
  ["NaN", () => real().unconstrain(Float64Array.of(Number.NaN), 0, new Float64Array(1), 0)],
  ["probabilities of sum 0.9", () => simplex(2).unconstrain(Float64Array.of(0.4, 0.5), 0, new Float64Array(1), 0)],
  ["ties in an ordered vector", () => ordered(2).unconstrain(Float64Array.of(1, 1), 0, new Float64Array(2), 0)],
  ["a negative first", () => positiveOrdered(2).unconstrain(Float64Array.of(-1, 1), 0, new Float64Array(2), 0)],
  ["a sum that is not zero", () => sumToZero(2).unconstrain(Float64Array.of(1, 1), 0, new Float64Array(1), 0)],
  ["a row of norm 2", () => choleskyCorrelation(2).unconstrain(Float64Array.of(1, 0, 0, 2), 0, new Float64Array(1), 0)],
])("refuses %s", (_, call) => {
  expect(call).toThrow(InvalidArgumentError);
});
