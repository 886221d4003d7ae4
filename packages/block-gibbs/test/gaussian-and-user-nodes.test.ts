import { InvalidArgumentError } from "@siegert/errors";
import { describe, expect, test } from "vitest";
import {
  block,
  categoryNode,
  energyModel,
  gaussianModel,
  gaussianNodes,
  gibbsProgram,
  lattice,
  metropolisSampler,
  type Node,
  productFactor,
  quadraticFactor,
  sampleGibbs,
  spinNode,
  stateObserver,
  userFactor,
  userNode,
  weightedInteractions,
} from "../src/index.ts";
import { mapped, zOf } from "./draw-statistics.ts";

const RUN = { seed: 5, chains: 4, warmup: 300, draws: 8000, stepsPerDraw: 2 };

describe("Gaussian Markov random fields", () => {
  // Λ = [[2, −1, 0], [−1, 3, 0.5], [0, 0.5, 1]], f = (1, 0, −2): mean and covariance by hand.
  const definition = {
    nodes: 3,
    precisions: [2, 3, 1],
    edges: [
      [0, 1],
      [1, 2],
    ] as const,
    couplings: [-1, 0.5],
    fields: [1, 0, -2],
  };
  const determinant = 2 * (3 - 0.25) - 1;

  test("means and covariances at two temperatures", async () => {
    // Λ m = f: rows 1 and 3 give m0 = (1 + m1)/2 and m2 = −2 − m1/2, row 2 then −m0 + 3 m1 + m2/2 = 0.
    const m1 = 1.5 / 2.25;
    const means = [(1 + m1) / 2, m1, -2 - m1 / 2];
    // (Λ⁻¹)₀₀ = (3 · 1 − 0.25)/det, (Λ⁻¹)₀₁ = 1/det, with det = 2 · 2.75 − 1 = 4.5.
    for (const beta of [1, 4]) {
      const model = gaussianModel({ ...definition, beta });
      const run = await sampleGibbs(gibbsProgram({ model }), RUN);
      const [x, y] = [run.observed.states.scalar(model.nodes[0]!), run.observed.states.scalar(model.nodes[1]!)];
      for (const [i, m] of means.entries()) {
        expect(Math.abs(zOf(run.observed.states.scalar(model.nodes[i]!), m))).toBeLessThan(4.5);
      }
      expect(
        Math.abs(
          zOf(
            mapped(x, (value) => (value - means[0]!) ** 2),
            2.75 / determinant / beta,
          ),
        ),
      ).toBeLessThan(4.5);
      const product = { ...x, values: x.values.map((value, n) => (value - means[0]!) * (y.values[n]! - m1)) };
      expect(Math.abs(zOf(product, 1 / determinant / beta))).toBeLessThan(4.5);
    }
  });

  test("the mean energy is that of n/2 degrees of freedom", async () => {
    const { nodes, edges } = lattice([4, 4]);
    const model = gaussianModel({ nodes, edges, precisions: 4.5, couplings: -1, beta: 2 });
    const run = await sampleGibbs(gibbsProgram({ model }), RUN);
    expect(Math.abs(zOf(run.observed.energies, 16 / 2 / 2))).toBeLessThan(4.5);
  });

  test("a matrix that is not positive definite is refused", () => {
    expect(() => gaussianModel({ nodes: 2, precisions: 1, edges: [[0, 1]], couplings: 1.1 })).toThrow(
      /positive definite matrix/,
    );
    expect(() => gaussianModel({ nodes: 2, precisions: [1, 0] })).toThrow("precisions[1] must be positive");
    // Not diagonally dominant, and positive definite all the same.
    const edges = [
      [0, 1],
      [0, 2],
    ] as const;
    expect(gaussianModel({ nodes: 3, precisions: 1, edges, couplings: 0.6 }).nodes.length).toBe(3);
  });

  test("a node without precision has no law: it is named when its turn comes", async () => {
    const [x] = gaussianNodes(1, "free");
    const model = energyModel({ nodes: [x], factors: [productFactor({ reals: [[x]], weights: [1] })] });
    await expect(sampleGibbs(gibbsProgram({ model }))).rejects.toThrow(
      "precision times beta of free0 must be positive",
    );
    const flat = gaussianModel({ nodes: 1, precisions: 1, beta: 0 });
    await expect(sampleGibbs(gibbsProgram({ model: flat }))).rejects.toThrow(InvalidArgumentError);
  });
});

