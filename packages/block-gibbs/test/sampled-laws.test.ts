import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";
import {
  block,
  categoryNodes,
  discreteFactor,
  type EnergyModel,
  energyModel,
  enumerateStates,
  functionObserver,
  type GibbsProgram,
  gibbsProgram,
  isingModel,
  lattice,
  type Node,
  pottsModel,
  restrictedBoltzmann,
  sampleGibbs,
  spinNode,
  spinNodes,
  userFactor,
} from "../src/index.ts";
import { zOf } from "./draw-statistics.ts";
import { ising3x3, potts3x3, spinGlass } from "./golden-models.ts";

const RUN = { seed: 3, chains: 4, warmup: 200, draws: 10_000, stepsPerDraw: 2 };

/** z of the mean energy, and the largest |z| of all marginal probabilities, of a run against enumeration. */
async function zScores(
  program: GibbsProgram,
  options: { clamped?: ReadonlyMap<Node, number>; values?: ReadonlyMap<ReturnType<typeof block>, number[]> } = {},
) {
  const { model } = program;
  const exact = enumerateStates(model, options);
  const run = await sampleGibbs(program, { ...RUN, ...(options.values && { clamped: options.values }) });
  const { states, energies } = run.observed;
  const marginals = exact.marginals();
  const z = model.nodes.flatMap((node, i) => {
    const scalar = states.scalar(node);
    return Array.from(marginals[i]!, (p, k) => {
      const value = node.kind === "spin" ? 2 * k - 1 : k;
      const indicator = { ...scalar, values: scalar.values.map((x) => (x === value ? 1 : 0)) };
      return options.clamped?.has(node) ? 0 : Math.abs(zOf(indicator, p));
    });
  });
  return { energy: zOf(energies, exact.at().meanEnergy), marginal: Math.max(...z), tests: z.length };
}

describe("marginals and energies of golden models, against enumeration", () => {
  test.each<readonly [string, EnergyModel]>([
    ["Ising 3 × 3 open, β = 0.3", ising3x3(false, 0.3)],
    ["Ising 3 × 3 open, β = 1", ising3x3(false, 1)],
    ["Ising 3 × 3 periodic (three colours), β = 0.2", ising3x3(true, 0.2)],
    ["Ising 3 × 3 periodic, β = 0.44", ising3x3(true, 0.44)],
    ["spin glass, β = 0.5", spinGlass(0.5)],
    ["spin glass, β = 1", spinGlass(1)],
  ])("%s", async (_name, model) => {
    const { energy, marginal } = await zScores(gibbsProgram({ model }));
    expect(Math.abs(energy)).toBeLessThan(4.5);
    expect(marginal).toBeLessThan(4.5);
  });

  test.each<readonly [string, EnergyModel, number]>([
    ["Potts 3 × 3 periodic, β = 0.5", potts3x3(true, 0.5), -8.938544126182565],
    ["Potts 3 × 3 open, β = 1", potts3x3(false, 1), -7.59133162581553],
  ])("%s", async (_name, model, meanEnergy) => {
    const run = await sampleGibbs(gibbsProgram({ model }), { ...RUN, stepsPerDraw: 1 });
    expect(Math.abs(zOf(run.observed.energies, meanEnergy))).toBeLessThan(4.5);
    for (const node of model.nodes) {
      const scalar = run.observed.states.scalar(node);
      const zero = { ...scalar, values: scalar.values.map((k) => (k === 0 ? 1 : 0)) };
      expect(Math.abs(zOf(zero, 1 / 3))).toBeLessThan(4.5);
    }
  });
});

const weights = createRandom(8, "weights");
const normals = (count: number, scale = 1) => weights.fillNormal(new Float64Array(count)).map((x) => scale * x);

