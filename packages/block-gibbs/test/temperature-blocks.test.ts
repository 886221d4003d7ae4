import { integratedTime, mcse } from "@siegert/diagnostics";
import { InvalidArgumentError } from "@siegert/errors";
import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";
import {
  block,
  blocksByTemperature,
  enumerateStates,
  estimateCriticalBeta,
  gibbsProgram,
  gibbsReplicas,
  influencePartition,
  isingModel,
  lattice,
  pairInfluences,
  plantedTorus,
  randomRegularGraph,
  reblock,
  recommendBlockSize,
  type Superblock,
  superblocksOf,
} from "../src/index.ts";
import { lawP } from "./chi-square.ts";

describe("block sizes by temperature", () => {
  test("grow towards the critical point and shrink beyond it, or stay", () => {
    const sizes = [0, 0.2, 0.3, 0.4, 0.44, 0.5, 0.7, 2].map((beta) => recommendBlockSize(beta));
    expect(sizes).toEqual([1, 2, 3, 11, 16, 7, 2, 1]);
    expect(recommendBlockSize(2, { beyond: "keep", maxSize: 64 })).toBe(64);
    expect(recommendBlockSize(0.4, { criticalBeta: Infinity })).toBe(1);
    expect(() => recommendBlockSize(-1)).toThrow(InvalidArgumentError);
    expect(() => recommendBlockSize(1, { minSize: 0 })).toThrow(InvalidArgumentError);
    expect(() => recommendBlockSize(1, { criticalBeta: 0 })).toThrow(InvalidArgumentError);
  });

  test("the estimated critical point of a regular graph is atanh 1/(d − 1), of a chain none", () => {
    for (const degree of [3, 4, 6]) {
      const { nodes, edges } = randomRegularGraph(60, degree, 2);
      const { graph } = isingModel({ nodes, edges });
      expect(estimateCriticalBeta(nodes, (beta) => pairInfluences(graph, beta))).toBeCloseTo(
        Math.atanh(1 / (degree - 1)),
        9,
      );
    }
    const chain = isingModel({ nodes: 10, edges: lattice([10]).edges });
    expect(estimateCriticalBeta(10, (beta) => pairInfluences(chain.graph, beta))).toBe(Infinity);
    const largest = (superblocks: readonly Superblock[]) =>
      Math.max(
        ...superblocks
          .flat()
          .filter(({ isJoint }) => isJoint)
          .map(({ nodes }) => nodes.length),
        1,
      );
    const at = blocksByTemperature(chain);
    expect([0, 0.3, 1, 3].map((beta) => largest(at(beta)))).toEqual([1, 1, 4, 10]);
  });

  test("a few schedules serve a whole ladder, and clamped nodes are left out", () => {
    const { nodes, edges } = lattice([8, 8]);
    const model = isingModel({ nodes, edges });
    const clamped = [block(model.nodes.slice(0, 4))];
    const at = blocksByTemperature(model, { criticalBeta: 0.44, clamped });
    const ladder = Array.from({ length: 50 }, (_, k) => at(k / 50));
    expect(new Set(ladder).size).toBeLessThanOrEqual(5);
    for (const free of new Set(ladder)) {
      expect(free.flat().flatMap(({ nodes: own }) => [...own]).length).toBe(60);
      expect(() => gibbsProgram({ model, free, clamped })).not.toThrow();
    }
    expect(() => at(-1)).toThrow(InvalidArgumentError);
    expect(() => blocksByTemperature(model, { criticalBeta: -1 })).toThrow(InvalidArgumentError);
  });

  test("measured correlations decide who shares a block", () => {
    const { nodes, edges } = lattice([12]);
    const model = isingModel({ nodes, edges });
    const measured = pairInfluences(model.graph, 1);
    // Pairs (1, 2), (3, 4) … were seen to move together.
    const strengths = measured.strengths.map((_, e) => (measured.edges[2 * e]! % 2 === 1 ? 0.9 : 0.1));
    const at = blocksByTemperature(model, {
      criticalBeta: 0.4,
      maxBlockSize: 2,
      pairs: { edges: measured.edges, strengths },
    });
    const blocks = at(0.4)
      .flat()
      .filter(({ isJoint }) => isJoint);
    expect(blocks.map((own) => own.nodes.map(({ name }) => name).join()).sort()).toContain("s1,s2");
    expect(blocks.map((own) => own.nodes.map(({ name }) => name).join()).sort()).toContain("s9,s10");
  });

  test("trees of thousands of nodes are grown in a time that follows their size", () => {
    const time = (side: number): number => {
      const { nodes, edges } = lattice([side, side]);
      const { graph } = isingModel({ nodes, edges });
      const pairs = pairInfluences(graph, 0.4);
      const before = performance.now();
      const lists = influencePartition(graph, pairs, { maxBlockSize: nodes, maxWidth: 1 });
      expect(Math.max(...lists.map((list) => list.length))).toBeGreaterThan(nodes / 3);
      return performance.now() - before;
    };
    time(10);
    // 9 times the nodes; with an elimination per node it would be 81 times the work.
    expect(time(60) / time(20)).toBeLessThan(50);
  });

  /** p value of one sweep from exact draws leaving the law as it is. */
  function invarianceP(
    model: ReturnType<typeof isingModel>,
    free: readonly Superblock[],
    beta: number,
    seed: number,
  ): number {
    const enumeration = enumerateStates(model);
    const law = enumeration.probabilities(beta);
    const program = gibbsProgram({ model, free });
    const random = createRandom(seed, "invariance");
    const counts = new Float64Array(enumeration.count);
    const state = new Float64Array(model.nodes.length);
    const memory = program.newMemory();
    for (let n = 0; n < 20_000; n++) {
      enumeration.stateAt(random.categorical(law), state);
      program.sweep(state, { beta, random, memory, isWarmup: false });
      counts[enumeration.indexOf(state)]! += 1;
    }
    return lawP(counts, law);
  }

  test.each([0, 0.2, 0.4, 0.6, 1])(
    "the law stays exact at β = %s, for influence blocks of every size and for measured ones",
    (beta) => {
      const { nodes, edges } = lattice([3, 3]);
      const random = createRandom(7, "couplings");
      const model = isingModel({
        nodes,
        edges,
        couplings: Float64Array.from({ length: 18 }, () => 1 + 0.5 * random.normal()),
        fields: 0.1,
      });
      const at = blocksByTemperature(model, { criticalBeta: 0.4, maxBlockSize: 8 });
      expect(invarianceP(model, at(beta), beta, 1)).toBeGreaterThan(1e-3);
      const draws = Float64Array.from({ length: 9 * 40 }, () => (random.uniform() < 0.8 ? 1 : -1));
      expect(invarianceP(model, reblock(model, draws, { threshold: 0.05, maxBlockSize: 5 }), beta, 2)).toBeGreaterThan(
        1e-3,
      );
    },
  );

  test("replicas with blocks by temperature have the exact mean energy on every rung", () => {
    const { nodes, edges } = lattice([4, 4]);
    const model = isingModel({ nodes, edges });
    const betas = Float64Array.of(0, 0.2, 0.35, 0.44, 0.6);
    const problem = gibbsReplicas({ model, jointBlocks: { criticalBeta: 0.44, maxBlockSize: 8 } });
    const group = problem.createGroup({ seed: 3, replicas: [0, 1, 2, 3, 4] });
    const statistics = new Float64Array(5);
    const ladder = {
      betas,
      chains: Int32Array.of(0, 1, 2, 3, 4),
      legs: new Int32Array(5),
      tallies: new Float64Array(0),
    };
    const draws = 20_000;
    const energies = betas.reduce<Float64Array[]>((all) => [...all, new Float64Array(draws)], []);
    for (let n = -200; n < draws; n++) {
      group.explore({ ...ladder, statistics });
      for (let c = 0; n >= 0 && c < 5; c++) energies[c]![n] = -statistics[c]!;
    }
    const enumeration = enumerateStates(model);
    for (const [c, values] of energies.entries()) {
      const error = mcse({ values, chains: 1, draws });
      const mean = values.reduce((sum, value) => sum + value, 0) / draws;
      expect(Math.abs(mean - enumeration.at(betas[c]!).meanEnergy) / error).toBeLessThan(4);
    }
  });

  test("near β_c larger joint blocks forget faster, per sweep", () => {
    const { nodes, edges } = lattice([10, 10]);
    const beta = 0.44;
    const model = isingModel({ nodes, edges, beta });
    const pairs = pairInfluences(model.graph, beta);
    const times = [1, 7, 50].map((maxBlockSize) => {
      const lists = influencePartition(model.graph, pairs, { maxBlockSize });
      const program = gibbsProgram({ model, free: superblocksOf(model, lists) });
      return Array.from({ length: 20 }, (_, chain) => {
        const random = createRandom(11, "chain", chain);
        const state = new Float64Array(nodes).fill(1);
        const memory = program.newMemory();
        const values = new Float64Array(2000);
        for (let n = -200; n < values.length; n++) {
          program.sweep(state, { beta, random, memory, isWarmup: n < 0 });
          if (n >= 0) values[n] = Math.abs(state.reduce((sum, s) => sum + s, 0));
        }
        return integratedTime({ values, chains: 1, draws: values.length }, { tolerance: 1 }).tau;
      });
    });
    for (const [slow, fast] of [
      [times[0]!, times[1]!],
      [times[1]!, times[2]!],
    ] as const) {
      const [a, b] = [moments(slow), moments(fast)];
      expect((a.mean - b.mean) / Math.sqrt((a.variance + b.variance) / slow.length)).toBeGreaterThan(4);
    }
  });

  test("blocks of a planted glass keep within the limits where couplings are frustrated", () => {
    const glass = plantedTorus(8, 1);
    const model = isingModel(glass);
    const at = blocksByTemperature(model, { beyond: "keep", maxBlockSize: 32, maxWidth: 4 });
    const blocks = at(3).flat();
    expect(Math.max(...blocks.map(({ nodes }) => nodes.length))).toBeGreaterThanOrEqual(16);
    expect(() => gibbsProgram({ model, free: at(3) })).not.toThrow();
  });
});

function moments(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) };
}