test("a mixture: a category chooses precision and mean, a spin couples to the value", async () => {
  const c = categoryNode("c", 2);
  const s = spinNode("s");
  const [x] = gaussianNodes(1);
  const [p, f, h, J] = [[1, 4], [0.5, -2], [0.2, -0.4], 0.6];
  const model = energyModel({
    nodes: [c, s, x],
    factors: [
      quadraticFactor({ nodes: [x], categories: [[c]], precisions: p! }),
      productFactor({ reals: [[x]], categories: [[c]], weights: f! }),
      productFactor({ categories: [[c]], weights: h! }),
      productFactor({ spins: [[s]], reals: [[x]], weights: [J!] }),
    ],
  });
  // ∫ exp(F x − ½ P x²) dx = √(2π/P) exp(F²/2P), with F = f_c + J s: the discrete part is exact.
  const cells = [0, 1].flatMap((k) => [-1, 1].map((sign) => ({ k, sign, F: f![k]! + J! * sign, P: p![k]! })));
  const weights = cells.map(({ k, F, P }) => Math.exp(h![k]! + (F * F) / (2 * P)) / Math.sqrt(P));
  const total = weights.reduce((a, b) => a + b);
  const mean = (value: (cell: (typeof cells)[number]) => number) =>
    cells.reduce((sum, cell, n) => sum + (weights[n]! / total) * value(cell), 0);
  const run = await sampleGibbs(gibbsProgram({ model }), { ...RUN, draws: 20_000 });
  const { states } = run.observed;
  expect(
    Math.abs(
      zOf(
        states.scalar(c),
        mean(({ k }) => k),
      ),
    ),
  ).toBeLessThan(4.5);
  expect(
    Math.abs(
      zOf(
        states.scalar(s),
        mean(({ sign }) => sign),
      ),
    ),
  ).toBeLessThan(4.5);
  expect(
    Math.abs(
      zOf(
        states.scalar(x),
        mean(({ F, P }) => F / P),
      ),
    ),
  ).toBeLessThan(4.5);
  const squares = mapped(states.scalar(x), (value) => value * value);
  expect(
    Math.abs(
      zOf(
        squares,
        mean(({ F, P }) => 1 / P + (F / P) ** 2),
      ),
    ),
  ).toBeLessThan(4.5);
});

