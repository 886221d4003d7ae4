import { InvalidArgumentError } from "@siegert/errors";
import { describe, expect, test } from "vitest";
import {
  type Block,
  block,
  blockSpec,
  categoryNode,
  categoryNodes,
  discreteFactor,
  energyModel,
  gaussianModel,
  gaussianNodes,
  gibbsProgram,
  isingModel,
  metropolisSampler,
  modelData,
  modelFromData,
  pottsModel,
  productFactor,
  quadraticFactor,
  restrictedBoltzmann,
  spinFactor,
  spinNode,
  spinNodes,
  spinSampler,
  squareFactor,
  userFactor,
  userInteractions,
  userNode,
  weightedInteractions,
} from "../src/index.ts";

const [a, b, c] = spinNodes(3);
const [u, v] = categoryNodes(2, 3);
const [x] = gaussianNodes(1);
const model = energyModel({ nodes: [a, b, u], factors: [] });

test.each<readonly [string, () => unknown, RegExp]>([
  ["a node without a name", () => spinNode(""), /^name must be a non-empty string/],
  ["a category without states", () => categoryNode("k", 0), /^states must be an integer from 1/],
  ["no nodes at all", () => spinNodes(0), /^count must be an integer from 1/],
  ["a node with half a number", () => userNode({ name: "z", size: 0.5, reads: [], draw() {} }), /^size must be/],
  [
    "a node that cannot be drawn",
    () => userNode({ name: "z", reads: [], draw: 1 as never }),
    /^draw must be a function/,
  ],

  ["an empty block", () => block([], { name: "none" }), /^block none must have at least one node/],
  ["a block of two kinds", () => block([a, u] as never), /nodes of one kind; received "s0 is of kind spin, c0 of kind/],
  ["a node twice in a block", () => block([a, b, a]), /each node once; received "s0"/],
  ["a node in two blocks", () => blockSpec(model, [block([a, b]), block([b]), block([u])]), /s1 is in s0…s1 and in s1/],
  ["a node in no block", () => blockSpec(model, [block([a, b])]), /free or clamped; received "c0 in none"/],
  [
    "a block of another model",
    () => blockSpec(model, [block([a, b, c]), block([u])]),
    /nodes of the model only; received "s2"/,
  ],

  [
    "groups of unequal length",
    () => spinFactor({ spins: [[a, b], [c]], weights: [1] }),
    /^spins\[1\] of spin factor must have as many/,
  ],
  ["an empty group", () => spinFactor({ spins: [[]], weights: [] }), /^spins\[0\] of spin factor must not be empty/],
  ["a factor of nothing", () => discreteFactor({ weights: [] }), /at least one group/],
  [
    "a node twice in a factor",
    () => spinFactor({ spins: [[a], [a]], weights: [1] }),
    /^factor 0 of spin factor must have each node once; received "s0"/,
  ],
  [
    "a category among spins",
    () => spinFactor({ spins: [[u as never]], weights: [1] }),
    /spins\[0\]\[0\] of spin factor must be a node of kind spin; received "c0, of kind category"/,
  ],
  [
    "weights of another shape",
    () => discreteFactor({ spins: [[a]], categories: [[u]], weights: [1, 2] }),
    /1 × 3 = 3 entries; received 2/,
  ],
  [
    "weights that are no numbers",
    () => spinFactor({ spins: [[a, b]], weights: [1, Number.NaN] }),
    /^weights\[1\] of spin factor must be finite/,
  ],
  [
    "a group with different numbers of states",
    () => discreteFactor({ categories: [[u, categoryNode("k", 2)]], weights: [] }),
    /equally many states; received "c0 has 3, k has 2"/,
  ],
  [
    "a square factor that is not square",
    () => squareFactor({ categories: [[u], [categoryNode("k", 2)]], weights: [1, 2, 3, 4, 5, 6] }),
    /all have equally many states/,
  ],
  [
    "a negative precision",
    () => quadraticFactor({ nodes: [x], precisions: [-1] }),
    /^precisions\[0\] of quadratic factor must not be negative/,
  ],
  [
    "a name for two nodes",
    () => energyModel({ nodes: [a, spinNode("s0")], factors: [] }),
    /different names; received "s0"/,
  ],
  ["a node twice in a model", () => energyModel({ nodes: [a, a], factors: [] }), /each node once; received "s0"/],
  ["a model of nothing", () => energyModel({ nodes: [], factors: [] }), /at least one node/],
  [
    "a factor of another model",
    () => energyModel({ nodes: [a], factors: [spinFactor({ spins: [[b]], weights: [1] })] }),
    /factors \(spin factor\) must have nodes of the model only; received "s1"/,
  ],
  ["a negative temperature", () => model.withBeta(-1), /^beta must be finite and not negative/],
  [
    "energies that are no function",
    () => userFactor({ groups: [[a]], energy: 1 as never }),
    /^energy of user factor must be a function/,
  ],
  [
    "interactions with nodes beside the factor",
    () =>
      userFactor({
        groups: [[a]],
        energy: () => 0,
        interactions: [weightedInteractions({ heads: [b], weights: [1] })],
      }),
    /between members of the factors; received "s1"/,
  ],
  [
    "interactions of a node with itself",
    () => weightedInteractions({ heads: [a], multiplied: [[a]], weights: [1] }),
    /each node once/,
  ],
  [
    "precisions for spins",
    () => weightedInteractions({ heads: [a], weights: [1], target: "precision" }),
    /"field", as the heads are of kind spin/,
  ],
  [
    "an interaction that is no function",
    () => userInteractions({ heads: [a], tails: [[b]], add: 0 as never }),
    /^add must be a function/,
  ],

  ["an edge to nowhere", () => isingModel({ nodes: 2, edges: [[0, 2]] }), /^edges\[0\] must join nodes 0 to 1/],
  ["an edge to itself", () => isingModel({ nodes: 2, edges: [[1, 1]] }), /two different nodes/],
  [
    "an edge twice",
    () =>
      isingModel({
        nodes: 2,
        edges: [
          [0, 1],
          [1, 0],
        ],
      }),
    /^edges\[1\] must be there once/,
  ],
  [
    "too few couplings",
    () =>
      isingModel({
        nodes: 3,
        edges: [
          [0, 1],
          [1, 2],
        ],
        couplings: [1],
      }),
    /^couplings must have 2 entries/,
  ],
  ["an infinite field", () => isingModel({ nodes: 1, edges: [], fields: Infinity }), /^fields\[0\] must be finite/],
  ["a Potts model without states", () => pottsModel({ nodes: 2, edges: [] }), /^states must be an integer/],
  [
    "weights that do not fit the layers",
    () => restrictedBoltzmann({ visible: 2, hidden: 2, weights: [1, 2, 3] }),
    /^weights must have 4 entries/,
  ],

  [
    "a sampler of another kind",
    () => {
      const own = block([u]);
      return gibbsProgram({ model, free: [block([a, b]), own], samplers: new Map([[own as never, spinSampler()]]) });
    },
    /sampler of block c0 must draw nodes of kind category; received "spin sampler"/,
  ],
  [
    "a sampler for a block that is not free",
    () => gibbsProgram({ model, samplers: new Map([[block([a]), spinSampler()]]) }),
    /be for free blocks; received "s0"/,
  ],
  [
    "a program for other nodes",
    () => gibbsProgram({ model }).withModel(isingModel({ nodes: 3, edges: [] })),
    /same nodes and factors/,
  ],
  ["a scale of nothing", () => metropolisSampler({ scale: 0 }), /^scale must be positive/],
  [
    "functions as data",
    () => modelData(energyModel({ nodes: [a], factors: [userFactor({ groups: [[a]], energy: () => 0 })] })),
    /no functions to become data.*"user factor"/,
  ],
  ["data that are none", () => modelFromData({} as never), /^data must be what modelData gave/],
])("refuses %s", (_what, action, message) => {
  expect(action).toThrow(InvalidArgumentError);
  expect(action).toThrow(message);
});

test("an energy that is NaN is named with its factor", () => {
  const factor = userFactor({
    groups: [[a, b]],
    energy: (_values, index) => (index === 1 ? Number.NaN : 0),
    name: "mine",
  });
  const bad = energyModel({ nodes: [a, b], factors: [factor] });
  expect(() => bad.baseEnergy(Float64Array.of(1, 1))).toThrow(
    "energy of factor 1 of mine must be a number or +Infinity",
  );
});

describe("layouts", () => {
  const [up, down, kind] = [block([b]), block([a]), block([u, v])];
  const whole = energyModel({ nodes: [a, u, b, v], factors: [] });
  const spec = blockSpec(whole, [[up, kind], down]);

  test("follow the model's nodes, whatever the blocks", () => {
    expect(spec.blocks).toEqual([up, kind, down]);
    expect([...spec.numbersOf(kind)]).toEqual([1, 3]);
    const state = spec.stateFrom(
      new Map<Block, number[]>([
        [up, [1]],
        [kind, [2, 0]],
        [down, [-1]],
      ]),
    );
    expect([...state]).toEqual([-1, 2, 1, 0]);
    expect([...spec.read(state, kind)]).toEqual([2, 0]);
    spec.write(state, kind, [0, 1]);
    expect([...state]).toEqual([-1, 0, 1, 1]);
  });

  test("name block and node of values that are wrong or missing", () => {
    expect(() => spec.stateFrom(new Map([[up, [1]]]))).toThrow('every block; received "none of c0…c1"');
    const state = new Float64Array(4);
    expect(() => spec.write(state, kind, [0, 3])).toThrow(
      "c1 in block c0…c1 must be an integer from 0 to 2; received 3",
    );
    expect(() => spec.write(new Float64Array(3), kind, [0, 1])).toThrow("state must be a Float64Array of length 4");
    expect(() => spec.read(state, block([a]))).toThrow("block must be one of the spec");
  });
});

test("models without functions survive the way to data and back", () => {
  const mixed = energyModel({
    nodes: [a, u, x, b, v],
    factors: [
      productFactor({ spins: [[a], [b]], categories: [[u], [v]], weights: [1, 2, 3, 4, 5, 6, 7, 8, 9] }),
      productFactor({ spins: [[a]], reals: [[x]], weights: [0.5] }),
      quadraticFactor({ nodes: [x], categories: [[v]], precisions: [1, 2, 3] }),
    ],
    beta: 0.7,
  });
  const copy = modelFromData(structuredClone(modelData(mixed)));
  const state = Float64Array.of(1, 2, -0.4, -1, 1);
  expect(copy.energy(state)).toBe(mixed.energy(state));
  expect(copy.nodes.map(({ name, kind }) => `${name} ${kind}`)).toEqual(
    mixed.nodes.map(({ name, kind }) => `${name} ${kind}`),
  );
  const field = gaussianModel({ nodes: 2, precisions: 2, edges: [[0, 1]], couplings: -1 });
  expect(modelFromData(modelData(field)).baseEnergy(Float64Array.of(1, 2))).toBe(
    field.baseEnergy(Float64Array.of(1, 2)),
  );
});
