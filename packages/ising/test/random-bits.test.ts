import { createRandom } from "@siegert/random";
import { expect, test } from "vitest";
import { createLattice, createSpinGraph, isingReplicas, type KernelForm } from "../src/index.ts";
import { newColumn, REGISTER, readColumn, refillPlain, writeColumn } from "../src/planes/shift-register.ts";
import { nextPlain } from "../src/random/xoshiro.ts";

test("xoshiro128++ gives the words of its authors' program from the state 1, 2, 3, 4", () => {
  const state = new Int32Array(16);
  [1, 2, 3, 4].forEach((word, k) => {
    state[4 * k + 2] = word;
  });
  const words = Array.from({ length: 10 }, () => nextPlain(state, 2) >>> 0);
  expect(words).toEqual([
    641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732, 1355841295, 495546011, 621204420,
  ]);
});

test("the shift register follows its recurrence, and a replica's bits can be taken out and put back at any position", () => {
  const random = createRandom(1, "register");
  const words = new Int32Array(3 * REGISTER);
  for (let n = 0; n < REGISTER; n++) words[n] = random.uint32() | 0;
  for (let n = REGISTER; n < words.length; n++) {
    words[n] = words[n - 471]! ^ words[n - 1586]! ^ words[n - 6988]! ^ words[n - 9689]!;
  }
  const block = words.slice(0, REGISTER);
  refillPlain(block, 0);
  expect(block).toEqual(words.slice(REGISTER, 2 * REGISTER));
  for (const from of [0, 50, 5000, REGISTER]) {
    // Words [from, from + 9689) come next; they are read with the register held at 0 and put back at another phase.
    const column = readColumn(words, 0, from, 7);
    for (const position of [-60, 0, 471, 3000, REGISTER]) {
      const other = new Int32Array(100 + 3 * REGISTER).fill(-1);
      writeColumn(other, 100, position, 20, column);
      expect(readColumn(other, 100, position, 20)).toEqual(column);
      const next = 100 + position;
      for (let n = 100 + Math.min(0, position); n < 100 + REGISTER; n++) {
        expect((other[n]! >>> 20) & 1).toBe(
          from + n - next >= 0 ? (words[from + n - next]! >>> 7) & 1 : (other[n]! >>> 20) & 1,
        );
        expect(other[n]! | (1 << 20)).toBe(-1);
      }
    }
  }
  expect(newColumn(createRandom(1, "a"))).not.toEqual(newColumn(createRandom(1, "b")));
});

/** Parallel tempering of two chains by exchange of β: how often the first spin of the cold chain is as asked, after swaps. */
function coldFrequency(form: KernelForm, isWanted: (state: Float64Array) => boolean, model: object, rounds: number) {
  const problem = isingReplicas({ ...model, form } as Parameters<typeof isingReplicas>[0]);
  const pairs = 16;
  const replicas = Array.from({ length: 2 * pairs }, (_, replica) => replica);
  const group = problem.createGroup({ seed: 31, replicas });
  const betas = Float64Array.from(replicas, (replica) => (replica % 2 === 0 ? 0.2 : 1));
  const step = {
    betas,
    chains: new Int32Array(32),
    legs: new Int32Array(32),
    statistics: new Float64Array(32),
    tallies: new Float64Array(0),
  };
  const swap = createRandom(8, "swaps");
  const state = new Float64Array(problem.dim);
  const counts = new Float64Array(pairs);
  for (let round = -20; round < rounds; round++) {
    group.explore(step);
    for (let pair = 0; pair < pairs; pair++) {
      const [a, b] = [2 * pair, 2 * pair + 1];
      const logRatio = (betas[b]! - betas[a]!) * (step.statistics[a]! - step.statistics[b]!);
      if (swap.uniform() < Math.exp(logRatio)) [betas[a], betas[b]] = [betas[b]!, betas[a]!];
      group.readState(betas[a] === 1 ? a : b, state);
      if (round >= 0 && isWanted(state)) counts[pair]! += 1 / rounds;
    }
  }
  const mean = counts.reduce((x, y) => x + y, 0) / pairs;
  const error = Math.sqrt(counts.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (pairs - 1) / pairs);
  return { mean, error };
}

