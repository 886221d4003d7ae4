import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import {
  colourNodes,
  createLattice,
  createSpinGraph,
  energyOf,
  type IsingModel,
  type IsingReplicaOptions,
  isingReplicas,
  type LatticeOptions,
  spinGraph,
} from "../src/index.ts";

const LATTICE: LatticeOptions = { size: [4, 4], beta: 0.4, seed: 1 };

test.each<[string, Partial<Record<keyof LatticeOptions, unknown>>]>([
  ["lattice.size", { size: [2, 4] }],
  ["lattice.size", { size: [4, 0], periodic: false }],
  ["lattice.size", { size: [4.5, 4] }],
  ["lattice.size", { size: [4] }],
  ["lattice.size", { size: [65536, 65536] }],
  ["coupling", { coupling: Number.NaN }],
  ["field", { field: Infinity }],
  ["signs", { signs: [1, 1] }],
  ["signs[3]", { signs: Array.from({ length: 32 }, (_, k) => (k === 3 ? 0.5 : 1)) }],
  ["beta", { beta: -1 }],
  ["beta", { beta: Number.NaN }],
  ["beta", { beta: 0, kernel: "metropolis" }],
  ["seed", { seed: 1.5 }],
  ["kernel", { kernel: "glauber" }],
  ["kernel", { kernel: "metropolis", field: 0.5 }],
  ["thresholdBits", { thresholdBits: 19 }],
  ["thresholdBits", { thresholdBits: 33 }],
])("createLattice names %s when it refuses %o", (argument, options) => {
  expect(() => createLattice({ ...LATTICE, ...options } as LatticeOptions)).toThrow(
    expect.objectContaining({ name: "InvalidArgumentError", argument }),
  );
});

test.each<[string, object]>([
  ["nodes", { nodes: 0 }],
  ["nodes", { nodes: 2.5 }],
  [
    "edges[1]",
    {
      edges: [
        [0, 1],
        [1, 3],
      ],
    },
  ],
  ["edges[0]", { edges: [[1, 1]] }],
  ["edges[0]", { edges: [[0]] }],
  ["edges[0]", { edges: [[0, -1]] }],
  [
    "edges[1]",
    {
      edges: [
        [0, 1],
        [1, 0],
      ],
    },
  ],
  ["edges", { edges: [0, 1, 2] }],
  ["edges[0][2]", { edges: [[0, 1, Number.NaN]] }],
  ["couplings", { edges: [[0, 1, 2]], couplings: 1 }],
  [
    "edges[1]",
    {
      edges: [
        [0, 1, 2],
        [1, 2],
      ],
    },
  ],
  ["couplings", { couplings: [1] }],
  ["couplings[1]", { couplings: [1, Number.NaN] }],
  ["couplings[0]", { couplings: [1e31, 1] }],
  ["fields", { fields: [1] }],
  ["fields[2]", { fields: [1, 1, Infinity] }],
  ["betas", { betas: [1], chains: 2 }],
  ["betas[1]", { betas: [1, -1] }],
  ["betas[0]", { betas: Number.NaN }],
  ["chains", { chains: 0 }],
  ["seed", { seed: Number.NaN }],
  ["colours", { colours: [0, 1] }],
  ["colours[1]", { colours: [0, 0.5, 0] }],
  ["colours", { colours: [0, 1, 1] }],
])("createSpinGraph names %s when it refuses %o", (argument, options) => {
  const good = {
    nodes: 3,
    edges: [
      [0, 1],
      [1, 2],
    ],
    betas: [0.5, 1],
    seed: 1,
  };
  expect(() => createSpinGraph({ ...good, ...options } as Parameters<typeof createSpinGraph>[0])).toThrow(
    expect.objectContaining({ name: "InvalidArgumentError", argument }),
  );
  expect(createSpinGraph(good).chains).toBe(2);
});

test("edges between equal colours are named", () => {
  const options = {
    nodes: 3,
    edges: [
      [0, 1],
      [1, 2],
    ],
    betas: 1,
    seed: 1,
    colours: [0, 1, 1],
  };
  expect(() => createSpinGraph(options)).toThrow(/edge 1 \(nodes 1 and 2\)/);
});

test.each<[string, IsingReplicaOptions]>([
  ["sweepsPerStep", { lattice: { size: [4, 4] }, sweepsPerStep: 0 }],
  ["kernel", { lattice: { size: [4, 4] }, kernel: "metropolis" }],
  ["form", { lattice: { size: [5, 256] }, form: "wide-lattice" }],
  ["form", { nodes: 2, edges: [[0, 1]], fields: 1, form: "replica-planes" }],
  ["colours", { lattice: { size: [3, 3] }, colours: [0, 1, 0, 1, 0, 1, 0, 1, 0] }],
  ["lattice.size", { lattice: { size: [1, 256] } }],
])("isingReplicas names %s when it refuses %o", (argument, options) => {
  expect(() => isingReplicas(options)).toThrow(expect.objectContaining({ name: "InvalidArgumentError", argument }));
});

