/** Barriers, tuned ladders, round trips and verdicts on models of the lattice and graph packages. */
import { gibbsReplicas, isingModel, plantedTorus } from "@siegert/block-gibbs";
import { isingReplicas } from "@siegert/ising";
import type { ReplicaProblem } from "@siegert/log-density";
import {
  continuousReplicas,
  idealRoundTripRate,
  normalReference,
  type TemperingRun,
  temper,
  type Verdict,
} from "@siegert/pt-tempering";
import { describe, expect, test } from "vitest";
import { type GoldenModel, ISING_OPEN, ISING_TORUS_4X4, POTTS, SPIN_GLASS } from "./tempering-golden.ts";
import { exactAcceptance, independentDraws, problemsOf } from "./tempering-models.ts";
import { drawScore, score } from "./tempering-scores.ts";

const range = (n: number) => Array.from({ length: n }, (_, i) => i);

/** Λ between β = 0 and the last β, from enumerations. */
const BARRIERS: readonly (readonly [GoldenModel, number, number])[] = [
  [ISING_TORUS_4X4, 0.7, 2.2940331782754],
  [ISING_TORUS_4X4, 1, 2.3541994080683],
  [SPIN_GLASS, 2, 1.9353432450917],
  [POTTS, 1.6, 2.0480874988856],
];

describe.each(
  BARRIERS.flatMap(([golden, maxBeta, exact]) =>
    problemsOf(golden).map(([kernel, problem]) => ({ golden, name: golden.name, maxBeta, exact, kernel, problem })),
  ),
)("the barrier of the $name up to $maxBeta by $kernel", ({ golden, maxBeta, exact, problem }) => {
  test("is found", async () => {
    const run = await temper(problem, { chains: 24, maxBeta, rounds: 11, seed: 6, draws: false });
    const { betas, last } = run;
    // What 24 chains can know of it: Σ r is below Λ by as much as the exact rejections of the ladder say.
    const rejections = range(23).map((k) => 1 - exactAcceptance(golden, betas[k]!, betas[k + 1]!));
    const sum = rejections.reduce((a, b) => a + b, 0);
    expect(exact - sum).toBeGreaterThan(0);
    expect(exact - sum).toBeLessThan(0.01);
    let variance = 0;
    for (const { chain, acceptance, acceptanceError } of last!.pairs) {
      expect(Math.abs(score(acceptance, acceptanceError, 1 - rejections[chain]!))).toBeLessThan(5);
      variance += acceptanceError! ** 2;
    }
    // Pairs share rungs: with all correlations between next pairs at their highest the variance of the sum is 3 times this.
    expect(Math.abs(run.barrier().total - sum)).toBeLessThan(4 * Math.sqrt(3 * variance));
    expect(4 * Math.sqrt(3 * variance)).toBeLessThan(0.15);
  });
});

test.each(problemsOf(ISING_TORUS_4X4).slice(0, 3))(
  "the local barrier of the 4 × 4 torus has its values, by %s",
  async (_, problem) => {
    const run = await temper(problem, { chains: 20, rounds: 13, seed: 3, draws: false });
    const local = [
      [0.2, 3.74744135461],
      [0.3, 4.9441333529],
      [0.44, 4.24447321961],
    ] as const;
    // The cubic is off by up to 0.02, pairs by 0.02 of their rejection.
    for (const [beta, lambda] of local) expect(Math.abs(run.barrier().local(beta) / lambda - 1)).toBeLessThan(0.07);
  },
);

