import { expect, test } from "vitest";
import { type IsingModel, type KernelForm, spinGraph, type UpdateKernel } from "../src/index.ts";
import { createEngine } from "../src/select-engine.ts";
import { chiSquareScore, exactLaw, SPIN_GLASS, spinsOf, stateOf } from "./enumeration.ts";

const TORUS: IsingModel = { lattice: { size: [4, 4] } };
const GLASS_SIGNS = Array.from({ length: 32 }, (_, bond) => ((bond * 7 + 3) % 5 < 2 ? -1 : 1));

interface Run {
  readonly form: KernelForm;
  readonly kernel?: UpdateKernel;
  readonly beta: number;
  readonly draws: number;
  readonly sweeps: number;
}

/** How often every state was seen, over all replicas of a run, `sweeps` apart. */
function countStates(model: IsingModel, { form, kernel = "heat-bath", beta, draws, sweeps }: Run): Uint32Array {
  const replicas = Array.from({ length: 64 }, (_, replica) => replica);
  const engine = createEngine(model, { seed: 2026, replicas, kernel, thresholdBits: 24, simd: true }, form);
  const betas = new Float64Array(64).fill(beta);
  const { nodes } = spinGraph(model);
  const spins = new Int8Array(nodes);
  const counts = new Uint32Array(2 ** nodes);
  engine.sweep(betas, 20 * sweeps);
  for (let draw = 0; draw < draws; draw++) {
    engine.sweep(betas, sweeps);
    for (let place = 0; place < 64; place++) {
      engine.readSpins(place, spins);
      counts[stateOf(spins)]!++;
    }
  }
  return counts;
}

/** The law of a plain sampler, one spin at a time, with probabilities in double precision. */
function countScalar(model: IsingModel, beta: number, draws: number, sweeps: number): Uint32Array {
  const graph = spinGraph(model);
  const counts = new Uint32Array(2 ** graph.nodes);
  const spins = spinsOf(0, graph.nodes);
  let state = 88172645463325252n;
  const uniform = () => {
    state ^= (state << 13n) & 0xffffffffffffffffn;
    state ^= state >> 7n;
    state ^= (state << 17n) & 0xffffffffffffffffn;
    return Number(state >> 11n) * 2 ** -53;
  };
  const sweep = () => {
    for (let node = 0; node < graph.nodes; node++) {
      let field = graph.fields[node]!;
      graph.couplings.forEach((coupling, edge) => {
        const [i, j] = [graph.edges[2 * edge]!, graph.edges[2 * edge + 1]!];
        if (i === node) field += coupling * spins[j]!;
        if (j === node) field += coupling * spins[i]!;
      });
      spins[node] = uniform() < 1 / (1 + Math.exp(-2 * beta * field)) ? 1 : -1;
    }
  };
  for (let n = 0; n < 20 * sweeps; n++) sweep();
  for (let draw = 0; draw < draws; draw++) {
    for (let n = 0; n < sweeps; n++) sweep();
    counts[stateOf(spins)]!++;
  }
  return counts;
}

// At β = 0.25 states of the 4 × 4 torus forget each other within a few sweeps, so draws 12 apart are independent.
test.each([
  ["replica-planes", "heat-bath"],
  ["replica-planes", "metropolis"],
  ["general-graph", "heat-bath"],
] as const)("%s by %s has the exact law on all 65 536 states of the 4 x 4 torus", (form, kernel) => {
  const counts = countStates(TORUS, { form, kernel, beta: 0.25, draws: 8000, sweeps: 12 });
  const law = exactLaw(spinGraph(TORUS), 0.25);
  expect(Math.abs(chiSquareScore(counts, law))).toBeLessThan(4);
  // The test sees a β that is wrong by 0.005.
  expect(chiSquareScore(counts, exactLaw(spinGraph(TORUS), 0.255))).toBeGreaterThan(4);
});

test("couplings of either sign have the exact law on the 4 x 4 torus", () => {
  const model: IsingModel = { lattice: { size: [4, 4] }, coupling: -0.8, signs: GLASS_SIGNS };
  const law = exactLaw(spinGraph(model), 0.4);
  for (const form of ["replica-planes", "general-graph"] as const) {
    const counts = countStates(model, { form, beta: 0.4, draws: 4000, sweeps: 12 });
    expect(Math.abs(chiSquareScore(counts, law))).toBeLessThan(4);
  }
});

