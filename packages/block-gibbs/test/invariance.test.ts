import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";
import {
  block,
  type ConditionalSampler,
  categoryNodes,
  discreteFactor,
  type EnergyModel,
  energyModel,
  enumerateStates,
  type GibbsProgram,
  gibbsProgram,
  isingModel,
  jointSampler,
  metropolisSampler,
  pottsModel,
  spinNodes,
  spinSampler,
  userFactor,
} from "../src/index.ts";
import { lawP } from "./chi-square.ts";
import { spinGlass } from "./golden-models.ts";

const DRAWS = 40_000;

/** Exact draws, each moved by one sweep: p value of the hypothesis that they still have the exact law. */
function invarianceP(program: GibbsProgram, seed: number): number {
  const { model } = program;
  const exact = enumerateStates(model);
  const probabilities = exact.probabilities();
  const random = createRandom(seed, "invariance");
  const context = { beta: model.beta, random, memory: program.newMemory(), isWarmup: false };
  const counts = new Float64Array(exact.count);
  const state = new Float64Array(model.graph.offset[model.nodes.length]!);
  for (let n = 0; n < DRAWS; n++) {
    exact.stateAt(random.categorical(probabilities), state);
    program.sweep(state, context);
    counts[exact.indexOf(state)]! += 1;
  }
  return lawP(counts, probabilities);
}

/** Spins and categories with factors of orders 1 to 4, one of them user-defined. */
function mixedModel(beta: number): EnergyModel {
  const [a, b, c] = spinNodes(3);
  const [u, v] = categoryNodes(2, 3);
  const weights = createRandom(5, "weights");
  const normals = (count: number) => weights.fillNormal(new Float64Array(count));
  const factors = [
    discreteFactor({ spins: [[a, b, c]], weights: normals(3) }),
    discreteFactor({ spins: [[a], [b], [c]], weights: normals(1) }),
    discreteFactor({ spins: [[a], [b]], categories: [[u], [v]], weights: normals(9) }),
    discreteFactor({ categories: [[u], [v]], weights: normals(9) }),
    userFactor({ groups: [[c], [v]], energy: ([s = 0, k = 0]) => 0.5 * s * (k - 1) ** 2 }),
  ];
  return energyModel({ nodes: [a, u, b, v, c], factors, beta });
}

const square = [
  [0, 1],
  [1, 2],
  [2, 3],
  [3, 0],
] as const;
const potts = pottsModel({
  nodes: 4,
  states: 3,
  edges: square,
  couplings: [0.8, -0.5, 1.2, 0.3],
  fields: [0.2, 0, -0.3],
});

/** Every sampler's name and blocks, over the nodes of a model one by one. */
function oneByOne(model: EnergyModel, sampler: ConditionalSampler): GibbsProgram {
  const free = model.nodes.map((node) => block([node]));
  return gibbsProgram({ model, free, samplers: new Map(free.map((own) => [own, sampler])) });
}

function jointProgram(model: EnergyModel, sampler: ConditionalSampler): GibbsProgram {
  const half = model.nodes.length / 2;
  const free = [block(model.nodes.slice(0, half), { joint: true }), block(model.nodes.slice(half), { joint: true })];
  return gibbsProgram({ model, free, samplers: new Map(free.map((own) => [own, sampler])) });
}

describe("one sweep leaves the exact law as it is", () => {
  test.each<readonly [string, GibbsProgram]>([
    ["spins by colours", gibbsProgram({ model: spinGlass(1) })],
    ["spins at β = 0", gibbsProgram({ model: spinGlass(0) })],
    ["categories by colours", gibbsProgram({ model: potts })],
    ["mixed nodes and factors of any order", gibbsProgram({ model: mixedModel(0.8) })],
    ["Metropolis on spins", oneByOne(spinGlass(0.7), metropolisSampler())],
    ["Metropolis on categories, three steps", oneByOne(potts, metropolisSampler({ steps: 3 }))],
    ["Metropolis on mixed nodes", oneByOne(mixedModel(0.8), metropolisSampler())],
    ["joint blocks of spins", jointProgram(spinGlass(1), jointSampler())],
    ["joint blocks of categories", jointProgram(potts, jointSampler())],
  ])("%s", (_name, program) => {
    expect(invarianceP(program, 11)).toBeGreaterThan(1e-3);
  });
});

describe("the test finds broken kernels", () => {
  test("a heat bath at a temperature 10 % off", () => {
    const sampler = spinSampler();
    const hot: ConditionalSampler = {
      ...sampler,
      bind(target) {
        const bound = sampler.bind(target);
        return { ...bound, draw: (state, out, move) => bound.draw(state, out, { ...move, beta: 0.9 * move.beta }) };
      },
    };
    expect(invarianceP(oneByOne(spinGlass(1), hot), 11)).toBeLessThan(1e-6);
  });

  test("spins with edges between them that are drawn at once from one snapshot", () => {
    const pretending: ConditionalSampler = { ...spinSampler(), drawsJointly: true };
    expect(invarianceP(jointProgram(spinGlass(1), pretending), 11)).toBeLessThan(1e-6);
  });

  test("a Metropolis sampler with a lopsided proposal that does not say so", () => {
    const lopsided = metropolisSampler({
      propose(value, proposal, random) {
        proposal[0] = random.uniform() < 0.7 ? (value[0]! + 1) % 3 : (value[0]! + 2) % 3;
        return 0;
      },
    });
    expect(invarianceP(oneByOne(potts, lopsided), 11)).toBeLessThan(1e-6);
    const honest = metropolisSampler({
      propose(value, proposal, random) {
        const isUp = random.uniform() < 0.7;
        proposal[0] = (value[0]! + (isUp ? 1 : 2)) % 3;
        return isUp ? Math.log(0.3 / 0.7) : Math.log(0.7 / 0.3);
      },
    });
    expect(invarianceP(oneByOne(potts, honest), 11)).toBeGreaterThan(1e-3);
  });
});

describe("nodes that cannot be drawn at once", () => {
  const nodes = spinNodes(3);
  const model = isingModel({
    nodes,
    edges: [
      [0, 1],
      [1, 2],
    ],
  });

  test("two neighbours in one block are refused, the edge is named", () => {
    expect(() => gibbsProgram({ model, free: [block(nodes, { name: "all" })] })).toThrow(
      /block all .*no edge.*"s0 – s1"/,
    );
  });

  test("two neighbours in blocks of one superblock as well", () => {
    const free = [[block([nodes[0]!]), block([nodes[1]!])], block([nodes[2]!])];
    expect(() => gibbsProgram({ model, free })).toThrow(/blocks s0 and s1 of a superblock .*"s0 – s1"/);
  });

  test("neighbours through a factor of three, also when a clamped node is between them", () => {
    const [a, b, c] = spinNodes(3);
    const triple = energyModel({
      nodes: [a, b, c],
      factors: [discreteFactor({ spins: [[a], [b], [c]], weights: [1] })],
    });
    expect(() => gibbsProgram({ model: triple, free: [block([a, c])], clamped: [block([b])] })).toThrow('"s0 – s2"');
  });

  test("a joint block needs a sampler that draws jointly", () => {
    const all = block(nodes, { joint: true });
    expect(() => gibbsProgram({ model, free: [all], samplers: new Map([[all, spinSampler()]]) })).toThrow(
      /draw from the joint law/,
    );
    expect(gibbsProgram({ model, free: [all] }).steps.length).toBe(1);
  });
});