describe("factors of any order", () => {
  test("a chain of 5 spins with biases and a triplet, two of them clamped", async () => {
    const spins = spinNodes(5);
    const model = energyModel({
      nodes: spins,
      factors: [
        discreteFactor({ spins: [spins], weights: normals(5) }),
        discreteFactor({ spins: [spins.slice(0, 4), spins.slice(1)], weights: normals(4) }),
        discreteFactor({ spins: [[spins[0]!], [spins[2]!], [spins[4]!]], weights: normals(1) }),
      ],
    });
    const held = block([spins[1]!, spins[4]!]);
    const program = gibbsProgram({ model, clamped: [held] });
    const clamped = new Map<Node, number>([
      [spins[1]!, 1],
      [spins[4]!, -1],
    ]);
    const { energy, marginal } = await zScores(program, { clamped, values: new Map([[held, [1, -1]]]) });
    expect(Math.abs(energy)).toBeLessThan(4.5);
    expect(marginal).toBeLessThan(4.5);
  });

  test("a chain of 5 categories with three states and a table of order three", async () => {
    const nodes = categoryNodes(5, 3);
    const model = energyModel({
      nodes,
      factors: [
        discreteFactor({ categories: [nodes], weights: normals(15) }),
        discreteFactor({ categories: [nodes.slice(0, 4), nodes.slice(1)], weights: normals(36) }),
        discreteFactor({ categories: [[nodes[0]!], [nodes[2]!], [nodes[4]!]], weights: normals(27) }),
      ],
    });
    const { energy, marginal } = await zScores(gibbsProgram({ model }));
    expect(Math.abs(energy)).toBeLessThan(4.5);
    expect(marginal).toBeLessThan(4.5);
  });

  test("3 spins and 4 categories, with a user-defined energy among the factors", async () => {
    const spins = spinNodes(3);
    const cats = categoryNodes(4, 3);
    const model = energyModel({
      nodes: [...cats, ...spins],
      factors: [
        discreteFactor({ spins: [spins], categories: [cats.slice(0, 3)], weights: normals(9) }),
        discreteFactor({ categories: [cats.slice(0, 3), cats.slice(1)], weights: normals(27) }),
        discreteFactor({ spins: [[spins[0]!], [spins[1]!]], categories: [[cats[3]!]], weights: normals(3) }),
        userFactor({ groups: [[spins[2]!], [cats[0]!]], energy: ([s = 0, k = 0]) => 0.7 * s * Math.cos(k) }),
      ],
      beta: 0.8,
    });
    const { energy, marginal } = await zScores(gibbsProgram({ model }));
    expect(Math.abs(energy)).toBeLessThan(4.5);
    expect(marginal).toBeLessThan(4.5);
  });

  test("a grid of spins and categories in turn", async () => {
    const { nodes: count, edges } = lattice([2, 4], { periodic: false });
    const nodes: Node[] = Array.from({ length: count }, (_, i) =>
      (Math.floor(i / 4) + i) % 2 === 0 ? spinNode(`s${i}`) : categoryNodes(1, 3, `c${i}:`)[0]!,
    );
    const factors = Array.from({ length: edges.length / 2 }, (_, e) => {
      const ends = [nodes[edges[2 * e]!]!, nodes[edges[2 * e + 1]!]!];
      const spin = ends.find((node) => node.kind === "spin")!;
      const category = ends.find((node) => node.kind === "category")!;
      return discreteFactor({ spins: [[spin as never]], categories: [[category as never]], weights: normals(3) });
    });
    const program = gibbsProgram({ model: energyModel({ nodes, factors }) });
    expect(program.steps.length).toBe(2);
    const { energy, marginal } = await zScores(program);
    expect(Math.abs(energy)).toBeLessThan(4.5);
    expect(marginal).toBeLessThan(4.5);
  });
});

test("two neighbouring spins in a joint block have ⟨s₁s₂⟩ = tanh 1", async () => {
  const nodes = spinNodes(2);
  const model = isingModel({ nodes, edges: [[0, 1]] });
  const program = gibbsProgram({ model, free: [block(nodes, { joint: true })] });
  const product = functionObserver(([s, t], out) => {
    out[0] = s! * t!;
  });
  const run = await sampleGibbs(program, { ...RUN, stepsPerDraw: 1, observers: { product } });
  expect(Math.abs(zOf(run.observed.product, Math.tanh(1)))).toBeLessThan(4.5);
});

test("the layers of a restricted Boltzmann machine are its blocks", async () => {
  const { model, visible, hidden } = restrictedBoltzmann({
    visible: 4,
    hidden: 3,
    weights: normals(12, 0.5),
    visibleFields: normals(4, 0.3),
    hiddenFields: normals(3, 0.3),
  });
  const { energy, marginal } = await zScores(gibbsProgram({ model, free: [visible, hidden] }));
  expect(Math.abs(energy)).toBeLessThan(4.5);
  expect(marginal).toBeLessThan(4.5);
});

test("states that an energy forbids are never drawn, at β = 0 as well", async () => {
  const nodes = categoryNodes(2, 3);
  const differ = userFactor({ groups: [[nodes[0]!], [nodes[1]!]], energy: ([a, b]) => (a === b ? Infinity : 0) });
  const model = energyModel({ nodes, factors: [differ], beta: 0 });
  const initial = Float64Array.of(0, 1);
  const run = await sampleGibbs(gibbsProgram({ model }), { seed: 1, draws: 5000, initial });
  const { values } = run.observed.states;
  const counts = new Map<string, number>();
  for (let n = 0; n < 5000; n++) {
    const key = `${values[2 * n]}${values[2 * n + 1]}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual(["01", "02", "10", "12", "20", "21"]);
  await expect(sampleGibbs(gibbsProgram({ model }), { initial: Float64Array.of(1, 1) })).rejects.toThrow(
    /finite energy/,
  );
});

test("a strongly coupled Potts model does not overflow", async () => {
  const model = pottsModel({ nodes: 2, states: 4, edges: [[0, 1]], couplings: 1e6, beta: 1e3 });
  const run = await sampleGibbs(gibbsProgram({ model }), { seed: 1, draws: 100 });
  const { values } = run.observed.states;
  for (let n = 0; n < 100; n++) expect(values[2 * n]).toBe(values[2 * n + 1]);
});
