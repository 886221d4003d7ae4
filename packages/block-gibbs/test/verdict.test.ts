import { InvalidArgumentError } from "@siegert/errors";
import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";
import {
  adviseGroundState,
  energyBalance,
  energyModel,
  enumerateStates,
  gaussianNodes,
  isingModel,
  judgeGroundState,
  lattice,
  marginalEntropy,
  plantedTorus,
  pottsModel,
  quadraticFactor,
  sampleConvergence,
} from "../src/index.ts";

const chain = (n: number, couplings: number[], fields = 0) =>
  isingModel({ nodes: n, edges: lattice([n], { periodic: false }).edges, couplings, fields });

/** Independent draws from a model's law. */
function exactDraws(model: ReturnType<typeof isingModel>, count: number, seed: number): Float64Array {
  const enumeration = enumerateStates(model);
  const law = enumeration.probabilities();
  const random = createRandom(seed, "exact draws");
  const states = new Float64Array(count * model.nodes.length);
  for (let n = 0; n < count; n++) {
    enumeration.stateAt(random.categorical(law), states.subarray(n * model.nodes.length, (n + 1) * model.nodes.length));
  }
  return states;
}

describe("sample convergence", () => {
  const model = chain(5, [1, 0.5, 0.8, 1.2], 0.3);

  test("many independent draws have converged; few or drifting ones have not", () => {
    const many = sampleConvergence(model.graph, exactDraws(model, 40_000, 1));
    expect(many.verdict).toBe("converged");
    expect(many.drift).toBeLessThan(0.01);
    expect(many.overlap).toBeGreaterThanOrEqual(0.8);
    const few = sampleConvergence(model.graph, exactDraws(model, 100, 2));
    expect(few.verdict).toBe("more draws needed");
    expect(few.chanceDrift).toBeGreaterThan(0.01);
    expect(few.words).toContain("more draws needed");
    const drifting = exactDraws(model, 40_000, 3);
    for (let n = 30_000 * 5; n < drifting.length; n++) drifting[n] = 1;
    expect(sampleConvergence(model.graph, drifting).verdict).toBe("more draws needed");
  });

  test("the chance drift is what independent draws show", () => {
    let sum = 0;
    let expected = 0;
    for (let seed = 0; seed < 50; seed++) {
      const { drift, chanceDrift } = sampleConvergence(model.graph, exactDraws(model, 1000, 100 + seed));
      sum += drift;
      expected += chanceDrift;
    }
    // The drift is the largest of four, so it lies above the mean of one, by less than a factor of two and a half.
    expect(sum / expected).toBeGreaterThan(1);
    expect(sum / expected).toBeLessThan(2.5);
  });

  test("between the limits it is borderline, and without repeated states marginals decide alone", () => {
    const draws = exactDraws(model, 40_000, 1);
    const { drift } = sampleConvergence(model.graph, draws);
    expect(sampleConvergence(model.graph, draws, { maxDrift: drift / 1.5 }).verdict).toBe("borderline");
    const large = isingModel({ nodes: 64, edges: lattice([8, 8]).edges });
    const random = createRandom(4, "coins");
    const coins = Float64Array.from({ length: 64 * 20_000 }, () => 2 * random.integer(2) - 1);
    const verdict = sampleConvergence(large.graph, coins);
    expect(verdict.overlap).toBeUndefined();
    expect(verdict.verdict).toBe("converged");
    expect(() => sampleConvergence(model.graph, draws.subarray(0, 35))).toThrow(InvalidArgumentError);
    expect(() => sampleConvergence(model.graph, draws, { minOverlap: 2 })).toThrow(InvalidArgumentError);
    expect(() => sampleConvergence(model.graph, new Float64Array(100))).toThrow("s0");
  });

  test("marginal entropy is 0 for frozen nodes, 1 for fair ones, and that of a biased coin between", () => {
    const rows = [
      [1, 1, 1],
      [1, -1, 1],
      [1, 1, 1],
      [1, -1, -1],
    ];
    const entropy = marginalEntropy(chain(3, [1, 1]).graph, Float64Array.from(rows.flat()));
    expect([...entropy.subarray(0, 2)]).toEqual([0, 1]);
    expect(entropy[2]).toBeCloseTo(0.811278124459133, 14);
    const potts = pottsModel({ nodes: 2, states: 3, edges: [[0, 1]] });
    const thirds = marginalEntropy(potts.graph, Float64Array.of(0, 0, 1, 1, 2, 0));
    expect(thirds[0]).toBeCloseTo(1, 14);
    expect(thirds[1]).toBeCloseTo((Math.log2(3) - 2 / 3) / Math.log2(3), 14);
    const reals = gaussianNodes(1);
    const real = energyModel({ nodes: reals, factors: [quadraticFactor({ nodes: reals, precisions: [1] })] });
    expect(() => marginalEntropy(real.graph, Float64Array.of(1))).toThrow(InvalidArgumentError);
  });
});

