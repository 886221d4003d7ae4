import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import {
  categoryNodes,
  discreteFactor,
  energyModel,
  enumerateStates,
  gaussianModel,
  isingModel,
  lattice,
  restrictedBoltzmann,
  spinNodes,
  userFactor,
} from "../src/index.ts";
import { ising3x3, potts3x3, spinGlass } from "./golden-models.ts";

// Golden values by enumeration in 30 to 40 digit arithmetic.
test.each([
  ["Ising 3 × 3 open", ising3x3(false, 0.3), 0.3, 6.801539051067388, -3.900148063230229, 14.78540823433145],
  ["Ising 3 × 3 open", ising3x3(false, 1), 1, 12.8094202451311, -11.44766361938695, 2.707428896652129],
  ["Ising 3 × 3 periodic", ising3x3(true, 1), 0.2, 6.669744604314108, -4.842892000870611, 34.18032679746061],
  ["Ising 3 × 3 periodic", ising3x3(true, 1), 0.44, 9.010260941057474, -14.48116111429469, 29.26828442365696],
  ["Ising 4 × 4 periodic", isingModel(lattice([4, 4])), 0.44, 15.50472653871816, -25.00555244966149, 64.84723546267453],
  ["spin glass", spinGlass(1), 0.5, 6.817212326614265, -4.846970027806215, 7.77167199972355],
  ["spin glass", spinGlass(1), 1, 9.976082009362399, -7.362316866076343, 2.770403741067713],
  ["Potts 3 × 3 periodic", potts3x3(true, 1), 0.5, 13.51714394246741, -8.938544126182565, 9.39680639358575],
  ["Potts 3 × 3 periodic", potts3x3(true, 1), 1, 19.60985341053475, -15.62632094812811, 10.53897763066165],
  ["Potts 3 × 3 open", potts3x3(false, 1), 1, 15.48223420199592, -7.59133162581553, undefined],
] as const)("%s at β = $2: log Z, mean and variance of V", (_name, model, beta, logZ, mean, variance) => {
  const exact = enumerateStates(model).at(beta);
  expect(exact.logZ).toBeCloseTo(logZ, 12);
  expect(exact.meanEnergy).toBeCloseTo(mean, 12);
  if (variance !== undefined) expect(exact.varianceEnergy).toBeCloseTo(variance, 10);
});

test.each([
  ["open", ising3x3(false, 0.3), 0.4467377310213238],
  ["open", ising3x3(false, 1), 0.9633509771048488],
  ["periodic", ising3x3(true, 0.2), 0.4599774001857781],
  ["periodic", ising3x3(true, 0.44), 0.8702736212351554],
] as const)("Ising 3 × 3 %s: mean of |m| is $2", (_name, model, expected) => {
  const magnetisation = (state: Float64Array) => Math.abs(state.reduce((sum, s) => sum + s, 0)) / 9;
  expect(enumerateStates(model).mean(magnetisation)).toBeCloseTo(expected, 13);
});

test.each([
  [0.5, 0.4280178652336156],
  [1, 0.8679156335801188],
])("Potts 3 × 3 periodic at β = %d: order (3 max − 9)/18 is %d", (beta, expected) => {
  const order = (state: Float64Array) => {
    const counts = [0, 0, 0];
    for (const k of state) counts[k]!++;
    return ((3 * Math.max(...counts)) / 9 - 1) / 2;
  };
  expect(enumerateStates(potts3x3(true, 1)).mean(order, beta)).toBeCloseTo(expected, 13);
});

test("counts the states of every energy of the periodic 3 × 3 Ising model", () => {
  const counts = new Map<number, number>();
  for (const V of enumerateStates(ising3x3(true, 1)).energies) counts.set(V, (counts.get(V) ?? 0) + 1);
  expect(Object.fromEntries(counts)).toEqual({ "-18": 2, "-10": 18, "-6": 48, "-2": 198, "2": 144, "6": 102 });
});

test("moments, ground state and marginals of the spin glass", () => {
  const model = spinGlass(1);
  const exact = enumerateStates(model);
  const spins = [-0.45786508469005, -0.64196135569449, 0.53599275296599, 0.41817451188953, -0.37244967069588];
  for (const [i, s] of spins.entries()) {
    expect(exact.mean((state) => state[i]!)).toBeCloseTo(s, 12);
    expect(exact.marginals()[i]![1]! - exact.marginals()[i]![0]!).toBeCloseTo(s, 12);
  }
  expect(exact.mean((state) => state[3]! * state[4]!)).toBeCloseTo(-0.89467812976379, 12);
  const ground = Float64Array.of(-1, -1, 1, 1, -1, 1, 1, 1);
  expect(model.baseEnergy(ground)).toBe(-8.75);
  expect(exact.energies[exact.indexOf(ground)]).toBeCloseTo(-8.75, 12);
  expect(exact.probabilities()[exact.indexOf(ground)]).toBeCloseTo(0.2934400236370739, 12);
});