test.each(
  problemsOf(ISING_TORUS_4X4).flatMap(([kernel, problem]) =>
    (kernel.startsWith("block") ? [1] : [1, 2, 8]).map((seed) => [kernel, seed, problem] as const),
  ),
)(
  "six chains on the 4 × 4 torus land on the ladder of equal barriers within 0.01, by %s, seed %i",
  async (_, seed, problem) => {
    const run = await temper(problem, { chains: 6, rounds: 13, seed, draws: false });
    const equal = [0, 0.1477560798, 0.2693019601, 0.3622835181, 0.4620024078, 1];
    for (const [i, beta] of equal.entries()) expect(Math.abs(run.betas[i]! - beta)).toBeLessThan(0.01);
    // The rejections of that ladder are 0.4429 … 0.4506.
    for (const { acceptance, acceptanceError } of run.last!.pairs) {
      expect(acceptance + 4 * acceptanceError!).toBeGreaterThan(1 - 0.4506 - 0.02);
      expect(acceptance - 4 * acceptanceError!).toBeLessThan(1 - 0.4429 + 0.02);
    }
  },
);

test("a number of chains is found for a lattice of 16 × 16 by both of its kernels", async () => {
  const found: number[] = [];
  for (const form of ["replica-planes", "general-graph"] as const) {
    const problem = isingReplicas({ lattice: { size: [16, 16] }, form, sweepsPerStep: 2 });
    const run = await temper(problem, { chains: "auto", rounds: 9, seed: 2, draws: false });
    const { pairs, barriers } = run.last!;
    const mean = pairs.reduce((sum, { acceptance }) => sum + acceptance, 0) / pairs.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.06);
    // ⌈1.05 Λ / (1 − 0.5)⌉ + 1, from the Λ of a short probe, and the search ends within one chain of it.
    expect(Math.abs(run.chains - (Math.ceil(2.1 * barriers[0]!) + 1))).toBeLessThanOrEqual(2);
    found.push(run.chains);
  }
  // A search ends within one chain of what it asks for.
  expect(Math.abs(found[0]! - found[1]!)).toBeLessThanOrEqual(2);
});

/** Spins that no bond joins, all in the field 1: a sweep of heat bath draws them independently at every β. */
const FREE_SPINS = 24;
const freeSpins = () => isingReplicas({ nodes: FREE_SPINS, edges: [], fields: 1 });

/** Exact mean acceptance probability of an exchange between two rungs of the free spins: numbers of spins are binomial. */
function freeAcceptance(betaI: number, betaJ: number): number {
  const lawAt = (beta: number) => {
    const up = 1 / (1 + Math.exp(-2 * beta));
    let probability = (1 - up) ** FREE_SPINS;
    return range(FREE_SPINS + 1).map((k) => {
      const now = probability;
      probability *= ((FREE_SPINS - k) / (k + 1)) * (up / (1 - up));
      return now;
    });
  };
  const [p, q] = [lawAt(betaI), lawAt(betaJ)];
  let sum = 0;
  for (const [k, pk] of p.entries()) {
    for (const [l, ql] of q.entries()) sum += pk * ql * Math.min(1, Math.exp((betaI - betaJ) * 2 * (l - k)));
  }
  return sum;
}