test("a scalar sampler in double precision passes the same test", () => {
  const model: IsingModel = { lattice: { size: [3, 3] } };
  const law = exactLaw(spinGraph(model), 0.25);
  expect(Math.abs(chiSquareScore(countScalar(model, 0.25, 8000, 12), law))).toBeLessThan(4);
  const counts = countStates(model, { form: "replica-planes", beta: 0.25, draws: 2000, sweeps: 12 });
  expect(Math.abs(chiSquareScore(counts, law))).toBeLessThan(4);
});

test.each([
  [1, 0.25],
  [2, 0.3],
  [3, 0.35],
  [5, 0.2],
  [6, 0.2],
])("planes have the exact law where all nodes have %i neighbours", (degree, beta) => {
  // Circulant graphs of 10 nodes; an odd degree adds the opposite node.
  const edges = Array.from({ length: 10 }, (_, i) => i).flatMap((i) => [
    ...[1, 2, 3].slice(0, degree >> 1).map((jump) => [i, (i + jump) % 10] as const),
    ...(degree % 2 === 1 && i < 5 ? [[i, i + 5] as const] : []),
  ]);
  const couplings = edges.map((_, edge) => (edge % 3 === 0 ? -1 : 1));
  const model: IsingModel = { nodes: 10, edges, couplings };
  const law = exactLaw(spinGraph(model), beta);
  for (const kernel of ["heat-bath", "metropolis"] as const) {
    const counts = countStates(model, { form: "replica-planes", kernel, beta, draws: 1500, sweeps: 30 });
    expect(Math.abs(chiSquareScore(counts, law)), kernel).toBeLessThan(4);
  }
});

test("real couplings and fields have the exact law, with 3 and with 17 neighbours", () => {
  const law = exactLaw(spinGraph(SPIN_GLASS), 0.5);
  const glass = countStates(SPIN_GLASS, { form: "general-graph", beta: 0.5, draws: 3000, sweeps: 30 });
  expect(Math.abs(chiSquareScore(glass, law))).toBeLessThan(4);
  const star: IsingModel = {
    nodes: 18,
    edges: Array.from({ length: 17 }, (_, k) => [0, k + 1, 0.2 * (k - 8.3)]),
    fields: Array.from({ length: 18 }, (_, k) => 0.1 * (k - 3.3)),
  };
  const counts = countStates(star, { form: "general-graph", beta: 0.6, draws: 3000, sweeps: 30 });
  expect(Math.abs(chiSquareScore(counts, exactLaw(spinGraph(star), 0.6)))).toBeLessThan(4);
});

/** 64 blocks of 4 × 4 in a row, with open edges or rings of their own bonds: all other bonds are cut. */
function blocksOfFour(field: number): IsingModel {
  const signs = new Int8Array(2 * 4 * 256).fill(1);
  for (let y = 0; y < 4; y++) for (let x = 3; x < 256; x += 4) signs[2 * (256 * y + x)] = 0;
  return { lattice: { size: [4, 256], periodic: false }, signs, field };
}

test.each([
  ["heat-bath", 0],
  ["metropolis", 0],
  ["heat-bath", 0.3],
  ["metropolis", 0.3],
] as const)(
  "a wide lattice cut into 64 blocks by %s with field %d has the exact law of an open 4 x 4 lattice",
  (kernel, field) => {
    const engine = createEngine(
      blocksOfFour(field),
      { seed: 7, replicas: [0, 1], kernel, thresholdBits: 24, simd: true },
      "wide-lattice",
    );
    const betas = Float64Array.of(0.25, 0.25);
    const spins = new Int8Array(1024);
    const counts = new Uint32Array(65536);
    const block = new Int8Array(16);
    engine.sweep(betas, 200);
    for (let draw = 0; draw < 3000; draw++) {
      engine.sweep(betas, 12);
      for (let place = 0; place < 2; place++) {
        engine.readSpins(place, spins);
        for (let k = 0; k < 64; k++) {
          for (let site = 0; site < 16; site++) block[site] = spins[256 * (site >> 2) + 4 * k + (site & 3)]!;
          counts[stateOf(block)]!++;
        }
      }
    }
    const law = exactLaw(spinGraph({ lattice: { size: [4, 4], periodic: false }, field }), 0.25);
    expect(Math.abs(chiSquareScore(counts, law))).toBeLessThan(4);
    expect(
      chiSquareScore(counts, exactLaw(spinGraph({ lattice: { size: [4, 4], periodic: false }, field }), 0.265)),
    ).toBeGreaterThan(4);
  },
);