describe("user-defined nodes", () => {
  // An autoregression on a circle: x | others ~ N(0.4 (left + right), 1), as nodes with two numbers (value, last noise).
  const circle: Node[] = [];
  for (let i = 0; i < 4; i++) {
    circle.push(
      userNode({
        name: `y${i}`,
        size: 2,
        reads: () => [circle[(i + 3) % 4]!, circle[(i + 1) % 4]!],
        draw([left = 0, , right = 0], value, random, beta) {
          value[1] = random.normal() / Math.sqrt(beta);
          value[0] = 0.4 * (left + right) + value[1];
        },
      }),
    );
  }
  const model = energyModel({ nodes: circle, factors: [], beta: 2 });

  test("are drawn by their own conditional law, at the temperature of the model", async () => {
    const program = gibbsProgram({ model });
    expect(program.steps.length).toBe(2);
    const run = await sampleGibbs(program, { ...RUN, observers: { states: stateObserver() } });
    const { values, names, draws, chains } = run.observed.states;
    expect(names).toEqual(["y0[0]", "y0[1]", "y1[0]", "y1[1]", "y2[0]", "y2[1]", "y3[0]", "y3[1]"]);
    const y0 = Float64Array.from({ length: draws * chains }, (_, n) => values[8 * n]! ** 2);
    // Λ = I − 0.4 (neighbours) on a circle of 4: eigenvalues 0.2, 1, 1, 1.8; variance = mean of 1/λ, over β.
    expect(Math.abs(zOf({ values: y0, chains, draws }, (5 + 1 + 1 + 1 / 1.8) / 4 / 2))).toBeLessThan(4.5);
  });

  test("that draw what they cannot have are named", async () => {
    const bad = userNode({ name: "bad", draw: (_neighbours, value) => void value.fill(Number.NaN) });
    const one = gibbsProgram({ model: energyModel({ nodes: [bad], factors: [] }) });
    await expect(sampleGibbs(one)).rejects.toThrow("draw of bad must write a possible value of the node");
  });

  test("that read each other cannot be in one block", () => {
    expect(() => gibbsProgram({ model, free: [block(circle)] })).toThrow(/"y0 – y3"|"y0 – y1"/);
  });
});

