import { InvalidArgumentError } from "@siegert/errors";
import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";
import {
  BlockTooWideError,
  block,
  type CategoryNode,
  categoryFactor,
  categoryNode,
  compileGraph,
  discreteFactor,
  energy,
  energyModel,
  type Factor,
  gaussianNodes,
  gibbsProgram,
  interactionGroups,
  jointCost,
  jointSampler,
  lattice,
  type Node,
  productFactor,
  quadraticFactor,
  type SpinNode,
  spinFactor,
  spinNodes,
  userFactor,
} from "../src/index.ts";
import { DiscreteJoint } from "../src/joint/discrete-joint.ts";
import { lawP } from "./chi-square.ts";

type Discrete = SpinNode | CategoryNode;

/** Values of discrete nodes in joint state `code`. */
function statesOf(nodes: readonly Discrete[], code: number): number[] {
  let rest = code;
  return nodes.map((node) => {
    const K = node.kind === "spin" ? 2 : node.states;
    const k = rest % K;
    rest = Math.floor(rest / K);
    return node.kind === "spin" ? 2 * k - 1 : k;
  });
}

function codeOf(nodes: readonly Discrete[], values: ArrayLike<number>): number {
  let code = 0;
  for (let p = nodes.length - 1; p >= 0; p--) {
    const node = nodes[p]!;
    code = node.kind === "spin" ? code * 2 + (values[p]! + 1) / 2 : code * node.states + values[p]!;
  }
  return code;
}

const noneDirected = (nodes: number) => ({ start: new Int32Array(nodes + 1), terms: [] });

/** Draws a block of a model 40000 times, and compares with the law by enumeration. */
function jointLawP(
  nodes: readonly Node[],
  factors: readonly Factor[],
  own: readonly Discrete[],
  state: Float64Array,
  beta: number,
  seed: number,
): number {
  const graph = compileGraph(nodes, factors);
  const numbers = Int32Array.from(own, (node) => nodes.indexOf(node));
  const joint = new DiscreteJoint(graph, numbers, noneDirected(nodes.length), "tested", {});
  const size = own.reduce((product, node) => product * (node.kind === "spin" ? 2 : node.states), 1);
  const trial = state.slice();
  const law = Float64Array.from({ length: size }, (_, code) => {
    for (const [p, value] of statesOf(own, code).entries()) trial[graph.offset[numbers[p]!]!] = value;
    const E = energy(graph, trial);
    return E === Infinity ? 0 : Math.exp(-beta * E);
  });
  const Z = law.reduce((a, b) => a + b, 0);
  const random = createRandom(seed, "joint law");
  const counts = new Float64Array(size);
  const out = new Float64Array(own.length);
  const before = state.slice();
  for (let n = 0; n < 40_000; n++) {
    joint.draw(state, out, beta, random);
    counts[codeOf(own, out)]!++;
  }
  expect(state).toEqual(before);
  return lawP(
    counts,
    law.map((p) => p / Z),
  );
}

