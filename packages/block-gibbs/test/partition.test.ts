import { InvalidArgumentError } from "@siegert/errors";
import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";
import {
  categoryFactor,
  categoryNodes,
  classifyNodes,
  compileGraph,
  conflictAdjacency,
  connectedComponents,
  edgeInfluence,
  energyModel,
  estimateCorrelations,
  gaussianNodes,
  gibbsProgram,
  inducedAdjacency,
  influencePartition,
  isingModel,
  jointCost,
  lattice,
  mergeBlocks,
  nodeInfluences,
  pairInfluences,
  pottsModel,
  productFactor,
  quadraticFactor,
  randomRegularGraph,
  spinFactor,
  spinNodes,
  superblocksOf,
  userFactor,
  weightedHammingDistance,
} from "../src/index.ts";

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

describe("influence", () => {
  test("of a spin on a spin is the largest change of P(+) over all fields: tanh|βJ|", () => {
    for (const [J, beta] of [
      [0.7, 1.3],
      [-1.2, 0.4],
      [2, 0.1],
    ] as const) {
      let most = 0;
      for (let h = -5; h <= 5; h += 0.01) {
        most = Math.max(most, Math.abs(logistic(2 * beta * (h + J)) - logistic(2 * beta * (h - J))));
      }
      expect(edgeInfluence(J, beta)).toBeCloseTo(most, 4);
      expect(edgeInfluence(J, beta)).toBe(Math.tanh(Math.abs(J * beta)));
    }
    expect(edgeInfluence(Infinity, 0)).toBe(0);
    expect(() => edgeInfluence(1, -1)).toThrow(InvalidArgumentError);
    expect(() => edgeInfluence(Number.NaN, 1)).toThrow(InvalidArgumentError);
  });

  test("of categories is what a search over fields and pairs of states finds", () => {
    const cats = categoryNodes(2, 3);
    const random = createRandom(3, "table");
    const W = Float64Array.from({ length: 9 }, () => random.normal());
    const graph = compileGraph(cats, [categoryFactor({ categories: [[cats[0]!], [cats[1]!]], weights: W })]);
    const beta = 0.8;
    // The worst fields leave two states to the one node: a and b, with any odds.
    let most = 0;
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      for (const [c, d] of [
        [0, 1],
        [0, 2],
        [1, 2],
      ] as const) {
        const [x, y] = [W[3 * a + c]! - W[3 * b + c]!, W[3 * a + d]! - W[3 * b + d]!];
        for (let h = -10; h <= 10; h += 0.01)
          most = Math.max(most, Math.abs(logistic(beta * x + h) - logistic(beta * y + h)));
      }
    }
    expect(pairInfluences(graph, beta).strengths[0]).toBeCloseTo(most, 4);
  });

  test("of factors of higher order takes the worst state of the others; forbidden pairs count fully", () => {
    const spins = spinNodes(3);
    const three = compileGraph(spins, [spinFactor({ spins: spins.map((s) => [s]), weights: [-0.6] })]);
    expect([...pairInfluences(three, 2).strengths]).toEqual(Array(3).fill(Math.tanh(1.2)));
    const forbid = userFactor({ groups: [[spins[0]!], [spins[1]!]], energy: ([a, b]) => (a === b ? Infinity : 0) });
    const pairs = pairInfluences(compileGraph(spins, [forbid]), 0.5);
    expect([...pairs.edges]).toEqual([0, 1]);
    expect([...pairs.strengths]).toEqual([1]);
    const free = userFactor({ groups: [[spins[0]!], [spins[1]!]], energy: ([a = 0, b = 0]) => a + b });
    expect(pairInfluences(compileGraph(spins, [free]), 0.5).strengths[0]).toBeCloseTo(0, 12);
  });

  test("nodes are strong strictly above the threshold, which is the median unless given", () => {
    const model = isingModel({
      nodes: 4,
      edges: [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
      couplings: [2, 1, 0.1],
    });
    const influences = nodeInfluences(4, pairInfluences(model.graph, 1));
    expect(influences[1]).toBeCloseTo(Math.tanh(2) + Math.tanh(1), 15);
    expect([...classifyNodes(influences).strong]).toEqual([0, 1]);
    expect([...classifyNodes([1, 1, 1]).strong]).toEqual([]);
    expect([...classifyNodes([3, 1, 2], 1.5).weak]).toEqual([1]);
    expect(() => classifyNodes([])).toThrow(InvalidArgumentError);
    expect(() => classifyNodes([1, Number.NaN])).toThrow(InvalidArgumentError);
  });
});

