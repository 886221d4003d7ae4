import { InvalidArgumentError } from "@siegert/errors";
import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";
import {
  adam,
  addWeightStatistics,
  type Block,
  block,
  categoryNodes,
  completeGraph,
  discreteFactor,
  type EnergyModel,
  energyModel,
  enumerateStates,
  gradientDescent,
  isingModel,
  klGradient,
  type Node,
  restrictedBoltzmann,
  spinNodes,
  train,
} from "../src/index.ts";

/** Means of the weight statistics, exactly, given the values of some nodes. */
function exactMeans(model: EnergyModel, clamped: ReadonlyMap<Node, number>): Float64Array {
  const exact = enumerateStates(model, { clamped });
  const probabilities = exact.probabilities();
  const sums = new Float64Array(model.graph.weights.length);
  const state = new Float64Array(model.graph.offset[model.nodes.length]!);
  for (const [n, p] of probabilities.entries()) {
    const own = new Float64Array(sums.length);
    addWeightStatistics(model.graph, exact.stateAt(n, state), own);
    for (let w = 0; w < sums.length; w++) sums[w]! += p * own[w]!;
  }
  return sums;
}

function clampedTo(blocks: readonly Block[], values: readonly number[]): Map<Node, number> {
  return new Map(blocks.flatMap(({ nodes }) => nodes).map((node, k) => [node, values[k]!]));
}

/** KL(data ‖ model) of the data nodes, exactly: −(entropy of the rows) − mean log p(row). */
function exactKl(model: EnergyModel, data: readonly Block[], rows: readonly (readonly number[])[]): number {
  const logZ = enumerateStates(model).at().logZ;
  const frequency = new Map<string, number>();
  for (const row of rows) frequency.set(String(row), (frequency.get(String(row)) ?? 0) + 1 / rows.length);
  let sum = 0;
  for (const row of rows) {
    const free = enumerateStates(model, { clamped: clampedTo(data, row) }).at().logZ;
    sum += (Math.log(frequency.get(String(row))!) - (free - logZ)) / rows.length;
  }
  return sum;
}