describe("joint draws of discrete blocks", () => {
  test("two spins with J = β = 1 in one joint block: ⟨s₁s₂⟩ = tanh 1", () => {
    const spins = spinNodes(2);
    const model = energyModel({
      nodes: spins,
      factors: [spinFactor({ spins: [[spins[0]!], [spins[1]!]], weights: [1] })],
    });
    const program = gibbsProgram({ model, free: [block(spins, { joint: true })] });
    const state = Float64Array.of(1, 1);
    const context = { beta: 1, random: createRandom(1, "pair"), memory: program.newMemory(), isWarmup: false };
    const n = 100_000;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      program.sweep(state, context);
      sum += state[0]! * state[1]!;
    }
    // Draws are independent: Var(s₁s₂) = 1 − tanh² 1.
    const z = (sum / n - Math.tanh(1)) / Math.sqrt((1 - Math.tanh(1) ** 2) / n);
    expect(Math.abs(z)).toBeLessThan(4);
    // Drawn at once from an old state, the product would be 0 in the long run: such a block is refused.
    expect(() => gibbsProgram({ model, free: [block(spins)] })).toThrow("s0 – s1");
  });

  test.each([0, 0.3, 1.1])(
    "spins with loops, fields and factors of order 3 and 4 within and around: law at β = %s",
    (beta) => {
      const nodes = spinNodes(11);
      const random = createRandom(5, "weights");
      const groups = [
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 0],
        [0, 2, 4],
        [1, 5, 3, 8],
        [4, 6],
        [5, 9],
        [0, 8, 10],
        [6, 7],
        [2],
        [4],
        [7, 8, 9],
      ];
      const factors = groups.map((group) =>
        spinFactor({ spins: group.map((i) => [nodes[i]!]), weights: [random.normal()] }),
      );
      const state = Float64Array.from(nodes, () => (random.integer(2) === 0 ? -1 : 1));
      const own = [7, 0, 1, 2, 3, 4, 5].map((i) => nodes[i]!);
      expect(jointLawP(nodes, factors, own, state, beta, 1)).toBeGreaterThan(1e-3);
    },
  );

  test.each([0.4, 1])(
    "spins and categories of 2, 3 and 4 states, with outer spins, categories and reals: law at β = %s",
    (beta) => {
      const spins = spinNodes(4);
      const cats = [2, 3, 4, 3].map((K, i) => categoryNode(`c${i}`, K));
      const reals = gaussianNodes(1);
      const random = createRandom(6, "weights");
      const weights = (count: number) => Float64Array.from({ length: count }, () => random.normal());
      const at = (...is: number[]) => is.map((i) => [cats[i]!]);
      const s = (...is: number[]) => is.map((i) => [spins[i]!]);
      const factors: Factor[] = [
        categoryFactor({ categories: at(0, 1, 2), weights: weights(24) }),
        categoryFactor({ categories: at(2, 1), weights: weights(12) }),
        discreteFactor({ spins: s(0, 1), categories: at(2, 3), weights: weights(12) }),
        discreteFactor({ spins: s(2), categories: at(1), weights: weights(3) }),
        discreteFactor({ spins: s(0, 3), weights: weights(1) }),
        categoryFactor({ categories: at(3, 0), weights: weights(6) }),
        productFactor({ reals: [reals], categories: at(1), weights: weights(3) }),
        quadraticFactor({ nodes: reals, categories: at(2), precisions: weights(4).map(Math.abs) }),
        spinFactor({ spins: s(1), weights: weights(1) }),
      ];
      const nodes = [...spins, ...cats, ...reals];
      // Around the block: spin 3, category 3 and the real number.
      const own = [cats[1]!, spins[1]!, cats[0]!, spins[0]!, cats[2]!, spins[2]!];
      const state = Float64Array.of(1, 1, 1, -1, 0, 0, 0, 2, 0.8);
      expect(jointLawP(nodes, factors, own, state, beta, 2)).toBeGreaterThan(1e-3);
    },
  );

  test.each([0, 1])("user-defined energies, infinite ones too, at β = %s", (beta) => {
    const cats = [0, 1, 2, 3].map((i) => categoryNode(`c${i}`, 3));
    // Neighbours on a ring must differ; a proper colouring costs what its first and last node say.
    const pair = userFactor({
      groups: [
        [cats[0]!, cats[1]!, cats[2]!],
        [cats[1]!, cats[2]!, cats[3]!],
      ],
      energy: ([a = 0, b = 0], index) => (a === b ? Infinity : 0.3 * a * (index + 1)),
    });
    const state = Float64Array.of(0, 0, 0, 1);
    expect(jointLawP(cats, [pair], cats.slice(0, 3), state, beta, 3)).toBeGreaterThan(1e-3);
    const impossible = userFactor({ groups: [[cats[0]!]], energy: () => Infinity });
    expect(() => jointLawP(cats, [impossible], cats.slice(0, 1), state, beta, 3)).toThrow("finite energy");
    const broken = userFactor({ groups: [[cats[0]!]], energy: () => Number.NaN });
    expect(() => jointLawP(cats, [broken], cats.slice(0, 1), state, beta, 3)).toThrow(InvalidArgumentError);
  });

  test("a wrong law is found out: the test fails for a block with one weight changed", () => {
    const nodes = spinNodes(4);
    const pairs = (J: number) =>
      [
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 0],
      ].map(([a, b]) => spinFactor({ spins: [[nodes[a!]!], [nodes[b!]!]], weights: [a === 0 ? J : 0.5] }));
    const [right, wrong] = [compileGraph(nodes, pairs(0.5)), compileGraph(nodes, pairs(0.55))];
    const all = Int32Array.of(0, 1, 2, 3);
    const joint = new DiscreteJoint(wrong, all, noneDirected(4), "wrong", {});
    const law = Float64Array.from({ length: 16 }, (_, code) =>
      Math.exp(-energy(right, Float64Array.from(statesOf(nodes, code)))),
    );
    const Z = law.reduce((a, b) => a + b, 0);
    const counts = new Float64Array(16);
    const out = new Float64Array(4);
    const random = createRandom(4, "wrong");
    for (let n = 0; n < 40_000; n++) {
      joint.draw(new Float64Array(4).fill(1), out, 1, random);
      counts[codeOf(nodes, out)]!++;
    }
    expect(
      lawP(
        counts,
        law.map((p) => p / Z),
      ),
    ).toBeLessThan(1e-3);
  });

  test("directed interactions from nodes around the block act on it", () => {
    const spins = spinNodes(3);
    const factors = [spinFactor({ spins: [[spins[0]!], [spins[1]!]], weights: [0.7] })];
    const acting = spinFactor({ spins: [[spins[1]!], [spins[2]!]], weights: [0.9] });
    const clamped = block([spins[2]!]);
    const own = block(spins.slice(0, 2), { joint: true });
    const model = energyModel({ nodes: spins, factors });
    const interactions = interactionGroups(acting).filter(({ heads }) => heads[0] === spins[1]);
    const program = gibbsProgram({ model, free: [own], clamped: [clamped], interactions });
    const state = Float64Array.of(1, 1, 1);
    const context = { beta: 1, random: createRandom(8, "directed"), memory: program.newMemory(), isWarmup: false };
    const n = 50_000;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      program.sweep(state, context);
      sum += state[0]!;
    }
    const mean = Math.tanh(0.7) * Math.tanh(0.9);
    expect(Math.abs(sum / n - mean) / Math.sqrt((1 - mean ** 2) / n)).toBeLessThan(4);
  });

  test("refuses a block that is too wide, saying how wide and what to do", () => {
    const { nodes, edges } = lattice([20, 20], { periodic: false });
    const spins = spinNodes(nodes);
    const ends = (end: number) => Array.from({ length: edges.length / 2 }, (_, e) => spins[edges[2 * e + end]!]!);
    const factor = spinFactor({ spins: [ends(0), ends(1)], weights: new Float64Array(edges.length / 2).fill(1) });
    const model = energyModel({ nodes: spins, factors: [factor] });
    const joint = block(spins, { joint: true, name: "whole" });
    const bound = () => gibbsProgram({ model, free: [joint] });
    expect(bound).toThrow(BlockTooWideError);
    expect(bound).toThrow(/whole .*width is 2\d/);
    const cost = jointCost(
      model.graph,
      Array.from({ length: 60 }, (_, i) => i),
    );
    expect(cost).toMatchObject({ width: 3, tableSize: 16 });
    expect(() => jointSampler({ maxTableSize: 0 })).toThrow(InvalidArgumentError);
    expect(() => jointCost(model.graph, [400])).toThrow(InvalidArgumentError);
  });

  test("a chain of 20000 spins costs 20 times what 1000 cost, and has the law of a chain", () => {
    const make = (n: number) => {
      const spins = spinNodes(n);
      const factor = spinFactor({
        spins: [spins.slice(1), spins.slice(0, -1)],
        weights: new Float64Array(n - 1).fill(0.8),
      });
      const graph = compileGraph(spins, [factor]);
      return new DiscreteJoint(graph, Int32Array.from(spins.keys()), noneDirected(n), "chain", {});
    };
    const chain = make(20_000);
    expect(chain.cost).toEqual({ width: 1, tableSize: 4, totalSize: 4 * 19_999 + 2 });
    expect(make(1000).cost.totalSize).toBe(4 * 999 + 2);
    const state = new Float64Array(20_000).fill(1);
    const out = new Float64Array(20_000);
    const random = createRandom(9, "chain");
    const mean = Math.tanh(0.8);
    let sum = 0;
    for (let n = 0; n < 10; n++) {
      chain.draw(state, out, 1, random);
      for (let i = 1; i < out.length; i++) sum += out[i]! * out[i - 1]!;
    }
    // Bonds of an open chain are independent.
    const bonds = 10 * 19_999;
    expect(Math.abs(sum / bonds - mean) / Math.sqrt((1 - mean ** 2) / bonds)).toBeLessThan(4);
  });
});