describe("partition", () => {
  test.each([
    [1, 6],
    [8, 6],
    [16, 2],
    [40, 1],
    [36, 4],
  ])("blocks of at most %d nodes and width %d: connected, every node once", (maxBlockSize, maxWidth) => {
    const { nodes, edges } = randomRegularGraph(200, 4, 1);
    const random = createRandom(1, "couplings");
    const model = isingModel({ nodes, edges, couplings: Float64Array.from({ length: 400 }, () => random.normal()) });
    const lists = influencePartition(model.graph, pairInfluences(model.graph, 1), { maxBlockSize, maxWidth });
    const adjacency = conflictAdjacency(model.graph);
    expect(lists.flatMap((list) => [...list]).sort((a, b) => a - b)).toEqual([...Array(200).keys()]);
    for (const list of lists) {
      expect(list.length).toBeLessThanOrEqual(maxBlockSize);
      expect(connectedComponents(inducedAdjacency(adjacency, list)).length).toBe(1);
      expect(jointCost(model.graph, list).width).toBeLessThanOrEqual(maxWidth);
    }
    if (maxBlockSize > 1) expect(Math.max(...lists.map((list) => list.length))).toBeGreaterThanOrEqual(8);
  });

  test("strong edges come inside the blocks", () => {
    // Pairs with J = 3 on a ring of weak couplings: blocks of two are those pairs.
    const couplings = Array.from({ length: 12 }, (_, e) => (e % 2 === 1 ? 3 : 0.2));
    const model = isingModel({ nodes: 12, edges: lattice([12]).edges, couplings });
    const lists = influencePartition(model.graph, pairInfluences(model.graph, 1), { maxBlockSize: 2 });
    const found = lists.map((list) => [...list].join()).sort();
    expect(found).toEqual(["0,11", "1,2", "3,4", "5,6", "7,8", "9,10"].sort());
    expect(
      mergeBlocks(model.graph, pairInfluences(model.graph, 1), { maxBlockSize: 2 })
        .map((list) => [...list].join())
        .sort(),
    ).toEqual(found);
  });

  test("superblocks: lists that touch are apart, single nodes of a colour are one block, other kinds are there too", () => {
    const spins = spinNodes(6);
    const reals = gaussianNodes(2);
    const model = energyModel({
      nodes: [...spins, ...reals],
      factors: [
        spinFactor({ spins: [spins.slice(1), spins.slice(0, -1)], weights: [1, 1, 1, 1, 1] }),
        quadraticFactor({ nodes: reals, precisions: [1, 1] }),
        productFactor({ reals: [reals], spins: [spins.slice(0, 2)], weights: [0.3, 0.4] }),
      ],
    });
    const superblocks = superblocksOf(model, [[0, 1, 2], [3], [4], [5]]);
    expect(() => gibbsProgram({ model, free: superblocks })).not.toThrow();
    const blocks = superblocks.flat();
    expect(blocks.filter(({ isJoint }) => isJoint).map(({ nodes }) => nodes.map(({ name }) => name).join())).toEqual([
      "s0,s1,s2",
    ]);
    expect(blocks.some(({ nodes }) => nodes.map(({ name }) => name).join() === "s3,s5")).toBe(true);
    expect(blocks.flatMap(({ nodes }) => [...nodes]).length).toBe(8);
    expect(() => superblocksOf(model, [[0, 1], [1]])).toThrow(InvalidArgumentError);
    expect(() => superblocksOf(model, [[]])).toThrow(InvalidArgumentError);
    expect(() => superblocksOf(model, [[8]])).toThrow(InvalidArgumentError);
  });

  test("correlations of draws: |Pearson| for spins, Cramér's V for categories, 0 where nothing moves", () => {
    const model = isingModel({
      nodes: 3,
      edges: [
        [0, 1],
        [1, 2],
      ],
    });
    const rows = [
      [1, 1, 1],
      [1, 1, 1],
      [-1, -1, 1],
      [1, -1, 1],
      [-1, 1, 1],
      [-1, -1, 1],
    ];
    const { edges, strengths } = estimateCorrelations(model.graph, Float64Array.from(rows.flat()));
    expect([...edges]).toEqual([0, 1, 1, 2]);
    expect(strengths[0]).toBeCloseTo(1 / 3, 14);
    expect(strengths[1]).toBe(0);
    const potts = pottsModel({ nodes: 2, states: 3, edges: [[0, 1]] });
    const draws = [
      [0, 1],
      [1, 2],
      [2, 0],
      [0, 1],
      [1, 2],
      [2, 0],
    ];
    expect(estimateCorrelations(potts.graph, Float64Array.from(draws.flat())).strengths[0]).toBeCloseTo(1, 14);
    expect(() => estimateCorrelations(model.graph, new Float64Array(4))).toThrow(InvalidArgumentError);
  });

  test("merging stops at the threshold, the size and the width", () => {
    const model = isingModel({ nodes: 5, edges: lattice([5], { periodic: false }).edges });
    const edges = pairInfluences(model.graph, 1).edges;
    const pairs = { edges, strengths: Float64Array.of(0.9, 0.8, 0.1, 0.5) };
    const merged = (options: object) => mergeBlocks(model.graph, pairs, options).map((list) => [...list]);
    expect(merged({})).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
    expect(merged({ threshold: 0.6 })).toEqual([[0, 1, 2], [3], [4]]);
    expect(merged({ maxBlockSize: 2 })).toEqual([[0, 1], [2], [3, 4]]);
    expect(merged({ threshold: 0, maxWidth: 0 })).toEqual([[0], [1], [2], [3], [4]]);
    expect(() => merged({ threshold: -1 })).toThrow(InvalidArgumentError);
    expect(() => merged({ maxBlockSize: 0 })).toThrow(InvalidArgumentError);
  });

  test("Hamming distance weighs where states differ", () => {
    expect(weightedHammingDistance([1, -1, 1], [1, 1, -1])).toBeCloseTo(2 / 3, 15);
    expect(weightedHammingDistance([1, -1, 1], [1, 1, -1], [1, 0, 3])).toBeCloseTo(3 / 4, 15);
    expect(() => weightedHammingDistance([1], [1, 2])).toThrow(InvalidArgumentError);
    expect(() => weightedHammingDistance([1], [2], [0])).toThrow(InvalidArgumentError);
    expect(() => weightedHammingDistance([1], [2], [-1])).toThrow(InvalidArgumentError);
  });
});