describe("energy balance", () => {
  test("compares |b| with Σ|J| per node, and says who decides", () => {
    const ring = (fields: number) => isingModel({ nodes: 6, edges: lattice([6]).edges, couplings: -0.5, fields }).graph;
    expect(energyBalance(ring(0.5), 2)).toMatchObject({
      fieldScale: 0.5,
      couplingScale: 1,
      ratio: 0.5,
      betaScale: 2,
      verdict: "balanced",
    });
    expect(energyBalance(ring(0), 1).verdict).toBe("couplings dominate");
    expect(energyBalance(ring(3), 1).verdict).toBe("fields dominate");
    expect(energyBalance(ring(3), 1, { high: 4 }).verdict).toBe("balanced");
    expect(() => energyBalance(ring(0), 1, { low: 3 })).toThrow(InvalidArgumentError);
  });
});

describe("ground state advice", () => {
  test("on a tree of spins the excess is exact, and β_max is where it meets the gap", () => {
    const model = chain(8, [1, -0.5, 2, 0.7, -1.5, 1, 0.3]);
    const advice = adviseGroundState(model.graph);
    expect(advice.isExact).toBe(true);
    expect(advice.lowestEnergy).toBeCloseTo(-7, 14);
    const enumeration = enumerateStates(model);
    for (const beta of [0, 0.5, 2]) {
      expect(advice.excess(beta)).toBeCloseTo(enumeration.at(beta).meanEnergy - advice.lowestEnergy, 10);
    }
    expect(advice.excess(advice.betaMax)).toBeCloseTo(7e-3, 9);
    // Λ of independent defects with the normal approximation: by a fine sum over exact variances.
    let barrier = 0;
    for (let k = 0; k < 2000; k++) {
      barrier += Math.sqrt(enumeration.at(((k + 0.5) / 2000) * 3).varianceEnergy / Math.PI) * (3 / 2000);
    }
    expect(advice.barrier(3)).toBeCloseTo(barrier, 5);
    expect(advice.chains).toBe(Math.ceil(2 * advice.barrier(advice.betaMax) + 1));
  });

  test("on a planted glass descents come near the ground state, and a known energy is taken over", () => {
    const glass = plantedTorus(8, 2);
    const model = isingModel(glass);
    const advice = adviseGroundState(model.graph, { restarts: 50 });
    expect(advice.isExact).toBe(false);
    expect(advice.lowestEnergy).toBeGreaterThanOrEqual(glass.groundEnergy);
    expect(advice.lowestEnergy).toBeLessThan(0.8 * glass.groundEnergy);
    // Single flips of a ±1 lattice cost 0, 4 or 8.
    expect([...advice.defects].filter((c) => c !== 4 && c !== 8)).toEqual([]);
    const known = adviseGroundState(model.graph, { lowestEnergy: glass.groundEnergy });
    expect(known).toMatchObject({ isExact: true, lowestEnergy: glass.groundEnergy, range: 64 });
  });

  test("categories: gaps are to the second best state, energies count from their mean at β = 0", () => {
    const potts = pottsModel({ nodes: 4, states: 3, edges: lattice([4], { periodic: false }).edges });
    const advice = adviseGroundState(potts.graph, { restarts: 100 });
    expect(advice.lowestEnergy).toBe(-3);
    expect(advice.range).toBeCloseTo(2, 14);
    expect([...advice.defects].sort()).toEqual([1, 1, 2, 2]);
  });

  test("verdicts say what limits a search", () => {
    const advice = adviseGroundState(chain(8, [1, 1, 1, 1, 1, 1, 1]).graph);
    const outcome = { beta: advice.betaMax * 1.01, meanEnergy: -6.995, lowestEnergy: -7, roundTrips: 50 };
    expect(judgeGroundState(advice, outcome).verdict).toBe("draws");
    expect(judgeGroundState(advice, { ...outcome, meanEnergy: -6.5 }).verdict).toBe("mixing-limited");
    expect(judgeGroundState(advice, { ...outcome, lowestEnergy: -5, meanEnergy: -5 }).verdict).toBe("mixing-limited");
    expect(judgeGroundState(advice, { ...outcome, roundTrips: 3 }).verdict).toBe("inconclusive");
    const warm = judgeGroundState(advice, { ...outcome, beta: 1, meanEnergy: -5.3 });
    expect(warm.verdict).toBe("beta-limited");
    expect(warm.words).toContain(`raise β to ${advice.betaMax.toPrecision(3)}`);
    expect(() => judgeGroundState(advice, { ...outcome, meanEnergy: -8 })).toThrow(InvalidArgumentError);
    expect(() => judgeGroundState(advice, { ...outcome, beta: Number.NaN })).toThrow(InvalidArgumentError);
  });

  test("a model without energies needs no cold, and bad options are refused", () => {
    const free = isingModel({ nodes: 3, edges: [[0, 1]], couplings: 0 });
    expect(adviseGroundState(free.graph).betaMax).toBe(0);
    expect(() => adviseGroundState(free.graph, { relativeGap: 0 })).toThrow(InvalidArgumentError);
    expect(() => adviseGroundState(free.graph, { restarts: 0 })).toThrow(InvalidArgumentError);
    expect(() => adviseGroundState(free.graph, { lowestEnergy: Number.NaN })).toThrow(InvalidArgumentError);
    const reals = gaussianNodes(1);
    const gaussian = energyModel({ nodes: reals, factors: [quadraticFactor({ nodes: reals, precisions: [1] })] });
    expect(() => adviseGroundState(gaussian.graph)).toThrow("x0");
  });
});
