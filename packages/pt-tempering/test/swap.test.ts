import type { ReplicaGroup, ReplicaProblem } from "@siegert/log-density";
import { createRandom, Random } from "@siegert/random";
import { describe, expect, test } from "vitest";
import { temper } from "../src/index.ts";
import { swapLogRatio } from "../src/swap/swap-ratio.ts";
import { SwapUniforms } from "../src/swap/swap-uniforms.ts";
import { zScore } from "./z-scores.ts";

describe("the ratio of an exchange", () => {
  test("is that of the densities, and turned round for the way back", () => {
    expect(swapLogRatio(0.25, 0.75, 3, 5)).toBe(-1);
    expect(swapLogRatio(0.25, 0.75, 5, 3)).toBe(1);
    expect(swapLogRatio(0.25, 0.75, 5, 3)).toBe(-swapLogRatio(0.25, 0.75, 3, 5));
  });

  test("knows states where the target is 0: they sink, never rise, and β = 0 makes no NaN of them", () => {
    expect(swapLogRatio(0, 1, Number.NEGATIVE_INFINITY, 2)).toBe(Number.NEGATIVE_INFINITY);
    expect(swapLogRatio(0, 1, 2, Number.NEGATIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(swapLogRatio(0, 1, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY)).toBe(Number.NEGATIVE_INFINITY);
    expect(swapLogRatio(1, 1, Number.NEGATIVE_INFINITY, 2)).toBe(0);
  });
});

test("the uniforms of exchanges are uniform, and each has its own", () => {
  const uniforms = new SwapUniforms(5);
  const seen = new Set<number>();
  const bins = new Array<number>(16).fill(0);
  for (let round = 0; round < 31; round += 10) {
    for (let scan = 0; scan < 64; scan++) {
      for (const copy of [0, 1, 8191]) {
        for (const chain of [0, 1, 2, 16382]) {
          const u = uniforms.at(round, scan, copy, chain);
          seen.add(u);
          const bin = Math.floor(16 * u);
          bins[bin] = bins[bin]! + 1;
          expect(new SwapUniforms(5).at(round, scan, copy, chain)).toBe(u);
          expect(u > 0 && u < 1).toBe(true);
        }
      }
    }
  }
  expect(seen.size).toBe(4 * 64 * 12);
  const expected = seen.size / 16;
  const chiSquare = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // 15 degrees of freedom: exceeded with probability 1e-3.
  expect(chiSquare).toBeLessThan(37.7);
  expect(new SwapUniforms(6).at(0, 0, 0, 0)).not.toBe(uniforms.at(0, 0, 0, 0));
});

/**
 * One spin in a field of 1 by heat bath. With `isShared` the replicas of a scan take the same random number, as
 * multi-spin coding of temperatures would: a fault that shows only in what exchanges do.
 */
function oneSpin(isShared: boolean): ReplicaProblem {
  return {
    dim: 1,
    createGroup({ seed, replicas }): ReplicaGroup {
      const randoms = replicas.map((replica) => createRandom(seed, "spin", isShared ? 0 : replica));
      const spins = new Int8Array(replicas.length).fill(1);
      return {
        size: replicas.length,
        explore({ betas, statistics }) {
          for (let place = 0; place < spins.length; place++) {
            spins[place] = randoms[place]!.uniform() < 1 / (1 + Math.exp(-2 * betas[place]!)) ? 1 : -1;
            statistics[place] = spins[place]!;
          }
        },
        readState(place, state) {
          state[0] = spins[place]!;
        },
        saveReplica: (place) => new TextEncoder().encode(JSON.stringify([spins[place], randoms[place]!.state()])),
        loadReplica(place, saved) {
          const [spin, random] = JSON.parse(new TextDecoder().decode(saved));
          spins[place] = spin;
          randoms[place] = Random.fromState(random);
        },
      };
    },
  };
}

/** P(spin up) on the cold rung after the scans that try the only pair, every other one. */
async function coldProbability(isShared: boolean): Promise<{ readonly share: number; readonly error: number }> {
  const run = await temper(oneSpin(isShared), { betas: [0.2, 1], rounds: 15, seed: 1, draws: { chains: [1] } });
  const { values, draws } = run.draws(1);
  let up = 0;
  for (let scan = 0; scan < draws; scan += 2) if (values[scan] === 1) up++;
  const share = up / (draws / 2);
  return { share, error: Math.sqrt((share * (1 - share)) / (draws / 2)) };
}

describe("a spin under heat bath and exchange", () => {
  const exact = 1 / (1 + Math.exp(-2));

  test("follows its law when every replica has random numbers of its own", async () => {
    const { share, error } = await coldProbability(false);
    expect(Math.abs(zScore(share, error, exact))).toBeLessThan(4);
  });

  test("does not when they share them: the bias of 0.0570 that is known would be seen", async () => {
    const { share, error } = await coldProbability(true);
    const known = exact - (exact - 1 / (1 + Math.exp(-0.4))) * Math.exp(-1.6);
    expect(known).toBeCloseTo(0.8238, 4);
    expect(Math.abs(zScore(share, error, known))).toBeLessThan(4);
    expect(Math.abs(zScore(share, error, exact))).toBeGreaterThan(10);
  });
});
