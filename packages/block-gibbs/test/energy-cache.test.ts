import { InvalidArgumentError } from "@siegert/errors";
import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";
import {
  adjacencyFromEdges,
  categoryFactor,
  categoryNode,
  categoryNodes,
  colorGraph,
  compileGraph,
  discreteFactor,
  EnergyCache,
  EnergyChange,
  energy,
  type Factor,
  gaussianNodes,
  lattice,
  productFactor,
  quadraticFactor,
  spinFactor,
  spinNodes,
  userFactor,
  userNode,
} from "../src/index.ts";

function isingGraph(size: readonly number[], couplings: (e: number) => number, fields?: (i: number) => number) {
  const { nodes, edges } = lattice(size);
  const spins = spinNodes(nodes);
  const m = edges.length / 2;
  const ends = (end: number) => Array.from({ length: m }, (_, e) => spins[edges[2 * e + end]!]!);
  const factors: Factor[] = [
    spinFactor({ spins: [ends(0), ends(1)], weights: Float64Array.from({ length: m }, (_, e) => couplings(e)) }),
  ];
  if (fields) factors.push(spinFactor({ spins: [spins], weights: Float64Array.from(spins, (_, i) => fields(i)) }));
  return { graph: compileGraph(spins, factors), adjacency: adjacencyFromEdges(nodes, edges) };
}

