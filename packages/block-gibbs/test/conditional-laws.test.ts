import { createRandom } from "@siegert/random";
import { expect, test } from "vitest";
import {
  categoryNodes,
  checkConditionals,
  compileGraph,
  conditionalField,
  discreteFactor,
  energy,
  energyModel,
  factorEnergy,
  gaussianNodes,
  gibbsProgram,
  interactionGroups,
  isingModel,
  lattice,
  nodeEnergy,
  productFactor,
  quadraticFactor,
  type SpinNode,
  spinNodes,
  userFactor,
  userInteractions,
  weightedInteractions,
} from "../src/index.ts";

const random = createRandom(1, "conditional laws");
const numbers = (count: number) => random.fillNormal(new Float64Array(count));

/** One model with factors of every form and order over nodes of every kind. */
function mixedModel() {
  const [a, b, c] = spinNodes(3);
  const [u, v, w] = categoryNodes(3, 3);
  const [x, y] = gaussianNodes(2);
  const factors = [
    productFactor({ spins: [[a, b, c]], weights: numbers(3) }),
    productFactor({ spins: [[a], [b]], weights: numbers(1) }),
    discreteFactor({ spins: [[a], [b], [c]], categories: [[u], [v]], weights: numbers(9) }),
    discreteFactor({ categories: [[u], [v], [w]], weights: numbers(27) }),
    discreteFactor({
      categories: [
        [u, v],
        [w, w],
      ],
      weights: numbers(18),
    }),
    productFactor({ reals: [[x], [y]], weights: [0.3] }),
    productFactor({ spins: [[b]], reals: [[y]], categories: [[w]], weights: numbers(3) }),
    productFactor({ reals: [[x]], weights: [0.7] }),
    quadraticFactor({ nodes: [x, y], precisions: [2, 3] }),
    quadraticFactor({ nodes: [x], categories: [[v]], precisions: [0.5, 1.5, 2.5] }),
    userFactor({
      groups: [[a], [u], [c]],
      energy: ([s = 0, k = 0, t = 0]) => 0.4 * s * k - 0.3 * (k - 1) ** 2 * t,
    }),
  ];
  const model = energyModel({ nodes: [a, u, x, b, v, y, c, w], factors });
  const state = Float64Array.of(1, 2, 0.4, -1, 0, -1.3, 1, 1);
  return { model, state };
}

test("conditional laws of spins and categories are differences of the energy", () => {
  const { model, state } = mixedModel();
  const { graph } = model;
  const field = new Float64Array(graph.fieldSize);
  for (const i of [0, 1, 3, 4, 6, 7]) {
    const isSpin = graph.kind[i] === 0;
    const values = isSpin ? [-1, 1] : [0, 1, 2];
    const energies = values.map((value) => energy(graph, state.with(graph.offset[i]!, value)));
    conditionalField(graph, i, state, field);
    const logWeights = isSpin ? [-field[0]!, field[0]!] : [...field.subarray(0, 3)];
    for (let k = 1; k < values.length; k++) {
      expect(logWeights[k]! - logWeights[0]!).toBeCloseTo(energies[0]! - energies[k]!, 12);
    }
  }
});

test("conditional laws of Gaussian nodes are the parabola of the energy", () => {
  const { model, state } = mixedModel();
  const { graph } = model;
  const field = new Float64Array(graph.fieldSize);
  for (const i of [2, 5]) {
    const at = graph.offset[i]!;
    const [left, middle, right] = [-1, 0, 1].map((x) => energy(graph, state.with(at, x))) as [number, number, number];
    conditionalField(graph, i, state, field);
    expect(field[0]).toBeCloseTo((left - right) / 2, 12);
    expect(field[1]).toBeCloseTo(left + right - 2 * middle, 12);
  }
});

test("a state is as it was after conditional laws were asked for", () => {
  const { model, state } = mixedModel();
  const before = state.slice();
  const field = new Float64Array(model.graph.fieldSize);
  for (let i = 0; i < model.nodes.length; i++) conditionalField(model.graph, i, state, field);
  expect(state).toEqual(before);
});

test("the energy of a node is that of its factors, and all factors make the energy", () => {
  const { model, state } = mixedModel();
  const { graph } = model;
  let sum = 0;
  for (let f = 0; f < graph.factorCount; f++) sum += factorEnergy(graph, f, state);
  expect(energy(graph, state)).toBe(sum);
  for (let i = 0; i < graph.nodeCount; i++) {
    const members = Array.from({ length: graph.factorCount }, (_, f) =>
      graph.members.subarray(graph.memberStart[f]!, graph.memberStart[f + 1]!).includes(i)
        ? factorEnergy(graph, f, state)
        : 0,
    );
    expect(nodeEnergy(graph, i, state)).toBeCloseTo(
      members.reduce((total, one) => total + one, 0),
      12,
    );
  }
});