describe("round trips", () => {
  test.each([
    ["Ising kernels", isingReplicas({ nodes: 5, edges: [0, 1, 1, 2, 2, 3, 3, 4], couplings: 0 })],
    ["block Gibbs", gibbsReplicas({ model: isingModel({ nodes: 3, edges: [[0, 1]], couplings: 0 }) })],
  ])("are 13 in 32 scans of 4 chains that all accept, by %s", async (_, problem) => {
    const run = await temper(problem, { chains: 4, rounds: 5, adapt: false });
    expect(run.last!.scans).toBe(32);
    expect(run.last!.roundTrips).toBe(13);
    expect(run.last!.pairs.map(({ acceptance }) => acceptance)).toEqual([1, 1, 1]);
    expect(run.logZ).toBe(0);
  });

  test("of free spins, drawn independently at every rung, are as frequent as the formula says, to 3 %", async () => {
    const betas = [0, 0.15, 0.35, 0.6, 1, 2];
    const rejections = range(5).map((k) => 1 - freeAcceptance(betas[k]!, betas[k + 1]!));
    const run = await temper(freeSpins(), { betas, rounds: 16, seed: 1, draws: false });
    for (const { chain, acceptance, acceptanceError } of run.last!.pairs) {
      expect(Math.abs(score(acceptance, acceptanceError, 1 - rejections[chain]!))).toBeLessThan(4);
    }
    const exact = 1 / (2 + 2 * rejections.reduce((sum, r) => sum + r / (1 - r), 0));
    expect(idealRoundTripRate([rejections])).toBeCloseTo(exact, 12);
    expect(Math.abs(run.last!.roundTripRate / exact - 1)).toBeLessThan(0.03);
    expect(Math.abs(run.last!.idealRoundTripRate / exact - 1)).toBeLessThan(0.01);
    // Another formula, Σ r in place of Σ r/(1 − r), would be seen.
    const other = 1 / (2 + 2 * rejections.reduce((sum, r) => sum + r, 0));
    expect(run.last!.roundTripRate / other).toBeLessThan(0.9);
  });

  test("of a lattice whose whole is one joint block likewise", async () => {
    const betas = [0, 0.3, 0.6, 1];
    const rejections = range(3).map((k) => 1 - exactAcceptance(ISING_OPEN, betas[k]!, betas[k + 1]!));
    const run = await temper(independentDraws(ISING_OPEN), { betas, rounds: 15, seed: 2, draws: false });
    expect(Math.abs(run.last!.roundTripRate / idealRoundTripRate([rejections]) - 1)).toBeLessThan(0.03);
    // Independent draws: the energy after a step knows nothing of the one before.
    for (const { stepCorrelation } of run.last!.rungs) {
      expect(Math.abs(stepCorrelation!)).toBeLessThan(4 / Math.sqrt(run.last!.scans));
    }
  });
});

describe("replicas share no random numbers", () => {
  const exact = 1 / (1 + Math.exp(-2));
  // What sharing would give: exact − (exact − 1 / (1 + e^−0.4)) e^−1.6.
  const shared = 0.8238;
  const oneSpin = { nodes: 1, edges: [], fields: 1 };
  test.each([
    ["the general graph's lanes", isingReplicas(oneSpin)],
    ["block Gibbs", gibbsReplicas({ model: isingModel(oneSpin) })],
  ])("in %s: a spin in a field keeps its law under swaps", async (_, problem) => {
    const run = await temper(problem, { betas: [0.2, 1], rounds: 15, seed: 4, draws: { chains: [1] } });
    const { values, draws } = run.draws(1);
    // Every other scan tries the only pair.
    let up = 0;
    for (let scan = 0; scan < draws; scan += 2) if (values[scan] === 1) up++;
    const share = up / (draws / 2);
    const error = Math.sqrt((exact * (1 - exact)) / (draws / 2));
    expect(Math.abs(share - exact) / error).toBeLessThan(4);
    expect(Math.abs(share - shared) / error).toBeGreaterThan(10);
  });

  test("in replica planes: a bond keeps its law under swaps", async () => {
    // Two spins and one bond: P(alike) = 1 / (1 + e^{−2β}), as that of the spin in a field.
    const problem = isingReplicas({ nodes: 2, edges: [0, 1], form: "replica-planes" });
    const run = await temper(problem, { betas: [0.2, 1], rounds: 15, seed: 4, draws: { chains: [1] } });
    const { statistics, draws } = run.draws(1);
    const alike = statistics.filter((s, scan) => scan % 2 === 0 && s === 1).length / (draws / 2);
    expect(Math.abs(alike - exact) / Math.sqrt((exact * (1 - exact)) / (draws / 2))).toBeLessThan(4);
    expect(Math.abs(drawScore(run, (_, s) => (s === 1 ? 1 : 0), exact, 1))).toBeLessThan(4);
  });
});

const verdict = ({ verdicts }: TemperingRun, about: Verdict["about"]) => verdicts.find((one) => one.about === about)!;