describe("Metropolis within Gibbs", () => {
  const [x, y] = gaussianNodes(2);
  const quartic = userFactor({ groups: [[x], [y]], energy: ([a = 0, b = 0]) => a ** 4 / 4 + (b - a) ** 2 / 2 });
  const model = energyModel({ nodes: [x, y], factors: [quartic], beta: 1.5 });
  const free = [block([x]), block([y])];

  test("draws what has no conditional law to draw from, with a scale learned in warmup", async () => {
    const sampler = metropolisSampler({ scale: 50 });
    const program = gibbsProgram({ model, free, samplers: new Map(free.map((own) => [own, sampler])) });
    const run = await sampleGibbs(program, { ...RUN, warmup: 1000, initial: "zeros" });
    // Equipartition: ⟨x ∂E/∂x⟩ = 1/β for each, so ⟨x⁴ − (y − x) x⟩ = ⟨(y − x) y⟩ = 1/β.
    const { values, chains, draws } = run.observed.states;
    const virial = Float64Array.from({ length: chains * draws }, (_, n) => {
      const [a, b] = [values[2 * n]!, values[2 * n + 1]!];
      return a ** 4 - (b - a) * a;
    });
    expect(Math.abs(zOf({ values: virial, chains, draws }, 1 / 1.5))).toBeLessThan(4.5);
    const spread = virial.map((_, n) => (values[2 * n + 1]! - values[2 * n]!) * values[2 * n + 1]!);
    expect(Math.abs(zOf({ values: spread, chains, draws }, 1 / 1.5))).toBeLessThan(4.5);
    for (const reports of run.samplers) {
      for (const { acceptance } of reports.values()) expect(Math.abs(acceptance![0]! - 0.44)).toBeLessThan(0.1);
    }
  });

  test("draws user-defined nodes of several numbers that have an energy and no law of their own", async () => {
    const point = userNode({ name: "point", size: 2 });
    const spin = spinNode("s");
    // A normal law of correlation 0.8 around (s, 0): precision matrix [[1, −0.8], [−0.8, 1]]/0.36.
    const bowl = userFactor({
      groups: [[point], [spin]],
      energy: ([p = 0, q = 0, s = 0]) => ((p - s) ** 2 - 1.6 * (p - s) * q + q ** 2) / 0.72,
    });
    const whole = energyModel({ nodes: [point, spin], factors: [bowl] });
    const own = block([point]);
    const samplers = new Map([[own, metropolisSampler({ steps: 4 })]]);
    expect(() => gibbsProgram({ model: whole, free: [own, block([spin])] })).toThrow(
      /^point in block point must have a draw/,
    );
    const run = await sampleGibbs(gibbsProgram({ model: whole, free: [own, block([spin])], samplers }), RUN);
    const { values, chains, draws } = run.observed.states;
    const of = (f: (p: number, q: number, s: number) => number) => ({
      chains,
      draws,
      values: Float64Array.from({ length: chains * draws }, (_, n) =>
        f(values[3 * n]!, values[3 * n + 1]!, values[3 * n + 2]!),
      ),
    });
    expect(
      Math.abs(
        zOf(
          of((p, _q, s) => (p - s) ** 2),
          1,
        ),
      ),
    ).toBeLessThan(4.5);
    expect(
      Math.abs(
        zOf(
          of((p, q, s) => (p - s) * q),
          0.8,
        ),
      ),
    ).toBeLessThan(4.5);
    expect(
      Math.abs(
        zOf(
          of((_p, _q, s) => s),
          0,
        ),
      ),
    ).toBeLessThan(4.5);
  });

  test("a Gaussian sampler refuses an energy that it does not know to be a parabola", () => {
    expect(() => gibbsProgram({ model, free })).toThrow(/user factors of x0 in block x0 .*Metropolis sampler/);
  });

  test("keeps to what a node can have: a normal law cut off at 0", async () => {
    const positive = userNode({ name: "positive", isValid: ([v]) => v! > 0 });
    const half = energyModel({
      nodes: [positive],
      factors: [userFactor({ groups: [[positive]], energy: ([v = 0]) => v ** 2 / 2 })],
    });
    const own = block([positive]);
    const program = gibbsProgram({ model: half, free: [own], samplers: new Map([[own, metropolisSampler()]]) });
    await expect(sampleGibbs(program)).rejects.toThrow(/^positive in start of chain 0 must be a possible value/);
    const run = await sampleGibbs(program, { ...RUN, initial: Float64Array.of(1) });
    expect(run.observed.states.values.every((v) => v > 0)).toBe(true);
    expect(Math.abs(zOf(run.observed.states.scalar(positive), Math.sqrt(2 / Math.PI)))).toBeLessThan(4.5);
  });

  test("a proposal that is no state of a spin is refused", async () => {
    const s = spinNode("s");
    const own = block([s]);
    const propose = (_value: Float64Array, proposal: Float64Array) => {
      proposal[0] = 0;
      return 0;
    };
    const one = energyModel({ nodes: [s], factors: [] });
    const program = gibbsProgram({
      model: one,
      free: [own],
      samplers: new Map([[own, metropolisSampler({ propose })]]),
    });
    await expect(sampleGibbs(program)).rejects.toThrow("proposal for s must be -1 or 1; received 0");
  });

  test("interactions without an energy are refused", () => {
    const interactions = [weightedInteractions({ heads: [x], multiplied: [[y]], weights: [1] })];
    const samplers = new Map(free.map((own) => [own, metropolisSampler()]));
    expect(() => gibbsProgram({ model, free, samplers, interactions })).toThrow(/x0 in block x0 must have an energy/);
  });
});

test("directed interactions act on their heads alone", async () => {
  const [a, b] = [spinNode("a"), spinNode("b")];
  const model = energyModel({ nodes: [a, b], factors: [productFactor({ spins: [[a]], weights: [0.3] })] });
  const interactions = [weightedInteractions({ heads: [b], multiplied: [[a]], weights: [0.8] })];
  const program = gibbsProgram({ model, interactions });
  expect(program.steps.length).toBe(2);
  const run = await sampleGibbs(program, RUN);
  const [s, t] = [run.observed.states.scalar(a), run.observed.states.scalar(b)];
  // a knows nothing of b; b follows a.
  expect(Math.abs(zOf(s, Math.tanh(0.3)))).toBeLessThan(4.5);
  expect(Math.abs(zOf({ ...t, values: t.values.map((v, n) => v * s.values[n]!) }, Math.tanh(0.8)))).toBeLessThan(4.5);
  expect(() => gibbsProgram({ model, interactions, free: [block([a, b])] })).toThrow('"b – a"');
});
