import { InvalidArgumentError } from "@siegert/errors";
import type { PortableReplicaProblem, ReplicaGroup, ReplicaProblem } from "@siegert/log-density";
import { describe, expect, test } from "vitest";
import {
  block,
  blocksByTemperature,
  categoryNodes,
  energyModel,
  enumerateStates,
  type GibbsReplicaOptions,
  gaussianModel,
  gibbsReplicas,
  isingModel,
  lattice,
  metropolisSampler,
  modelData,
  portableGibbs,
  spinNodes,
  userFactor,
} from "../src/index.ts";
import { lawP } from "./chi-square.ts";
import { potts3x3, spinGlass } from "./golden-models.ts";

/** Explores with fixed β per replica; gives every statistic, replica by replica. */
function explore(group: ReplicaGroup, betas: readonly number[], steps: number, visit?: () => void): Float64Array {
  const all = new Float64Array(steps * group.size);
  const step = {
    betas: Float64Array.from(betas),
    chains: Int32Array.from(betas.keys()),
    legs: new Int32Array(group.size),
    statistics: new Float64Array(group.size),
    tallies: new Float64Array(0),
  };
  for (let k = 0; k < steps; k++) {
    group.explore(step);
    all.set(step.statistics, k * group.size);
    visit?.();
  }
  return all;
}

const BETAS = [0, 0.25, 0.5, 1];

/** p values of the hypothesis that replicas at these β have the law of the model, from draws far apart. */
function lawPs(problem: ReplicaProblem, model: ReturnType<typeof spinGlass>, betas: readonly number[]): number[] {
  const exact = enumerateStates(model);
  const group = problem.createGroup({ seed: 3, replicas: betas.map((_, r) => r) });
  const counts = betas.map(() => new Float64Array(exact.count));
  const state = new Float64Array(problem.dim);
  const far = 8;
  let step = 0;
  explore(group, betas, 100);
  explore(group, betas, 10_000 * far, () => {
    if (step++ % far > 0) return;
    for (const place of betas.keys()) {
      group.readState(place, state);
      counts[place]![exact.indexOf(state)]! += 1;
    }
  });
  return betas.map((beta, place) => lawP(counts[place]!, exact.probabilities(beta)));
}

