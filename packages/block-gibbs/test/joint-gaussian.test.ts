import { InvalidArgumentError } from "@siegert/errors";
import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";
import {
  adjacencyFromEdges,
  categoryNode,
  compileGraph,
  type Factor,
  gaussianNodes,
  lattice,
  productFactor,
  quadraticFactor,
  spinNode,
  userFactor,
} from "../src/index.ts";
import { GaussianJoint } from "../src/joint/gaussian-joint.ts";
import { SparseCholesky } from "../src/joint/sparse-cholesky.ts";

const noneDirected = (nodes: number) => ({ start: new Int32Array(nodes + 1), terms: [] });

describe("joint draws of Gaussian blocks", () => {
  test("Cholesky factors solve sparse systems as dense elimination does", () => {
    const { nodes, edges } = lattice([5, 6], { jumps: [1, 2] });
    const random = createRandom(3, "spd");
    const cholesky = new SparseCholesky(adjacencyFromEdges(nodes, edges));
    const dense = Array.from({ length: nodes }, () => new Float64Array(nodes));
    cholesky.clear();
    for (let e = 0; e < edges.length; e += 2) {
      const [a, b, value] = [edges[e]!, edges[e + 1]!, random.normal()];
      cholesky.add(a, b, value);
      dense[a]![b]! += value;
      dense[b]![a]! += value;
    }
    for (let i = 0; i < nodes; i++) {
      cholesky.add(i, i, 12);
      dense[i]![i]! += 12;
    }
    expect(cholesky.factor()).toBe(-1);
    const f = Float64Array.from({ length: nodes }, () => random.normal());
    const x = new Float64Array(nodes);
    cholesky.solve(f, 0, random, x);
    for (let i = 0; i < nodes; i++) {
      const residual = dense[i]!.reduce((sum, a, j) => sum + a * x[j]!, 0) - f[i]!;
      expect(Math.abs(residual)).toBeLessThan(1e-13);
    }
  });

  test("means and covariances around clamped nodes, with precisions that categories choose", () => {
    const reals = gaussianNodes(4);
    const chooser = categoryNode("c", 2);
    const sign = spinNode("s");
    const nodes = [...reals, chooser, sign];
    const factors: Factor[] = [
      quadraticFactor({ nodes: reals, precisions: [2, 3, 2.5, 1] }),
      quadraticFactor({ nodes: [reals[0]!], categories: [[chooser]], precisions: [0, 4] }),
      productFactor({
        reals: [
          [reals[0]!, reals[1]!, reals[2]!],
          [reals[1]!, reals[2]!, reals[3]!],
        ],
        weights: [1.2, -0.7, 0.5],
      }),
      productFactor({ reals: [[reals[0]!], [reals[2]!]], spins: [[sign]], weights: [0.4] }),
      productFactor({ reals: [[reals[1]!]], weights: [1.5] }),
    ];
    const graph = compileGraph(nodes, factors);
    const joint = new GaussianJoint(graph, Int32Array.of(0, 1, 2), noneDirected(6), "reals");
    // Λ and f by hand for c = 1, s = −1, x₃ = 2.
    const state = Float64Array.of(0, 0, 0, 2, 1, -1);
    const precision = [
      [6, -1.2, 0.4],
      [-1.2, 3, 0.7],
      [0.4, 0.7, 2.5],
    ];
    const f = [0, 1.5, 0.5 * 2];
    const covariance = inverse3(precision);
    const mean = covariance.map((row) => row.reduce((sum, v, j) => sum + v * f[j]!, 0));
    const [beta, n] = [0.7, 60_000];
    const random = createRandom(2, "gaussian");
    const out = new Float64Array(3);
    const sums = new Float64Array(3);
    const products = new Float64Array(9);
    for (let k = 0; k < n; k++) {
      joint.draw(state, out, beta, random);
      for (let i = 0; i < 3; i++) {
        sums[i]! += out[i]! - mean[i]!;
        for (let j = 0; j < 3; j++) products[3 * i + j]! += (out[i]! - mean[i]!) * (out[j]! - mean[j]!);
      }
    }
    for (let i = 0; i < 3; i++) {
      const variance = covariance[i]![i]! / beta;
      expect(Math.abs(sums[i]! / n) / Math.sqrt(variance / n)).toBeLessThan(4);
      for (let j = 0; j < 3; j++) {
        const expected = covariance[i]![j]! / beta;
        const spread = Math.sqrt((variance * (covariance[j]![j]! / beta) + expected ** 2) / n);
        expect(Math.abs(products[3 * i + j]! / n - expected) / spread).toBeLessThan(4);
      }
    }
    expect(() => joint.draw(state, out, 0, random)).toThrow(InvalidArgumentError);
  });

  test("refuses laws that are not normal, not known, or improper, and names a node", () => {
    const reals = gaussianNodes(3);
    const squares = quadraticFactor({ nodes: reals, precisions: [1, 1, 1] });
    const bind = (factor: Factor) => () =>
      new GaussianJoint(compileGraph(reals, [squares, factor]), Int32Array.of(0, 1, 2), noneDirected(3), "reals");
    expect(bind(productFactor({ reals: reals.map((x) => [x]), weights: [1] }))).toThrow("x0");
    expect(bind(userFactor({ groups: [[reals[1]!]], energy: ([x = 0]) => x ** 4 }))).toThrow("x1");
    expect(bind(productFactor({ reals: [[reals[0]!], [reals[1]!]], weights: [1.5] }))).toThrow("positive definite");
    expect(bind(productFactor({ reals: [[reals[0]!], [reals[1]!]], weights: [0.5] }))).not.toThrow();
  });
});

function inverse3(m: number[][]): number[][] {
  const [a, b, c] = m as [number[], number[], number[]];
  const cross = (u: number[], v: number[]) => [
    u[1]! * v[2]! - u[2]! * v[1]!,
    u[2]! * v[0]! - u[0]! * v[2]!,
    u[0]! * v[1]! - u[1]! * v[0]!,
  ];
  const rows = [cross(b, c), cross(c, a), cross(a, b)];
  const det = a.reduce((sum, v, i) => sum + v * rows[0]![i]!, 0);
  return [0, 1, 2].map((i) => rows.map((row) => row[i]! / det));
}