test("simulations refuse sweeps, spins, chains and arrays that are not usable", () => {
  const lattice = createLattice(LATTICE);
  expect(() => lattice.sweep(-1)).toThrow(InvalidArgumentError);
  expect(() => lattice.sweep(1.5)).toThrow(InvalidArgumentError);
  expect(() => lattice.setBeta(Infinity)).toThrow(InvalidArgumentError);
  expect(() => lattice.readSpins(new Int8Array(15))).toThrow(InvalidArgumentError);
  expect(() => lattice.writeSpins(new Int8Array(16))).toThrow(/spins\[0\]/);
  expect(() => lattice.writeSpins([1, -1])).toThrow(/spins/);
  const graph = createSpinGraph({ nodes: 2, edges: [[0, 1]], betas: [1, 2], seed: 1 });
  expect(() => graph.readSpins(2, new Int8Array(2))).toThrow(/chain/);
  expect(() => graph.readSpins(0, new Int8Array(3))).toThrow(/out/);
  expect(() => graph.energies(new Float64Array(1))).toThrow(/out/);
  expect(() => graph.setBetas([1])).toThrow(/betas/);
  expect(() => graph.writeSpins(0, [1, 0])).toThrow(/spins\[1\]/);
});

test("spins, energies, β and saved states of simulations", () => {
  const lattice = createLattice({ ...LATTICE, size: [4, 256], periodic: false, coupling: 2, field: 0.5 });
  const ones = new Int8Array(1024).fill(1);
  lattice.writeSpins(ones);
  expect(lattice.energy()).toBe(-2 * (4 * 255 + 3 * 256) - 512);
  expect(lattice.magnetisation()).toBe(1024);
  expect(lattice.readSpins(new Int8Array(1024))).toEqual(ones);
  lattice.setBeta(0.1);
  expect(lattice.beta).toBe(0.1);
  lattice.sweep();
  const saved = lattice.save();
  lattice.sweep(5);
  const later = lattice.save();
  lattice.load(saved);
  lattice.sweep(5);
  expect(lattice.save()).toEqual(later);

  const graph = createSpinGraph({
    nodes: 3,
    edges: [0, 1, 1, 2],
    couplings: [1.5, -0.5],
    fields: 0.25,
    chains: 6,
    betas: 0.7,
    seed: 2,
  });
  graph.writeSpins(5, [1, -1, 1]);
  expect(graph.energies()[5]).toBe(1.5 - 0.5 - 0.25);
  expect(graph.magnetisations()[5]).toBe(1);
  graph.setBetas([1, 2, 3, 4, 5, 6]);
  expect([...graph.betas]).toEqual([1, 2, 3, 4, 5, 6]);
  const state = graph.save(5);
  graph.sweep(7);
  const after = graph.readSpins(5, new Int8Array(3));
  graph.load(5, state);
  graph.sweep(7);
  expect(graph.readSpins(5, new Int8Array(3))).toEqual(after);
});

test("models are written out in the order in which they say so", () => {
  const open = spinGraph({
    lattice: { size: [2, 2], periodic: false },
    coupling: -2,
    field: 0.5,
    signs: [1, -1, 0, 1, 1, 0, 0, 0],
  });
  expect([...open.edges]).toEqual([0, 1, 0, 2, 1, 3, 2, 3]);
  expect([...open.couplings]).toEqual([-2, 2, -2, -2]);
  expect([...open.fields]).toEqual([0.5, 0.5, 0.5, 0.5]);
  const torus = spinGraph({ lattice: { size: [3, 3] } });
  expect(torus.couplings.length).toBe(18);
  expect(energyOf(torus, new Int8Array(9).fill(1))).toBe(-18);
  const flat = spinGraph({ nodes: 3, edges: Int32Array.of(0, 1, 2, 1), couplings: [1, 2], fields: [0, 1, 0] });
  expect(energyOf(flat, [1, -1, 1])).toBe(4);
});

test("colours: two on even tori and open lattices, three on the 3 x 3 torus, never equal along an edge", () => {
  const colours = (model: IsingModel) => {
    const graph = spinGraph(model);
    const found = colourNodes(graph);
    for (let edge = 0; edge < graph.couplings.length; edge++) {
      expect(found[graph.edges[2 * edge]!]).not.toBe(found[graph.edges[2 * edge + 1]!]);
    }
    return new Set(found).size;
  };
  expect(colours({ lattice: { size: [4, 6] } })).toBe(2);
  expect(colours({ lattice: { size: [5, 7], periodic: false } })).toBe(2);
  expect(colours({ lattice: { size: [3, 3] } })).toBe(3);
  expect(colours({ lattice: { size: [5, 5] } })).toBe(3);
  expect(colours({ nodes: 4, edges: [] })).toBe(1);
  const complete = Array.from({ length: 15 }, (_, k) => [k % 6, Math.floor(k / 6)]).filter(([i, j]) => i! > j!);
  expect(complete.length).toBeGreaterThan(0);
  const all: number[][] = [];
  for (let i = 0; i < 6; i++) for (let j = 0; j < i; j++) all.push([i, j]);
  expect(colours({ nodes: 6, edges: all })).toBe(6);
  expect(colours({ lattice: { size: [100, 100] } })).toBe(2);
});