describe("replicas of a spin glass", () => {
  const model = spinGlass(1);

  test("have the law of their β each, a uniform one at β = 0", () => {
    for (const p of lawPs(gibbsReplicas({ model }), model, BETAS)) expect(p).toBeGreaterThan(1e-3);
  });

  test("with joint blocks by temperature as well", () => {
    const problem = gibbsReplicas({ model, jointBlocks: { maxBlockSize: 4, criticalBeta: 0.5 } });
    for (const p of lawPs(problem, model, BETAS)) expect(p).toBeGreaterThan(1e-3);
    const chosen = gibbsReplicas({ model, free: blocksByTemperature(model, { maxBlockSize: 4, criticalBeta: 0.5 }) });
    const identity = { seed: 3, replicas: [0, 1] };
    expect(explore(chosen.createGroup(identity), [0.3, 0.5], 50)).toEqual(
      explore(problem.createGroup(identity), [0.3, 0.5], 50),
    );
  });

  test("say −V of the state that they are in", () => {
    const problem = gibbsReplicas({ model, sweeps: 2 });
    expect(problem.dim).toBe(8);
    expect(problem.names).toEqual(["s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"]);
    const group = problem.createGroup({ seed: 5, replicas: [4, 7] });
    const state = new Float64Array(8);
    for (let k = 0; k < 20; k++) {
      const statistics = explore(group, [0, 0.7], 1);
      for (const place of [0, 1]) {
        group.readState(place, state);
        expect(statistics[place]).toBeCloseTo(-model.baseEnergy(state), 12);
      }
    }
  });

  test("draw the same however they are grouped", () => {
    const problem = gibbsReplicas({ model });
    const all = explore(problem.createGroup({ seed: 1, replicas: [0, 1, 2, 3] }), BETAS, 30);
    const pair = explore(problem.createGroup({ seed: 1, replicas: [1, 3] }), [BETAS[1]!, BETAS[3]!], 30);
    for (let k = 0; k < 30; k++) expect([pair[2 * k], pair[2 * k + 1]]).toEqual([all[4 * k + 1], all[4 * k + 3]]);
    const other = explore(problem.createGroup({ seed: 2, replicas: [0, 1, 2, 3] }), BETAS, 30);
    expect(other).not.toEqual(all);
  });

  test("go on from saved bytes to the same bits, in another group and place", () => {
    // Weights that are no binary fractions, so that energies are rounded and refreshed.
    const rough = isingModel({ ...lattice([4, 4]), couplings: 1 / 3, fields: 0.1 });
    const problem = gibbsReplicas({ model: rough, refreshEvery: 7 });
    const first = problem.createGroup({ seed: 1, replicas: [0, 1] });
    explore(first, [0.5, 1], 25);
    const second = problem.createGroup({ seed: 9, replicas: [2, 3] });
    second.loadReplica(0, structuredClone(first.saveReplica(1)));
    second.loadReplica(1, first.saveReplica(0));
    const [a, b] = [explore(first, [0.5, 1], 40), explore(second, [1, 0.5], 40)];
    for (let k = 0; k < 40; k++) expect([b[2 * k], b[2 * k + 1]]).toEqual([a[2 * k + 1], a[2 * k]]);
    expect(() => second.loadReplica(0, new Uint8Array(3))).toThrow(InvalidArgumentError);
  });

  test("energies of real couplings do not drift", () => {
    const edges = lattice([6, 6]);
    const couplings = Float64Array.from({ length: 72 }, (_, e) => Math.sin(e + 1));
    const rough = isingModel({ ...edges, couplings });
    const problem = gibbsReplicas({ model: rough });
    const group = problem.createGroup({ seed: 1, replicas: [0] });
    const state = new Float64Array(36);
    for (let k = 0; k < 50; k++) {
      const [s] = explore(group, [0.6], 199).slice(-1);
      group.readState(0, state);
      expect(Math.abs(s! + rough.baseEnergy(state))).toBeLessThan(1e-11);
    }
  });
});

test("at β = 0 every draw is independent of the one before", () => {
  const model = isingModel({ nodes: 1, edges: [] });
  const group = gibbsReplicas({ model }).createGroup({ seed: 2, replicas: [0] });
  const state = new Float64Array(1);
  const draws: number[] = [];
  explore(group, [0], 20_000, () => {
    group.readState(0, state);
    draws.push(state[0]!);
  });
  const sum = draws.slice(1).reduce((total, s, k) => total + s * draws[k]!, 0);
  expect(Math.abs(sum) / Math.sqrt(19_999)).toBeLessThan(4);
});

test("clamped nodes stay, at β = 0 too", () => {
  const nodes = spinNodes(3);
  const model = isingModel({ nodes, edges: [[0, 1]] });
  const problem = gibbsReplicas({ model, clamped: new Map([[block([nodes[2]!, nodes[0]!]), [1, -1]]]) });
  const group = problem.createGroup({ seed: 1, replicas: [0, 1] });
  const state = new Float64Array(3);
  const seen = new Set<string>();
  explore(group, [0, 1], 200, () => {
    for (const place of [0, 1]) {
      group.readState(place, state);
      seen.add(String([...state]));
    }
  });
  expect([...seen].sort()).toEqual(["-1,-1,1", "-1,1,1"]);
});

test("states that are forbidden have −∞ at β = 0 and are never visited above", () => {
  const nodes = categoryNodes(2, 3);
  const differ = userFactor({ groups: [[nodes[0]!], [nodes[1]!]], energy: ([a, b]) => (a === b ? Infinity : 0) });
  const problem = gibbsReplicas({ model: energyModel({ nodes, factors: [differ] }) });
  const group = problem.createGroup({ seed: 1, replicas: [0, 1] });
  const statistics = explore(group, [0, 1], 500);
  const forbidden = statistics.filter((s, k) => k % 2 === 0 && s === -Infinity).length;
  expect(Math.abs(forbidden - 500 / 3) / Math.sqrt((500 * 2) / 9)).toBeLessThan(4);
  for (let k = 0; k < 500; k++) expect(statistics[2 * k + 1]).toBe(0);
});

