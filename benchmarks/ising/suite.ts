/**
 * Ising models: attempted updates per nanosecond on one core, each with its class of graphs and its digits of
 * probability, and how long a cold process takes for a tuned, sampled ladder.
 */
import { execFileSync } from "node:child_process";
import { createLattice, createSpinGraph, isingReplicas } from "@siegert/ising";
import type { BenchmarkCase } from "../suite.ts";
import hamon from "./fixtures/hamon.json" with { type: "json" }; // from hamon-22x22.py, on the machine of the figures
import { latticeOperations, vectorOperationsPerNs } from "./peak.ts";
import { randomRegularGraph } from "./random-graph.ts";

/** Repeats of each timing; the best counts, for other work on the machine only ever slows one down. */
const REPEATS = 80;

/** Updates per nanosecond of `body`, which makes `updates` of them: the best of many short runs after a warm-up. */
async function flipsPerNs(updates: number, body: () => void): Promise<number> {
  // The engine compiles hot code anew in the background.
  for (let k = 0; k < 5; k++) {
    for (let n = 0; n < 30; n++) body();
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  let best = Infinity;
  for (let k = 0; k < REPEATS; k++) {
    const begin = performance.now();
    body();
    best = Math.min(best, performance.now() - begin);
  }
  return updates / best / 1e6;
}

type LatticeOptions = Parameters<typeof createLattice>[0];

async function lattice(options: Partial<LatticeOptions> & Pick<LatticeOptions, "size">): Promise<number> {
  const simulation = createLattice({ beta: 0.44, seed: 1, ...options });
  const [height, width] = options.size;
  const sweeps = Math.ceil(1.2e6 / (height * width));
  return flipsPerNs(sweeps * height * width, () => simulation.sweep(sweeps));
}

async function graph(degree: number, chains: number): Promise<number> {
  const nodes = 1024;
  const edges = randomRegularGraph(nodes, degree, 7);
  const betas = Array.from({ length: chains }, (_, chain) => (chain + 1) / chains);
  const simulation = createSpinGraph({ nodes, edges, betas, seed: 1 });
  const sweeps = Math.ceil(4e5 / (nodes * chains));
  return flipsPerNs(sweeps * nodes * chains, () => simulation.sweep(sweeps));
}

async function planes(replicas: number): Promise<number> {
  const group = isingReplicas({ lattice: { size: [22, 22] }, sweepsPerStep: 40 }).createGroup({
    seed: 1,
    replicas: Array.from({ length: replicas }, (_, replica) => replica),
  });
  const step = {
    betas: Float64Array.from({ length: replicas }, (_, replica) => (0.5 * replica) / replicas),
    chains: Int32Array.from({ length: replicas }, (_, replica) => replica),
    legs: new Int32Array(replicas),
    statistics: new Float64Array(replicas),
    tallies: new Float64Array(0),
  };
  return flipsPerNs(40 * 484 * replicas, () => group.explore(step));
}

/** Seconds from the start of a new process to its end, and what it found. */
function coldLadder(): { seconds: number; scans: number; worst: number } {
  const flags = ["--conditions=@siegert/source", "--no-warnings", "ladder.ts"];
  const runs = Array.from({ length: 5 }, () => {
    const begin = performance.now();
    const output = execFileSync(process.execPath, flags, { cwd: import.meta.dirname, encoding: "utf8" });
    return { seconds: (performance.now() - begin) / 1000, ...(JSON.parse(output) as { scans: number; worst: number }) };
  });
  return runs.reduce((best, run) => (run.seconds < best.seconds ? run : best));
}

const ONE_CORE = "one core, updates tried, best of many short runs";

async function* lattices(): AsyncGenerator<BenchmarkCase> {
  const peak = vectorOperationsPerNs();
  const value = await lattice({ size: [256, 256] });
  const operations = latticeOperations(24);
  const limit = (128 * peak) / operations;
  const share = `${operations} vector operations per 128 spins at ${peak.toFixed(1)} per ns (measured) would give ${limit.toFixed(1)}: ${Math.round((100 * value) / limit)} % of the limit`;
  yield {
    name: "lattice-flips-per-ns",
    value,
    unit: "1/ns",
    baseline: 4,
    ratio: value / 4,
    note: `256 × 256 torus, J = 1, heat bath, 24-bit thresholds, ${ONE_CORE}; ${share}; baseline: the limit of the project`,
  };
  const signs = Int8Array.from({ length: 2 * 65536 }, (_, k) => (((k * 2654435761) >>> 16) & 1 ? 1 : -1));
  const square = { size: [256, 256] } as const;
  const others: readonly (readonly [name: string, what: string, options: Parameters<typeof lattice>[0]])[] = [
    [
      "lattice-metropolis-flips-per-ns",
      "256 × 256 torus, J = 1, Metropolis, 24-bit thresholds",
      { ...square, kernel: "metropolis" },
    ],
    [
      "lattice-20bit-flips-per-ns",
      "256 × 256 torus, J = 1, heat bath, 20-bit thresholds",
      { ...square, thresholdBits: 20 },
    ],
    [
      "lattice-32bit-flips-per-ns",
      "256 × 256 torus, J = 1, heat bath, 32-bit thresholds",
      { ...square, thresholdBits: 32 },
    ],
    [
      "lattice-glass-flips-per-ns",
      "256 × 256 torus, J = ±1 by bond, heat bath, 24-bit thresholds",
      { ...square, signs },
    ],
    [
      "lattice-open-flips-per-ns",
      "256 × 256 with open edges, J = 1, heat bath, 24-bit thresholds",
      { ...square, periodic: false },
    ],
    [
      "lattice-field-flips-per-ns",
      "256 × 256 torus, J = 1, H = 0.1, heat bath, 24-bit thresholds",
      { ...square, field: 0.1 },
    ],
    ["lattice-2048-flips-per-ns", "2048 × 2048 torus, J = 1, heat bath, 24-bit thresholds", { size: [2048, 2048] }],
  ];
  for (const [name, what, options] of others) {
    const flips = await lattice(options);
    yield { name, value: flips, unit: "1/ns", baseline: null, ratio: null, note: `${what}, ${ONE_CORE}` };
  }
}

async function* replicas(): AsyncGenerator<BenchmarkCase> {
  for (const count of [8, 16, 32, 128]) {
    const value = await planes(count);
    const note = `22 × 22 torus, ${count} replicas as bits, a β each, energies every 40 sweeps, heat bath, 24-bit thresholds, ${ONE_CORE}`;
    yield { name: `planes-${count}-replicas-flips-per-ns`, value, unit: "1/ns", baseline: null, ratio: null, note };
  }
}

async function* graphs(): AsyncGenerator<BenchmarkCase> {
  const what = (degree: number, chains: number) =>
    `random graph of 1024 nodes with ${degree} neighbours each, normal couplings, ${chains} chains with a β each, heat bath, probabilities to 2^-21, ${ONE_CORE}`;
  const value = await graph(4, 16);
  yield {
    name: "general-degree4-flips-per-ns",
    value,
    unit: "1/ns",
    baseline: 0.3,
    ratio: value / 0.3,
    note: `${what(4, 16)}; baseline: the limit of the project`,
  };
  for (const [degree, chains] of [
    [4, 4],
    [4, 64],
    [15, 16],
  ] as const) {
    const flips = await graph(degree, chains);
    const name = `general-degree${degree}-${chains}-chains-flips-per-ns`;
    yield { name, value: flips, unit: "1/ns", baseline: null, ratio: null, note: what(degree, chains) };
  }
}

export async function* suite(): AsyncGenerator<BenchmarkCase> {
  yield* lattices();
  yield* replicas();
  yield* graphs();
  const { seconds, scans, worst } = coldLadder();
  if (!(worst < 5)) throw new Error(`energies of the ladder are ${worst} standard errors off`);
  yield {
    name: "cold-22x22-seconds",
    value: seconds,
    unit: "s",
    baseline: hamon.ladder.seconds,
    ratio: hamon.ladder.seconds / seconds,
    note: `new process to tuned and sampled ladder of 16 chains on the 22 × 22 torus, β 0 to 0.5, ${scans} scans, one thread, exact energies met on every rung; baseline: hamon ${hamon.hamon}, 2500 rounds, best of ${hamon.ladder.allSeconds.length}`,
  };
}