describe("gradients of the Kullback-Leibler divergence", () => {
  // Two visible and two hidden spins, all joined.
  const normals = createRandom(4, "weights").fillNormal(new Float64Array(10));
  const nodes = spinNodes(4);
  const model = isingModel({
    ...completeGraph(4),
    nodes,
    couplings: normals.subarray(0, 6),
    fields: normals.subarray(6),
    beta: 0.8,
  });
  const visible = block(nodes.slice(0, 2));
  const rows = [
    [1, 1],
    [1, 1],
    [-1, 1],
    [-1, -1],
    [1, 1],
  ];

  test("agree with the exact ones, weight by weight", () => {
    const positive = new Float64Array(10);
    for (const row of rows) {
      const own = exactMeans(model, clampedTo([visible], row));
      for (let w = 0; w < 10; w++) positive[w]! += own[w]! / rows.length;
    }
    const negative = exactMeans(model, new Map());
    const exact = positive.map((mean, w) => -0.8 * (mean - negative[w]!));

    const phase = { warmup: 50, draws: 200, stepsPerDraw: 2, chains: 10 };
    const estimates = Array.from({ length: 40 }, (_, seed) =>
      klGradient(
        { model, data: [visible] },
        { rows: rows.flat() },
        { seed, positive: phase, negative: { ...phase, chains: 50 } },
      ),
    );
    const mean = new Float64Array(10);
    for (const { gradient } of estimates) for (let w = 0; w < 10; w++) mean[w]! += gradient[w]! / 40;
    const norm = Math.hypot(...exact);
    for (let w = 0; w < 10; w++) {
      const variance = estimates.reduce((sum, { gradient }) => sum + (gradient[w]! - mean[w]!) ** 2, 0) / 39;
      expect(Math.abs(mean[w]! - exact[w]!) / Math.sqrt(variance / 40)).toBeLessThan(4);
    }
    expect(Math.hypot(...mean.map((g, w) => g - exact[w]!)) / norm).toBeLessThan(0.01);
  });

  test("are those of the divergence itself, by differences", () => {
    const h = 1e-5;
    const kl = (w: number, step: number) =>
      exactKl(
        model.withWeights(model.graph.weights.map((value, k) => (k === w ? value + step : value))),
        [visible],
        rows,
      );
    const positive = new Float64Array(10);
    for (const row of rows) {
      const own = exactMeans(model, clampedTo([visible], row));
      for (let w = 0; w < 10; w++) positive[w]! += own[w]! / rows.length;
    }
    const negative = exactMeans(model, new Map());
    for (let w = 0; w < 10; w++) {
      expect((kl(w, h) - kl(w, -h)) / (2 * h)).toBeCloseTo(-0.8 * (positive[w]! - negative[w]!), 8);
    }
  });

  test("without hidden nodes take the positive phase from the rows as they are", () => {
    const all = block(nodes);
    const row = [1, -1, 1, 1];
    const { positiveMeans } = klGradient({ model, data: [all] }, { rows: row }, { negative: { draws: 1 } });
    expect([...positiveMeans]).toEqual([...row, -1, 1, 1, -1, -1, 1]);
  });

  test("with conditions are of the law given these", () => {
    const [given, data] = [block([nodes[3]!]), block(nodes.slice(0, 3))];
    const problem = { model, data: [data], conditioning: [given] };
    const values = { rows: [1, 1, -1, -1, 1, 1], conditions: [1, -1] };
    const phase = { warmup: 50, draws: 400, chains: 60 };
    const estimates = Array.from({ length: 20 }, (_, seed) => klGradient(problem, values, { seed, negative: phase }));
    for (const [w, _] of normals.entries()) {
      const exact = [1, -1].reduce((sum, c) => sum + exactMeans(model, new Map([[nodes[3]!, c]]))[w]! / 2, 0);
      const means = estimates.map(({ negativeMeans }) => negativeMeans[w]!);
      const mean = means.reduce((a, b) => a + b) / 20;
      const error = Math.sqrt(means.reduce((sum, m) => sum + (m - mean) ** 2, 0) / 19 / 20);
      // The condition itself is a constant.
      if (error === 0) expect(mean).toBeCloseTo(exact, 12);
      else expect(Math.abs(mean - exact) / error).toBeLessThan(4.5);
    }
  });

  test("go on from states of an earlier one", () => {
    const problem = { model, data: [visible] };
    const first = klGradient(problem, { rows: rows.flat() }, { seed: 1, negative: { chains: 3, draws: 5 } });
    expect(first.negativeStates.length).toBe(3);
    const still = { warmup: 0, draws: 1, chains: 3 };
    const next = klGradient(problem, { rows: rows.flat() }, { negative: still, negativeStates: first.negativeStates });
    expect(next.negativeStates).toEqual(first.negativeStates);
  });

  test.each([
    [{ rows: [1, 1, 1] }, /^rows must have a positive multiple of 2 values; received 3/],
    [{ rows: [] }, /^rows must have/],
    [{ rows: [1, 1, 1, 0] }, /^s1 in block s0…s1 of row 1 must be -1 or 1; received 0/],
    [{ rows: [1, 1], conditions: [1] }, /^conditions must have 1 rows of 0 values/],
  ])("refuse %j", (values, message) => {
    expect(() => klGradient({ model, data: [visible] }, values)).toThrow(InvalidArgumentError);
    expect(() => klGradient({ model, data: [visible] }, values)).toThrow(message);
  });
});