test("the directed interactions of a factor say the same as the factor", () => {
  const { model, state } = mixedModel();
  for (const factor of model.factors) {
    if (factor.kind === "user") continue;
    const own = factor.kind === "square" ? [factor.nodes] : factor.multiplied;
    const groups = [...own, ...factor.categories];
    const energyOf = (values: Float64Array, index: number): number => {
      const copy = new Float64Array(state.length);
      for (const [g, group] of groups.entries()) copy[model.numbers.get(group[index]!)!] = values[g]!;
      const one = compileGraph(model.nodes, [factor]);
      return factorEnergy(one, index, copy);
    };
    const same = userFactor({ groups, energy: energyOf, interactions: interactionGroups(factor) });
    const [direct, viaInteractions] = [compileGraph(model.nodes, [factor]), compileGraph(model.nodes, [same])];
    expect(energy(viaInteractions, state)).toBeCloseTo(energy(direct, state), 12);
    const [a, b] = [new Float64Array(direct.fieldSize), new Float64Array(direct.fieldSize)];
    for (let i = 0; i < model.nodes.length; i++) {
      conditionalField(direct, i, state, a);
      conditionalField(viaInteractions, i, state, b);
      for (let k = 0; k < a.length; k++) expect(b[k]).toBeCloseTo(a[k]!, 12);
    }
  }
});

test("a check finds interactions that do not belong to their energy", () => {
  const { model } = mixedModel();
  expect(checkConditionals(model).worst).toBeLessThan(1e-14);
  const [a, b] = spinNodes(2);
  const [x] = gaussianNodes(1);
  const withInteractions = (weight: number) =>
    energyModel({
      nodes: [a, b, x],
      factors: [
        userFactor({
          groups: [[a], [b]],
          energy: ([s = 0, t = 0]) => -0.5 * s * t,
          interactions: [
            weightedInteractions({ heads: [a], multiplied: [[b]], weights: [0.5] }),
            weightedInteractions({ heads: [b], multiplied: [[a]], weights: [weight] }),
          ],
        }),
        quadraticFactor({ nodes: [x], precisions: [1] }),
      ],
    });
  expect(checkConditionals(withInteractions(0.5)).worst).toBeLessThan(1e-14);
  expect(checkConditionals(withInteractions(0.4))).toMatchObject({ node: "s1" });
  // |2 · 0.4 − 2 · 0.5| / (1 + 0.5 + 0.5), had x not added to the energies.
  expect(checkConditionals(withInteractions(0.4)).worst).toBeGreaterThan(0.01);
  // A quartic that passes through the same three points as a parabola.
  const quartic = userFactor({
    groups: [[x]],
    energy: ([z = 0]) => z ** 4,
    interactions: [weightedInteractions({ heads: [x], weights: [2], target: "precision" })],
  });
  expect(checkConditionals(energyModel({ nodes: [x], factors: [quartic] })).worst).toBeGreaterThan(1);
});

test("interactions as a function get the values of their tails", () => {
  const [a, b] = spinNodes(2);
  const [x] = gaussianNodes(1);
  const seen: number[][] = [];
  const factor = userFactor({
    groups: [[a], [b], [x]],
    energy: ([s = 0, t = 0, z = 0]) => -s * t * z,
    interactions: [
      userInteractions({
        heads: [a],
        tails: [[x], [b]],
        add(tails, out) {
          seen.push([...tails]);
          out[0]! += tails[0]! * tails[1]!;
        },
      }),
    ],
  });
  const graph = compileGraph([a, b, x], [factor]);
  const out = new Float64Array(2);
  conditionalField(graph, 0, Float64Array.of(1, -1, 2.5), out);
  expect(seen).toEqual([[2.5, -1]]);
  expect(out[0]).toBe(-2.5);
});

test("building the program of a lattice touches every node a constant number of times", () => {
  const perNode = [32, 64, 128].map((L) => {
    let touches = 0;
    const { nodes, edges } = lattice([L, L]);
    const counted = Array.from(
      { length: nodes },
      (_, i): SpinNode => ({
        get kind() {
          touches++;
          return "spin" as const;
        },
        get name() {
          touches++;
          return `s${i}`;
        },
      }),
    );
    const program = gibbsProgram({ model: isingModel({ nodes: counted, edges }) });
    expect(program.steps.length).toBe(2);
    const { members, incident, weights, offset } = program.model.graph;
    return [touches / nodes, (members.length + incident.length + weights.length + offset.length) / nodes] as const;
  });
  for (const [touches, entries] of perNode) {
    expect(Math.abs(touches / perNode[0]![0] - 1)).toBeLessThan(0.01);
    expect(Math.abs(entries / perNode[0]![1] - 1)).toBeLessThan(0.01);
  }
});