test("replicas do not share random numbers: a spin in a field keeps its law under swaps", () => {
  // With shared numbers the cold spin would be up with probability 0.8238 instead of 0.8808.
  const exact = 1 / (1 + Math.exp(-2));
  const { mean, error } = coldFrequency("general-graph", ([s]) => s === 1, { nodes: 1, edges: [], fields: 1 }, 4000);
  expect(Math.abs(mean - exact) / error).toBeLessThan(4);
  expect(Math.abs(mean - (exact - 0.057)) / error).toBeGreaterThan(10);
});

test.each(["general-graph", "replica-planes"] as const)("two coupled spins keep their law under swaps: %s", (form) => {
  const model = { nodes: 2, edges: [[0, 1]] };
  const { mean, error } = coldFrequency(form, ([a, b]) => a === b, model, 4000);
  expect(Math.abs(mean - 1 / (1 + Math.exp(-2))) / error).toBeLessThan(4);
});

test("replicas of a wide lattice at high temperature are not alike, from one start", () => {
  const group = isingReplicas({ lattice: { size: [4, 256] } }).createGroup({ seed: 1, replicas: [0, 1] });
  const step = {
    betas: Float64Array.of(0.05, 0.05),
    chains: new Int32Array(2),
    legs: new Int32Array(2),
    statistics: new Float64Array(2),
    tallies: new Float64Array(0),
  };
  const [a, b] = [new Float64Array(1024), new Float64Array(1024)];
  let overlap = 0;
  for (let n = 0; n < 200; n++) {
    group.explore(step);
    group.explore(step);
    group.explore(step);
    group.readState(0, a);
    group.readState(1, b);
    a.forEach((spin, site) => {
      overlap += spin * b[site]!;
    });
  }
  expect(Math.abs(overlap) / Math.sqrt(200 * 1024)).toBeLessThan(4);
});

test.each(["wide-lattice", "replica-planes", "general-graph"] as const)(
  "at β = 0 every draw is of fair coins, independent of the last: %s",
  (form) => {
    const group = isingReplicas({ lattice: { size: [4, 256] }, form }).createGroup({ seed: 2, replicas: [0, 5] });
    const step = {
      betas: Float64Array.of(0, 0.7),
      chains: new Int32Array(2),
      legs: new Int32Array(2),
      statistics: new Float64Array(2),
      tallies: new Float64Array(0),
    };
    const [state, last] = [new Float64Array(1024), new Float64Array(1024)];
    const [sums, same, bonds] = [0, 0, 0];
    const totals = { sums, same, bonds };
    for (let n = 0; n < 300; n++) {
      group.readState(0, last);
      group.explore(step);
      group.readState(0, state);
      state.forEach((spin, site) => {
        totals.sums += spin;
        totals.same += spin * last[site]!;
      });
      totals.bonds += step.statistics[0]!;
    }
    const scale = Math.sqrt(300 * 1024);
    expect(Math.abs(totals.sums) / scale).toBeLessThan(4);
    expect(Math.abs(totals.same) / scale).toBeLessThan(4);
    expect(Math.abs(totals.bonds) / Math.sqrt(2 * 300 * 1024)).toBeLessThan(4);
  },
);

test("seeds and chains have different spins from the beginning", () => {
  const spins = (seed: number) => createLattice({ size: [4, 4], beta: 0.4, seed }).readSpins(new Int8Array(16));
  expect(new Set([1, 2, 3, 4, 5].map((seed) => spins(seed).join(""))).size).toBe(5);
  const graph = createSpinGraph({ nodes: 40, edges: [], betas: [1, 1, 1], seed: 1 });
  const starts = [0, 1, 2].map((chain) => graph.readSpins(chain, new Int8Array(40)).join(""));
  expect(new Set(starts).size).toBe(3);
});