describe("learning", () => {
  test("a fully visible machine finds the moments of its data by persistent chains", async () => {
    const nodes = spinNodes(3);
    const model = isingModel({ ...completeGraph(3), nodes, couplings: 0 });
    const data = [block(nodes)];
    // Frequencies that some pairwise model has: couplings 0.5, −0.4, 0.3 and fields 0.2, 0, −0.1, rounded to 1/500.
    const truth = enumerateStates(
      isingModel({ ...completeGraph(3), couplings: [0.5, -0.4, 0.3], fields: [0.2, 0, -0.1] }),
    );
    const rows = [...truth.probabilities()].flatMap((p, n) =>
      Array.from({ length: Math.round(500 * p) }, () => [...truth.stateAt(n, new Float64Array(3))]),
    );
    const before = exactKl(model, data, rows);
    const result = await train(
      { model, data },
      { rows: rows.flat() },
      { seed: 1, epochs: 300, chains: 300, optimizer: adam({ learningRate: 0.02 }) },
    );
    const after = exactKl(result.model, data, rows);
    expect(before).toBeGreaterThan(0.15);
    expect(after).toBeLessThan(0.005);
    expect(result.history.length).toBe(300);
  });

  test.each(["contrastive", "persistent"] as const)(
    "a restricted Boltzmann machine learns two patterns and their noise, %s",
    async (method) => {
      const { model, visible, hidden } = restrictedBoltzmann({
        visible: 4,
        hidden: 2,
        weights: createRandom(7, "start")
          .fillNormal(new Float64Array(8))
          .map((x) => 0.1 * x),
      });
      const pattern = [1, 1, -1, -1];
      const rows = Array.from({ length: 40 }, (_, r) =>
        pattern.map((s, i) => (r < 8 && i === r % 4 ? -1 : 1) * (r % 2 === 0 ? s : -s)),
      );
      const problem = { model, data: [visible], positive: [hidden], negative: [visible, hidden] };
      // Small steps: persistent chains must be able to follow the model.
      const optimizer = adam({ learningRate: 0.005 });
      const options = { seed: 2, method, epochs: 1000, batchSize: 20, sweeps: 3, optimizer };
      const result = await train(problem, { rows: rows.flat() }, options);
      const [before, after] = [model, result.model].map((one) => exactKl(one, [visible], rows)) as [number, number];
      expect(before).toBeGreaterThan(1);
      expect(after).toBeLessThan(0.1);
    },
  );

  test("works for tables of categories, and with conditions", async () => {
    const nodes = categoryNodes(2, 3);
    const model = energyModel({
      nodes,
      factors: [discreteFactor({ categories: [[nodes[0]!], [nodes[1]!]], weights: new Float64Array(9) })],
    });
    const [data, given] = [block([nodes[1]!]), block([nodes[0]!])];
    // The second category follows the first with probability 0.8.
    const conditions = Array.from({ length: 60 }, (_, r) => r % 3);
    const rows = conditions.map((k, r) => (r < 12 ? (k + 1 + (r % 2)) % 3 : k));
    const result = await train(
      { model, data: [data], conditioning: [given] },
      { rows, conditions },
      { epochs: 400, sweeps: 2 },
    );
    const follows = [0, 1, 2].map((k) => {
      const exact = enumerateStates(result.model, { clamped: new Map([[nodes[0]!, k]]) });
      return exact.marginals()[1]![k]!;
    });
    const frequency = [0, 1, 2].map((k) => rows.filter((value, r) => conditions[r] === k && value === k).length / 20);
    for (const k of [0, 1, 2]) expect(Math.abs(follows[k]! - frequency[k]!)).toBeLessThan(0.06);
  });

  test("gives the same weights for the same seed, and stops when told", async () => {
    const nodes = spinNodes(2);
    const model = isingModel({ nodes, edges: [[0, 1]] });
    const problem = { model, data: [block(nodes)] };
    const values = { rows: [1, 1, -1, 1] };
    const optimizer = gradientDescent({ learningRate: 0.05, momentum: 0.5 });
    const [first, second] = [
      await train(problem, values, { seed: 3, epochs: 5, optimizer, weightDecay: 0.1 }),
      await train(problem, values, { seed: 3, epochs: 5, optimizer, weightDecay: 0.1 }),
    ];
    expect(first.model.graph.weights).toEqual(second.model.graph.weights);
    const signal = { aborted: false };
    const stopped = await train(problem, values, {
      epochs: 50,
      signal,
      onProgress: ({ epoch }) => {
        signal.aborted = epoch === 7;
      },
    });
    expect(stopped.status).toBe("aborted");
    expect(stopped.history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test.each([
    [{ method: "cd" as never }, "method"],
    [{ epochs: 0 }, "epochs"],
    [{ batchSize: 0 }, "batchSize"],
    [{ weightDecay: -1 }, "weightDecay"],
  ])("refuses %j", async (options, argument) => {
    const nodes = spinNodes(2);
    const problem = { model: isingModel({ nodes, edges: [[0, 1]] }), data: [block(nodes)] };
    await expect(train(problem, { rows: [1, 1] }, options)).rejects.toThrow(new RegExp(`^${argument} must`));
  });
});

describe("optimisers", () => {
  test("gradient descent with momentum, by hand", () => {
    const run = gradientDescent({ learningRate: 0.1, momentum: 0.5 }).start(1);
    const weights = Float64Array.of(1);
    run.step(weights, Float64Array.of(2));
    expect(weights[0]).toBeCloseTo(0.8, 15);
    run.step(weights, Float64Array.of(1));
    // v = 0.5 · (−0.2) − 0.1
    expect(weights[0]).toBeCloseTo(0.6, 15);
  });

  test("the first steps of Adam have the size of the learning rate", () => {
    const run = adam({ learningRate: 0.1 }).start(2);
    const weights = Float64Array.of(0, 0);
    run.step(weights, Float64Array.of(1e-3, -50));
    expect(weights[0]).toBeCloseTo(-0.1, 5);
    expect(weights[1]).toBeCloseTo(0.1, 5);
  });

  test.each([() => adam({ learningRate: 0 }), () => adam({ beta1: 1 }), () => gradientDescent({ momentum: -0.1 })])(
    "refuse settings outside of their range",
    (make) => expect(make).toThrow(InvalidArgumentError),
  );
});
