import { InvalidArgumentError } from "@siegert/errors";
import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";
import {
  type Adjacency,
  adjacencyFromEdges,
  areJoined,
  type ColoringMethod,
  colorGraph,
  coloringOf,
  compileGraph,
  completeGraph,
  conflictAdjacency,
  connectedComponents,
  eliminate,
  internalEdges,
  lattice,
  randomRegularGraph,
  spinFactor,
  spinNodes,
  treewidthBounds,
  userFactor,
  userNode,
  validateColoring,
} from "../src/index.ts";

const METHODS: readonly ColoringMethod[] = ["dsatur", "rlf", "best"];
const graphOf = ({ nodes, edges }: { nodes: number; edges: Int32Array }): Adjacency => adjacencyFromEdges(nodes, edges);

/** Least number of colours, by trying all. */
function chromaticNumber(adjacency: Adjacency): number {
  const colors = new Int32Array(adjacency.nodes).fill(-1);
  const fits = (node: number, count: number): boolean => {
    if (node === adjacency.nodes) return true;
    for (let c = 0; c < count; c++) {
      const row = adjacency.neighbours.subarray(adjacency.start[node]!, adjacency.start[node + 1]!);
      if (row.some((other) => other < node && colors[other] === c)) continue;
      colors[node] = c;
      if (fits(node + 1, count)) return true;
    }
    return false;
  };
  let count = 1;
  while (!fits(0, count)) count++;
  return count;
}

/** Treewidth, by the recursion over sets of eliminated nodes (Bodlaender et al. 2012, doi:10.1145/2390176.2390188). */
function treewidth({ nodes, start, neighbours }: Adjacency): number {
  const best = new Float64Array(1 << nodes).fill(Infinity);
  best[0] = 0;
  for (let set = 0; set < 1 << nodes; set++) {
    for (let v = 0; v < nodes; v++) {
      if ((set >> v) & 1) continue;
      let seen = 1 << v;
      let reached = 0;
      const stack = [v];
      while (stack.length > 0) {
        const at = stack.pop()!;
        for (let e = start[at]!; e < start[at + 1]!; e++) {
          const other = neighbours[e]!;
          if ((seen >> other) & 1) continue;
          seen |= 1 << other;
          if ((set >> other) & 1) stack.push(other);
          else reached++;
        }
      }
      const next = set | (1 << v);
      best[next] = Math.min(best[next]!, Math.max(best[set]!, reached));
    }
  }
  return best[(1 << nodes) - 1]!;
}

function randomGraph(nodes: number, density: number, seed: number): Adjacency {
  const random = createRandom(seed, "test graph");
  const edges: [number, number][] = [];
  for (let a = 0; a < nodes; a++) for (let b = 0; b < a; b++) if (random.uniform() < density) edges.push([a, b]);
  return adjacencyFromEdges(nodes, edges);
}

describe("adjacency", () => {
  test("lists every neighbour once, ascending, from both ends", () => {
    const adjacency = adjacencyFromEdges(4, [
      [2, 0],
      [0, 1],
      [1, 0],
      [3, 0],
      [0, 2],
    ]);
    expect([...adjacency.start]).toEqual([0, 3, 4, 5, 6]);
    expect([...adjacency.neighbours]).toEqual([1, 2, 3, 0, 0, 0]);
    expect(areJoined(adjacency, 3, 0)).toBe(true);
    expect(areJoined(adjacency, 3, 1)).toBe(false);
  });

  test.each([[[0, 0]], [[0, 4]], [[-1, 2]], [[0.5, 1]], [[1]]])("refuses the edge %j and names it", (edge) => {
    expect(() => adjacencyFromEdges(4, [[0, 1], edge as unknown as [number, number]])).toThrow(/edges\[1\]/);
  });

  test("the conflict graph joins all members of a factor of any order, and readers with what they read", () => {
    const spins = spinNodes(6);
    const reader = userNode({ name: "u", reads: [spins[5]!], draw: () => {} });
    const graph = compileGraph(
      [...spins, reader],
      [
        spinFactor({ spins: [[spins[0]!], [spins[2]!], [spins[4]!]], weights: [1] }),
        spinFactor({ spins: [[spins[2]!], [spins[0]!]], weights: [0] }),
        spinFactor({ spins: [spins], weights: new Float64Array(6) }),
        userFactor({ groups: [[spins[1]!], [spins[3]!]], energy: () => 0 }),
      ],
    );
    const { start, neighbours } = conflictAdjacency(graph);
    const rows = Array.from({ length: 7 }, (_, i) => [...neighbours.subarray(start[i]!, start[i + 1]!)]);
    expect(rows).toEqual([[2, 4], [3], [0, 4], [1], [0, 2], [6], [5]]);
    expect(colorGraph(conflictAdjacency(graph)).count).toBe(3);
  });

  test("finds connected components", () => {
    const parts = connectedComponents(
      adjacencyFromEdges(6, [
        [4, 1],
        [1, 5],
        [3, 2],
      ]),
    );
    expect(parts.map((part) => [...part])).toEqual([[0], [1, 4, 5], [2, 3]]);
  });
});

