import { InvalidArgumentError } from "@siegert/errors";
import type { ReplicaGroup } from "@siegert/log-density";
import { expect, test } from "vitest";
import {
  energyOf,
  type IsingModel,
  type IsingReplicaOptions,
  isingReplicas,
  portableIsing,
  spinGraph,
} from "../src/index.ts";
import { SPIN_GLASS } from "./enumeration.ts";

const MODELS: readonly (readonly [string, IsingReplicaOptions])[] = [
  ["wide-lattice", { lattice: { size: [4, 256] }, sweepsPerStep: 2 }],
  ["replica-planes", { lattice: { size: [5, 6], periodic: false }, thresholdBits: 21 }],
  ["general-graph", { ...SPIN_GLASS, sweepsPerStep: 3 }],
];

/** β that replica r has at step n, as if swaps moved it about. */
function betaOf(replica: number, step: number): number {
  return 0.1 * ((replica * 5 + step) % 8);
}

/** Explores and returns the statistics of every replica. */
function explore(group: ReplicaGroup, replicas: readonly number[], step: number): Float64Array {
  const size = replicas.length;
  const statistics = new Float64Array(size);
  const betas = Float64Array.from(replicas, (replica) => betaOf(replica, step));
  group.explore({
    betas,
    chains: new Int32Array(size),
    legs: new Int32Array(size),
    statistics,
    tallies: new Float64Array(0),
  });
  return statistics;
}

test.each(MODELS)("%s: replicas have the same bits however they are grouped, saved and moved", (form, model) => {
  const problem = isingReplicas(model);
  expect(problem.form).toBe(form);
  const replicas = Array.from({ length: 37 }, (_, k) => 2 * k + 1);
  const whole = problem.createGroup({ seed: 5, replicas });
  const parts = [replicas.slice(0, 1), replicas.slice(1, 7), replicas.slice(7)];
  let groups = parts.map((part) => problem.createGroup({ seed: 5, replicas: part }));
  const [a, b] = [new Float64Array(problem.dim), new Float64Array(problem.dim)];
  for (let step = 0; step < 60; step++) {
    const together = explore(whole, replicas, step);
    const apart = parts.flatMap((part, k) => [...explore(groups[k]!, part, step)]);
    expect([...together]).toEqual(apart);
    if (step === 25) {
      // New groups of another seed take over, in states of their own, and at another phase of their streams.
      const fresh = parts.map((part) => problem.createGroup({ seed: 77, replicas: part }));
      fresh.forEach((group, k) => {
        for (let n = 0; n < 9; n++) explore(group, parts[k]!, n);
        for (let place = 0; place < group.size; place++) group.loadReplica(place, groups[k]!.saveReplica(place));
      });
      groups = fresh;
    }
  }
  whole.readState(9, a);
  groups[2]!.readState(2, b);
  expect(a).toEqual(b);
  expect(whole.saveReplica(9)).toEqual(groups[2]!.saveReplica(2));
});

test.each(MODELS)("%s: the statistic is minus the energy of the state", (_, model) => {
  const group = isingReplicas(model).createGroup({ seed: 1, replicas: [0, 1, 2] });
  const graph = spinGraph(model);
  const state = new Float64Array(graph.nodes);
  for (let step = 0; step < 5; step++) {
    const statistics = explore(group, [0, 1, 2], step);
    statistics.forEach((statistic, place) => {
      group.readState(place, state);
      expect(Math.abs(statistic + energyOf(graph, state))).toBeLessThan(1e-12);
    });
  }
});

test("the problem travels as plain data", async () => {
  const model: IsingReplicaOptions = { lattice: { size: [4, 4] }, sweepsPerStep: 2 };
  const portable = structuredClone(isingReplicas(model).portable());
  expect(portable).toEqual(portableIsing(model));
  const made = ((await import(portable.module)) as Record<string, typeof isingReplicas>)[portable.export!]!(
    portable.argument as IsingReplicaOptions,
  );
  const groups = [made, isingReplicas(model)].map((problem) => problem.createGroup({ seed: 3, replicas: [0, 4] }));
  for (let step = 0; step < 10; step++) {
    expect(explore(groups[0]!, [0, 4], step)).toEqual(explore(groups[1]!, [0, 4], step));
  }
});

test("the form depends on the model, and can be asked for", () => {
  const form = (model: IsingReplicaOptions) => isingReplicas(model).form;
  const torus: IsingModel = { lattice: { size: [4, 256] } };
  expect(form(torus)).toBe("wide-lattice");
  expect(form({ ...torus, field: 0.1 })).toBe("wide-lattice");
  expect(form({ ...torus, form: "replica-planes" })).toBe("replica-planes");
  expect(form({ lattice: { size: [5, 256] } })).toBe("replica-planes");
  expect(form({ lattice: { size: [4, 4] }, field: 0.1 })).toBe("general-graph");
  expect(form({ lattice: { size: [4, 4] }, coupling: 0 })).toBe("general-graph");
  expect(form({ nodes: 3, edges: [0, 1, 1, 2], couplings: [1, -1] })).toBe("replica-planes");
  expect(form({ nodes: 3, edges: [0, 1, 1, 2], couplings: [1, -2] })).toBe("general-graph");
  expect(isingReplicas({ lattice: { size: [3, 3] } }).describe()).toContain("3 colours");
  expect(isingReplicas({ lattice: { size: [4, 6] } }).describe()).toContain("2 colours");
  const own = isingReplicas({ nodes: 3, edges: [0, 1], colours: [0, 1, 2] });
  expect(own.describe()).toContain("3 colours");
});

test("saved replicas of something else, or damaged ones, are refused", () => {
  const [wide, planes, graph] = MODELS.map(([, model]) => isingReplicas(model).createGroup({ seed: 1, replicas: [0] }));
  const saved = planes!.saveReplica(0);
  for (const group of [wide!, graph!]) expect(() => group.loadReplica(0, saved)).toThrow(/same kernel/);
  expect(() => planes!.loadReplica(0, saved.slice(0, 11))).toThrow(/be a saved replica/);
  expect(() => planes!.loadReplica(0, saved.slice(0, saved.length - 1))).toThrow(/complete/);
  const damaged = saved.slice();
  damaged[100]! ^= 1;
  expect(() => planes!.loadReplica(0, damaged)).toThrow(/checksum/);
  expect(() => planes!.loadReplica(0, new Uint8Array(64))).toThrow(InvalidArgumentError);
  planes!.loadReplica(0, saved);
  expect(planes!.saveReplica(0)).toEqual(saved);
});

test("groups refuse what they cannot use, before any work", () => {
  const problem = isingReplicas({ lattice: { size: [4, 4] } });
  expect(() => problem.createGroup({ seed: 0.5, replicas: [0] })).toThrow(/seed/);
  expect(() => problem.createGroup({ seed: 1, replicas: [] })).toThrow(/replicas/);
  expect(() => problem.createGroup({ seed: 1, replicas: [1, 1] })).toThrow(/replicas\[1\]/);
  const group = problem.createGroup({ seed: 1, replicas: [0] });
  for (const beta of [Number.NaN, -0.1, Infinity]) {
    const step = {
      betas: Float64Array.of(beta),
      chains: new Int32Array(1),
      legs: new Int32Array(1),
      statistics: new Float64Array(1),
      tallies: new Float64Array(0),
    };
    expect(() => group.explore(step)).toThrow(/betas\[0\]/);
  }
  expect(() => group.readState(1, new Float64Array(16))).toThrow(/place/);
  expect(() => group.readState(0, new Float64Array(15))).toThrow(/state/);
  expect(() => group.saveReplica(-1)).toThrow(/place/);
});
