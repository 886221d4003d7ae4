import { createRandom } from "@siegert/random";
import { instantiate, type WasmMemory } from "@siegert/wasm";
import { expect, test } from "vitest";
import { createLattice, energyOf, type IsingModel, spinGraph, type UpdateKernel } from "../src/index.ts";
import { digitOf, maskBytes } from "../src/lattice/emit-bernoulli.ts";
import { emitWide, type WideExports, type WideProgram } from "../src/lattice/emit-wide.ts";
import { plainWide } from "../src/lattice/plain-wide.ts";
import { probabilities, situations, threshold } from "../src/lattice/rule.ts";
import { replicaBytes } from "../src/lattice/wide-layout.ts";
import { createEngine } from "../src/select-engine.ts";

const KERNELS: readonly UpdateKernel[] = ["heat-bath", "metropolis"];

function signs(count: number, values: readonly number[], seed: number): Int8Array {
  const random = createRandom(seed, "signs");
  return Int8Array.from({ length: count }, () => values[random.integer(values.length)]!);
}

/** Vector code and plain twin of a model: same spins, same energies, and both as counted from the spins. */
function expectTwins(model: IsingModel, kernel: UpdateKernel, replicas: number, sweeps: number): void {
  const options = { seed: 11, replicas: Array.from({ length: replicas }, (_, k) => 3 * k), kernel, thresholdBits: 24 };
  const [vector, plain] = [true, false].map((simd) => createEngine(model, { ...options, simd }));
  const betas = Float64Array.from({ length: replicas }, (_, k) => 0.1 + 0.9 * (k / replicas));
  const graph = spinGraph(model);
  const [a, b] = [new Int8Array(graph.nodes), new Int8Array(graph.nodes)];
  const [energies, twins, sums] = [0, 1, 2].map(() => new Float64Array(replicas)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const scale = [...graph.couplings, ...graph.fields].reduce((sum, value) => sum + Math.abs(value), 0);
  vector!.sweep(betas, sweeps);
  plain!.sweep(betas, sweeps);
  vector!.energies(energies);
  plain!.energies(twins);
  vector!.magnetisations(sums);
  expect(energies).toEqual(twins);
  for (let place = 0; place < replicas; place++) {
    vector!.readSpins(place, a);
    plain!.readSpins(place, b);
    expect(a).toEqual(b);
    expect(Math.abs(energies[place]! - energyOf(graph, a))).toBeLessThanOrEqual(1e-13 * scale);
    expect(sums[place]).toBe(a.reduce((sum, spin) => sum + spin, 0));
    expect(plain!.save(place)).toEqual(vector!.save(place));
  }
}

for (const kernel of KERNELS) {
  for (const periodic of [true, false]) {
    test(`wide lattice, ${kernel}, ${periodic ? "periodic" : "open"}: vector code and twin have the same bits`, () => {
      for (const size of [
        [4, 256],
        [6, 768],
      ] as const) {
        const bonds = 2 * size[0] * size[1];
        for (const field of [0, 0.3]) {
          expectTwins({ lattice: { size, periodic }, field }, kernel, 2, 3);
          expectTwins({ lattice: { size, periodic }, field, coupling: -0.7 }, kernel, 1, 3);
          expectTwins({ lattice: { size, periodic }, field, signs: signs(bonds, [-1, 1], 1) }, kernel, 1, 3);
          expectTwins(
            { lattice: { size, periodic }, coupling: -1, field, signs: signs(bonds, [-1, 0, 1], 2) },
            kernel,
            1,
            3,
          );
        }
      }
    });
  }

  test(`replica planes, ${kernel}: vector code and twin have the same bits`, () => {
    expectTwins({ lattice: { size: [3, 3] } }, kernel, 5, 300);
    expectTwins({ lattice: { size: [5, 7] } }, kernel, 40, 60);
    expectTwins({ lattice: { size: [5, 6], periodic: false }, signs: signs(60, [-1, 0, 1], 3) }, kernel, 33, 60);
    const edges = Array.from({ length: 33 }, (_, k) => [k % 11, (k + 1 + Math.floor(k / 11)) % 11]);
    expectTwins({ nodes: 12, edges, couplings: edges.map((_, k) => (k % 4 === 0 ? -0.5 : 0.5)) }, kernel, 32, 100);
  });
}

test("general graph: vector code and twin have the same bits", () => {
  const random = createRandom(5, "graph");
  const edges: number[][] = [];
  for (let i = 0; i < 30; i++) {
    for (let j = 0; j < i; j++) if (i === 20 || random.uniform() < 0.1) edges.push([i, j, random.normal()]);
  }
  const fields = Array.from({ length: 31 }, () => random.normal());
  for (const replicas of [1, 4, 5, 8, 11, 13]) expectTwins({ nodes: 31, edges, fields }, "heat-bath", replicas, 40);
  // Scales that single precision could not add.
  const scaled = edges.map(([i, j, coupling], k) => [i!, j!, coupling! * 10 ** ((k % 25) - 12)]);
  expectTwins({ nodes: 31, edges: scaled, fields: 0 }, "heat-bath", 6, 40);
});

/** A wide lattice in memory of its own, run by module or twin, with thresholds in the code or in memory. */
function wideRun(
  kernel: UpdateKernel,
  bits: number,
  isCompiled: boolean,
  isPlain: boolean,
  sweeps: number,
): Int32Array {
  const shape = { height: 4, width: 512, hasSigns: false, isDiluted: false };
  const rule = { kernel, isDiluted: false, hasField: false };
  const thresholds = probabilities(rule, 0.37, 0).map((p) => threshold(p, bits));
  const program: WideProgram = {
    shape,
    rule,
    isAntiferromagnetic: false,
    bits,
    thresholds: isCompiled ? thresholds : undefined,
    signsAt: 0,
    presenceAt: 0,
  };
  const { Memory } = (globalThis as unknown as { WebAssembly: { Memory: new (size: object) => WasmMemory } })
    .WebAssembly;
  const memory = new Memory({ initial: 2 });
  const words = new Int32Array(memory.buffer);
  thresholds.forEach((value, index) => {
    for (let digit = 0; digit < bits; digit++) {
      const at = 4 * (index * (bits + 1) + digit);
      words.fill(-digitOf(value, digit), at, at + 4);
    }
  });
  const state = maskBytes(situations(rule).length, bits);
  const random = createRandom(3, "state");
  for (let k = 0; k < replicaBytes(shape) / 4; k++) words[state / 4 + k] = random.uint32() | 0;
  const code = isPlain
    ? plainWide(program, memory.buffer)
    : instantiate<WideExports>(emitWide(program), { env: { memory } });
  code.sweep(state, 0, sweeps);
  return words.slice(state / 4, (state + replicaBytes(shape)) / 4);
}

test.each(KERNELS)("thresholds in the code and in memory give the same bits, in vectors and twin (%s)", (kernel) => {
  for (const bits of [20, 24, 32]) {
    const reference = wideRun(kernel, bits, true, false, 5);
    for (const [isCompiled, isPlain] of [
      [false, false],
      [true, true],
      [false, true],
    ] as const) {
      expect(wideRun(kernel, bits, isCompiled, isPlain, 5)).toEqual(reference);
    }
    expect(wideRun(kernel, bits, true, false, 6)).not.toEqual(reference);
  }
});

test("a lattice gets code with its thresholds after a while, and the same bits", () => {
  const options = { size: [512, 512], beta: 0.4, seed: 5 } as const;
  const [once, twice] = [createLattice(options), createLattice(options)];
  once.sweep(220); // 5.8e7 updates: compiled at once
  for (let k = 0; k < 22; k++) twice.sweep(10); // compiled on the way
  expect(twice.save()).toEqual(once.save());
});