describe("colouring", () => {
  test.each(METHODS)("%s: two colours for even tori, open lattices and trees", (method) => {
    for (const graph of [
      lattice([6, 8]),
      lattice([4, 4, 4]),
      lattice([4, 4, 4, 4]),
      lattice([3, 5, 7], { periodic: false }),
      lattice([30], { periodic: false }),
    ]) {
      expect(colorGraph(graphOf(graph), method).count).toBe(2);
    }
  });

  test.each(METHODS)("%s: three colours, the least possible, for the 3 × 3 torus", (method) => {
    const adjacency = graphOf(lattice([3, 3]));
    expect(chromaticNumber(adjacency)).toBe(3);
    expect(colorGraph(adjacency, method).count).toBe(3);
  });

  test.each(METHODS)("%s: as many colours as nodes for complete graphs", (method) => {
    for (const nodes of [1, 2, 31, 33, 70]) expect(colorGraph(graphOf(completeGraph(nodes)), method).count).toBe(nodes);
  });

  test.each(METHODS)("%s is at most one colour above the least on random graphs, and valid", (method) => {
    let worse = 0;
    for (let seed = 0; seed < 60; seed++) {
      const adjacency = randomGraph(9, 0.2 + 0.6 * (seed / 60), seed);
      const coloring = colorGraph(adjacency, method);
      expect(() => validateColoring(adjacency, coloring.colors)).not.toThrow();
      const least = chromaticNumber(adjacency);
      expect(coloring.count - least).toBeLessThanOrEqual(1);
      worse += coloring.count - least;
    }
    expect(worse).toBeLessThanOrEqual(6);
  });

  test("classes hold every node once, ascending, and are the same at every call", () => {
    const adjacency = graphOf(randomRegularGraph(500, 5, 3));
    const coloring = colorGraph(adjacency);
    expect(coloring.classes.flatMap((nodes) => [...nodes]).sort((a, b) => a - b)).toEqual([...Array(500).keys()]);
    for (const nodes of coloring.classes) {
      expect([...nodes]).toEqual([...nodes].sort((a, b) => a - b));
      if (nodes.length > 0) expect(internalEdges(adjacency, nodes)).toEqual([]);
    }
    expect(colorGraph(adjacency).colors).toEqual(coloring.colors);
    expect(coloring.count).toBeLessThanOrEqual(4);
  });

  test("names the edge whose ends have one colour", () => {
    const adjacency = adjacencyFromEdges(4, [
      [0, 1],
      [1, 2],
      [3, 2],
    ]);
    expect(() => validateColoring(adjacency, [0, 1, 0, 0])).toThrow("2 – 3");
    expect(() => validateColoring(adjacency, [0, 1, 0, 0], ["a", "b", "c", "d"])).toThrow("c – d");
    expect(() => coloringOf(adjacency, [0, 1, 0])).toThrow(InvalidArgumentError);
    expect(() => coloringOf(adjacency, [0, 1, 0, -1])).toThrow(/colors\[3\]/);
    expect(() => colorGraph(adjacency, "first-fit" as ColoringMethod)).toThrow(InvalidArgumentError);
  });

  test("internal edges of a block are listed", () => {
    const adjacency = graphOf(lattice([4, 4]));
    expect(internalEdges(adjacency, [5, 0, 1, 10])).toEqual([
      [0, 1],
      [1, 5],
    ]);
    expect(internalEdges(adjacency, [0, 5, 10])).toEqual([]);
    expect(() => internalEdges(adjacency, [0, 0])).toThrow(InvalidArgumentError);
    expect(() => internalEdges(adjacency, [])).toThrow(InvalidArgumentError);
    expect(() => internalEdges(adjacency, [16])).toThrow(/block\[0\]/);
  });

  test("work grows as edges · log nodes: a million edges stay within reach of a hundred thousand", () => {
    const time = (side: number): number => {
      const adjacency = graphOf(lattice([side, side], { periodic: false }));
      const before = performance.now();
      expect(colorGraph(adjacency).count).toBe(2);
      return performance.now() - before;
    };
    time(100);
    const small = time(224);
    // 10 times the edges. O(m log n) is about 13 times the work and cache misses double it; O(m²) would be 100 times.
    expect(time(707) / small).toBeLessThan(60);
  });
});

describe("elimination", () => {
  test("width is an upper bound of the treewidth, and bounds enclose it", () => {
    for (let seed = 0; seed < 30; seed++) {
      const adjacency = randomGraph(9, 0.15 + 0.7 * (seed / 30), seed);
      const exact = treewidth(adjacency);
      const { lower, upper } = treewidthBounds(adjacency);
      expect(lower).toBeLessThanOrEqual(exact);
      expect(upper).toBeGreaterThanOrEqual(exact);
      expect(upper - exact).toBeLessThanOrEqual(1);
      for (const method of ["min-fill", "min-degree", "end-to-end", "natural"] as const) {
        expect(eliminate(adjacency, method).width).toBeGreaterThanOrEqual(exact);
      }
    }
  });

  test("known treewidths: trees 1, cycles 2, k × L strips k, complete graphs n − 1", () => {
    expect(treewidthBounds(graphOf(lattice([20], { periodic: false })))).toEqual({ lower: 1, upper: 1 });
    expect(treewidthBounds(graphOf(lattice([20])))).toEqual({ lower: 2, upper: 2 });
    expect(treewidthBounds(graphOf(completeGraph(7)))).toEqual({ lower: 6, upper: 6 });
    for (const width of [2, 3, 4, 8, 12]) {
      // However the nodes are numbered, along the strip or across it.
      expect(treewidthBounds(graphOf(lattice([30, width], { periodic: false }))).upper).toBe(width);
      expect(treewidthBounds(graphOf(lattice([width, 30], { periodic: false }))).upper).toBe(width);
    }
  });

  test("separators hold nodes that are eliminated later", () => {
    const { order, separators } = eliminate(graphOf(lattice([4, 4])));
    const step = new Map([...order].map((node, k) => [node, k]));
    for (const [k, separator] of separators.entries())
      for (const node of separator) expect(step.get(node)!).toBeGreaterThan(k);
    expect(step.size).toBe(16);
  });
});