describe("energy caches", () => {
  test("drift stays below 1e-9 over a million flips of real couplings without a refresh", () => {
    const random = createRandom(1, "couplings");
    const { graph } = isingGraph(
      [24, 24],
      () => random.normal(),
      () => random.normal(),
    );
    const state = Float64Array.from({ length: 576 }, () => (random.integer(2) === 0 ? -1 : 1));
    const cache = new EnergyCache(graph, state, { refreshEvery: Infinity });
    expect(cache.isExact).toBe(false);
    for (let n = 0; n < 1_000_000; n++) {
      const node = random.integer(576);
      cache.set(node, -state[node]!);
      if (n % 10_000 === 0) expect(Math.abs(cache.value - energy(graph, state))).toBeLessThan(1e-9);
    }
    expect(Math.abs(cache.value - energy(graph, state))).toBeLessThan(1e-9);
  });

  test("a refresh every k sweeps finds less than 1e-9, over 2000 sweeps of whole colours", () => {
    const random = createRandom(2, "couplings");
    const { graph, adjacency } = isingGraph([16, 16], () => random.normal() * 3);
    const state = new Float64Array(256).fill(1);
    const cache = new EnergyCache(graph, state);
    const colors = colorGraph(adjacency).classes.map((nodes) => ({
      change: new EnergyChange(graph, nodes),
      values: new Float64Array(nodes.length),
    }));
    for (let sweep = 0; sweep < 2000; sweep++) {
      for (const { change, values } of colors) {
        for (let k = 0; k < values.length; k++) values[k] = random.uniform() < 0.5 ? -1 : 1;
        cache.write(change, values);
      }
      cache.endSweep();
    }
    expect(cache.drift).toBeGreaterThan(0);
    expect(cache.drift).toBeLessThan(1e-9);
    expect(Math.abs(cache.value - energy(graph, state))).toBeLessThan(1e-9);
  });

  test("integer and quarter couplings never drift, not by one bit", () => {
    for (const unit of [1, 0.25]) {
      const random = createRandom(3, "couplings");
      const { graph } = isingGraph(
        [10, 10],
        () => unit * (random.integer(7) - 3),
        () => unit * (random.integer(3) - 1),
      );
      const state = new Float64Array(100).fill(1);
      const cache = new EnergyCache(graph, state, { refreshEvery: 1 });
      expect(cache.isExact).toBe(true);
      for (let n = 0; n < 100_000; n++) {
        const node = random.integer(100);
        cache.set(node, -state[node]!);
        cache.endSweep();
      }
      expect(cache.value).toBe(energy(graph, state));
      expect(cache.drift).toBe(0);
    }
  });

  test("real weights, and weights too large to add exactly, are not taken for exact", () => {
    const exact = (weight: number) => {
      const spins = spinNodes(2);
      const graph = compileGraph(spins, [spinFactor({ spins: [[spins[0]!], [spins[1]!]], weights: [weight] })]);
      return new EnergyCache(graph, Float64Array.of(1, 1)).isExact;
    };
    expect([1, -3, 0.5, 2 ** 40].map(exact)).toEqual([true, true, true, true]);
    expect([0.1, 1 / 3, 2 ** 52, 2 ** -45].map(exact)).toEqual([false, false, false, false]);
  });

  test("blocks with edges inside, categories, reals, squares, user-defined nodes and factors are followed", () => {
    const spins = spinNodes(3);
    const cats = [...categoryNodes(2, 3), categoryNode("d", 2)];
    const reals = gaussianNodes(2);
    const own = userNode({ name: "u", size: 2, reads: [], draw: () => {} });
    const nodes = [...spins, own, ...cats, ...reals];
    const random = createRandom(4, "mixed");
    const weights = (count: number) => Float64Array.from({ length: count }, () => random.normal());
    const at = <T>(...them: T[]) => them.map((node) => [node]);
    const graph = compileGraph(nodes, [
      spinFactor({ spins: at(spins[0]!, spins[1]!), weights: weights(1) }),
      spinFactor({ spins: at(...spins), weights: weights(1) }),
      spinFactor({ spins: [spins], weights: weights(3) }),
      categoryFactor({ categories: at(cats[0]!, cats[1]!), weights: weights(9) }),
      discreteFactor({ spins: at(spins[2]!), categories: at(cats[2]!), weights: weights(2) }),
      productFactor({ reals: at(reals[0]!, reals[1]!), weights: weights(1) }),
      productFactor({ reals: at(reals[0]!), spins: at(spins[0]!), weights: weights(1) }),
      quadraticFactor({ nodes: [reals[1]!], categories: at(cats[0]!), precisions: [1, 2, 3] }),
      userFactor({
        groups: [[own], [reals[0]!], [cats[1]!]],
        energy: ([a = 0, b = 0, x = 0, c = 0]) => a * b * x + c * a,
      }),
    ]);
    const state = Float64Array.of(1, -1, 1, 0.5, 2, 0, 1, 0, 0.3, -0.8);
    const cache = new EnergyCache(graph, state);
    const sizes = nodes.map((node) => (node.kind === "user" ? 2 : 1));
    for (let n = 0; n < 5000; n++) {
      const chosen = nodes.map((_, i) => i).filter(() => random.uniform() < 0.5);
      random.shuffle(chosen);
      const values = chosen.flatMap((i) => {
        const node = nodes[i]!;
        if (node.kind === "spin") return [2 * random.integer(2) - 1];
        if (node.kind === "category") return [random.integer(node.states)];
        return Array.from({ length: sizes[i]! }, () => random.normal());
      });
      cache.write(new EnergyChange(graph, chosen), Float64Array.from(values));
      expect(Math.abs(cache.value - energy(graph, state))).toBeLessThan(1e-10);
    }
  });

  test("infinite energies come and go", () => {
    const cats = categoryNodes(2, 2);
    const differ = userFactor({ groups: [[cats[0]!], [cats[1]!]], energy: ([a, b]) => (a === b ? Infinity : 1.5) });
    const graph = compileGraph(cats, [differ]);
    const cache = new EnergyCache(graph, Float64Array.of(0, 1));
    expect(cache.value).toBe(1.5);
    cache.set(1, 0);
    expect(cache.value).toBe(Infinity);
    for (let sweep = 0; sweep < 200; sweep++) cache.endSweep();
    expect(cache.drift).toBe(0);
    cache.set(0, 1);
    expect(cache.value).toBe(1.5);
  });

  test("goes on from what was saved, to the same bits", () => {
    const random = createRandom(5, "couplings");
    const { graph } = isingGraph([5, 5], () => random.normal());
    const state = new Float64Array(25).fill(1);
    const cache = new EnergyCache(graph, state, { refreshEvery: 7 });
    const step = (of: EnergyCache, its: Float64Array, n: number) => {
      of.set(n % 25, -its[n % 25]!);
      if (n % 5 === 0) of.endSweep();
    };
    for (let n = 0; n < 103; n++) step(cache, state, n);
    const otherState = state.slice();
    const other = new EnergyCache(graph, otherState, { refreshEvery: 7 });
    other.load(cache.save());
    for (let n = 103; n < 400; n++) {
      step(cache, state, n);
      step(other, otherState, n);
      expect(other.value).toBe(cache.value);
    }
  });

  test("refuses states and nodes that are none", () => {
    const { graph } = isingGraph([3, 3], () => 1);
    expect(() => new EnergyCache(graph, new Float64Array(8))).toThrow(InvalidArgumentError);
    expect(() => new EnergyCache(graph, new Float64Array(9).fill(1), { refreshEvery: 0 })).toThrow(
      InvalidArgumentError,
    );
    expect(() => new EnergyChange(graph, [9])).toThrow(/nodes\[0\]/);
    expect(() => new EnergyCache(graph, new Float64Array(9).fill(1)).set(-1, 1)).toThrow(InvalidArgumentError);
  });
});
