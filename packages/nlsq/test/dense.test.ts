// The dense linear algebra has no public face: imported from its files.
import { createRandom } from "@siegert/random";
import { expect, test } from "vitest";
import { householderQr, pivotedQr } from "../src/householder-qr.ts";
import { jacobiSvd } from "../src/jacobi-svd.ts";
import { forwardSubstitute, pivotedCholesky } from "../src/pivoted-cholesky.ts";
import { solveSubproblem } from "../src/trust-region-subproblem.ts";

function randomMatrix(rows: number, columns: number, seed: number): Float64Array {
  const random = createRandom(seed, "dense");
  return Float64Array.from({ length: rows * columns }, () => random.normal());
}

/** AᵀB for row-major matrices of equal height. */
function crossProduct(a: Float64Array, b: Float64Array, rows: number, p: number, q: number): Float64Array {
  const out = new Float64Array(p * q);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < p; j++) for (let k = 0; k < q; k++) out[j * q + k]! += a[i * p + j]! * b[i * q + k]!;
  }
  return out;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
}

const shapes = [
  [1, 1],
  [7, 3],
  [40, 6],
  [3, 3],
  [2, 5],
] as const;

test.each(shapes)("QR of %i × %i: R is triangular, RᵀR = AᵀA, RᵀQᵀb = Aᵀb", (rows, columns) => {
  const a = randomMatrix(rows, columns, 1);
  const b = randomMatrix(rows, 1, 2);
  const r = a.slice();
  const z = b.slice();
  householderQr(r, rows, columns, z);
  for (let i = 1; i < rows; i++) for (let j = 0; j < Math.min(i, columns); j++) expect(r[i * columns + j]).toBe(0);
  expect(
    largestDifference(crossProduct(r, r, rows, columns, columns), crossProduct(a, a, rows, columns, columns)),
  ).toBeLessThan(1e-12);
  expect(largestDifference(crossProduct(r, z, rows, columns, 1), crossProduct(a, b, rows, columns, 1))).toBeLessThan(
    1e-12,
  );
  expect(Math.abs(Math.hypot(...z) / Math.hypot(...b) - 1)).toBeLessThan(1e-14);
});

test("pivoted QR brings the long columns first and reveals the rank", () => {
  const a = randomMatrix(30, 2, 3);
  const dependent = new Float64Array(30 * 4);
  for (let i = 0; i < 30; i++) {
    const [u, v] = [a[2 * i]!, a[2 * i + 1]!];
    dependent.set([u, 10 * v, u + v, 1e-9 * (u - v)], 4 * i);
  }
  const order = pivotedQr(dependent, 30, 4, new Float64Array(30));
  const diagonal = [0, 1, 2, 3].map((k) => Math.abs(dependent[k * 5]!));
  expect(order[0]).toBe(1);
  expect(diagonal).toEqual(diagonal.toSorted((x, y) => y - x));
  expect(diagonal[2]! / diagonal[0]!).toBeLessThan(1e-14);
});

test("columns near the ends of the double range neither overflow nor vanish", () => {
  const a = Float64Array.of(3e200, 3e-200, 4e200, 4e-200);
  householderQr(a, 2, 2, new Float64Array(2));
  expect(Math.abs(a[0]!)).toBeCloseTo(5e200, -188);
  expect(Math.abs(a[1]!)).toBeGreaterThan(4.9e-200);
});

test.each(shapes)("SVD of %i × %i: V is orthonormal and V S² Vᵀ = AᵀA, V S Uᵀb = Aᵀb", (rows, columns) => {
  const a = randomMatrix(rows, columns, 4);
  const b = randomMatrix(rows, 1, 5);
  const { values, vectors, projected } = jacobiSvd(a.slice(), rows, columns, b.slice());
  const count = Math.min(rows, columns);
  expect(Array.from(values)).toEqual(Array.from(values).toSorted((x, y) => y - x));
  const gram = new Float64Array(columns * columns);
  const right = new Float64Array(columns);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < count; k++) {
      let dot = 0;
      for (let j = 0; j < columns; j++) dot += vectors[i * columns + j]! * vectors[k * columns + j]!;
      expect(Math.abs(dot - (i === k ? 1 : 0))).toBeLessThan(1e-14);
    }
    for (let j = 0; j < columns; j++) {
      right[j]! += vectors[i * columns + j]! * values[i]! * projected[i]!;
      for (let k = 0; k < columns; k++) {
        gram[j * columns + k]! += values[i]! ** 2 * vectors[i * columns + j]! * vectors[i * columns + k]!;
      }
    }
  }
  expect(largestDifference(gram, crossProduct(a, a, rows, columns, columns))).toBeLessThan(1e-12);
  expect(largestDifference(right, crossProduct(a, b, rows, columns, 1))).toBeLessThan(1e-12);
});

