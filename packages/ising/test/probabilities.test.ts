import { createRandom } from "@siegert/random";
import { expect, test } from "vitest";
import { isAgainst, onePlusPower } from "../src/graph/logistic.ts";
import { nodeTable } from "../src/graph/node-table.ts";
import { createSpinGraph, energyOf, spinGraph } from "../src/index.ts";
import { digitOf } from "../src/lattice/emit-bernoulli.ts";
import { probabilities, situations, threshold } from "../src/lattice/rule.ts";

test("thresholds of K bits are wrong by at most 2^-(K + 1)", () => {
  const random = createRandom(1, "thresholds");
  for (const bits of [20, 24, 32]) {
    for (const p of [0, 1, 0.5, 1e-9, 1 - 1e-9, ...Array.from({ length: 500 }, () => random.uniform())]) {
      const value = threshold(p, bits);
      expect(Math.abs(value / 2 ** bits - p)).toBeLessThanOrEqual(2 ** -(bits + 1));
      let sum = 0;
      for (let digit = 0; digit <= bits; digit++) sum += digitOf(value, digit) * 2 ** digit;
      expect(sum).toBe(value);
    }
  }
});

test("probabilities of heat bath and Metropolis, by the definitions", () => {
  const plain = { isDiluted: false, hasField: false };
  const close = (got: readonly number[], exact: readonly number[]) => {
    expect(got.length).toBe(exact.length);
    got.forEach((p, k) => {
      expect(Math.abs(p - exact[k]!)).toBeLessThan(1e-15);
    });
  };
  const sigma = (x: number) => 1 / (1 + Math.exp(-x));
  close(probabilities({ ...plain, kernel: "heat-bath" }, 0.3, 0), [sigma(-1.2), sigma(-2.4)]);
  close(probabilities({ ...plain, kernel: "metropolis" }, 0.3, 0), [Math.exp(-1.2), Math.exp(-2.4)]);
  const field = probabilities({ kernel: "heat-bath", isDiluted: true, hasField: true }, 0.3, 0.1);
  close(
    field,
    [-4, -3, -2, -1, 0, 1, 2, 3, 4].map((h) => sigma(2 * (0.3 * h + 0.1))),
  );
  const rule = { kernel: "metropolis", isDiluted: false, hasField: true } as const;
  const cost = situations(rule).map(({ level, spin }) => 2 * (0.3 * level + 0.1 * spin!));
  close(
    probabilities(rule, 0.3, 0.1),
    cost.map((x) => Math.min(1, Math.exp(-x))),
  );
});

test("the probability of standing against a field is right to 4e-7 + 2e-7 x, relative, and to 2^-21", () => {
  let worst = 0;
  let worstAbsolute = 0;
  const random = createRandom(2, "logistic");
  for (let n = 0; n < 200_000; n++) {
    // A field as an integer of up to 30 bits and a factor such that x = 2β|h| is below 80.
    const size = Math.fround(random.integer(2 ** 30));
    const x = 80 * random.uniform() ** 3;
    const factor = Math.fround((x * Math.LOG2E) / Math.max(1, size));
    const argument = (size * factor) / Math.LOG2E;
    const exact = 1 / (1 + Math.exp(argument));
    const got = 1 / onePlusPower(size, factor);
    worst = Math.max(worst, Math.abs(got / exact - 1) / (4e-7 + 2e-7 * argument));
    worstAbsolute = Math.max(worstAbsolute, Math.abs(got - exact));
  }
  expect(worst).toBeLessThan(1);
  expect(worstAbsolute).toBeLessThan(2 ** -21);
  expect(onePlusPower(0, 1)).toBe(2);
});

test("how often spins stand against a field, from random words", () => {
  const random = createRandom(3, "against");
  for (const x of [0, 0.1, 1, 3, 6]) {
    const factor = Math.fround(x * Math.LOG2E);
    let count = 0;
    const n = 200_000;
    for (let k = 0; k < n; k++) if (isAgainst(1, factor, random.uint32() | 0)) count++;
    const p = 1 / (1 + Math.exp(x));
    expect(Math.abs(count - n * p) / Math.sqrt(n * p * (1 - p))).toBeLessThan(4);
  }
  expect(isAgainst(1e9, 1e9, 1)).toBe(false);
});

test("fields are kept to 2^-30 of the largest that a node can have", () => {
  const random = createRandom(4, "table");
  const edges = Array.from({ length: 60 }, (_, k) => [k % 20, (k + 1 + 2 * Math.floor(k / 20)) % 20]);
  const couplings = edges.map((_, k) => random.normal() * 10 ** ((k % 9) - 4));
  const graph = spinGraph({ nodes: 20, edges, couplings });
  const table = nodeTable(
    graph,
    new Int32Array(20).map((_, node) => node),
  );
  const units = new Float32Array(table.words.buffer);
  for (const run of table.runs) {
    const node = table.nodeAt[run.first]!;
    const own = graph.couplings.filter((_, edge) => edges[edge]!.includes(node));
    const largest = own.reduce((sum, coupling) => sum + Math.abs(coupling), 0);
    const unit = units[run.table + 1]!;
    for (let n = 0; n < run.degree!; n++) {
      const kept = (unit * table.words[run.table + 3 + 2 * n]!) / 2;
      const best = own.reduce((least, coupling) => Math.min(least, Math.abs(kept - coupling)), Infinity);
      expect(best).toBeLessThanOrEqual(largest * 2 ** -30);
    }
  }
});

test("energies of real couplings do not drift: 20 000 sweeps later they are those of the spins to 1e-9", () => {
  const random = createRandom(5, "drift");
  const edges = Array.from({ length: 400 }, (_, k) => [
    k % 200,
    (k + 1 + 7 * Math.floor(k / 200)) % 200,
    random.normal(),
  ]);
  const fields = Array.from({ length: 200 }, () => random.normal());
  const chains = createSpinGraph({ nodes: 200, edges, fields, betas: [0.1, 0.5, 1, 2, 4], seed: 6 });
  const graph = spinGraph({ nodes: 200, edges, fields });
  const spins = new Int8Array(200);
  chains.sweep(20_000);
  chains.energies().forEach((energy, chain) => {
    expect(Math.abs(energy - energyOf(graph, chains.readSpins(chain, spins)))).toBeLessThan(1e-9);
  });
});
