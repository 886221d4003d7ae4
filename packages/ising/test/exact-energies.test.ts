import { expect, test } from "vitest";
import { createLattice, type IsingModel, isingReplicas, spinGraph } from "../src/index.ts";
import { exactLaw, meanAndError, SPIN_GLASS } from "./enumeration.ts";

interface Averages {
  readonly energy: { mean: number; error: number };
  readonly size: { mean: number; error: number };
}

/** Averages over replicas of the averages over time of V and |m|. Replicas are independent, so the errors are honest. */
function averages(
  options: Parameters<typeof isingReplicas>[0],
  beta: number,
  replicas: number,
  draws: number,
  warmup: number,
): Averages {
  const problem = isingReplicas(options);
  const numbers = Array.from({ length: replicas }, (_, replica) => replica);
  const group = problem.createGroup({ seed: 99, replicas: numbers });
  const statistics = new Float64Array(replicas);
  const step = {
    betas: new Float64Array(replicas).fill(beta),
    chains: Int32Array.from(numbers),
    legs: new Int32Array(replicas),
    statistics,
    tallies: new Float64Array(0),
  };
  const energies = new Float64Array(replicas);
  const sizes = new Float64Array(replicas);
  const state = new Float64Array(problem.dim);
  for (let draw = -warmup; draw < draws; draw++) {
    group.explore(step);
    if (draw < 0) continue;
    for (let place = 0; place < replicas; place++) {
      energies[place]! -= statistics[place]! / draws;
      if (problem.dim > 64) continue;
      group.readState(place, state);
      sizes[place]! += Math.abs(state.reduce((a, b) => a + b, 0)) / problem.dim / draws;
    }
  }
  return { energy: meanAndError(energies), size: meanAndError(sizes) };
}

function expectMean({ mean, error }: { mean: number; error: number }, exact: number): void {
  expect(Math.abs(mean - exact) / error, `${mean} ± ${error}, exactly ${exact}`).toBeLessThan(5);
}

const OPEN3: IsingModel = { lattice: { size: [3, 3], periodic: false } };
const TORUS3: IsingModel = { lattice: { size: [3, 3] } };
const TORUS4: IsingModel = { lattice: { size: [4, 4] } };

test.each([
  ["open 3 x 3", OPEN3, 0.3, -3.900148063230229, 0.4467377310213238, 6.801539051067388],
  ["open 3 x 3", OPEN3, 1, -11.44766361938695, 0.9633509771048488, 12.8094202451311],
  ["3 x 3 torus", TORUS3, 0.2, -4.842892000870611, 0.4599774001857781, 6.669744604314108],
  ["3 x 3 torus", TORUS3, 0.44, -14.48116111429469, 0.8702736212351554, 9.010260941057474],
  ["4 x 4 torus", TORUS4, 0.2, -7.298165912685555, 0.3427656275535899, 11.77147035854158],
  ["4 x 4 torus", TORUS4, 0.44, -25.00555244966149, 0.8427156409813719, 15.50472653871816],
  ["4 x 4 torus", TORUS4, 0.6, -30.52911244529702, 0.9728674502446004, 20.05653288434681],
] as const)(
  "%s at β has its exact energy and magnetisation in both forms (%#)",
  (_, model, beta, energy, size, logZ) => {
    const law = exactLaw(spinGraph(model), beta);
    expect(law.meanEnergy).toBeCloseTo(energy, 10);
    expect(law.logZ).toBeCloseTo(logZ, 10);
    for (const form of ["replica-planes", "general-graph"] as const) {
      const result = averages({ ...model, form, sweepsPerStep: 3 }, beta, 32, 1500, 100);
      expectMean(result.energy, energy);
      expectMean(result.size, size);
    }
  },
);

test.each([
  [0.5, -4.846970027806215, 6.817212326614265],
  [1, -7.362316866076343, 9.976082009362399],
])("the spin glass of eight nodes at β = %d has its exact energy", (beta, energy, logZ) => {
  const law = exactLaw(spinGraph(SPIN_GLASS), beta);
  expect(law.meanEnergy).toBeCloseTo(energy, 10);
  expect(law.logZ).toBeCloseTo(logZ, 10);
  const result = averages({ ...SPIN_GLASS, sweepsPerStep: 3 }, beta, 64, 3000, 300);
  expectMean(result.energy, energy);
});

test("single nodes and pairs of the spin glass have their exact means at β = 1", () => {
  const exact = [
    -0.45786508469005, -0.64196135569449, 0.53599275296599, 0.41817451188953, -0.37244967069588, 0.29542245833887,
    0.38319007217572, 0.46898090989139,
  ];
  const replicas = Array.from({ length: 64 }, (_, replica) => replica);
  const group = isingReplicas({ ...SPIN_GLASS, sweepsPerStep: 5 }).createGroup({ seed: 4, replicas });
  const step = {
    betas: new Float64Array(64).fill(1),
    chains: new Int32Array(64),
    legs: new Int32Array(64),
    statistics: new Float64Array(64),
    tallies: new Float64Array(0),
  };
  const means = exact.map(() => new Float64Array(64));
  const state = new Float64Array(8);
  for (let draw = -100; draw < 3000; draw++) {
    group.explore(step);
    for (let place = 0; draw >= 0 && place < 64; place++) {
      group.readState(place, state);
      means.forEach((mean, node) => {
        mean[place]! += state[node]! / 3000;
      });
    }
  }
  means.forEach((mean, node) => {
    expectMean(meanAndError(mean), exact[node]!);
  });
});

// Kaufman's exact energies per site of finite tori.
test.each([
  [8, 0.44, -1.487525543386, 2000, 300],
  [16, 0.3, -0.70453267085877, 800, 100],
  [16, 0.44, -1.4477434648277, 2000, 600],
  [32, 0.44, -1.4270906077098, 1500, 1500],
])("the %i x %i torus at β = %d has its exact energy", (length, beta, energy, draws, warmup) => {
  const result = averages({ lattice: { size: [length, length] }, sweepsPerStep: 4 }, beta, 64, draws, warmup);
  expectMean(result.energy, energy * length ** 2);
  // Half a percent of β is seen.
  expect(result.energy.error / length ** 2).toBeLessThan(0.005);
});

// Onsager's bulk energy; finite size plays no role at 256 sites, some correlation lengths away from β_c.
test.each([
  [0.3, -0.70449907083245, "heat-bath"],
  [0.4, -1.1060792037458, "metropolis"],
  [0.5, -1.7455645753126, "heat-bath"],
  [0.6, -1.9090861776841, "metropolis"],
] as const)("a lattice of 256 x 256 at β = %d has the energy of the infinite one (%d, %s)", (beta, energy, kernel) => {
  const means = Array.from({ length: 12 }, (_, seed) => {
    const lattice = createLattice({ size: [256, 256], beta, seed, kernel });
    expect(lattice.describe()).toContain("wide lattice");
    // An ordered start: below the critical temperature a random one would have walls for long.
    lattice.writeSpins(new Int8Array(65536).fill(1));
    lattice.sweep(400);
    let sum = 0;
    for (let draw = 0; draw < 60; draw++) {
      lattice.sweep(10);
      sum += lattice.energy();
    }
    return sum / 60 / 65536;
  });
  expectMean(meanAndError(means), energy);
  expect(meanAndError(means).error).toBeLessThan(0.001);
});