test("energies scale with β, and models at another β share their graph", () => {
  const model = spinGlass(1);
  const state = enumerateStates(model).stateAt(77, new Float64Array(8));
  expect(model.withBeta(2.5).energy(state)).toBe(2.5 * model.baseEnergy(state));
  expect(model.withBeta(2.5).graph).toBe(model.graph);
  expect(model.withBeta(0).energy(state)).toBe(0);
});

test("other weights are another model on the same graph", () => {
  const model = spinGlass(1);
  const doubled = model.withWeights(model.graph.weights.map((weight) => 2 * weight));
  const state = enumerateStates(model).stateAt(77, new Float64Array(8));
  expect(doubled.baseEnergy(state)).toBeCloseTo(2 * model.baseEnergy(state), 12);
  expect(doubled.graph.members).toBe(model.graph.members);
  expect(doubled.couplings[0]).toBe(2);
  expect(doubled.factors[1]!.kind === "product" && doubled.factors[1]!.weights[1]).toBe(-1.5);
  expect(() => model.withWeights(new Float64Array(3))).toThrow(InvalidArgumentError);
  expect(() => model.withWeights(model.graph.weights.map(() => Number.NaN))).toThrow("weights[0] must be finite");
});

test("clamped nodes keep their values, and Z is that of the others", () => {
  const [a, b] = spinNodes(2);
  const model = isingModel({ nodes: [a, b], edges: [[0, 1]], fields: [0, 0.3] });
  const exact = enumerateStates(model, { clamped: new Map([[a, 1]]) });
  expect(exact.count).toBe(2);
  expect(exact.at().logZ).toBeCloseTo(Math.log(2 * Math.cosh(1.3)), 13);
  expect(exact.marginals()[0]![0]).toBe(0);
  expect(exact.marginals()[0]![1]).toBeCloseTo(1, 14);
});

test("a spin is a category with two states in another guise", () => {
  const random = [0.3, -0.8, 0.4, 0.9, -0.2, 0.6, 0.1, -0.7];
  const spins = spinNodes(3);
  const fields = random.slice(0, 3);
  const asSpins = isingModel({
    nodes: spins,
    edges: [
      [0, 1],
      [1, 2],
    ],
    couplings: random.slice(3, 5),
    fields,
  });
  const categories = categoryNodes(3, 2);
  const sign = (k: number) => 2 * k - 1;
  const table = (J: number) => [0, 1].flatMap((k) => [0, 1].map((l) => J * sign(k) * sign(l)));
  const asCategories = energyModel({
    nodes: categories,
    factors: [
      discreteFactor({ categories: [categories], weights: fields.flatMap((b) => [-b, b]) }),
      discreteFactor({
        categories: [
          [categories[0]!, categories[1]!],
          [categories[1]!, categories[2]!],
        ],
        weights: random.slice(3, 5).flatMap(table),
      }),
    ],
  });
  const [left, right] = [enumerateStates(asSpins), enumerateStates(asCategories)];
  for (let n = 0; n < 8; n++) expect(right.energies[n]).toBeCloseTo(left.energies[n]!, 13);
});

test("a restricted Boltzmann machine is the Ising model of its layers", () => {
  const { model, visible, hidden } = restrictedBoltzmann({
    visible: 2,
    hidden: 3,
    weights: [1, 2, 3, 4, 5, 6],
    visibleFields: [0.1, 0.2],
    hiddenFields: [0.3, 0.4, 0.5],
  });
  expect(visible.nodes.map(({ name }) => name)).toEqual(["v0", "v1"]);
  expect(hidden.nodes.length).toBe(3);
  // −(0.1 − 0.2) − (0.3 + 0.4 − 0.5) − [(1 + 2 − 3) − (4 + 5 − 6)]
  expect(model.baseEnergy(Float64Array.of(1, -1, 1, 1, -1))).toBeCloseTo(0.1 - 0.2 + 3, 13);
});

test("states that an energy forbids have no probability, at β = 0 as well", () => {
  const [a, b] = spinNodes(2);
  const hard = userFactor({ groups: [[a], [b]], energy: ([s, t]) => (s === 1 && t === 1 ? Infinity : 0) });
  const exact = enumerateStates(energyModel({ nodes: [a, b], factors: [hard] }));
  expect([...exact.probabilities(0)].map((p) => p.toFixed(12))).toEqual(
    [1 / 3, 1 / 3, 1 / 3, 0].map((p) => p.toFixed(12)),
  );
  expect(exact.at(2).logZ).toBeCloseTo(Math.log(3), 13);
});

test("refuses to enumerate what is too large or not discrete", () => {
  expect(() => enumerateStates(isingModel(lattice([5, 5])))).toThrow("model must have at most 2^24 states");
  expect(() => enumerateStates(gaussianModel({ nodes: 2, precisions: 1 }))).toThrow("x0, of kind gaussian");
});