describe("as plain data", () => {
  const make = async (options: GibbsReplicaOptions): Promise<ReplicaProblem> => {
    const {
      module,
      export: name,
      argument,
    } = structuredClone(portableGibbs(options)) as Required<PortableReplicaProblem>;
    const exports = (await import(/* @vite-ignore */ module)) as Record<string, (argument: unknown) => ReplicaProblem>;
    return exports[name]!(argument);
  };

  test.each<readonly [string, () => GibbsReplicaOptions]>([
    ["by colours", () => ({ model: potts3x3(true, 1), sweeps: 2 })],
    [
      "with clamped nodes",
      () => {
        const model = spinGlass(1);
        return { model, clamped: new Map([[block([model.nodes[3]!]), [1]]]), refreshEvery: 5 };
      },
    ],
    [
      "with blocks",
      () => {
        const model = isingModel(lattice([2, 2]));
        return {
          model,
          free: [block(model.nodes.slice(0, 2), { joint: true }), block(model.nodes.slice(2), { joint: true })],
        };
      },
    ],
    [
      "with joint blocks by temperature",
      () => ({ model: isingModel(lattice([4, 4])), jointBlocks: { maxBlockSize: 8 } }),
    ],
  ])("%s, the same bits", async (_name, options) => {
    const identity = { seed: 6, replicas: [0, 5] };
    const [direct, travelled] = [gibbsReplicas(options()), await make(options())];
    expect(travelled.names).toEqual(direct.names);
    expect(explore(travelled.createGroup(identity), [0.4, 0.8], 40)).toEqual(
      explore(direct.createGroup(identity), [0.4, 0.8], 40),
    );
  });

  test("functions cannot travel, and the error says what to do", () => {
    const model = spinGlass(1);
    expect(() => portableGibbs({ model, free: blocksByTemperature(model) })).toThrow(
      /^free must be data .* or give jointBlocks/,
    );
    expect(() => portableGibbs({ model, samplers: new Map() })).toThrow(/^samplers must be data/);
    const user = energyModel({ nodes: model.nodes, factors: [userFactor({ groups: [model.nodes], energy: () => 0 })] });
    expect(() => portableGibbs({ model: user })).toThrow(/export a function that makes it from a module/);
    expect(() => modelData(user)).toThrow(InvalidArgumentError);
  });
});

test.each<readonly [string, () => unknown, RegExp]>([
  [
    "Gaussian nodes",
    () => gibbsReplicas({ model: gaussianModel({ nodes: 2, precisions: 1 }) }),
    /no law to draw from; received "x0, of kind gaussian"/,
  ],
  ["no sweeps", () => gibbsReplicas({ model: spinGlass(1), sweeps: 0 }), /^sweeps must be an integer, at least 1/],
  [
    "a refresh that never comes",
    () => gibbsReplicas({ model: spinGlass(1), refreshEvery: 0 }),
    /^refreshEvery must be 1 or more/,
  ],
  [
    "two ways to choose blocks",
    () => {
      const model = spinGlass(1);
      return gibbsReplicas({ model, jointBlocks: {}, free: [block(model.nodes, { joint: true })] });
    },
    /^jointBlocks must not be given together with free/,
  ],
  [
    "a sampler for a block of another program",
    () => {
      const model = spinGlass(1);
      return gibbsReplicas({ model, samplers: new Map([[block([model.nodes[0]!]), metropolisSampler()]]) });
    },
    /be for free blocks/,
  ],
])("refuses %s", (_what, action, message) => {
  expect(action).toThrow(InvalidArgumentError);
  expect(action).toThrow(message);
});

test("a negative β is refused", () => {
  const group = gibbsReplicas({ model: spinGlass(1) }).createGroup({ seed: 1, replicas: [0] });
  expect(() => explore(group, [-1], 1)).toThrow("beta must be finite and not negative");
});