/** The problem whose replicas stay in the states that they drew first, but for draws at β = 0. */
function unexplored(problem: ReplicaProblem): ReplicaProblem {
  return {
    ...problem,
    createGroup(identity) {
      const group = problem.createGroup(identity);
      const kept = new Float64Array(group.size).fill(Number.NaN);
      const saved: (Uint8Array | undefined)[] = [];
      return {
        size: group.size,
        explore(step) {
          for (let place = 0; place < group.size; place++) {
            const before = saved[place];
            if (before && step.betas[place]! > 0) group.loadReplica(place, before);
          }
          const isMoved = step.betas.map((beta, place) => (beta === 0 || !saved[place] ? 1 : 0));
          group.explore(step);
          isMoved.forEach((moved, place) => {
            if (moved === 1) {
              kept[place] = step.statistics[place]!;
              saved[place] = group.saveReplica(place);
            } else step.statistics[place] = kept[place]!;
          });
        },
        readState: (place, state) => group.readState(place, state),
        saveReplica: (place) => group.saveReplica(place),
        loadReplica: (place, bytes) => group.loadReplica(place, bytes),
      };
    },
  };
}

describe("verdicts", () => {
  test("are good on a lattice with enough chains", async () => {
    const problem = isingReplicas({ lattice: { size: [8, 8] }, sweepsPerStep: 2 });
    const run = await temper(problem, { chains: 12, maxBeta: 0.44, rounds: 11, seed: 1, draws: false });
    expect(run.verdicts.map(({ level }) => level)).toEqual(["good", "good", "good", "good"]);
  });

  test("tell of a ladder that is saturated: 3 chains for 64 × 64 spins", async () => {
    const problem = isingReplicas({ lattice: { size: [64, 64] } });
    const run = await temper(problem, { chains: 3, maxBeta: 1, rounds: 7, seed: 1, draws: false });
    expect(verdict(run, "barrier").level).toBe("warning");
    expect(verdict(run, "barrier").message).toMatch(/saturated.*lower bound.*more chains/);
    expect(run.last!.roundTrips).toBe(0);
  });

  test("tell of two chains on a hard spin glass: neither Λ nor log Z is known", async () => {
    const glass = plantedTorus(16, 3);
    const run = await temper(gibbsReplicas({ model: isingModel(glass) }), {
      betas: [0, 3],
      rounds: 9,
      seed: 1,
      draws: false,
    });
    expect(verdict(run, "barrier").message).toContain("saturated");
    expect(verdict(run, "round trips").level).toBe("unknown");
    expect(verdict(run, "evidence").message).toContain("have not settled");
    expect(run.last!.roundTrips).toBe(0);
  });

  test("tell of a dead conveyor: replicas that nothing explores", async () => {
    const problem = unexplored(isingReplicas({ lattice: { size: [4, 4] } }));
    const run = await temper(problem, { chains: 6, rounds: 10, seed: 1, draws: false });
    expect(verdict(run, "exploration").level).toBe("warning");
    expect(verdict(run, "round trips").level).toBe("warning");
    expect(verdict(run, "round trips").message).toMatch(/^Replicas do not travel: \d+ round trips where ideal/);
  });

  test("tell of a dead conveyor on a path of densities whose explorer does nothing", async () => {
    const target = {
      dim: 1,
      logDensity: ([x = 0]: Float64Array) => Math.log(Math.exp(-2 * (x + 4) ** 2) + Math.exp(-2 * (x - 5) ** 2)),
      logDensityAndGradient: () => Number.NaN,
    };
    const reference = normalReference({ mean: 0, sd: 10 });
    const problem = await continuousReplicas({ target, reference, explorer: () => {} });
    const run = await temper(problem, { chains: 6, rounds: 11, seed: 1, draws: false });
    expect(verdict(run, "exploration").level).toBe("warning");
    expect(verdict(run, "exploration").message).toContain("Explore more per scan");
  });
});
