import { InvalidArgumentError } from "@siegert/errors";
import { describe, expect, test } from "vitest";
import {
  type Adjacency,
  adjacencyFromEdges,
  completeGraph,
  lattice,
  plantedTorus,
  randomRegularGraph,
} from "../src/index.ts";

const graphOf = ({ nodes, edges }: { nodes: number; edges: Int32Array }): Adjacency => adjacencyFromEdges(nodes, edges);

describe("graph generators", () => {
  test("lattices have d bonds per node when periodic, and lose one layer per axis when open", () => {
    expect(lattice([5, 6]).edges.length / 2).toBe(60);
    expect(lattice([5, 6, 7]).edges.length / 2).toBe(3 * 210);
    expect(lattice([5, 6], { periodic: false }).edges.length / 2).toBe(4 * 6 + 5 * 5);
    expect(lattice([5, 6], { periodic: [true, false] }).edges.length / 2).toBe(5 * 6 + 5 * 5);
    expect([...lattice([3]).edges]).toEqual([0, 1, 1, 2, 2, 0]);
    expect([...lattice([2, 2]).edges]).toEqual([0, 2, 0, 1, 1, 3, 2, 3]);
  });

  test("jumps join nodes further along an axis, each pair once", () => {
    expect([...lattice([5], { periodic: false, jumps: [1, 3] }).edges]).toEqual([0, 1, 0, 3, 1, 2, 1, 4, 2, 3, 3, 4]);
    const graph = lattice([8, 8], { jumps: [1, 3, 4, 5, 8] });
    const pairs = new Set(
      Array.from({ length: graph.edges.length / 2 }, (_, e) =>
        [...graph.edges.subarray(2 * e, 2 * e + 2)].sort((a, b) => a - b).join(),
      ),
    );
    expect(pairs.size).toBe(graph.edges.length / 2);
    expect(pairs.size).toBe(64 * 2 * 2.5);
  });

  test.each([[[]], [[0, 3]], [[2.5]]])("lattice refuses size %j", (size) => {
    expect(() => lattice(size)).toThrow(InvalidArgumentError);
  });

  test.each([
    [10, 3],
    [200, 4],
    [7, 6],
    [20, 15],
    [9, 0],
    [1000, 3],
  ])("random regular graph: %d nodes, degree %d", (nodes, degree) => {
    const { start, neighbours } = graphOf(randomRegularGraph(nodes, degree, 7));
    for (let i = 0; i < nodes; i++) expect(start[i + 1]! - start[i]!).toBe(degree);
    expect(neighbours.length).toBe(nodes * degree);
    expect(randomRegularGraph(nodes, degree, 7).edges).toEqual(randomRegularGraph(nodes, degree, 7).edges);
  });

  test("random regular graphs refuse odd ends and degrees that do not fit", () => {
    expect(() => randomRegularGraph(5, 3, 1)).toThrow(InvalidArgumentError);
    expect(() => randomRegularGraph(5, 5, 1)).toThrow(InvalidArgumentError);
    expect(() => completeGraph(0)).toThrow(InvalidArgumentError);
  });

  test("planted torus: no state of 4 × 4 lies below the stated energy, and the planted one has it", () => {
    for (let seed = 0; seed < 3; seed++) {
      const glass = plantedTorus(4, seed);
      const energyOf = (state: ArrayLike<number>): number =>
        glass.couplings.reduce(
          (sum, J, e) => sum - J * state[glass.edges[2 * e]!]! * state[glass.edges[2 * e + 1]!]!,
          0,
        );
      expect(energyOf(glass.groundState)).toBe(glass.groundEnergy);
      let least = Infinity;
      const state = new Float64Array(16);
      for (let code = 0; code < 1 << 16; code++) {
        for (let i = 0; i < 16; i++) state[i] = (code >> i) & 1 ? 1 : -1;
        least = Math.min(least, energyOf(state));
      }
      expect(least).toBe(glass.groundEnergy);
    }
  });

  test("planted torus: every edge of the torus once, ±1, and a size that does not close is refused", () => {
    const glass = plantedTorus(10, 5);
    expect(graphOf(glass)).toEqual(graphOf(lattice([10, 10])));
    expect(new Set(glass.couplings)).toEqual(new Set([-1, 1]));
    expect(new Set(glass.groundState)).toEqual(new Set([-1, 1]));
    expect(() => plantedTorus(5, 1)).toThrow(InvalidArgumentError);
    expect(() => plantedTorus(2, 1)).toThrow(InvalidArgumentError);
  });
});