test("the singular values of the 8 × 8 Hilbert matrix have all their digits, the smallest relative to the largest", () => {
  const n = 8;
  const a = Float64Array.from({ length: n * n }, (_, k) => 1 / (Math.floor(k / n) + (k % n) + 1));
  const { values } = jacobiSvd(a, n, n, new Float64Array(n));
  // mpmath, 50 digits.
  expect(Math.abs(values[0]! / 1.6959389969219498 - 1)).toBeLessThan(1e-14);
  expect(Math.abs(values[7]! / 1.11153896637244e-10 - 1)).toBeLessThan(1e-6);
});

test("singular values of a badly scaled matrix keep their digits", () => {
  // A = B · diag(1, 1e-8, 1e-16) with B well conditioned: the determinant is known exactly.
  const b = Float64Array.of(2, 1, 0, 1, 3, 1, 0, 1, 4);
  const a = b.map((value, k) => value * 10 ** (-8 * (k % 3)));
  const { values } = jacobiSvd(a, 3, 3, new Float64Array(3));
  expect(Math.abs((values[0]! * values[1]! * values[2]!) / 18e-24 - 1)).toBeLessThan(1e-13);
});

test("pivoted Cholesky: RᵀR = A in the order of its pivots, and Rᵀz = g", () => {
  const j = randomMatrix(20, 5, 6);
  const a = crossProduct(j, j, 20, 5, 5);
  const cholesky = pivotedCholesky(a, 5);
  expect(cholesky.rank).toBe(5);
  const r = cholesky.factor;
  expect(largestDifference(crossProduct(r, r, 5, 5, 5), a)).toBeLessThan(1e-12);
  const g = randomMatrix(5, 1, 7);
  const z = forwardSubstitute(cholesky, g);
  expect(largestDifference(crossProduct(r, z, 5, 5, 1), g)).toBeLessThan(1e-12);
});

test("pivoted Cholesky finds the rank of a semidefinite matrix whatever the units", () => {
  const j = randomMatrix(20, 3, 8);
  const wide = new Float64Array(20 * 4);
  for (let i = 0; i < 20; i++) {
    const [u, v, w] = [j[3 * i]!, j[3 * i + 1]!, j[3 * i + 2]!];
    wide.set([1e8 * u, 1e-8 * v, w, u - v + 2 * w], 4 * i);
  }
  const semidefinite = pivotedCholesky(crossProduct(wide, wide, 20, 4, 4), 4);
  expect(semidefinite.rank).toBe(3);
});

test("rows of mere rounding do not spoil the others, wherever they stand", () => {
  // Two sound columns of cosine ½ in rows 1 and 3; rows 0 and 2 hold rounding of either sign, far from semidefinite.
  const noise = [1e-24, 3e-11, -2e-18, 5e-11, -4e-25];
  const a = Float64Array.of(
    ...[noise[0]!, noise[1]!, noise[2]!, noise[3]!],
    ...[noise[1]!, 4, 1e-13, 1],
    ...[noise[2]!, 1e-13, noise[4]!, 2e-13],
    ...[noise[3]!, 1, 2e-13, 1],
  );
  const { factor, rank } = pivotedCholesky(a, 4);
  expect(rank).toBe(2);
  const product = crossProduct(factor, factor, 4, 4, 4);
  const expected = a.map((value, k) => (k % 2 === 1 && Math.floor(k / 4) % 2 === 1 ? value : 0));
  expect(largestDifference(product, expected)).toBeLessThan(1e-15);
});

test("the trust-region step is the least-squares step inside the region and satisfies its conditions on the boundary", () => {
  const a = randomMatrix(12, 4, 9);
  const b = randomMatrix(12, 1, 10);
  const gram = crossProduct(a, a, 12, 4, 4);
  const gradient = crossProduct(a, b, 12, 4, 1);
  const spectrum = jacobiSvd(a.slice(), 12, 4, b.slice());
  const options = { initialDamping: 0, tolerance: 1e-12, onBoundary: true };
  const newton = solveSubproblem(spectrum, Infinity, options);
  const radius = 0.3 * Math.hypot(...newton.step);
  const step = solveSubproblem(spectrum, radius, options);
  expect(newton.damping).toBe(0);
  expect(Math.abs(Math.hypot(...step.step) / radius - 1)).toBeLessThan(1e-14);
  for (const { step: p, damping } of [newton, step]) {
    for (let j = 0; j < 4; j++) {
      let residual = gradient[j]! + damping * p[j]!;
      for (let k = 0; k < 4; k++) residual += gram[j * 4 + k]! * p[k]!;
      expect(Math.abs(residual)).toBeLessThan(1e-10);
    }
  }
});

test("a rank-deficient subproblem gives its shortest solution", () => {
  // Both columns equal: the minimum of ‖b + A p‖ shared equally.
  const spectrum = jacobiSvd(Float64Array.of(1, 1, 1, 1), 2, 2, Float64Array.of(-2, -2));
  const { step } = solveSubproblem(spectrum, 10, { initialDamping: 0, tolerance: 0.01, onBoundary: true });
  expect(largestDifference(step, [1, 1])).toBeLessThan(1e-14);
});
