/** Bad models, ladders, energies and states, with the problems that packages make: typed errors that name them. */
import {
  block,
  energyModel,
  gibbsReplicas,
  isingModel,
  lattice,
  portableGibbs,
  spinNodes,
  userFactor,
} from "@siegert/block-gibbs";
import { isingReplicas } from "@siegert/ising";
import type { PortableReplicaProblem, ReplicaProblem } from "@siegert/log-density";
import { resumeTempering, TemperingError, type TemperingOptions, temper } from "@siegert/pt-tempering";
import { describe, expect, test } from "vitest";
import { ISING_OPEN, ISING_TORUS_4X4, SPIN_GLASS } from "./tempering-golden.ts";
import { targetModule } from "./tempering-targets.ts";

const BETAS = [0, 0.2, 0.5, 1];

/** What a run was rejected with. */
async function errorOf(problem: ReplicaProblem | PortableReplicaProblem, options: TemperingOptions): Promise<unknown> {
  return temper(problem, options).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("energies that are no numbers", () => {
  const breaking = (statistic: number): PortableReplicaProblem => ({
    kind: "module",
    module: targetModule,
    export: "breakingLattice",
    // 2 + 4 + 8 explorations are those of rounds 0 to 2: number 20 is scan 5 of round 3.
    argument: { model: { lattice: { size: [4, 4] } }, replica: 2, explorations: 20, statistic },
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])(
    "stop the run for the statistic %d, with chain, β, replica, round and scan",
    async (statistic) => {
      // The traces of a sound run tell on which chain the replica is then.
      const sound = await temper(isingReplicas({ lattice: { size: [4, 4] } }), {
        betas: BETAS,
        rounds: 4,
        seed: 3,
        trace: true,
      });
      const chain = sound.indexTrace!.chains[4 * 4 + 2]!;
      const error = await errorOf(breaking(statistic), { betas: BETAS, rounds: 5, seed: 3, threads: 1 });
      expect(error).toBeInstanceOf(TemperingError);
      expect(error).toMatchObject({ reason: "statistic", round: 3, scan: 5, replica: 2, chain, beta: BETAS[chain] });
      expect((error as TemperingError).statistic).toBe(statistic);
      expect((error as TemperingError).state!.length).toBe(16);
      expect((error as Error).message).toContain(`Chain ${chain} (β = ${BETAS[chain]}, replica 2)`);
      expect((error as Error).message).toContain("in scan 5 of round 3");
    },
  );

  test("are named by the same chain, round and scan on two threads, whose groups count for themselves", async () => {
    const options: TemperingOptions = { betas: BETAS, rounds: 5, seed: 3 };
    const one = await errorOf(breaking(Number.NaN), { ...options, threads: 1 });
    const two = await errorOf(breaking(Number.NaN), { ...options, threads: 2 });
    expect(two).toBeInstanceOf(TemperingError);
    expect(two).toMatchObject({ reason: "statistic", replica: 2 });
    expect((one as TemperingError).replica).toBe((two as TemperingError).replica);
  });

  test.each([Number.NaN, Number.NEGATIVE_INFINITY])(
    "from a factor of a user's own that gives %d stop the run with factor, chain, β and round",
    async (energy) => {
      const spins = spinNodes(3);
      let calls = 0;
      const factor = userFactor({
        name: "mine",
        groups: [[spins[0]!], [spins[1]!]],
        energy: ([a = 0, b = 0]) => (++calls > 500 ? energy : -a * b),
      });
      const model = energyModel({ nodes: spins, factors: [factor] });
      const error = await errorOf(gibbsReplicas({ model }), { betas: BETAS, rounds: 8, seed: 1 });
      expect(error).toBeInstanceOf(TemperingError);
      expect((error as TemperingError).reason).toBe("exploration");
      const message =
        /^Exploration threw in round (\d): chain \d \(β = [\d.]+\): energy of factor 0 of mine must be a number/;
      expect(Number(message.exec((error as Error).message)?.[1])).toBe((error as TemperingError).round);
      expect((error as TemperingError).round).toBeGreaterThan(1);
    },
  );

  test("from the first state are refused before the first scan", async () => {
    const spins = spinNodes(2);
    const factor = userFactor({ name: "mine", groups: [spins.slice(0, 1)], energy: () => Number.NaN });
    const model = energyModel({ nodes: spins, factors: [factor] });
    const error = await errorOf(gibbsReplicas({ model }), { betas: BETAS, rounds: 2 });
    expect(error).toMatchObject({ name: "InvalidArgumentError", argument: "energy of factor 0 of mine" });
  });
});

describe("before any work", () => {
  const problems: readonly (readonly [string, ReplicaProblem])[] = [
    ["Ising kernels", isingReplicas({ lattice: { size: [4, 4] } })],
    ["block Gibbs", gibbsReplicas({ model: SPIN_GLASS.model })],
  ];

  test.each(
    problems.flatMap(([name, problem]) =>
      (
        [
          ["options.betas[2]", { betas: [0, 0.5, 0.2, 1] }],
          ["options.betas[2]", { betas: [0, 0.5, 0.5, 1] }],
          ["options.betas[1]", { betas: [0, Number.NaN, 1] }],
          ["options.betas[1]", { betas: [0, Number.POSITIVE_INFINITY] }],
          ["options.betas[0]", { betas: [-0.1, 1] }],
          ["options.betas", { betas: [1] }],
          ["options.chains", { chains: 1 }],
        ] as const
      ).map(([argument, options]) => [name, argument, options, problem] as const),
    ),
  )("%s: a ladder is refused, %s of %j", async (_, argument, options, problem) => {
    const error = await errorOf(problem, options);
    expect(error).toMatchObject({ name: "InvalidArgumentError", argument });
  });

  const stranger = spinNodes(1);
  const named = isingModel({ nodes: 3, edges: [[0, 1]] });
  test.each([
    ["an edge to a node that is not there", () => isingReplicas({ nodes: 3, edges: [0, 3] }), /edges\[0\]/],
    ["an edge from a node to itself", () => isingReplicas({ nodes: 3, edges: [[1, 1]] }), /edges\[0\]/],
    ["an edge that is there twice", () => isingReplicas({ nodes: 3, edges: [0, 1, 1, 0] }), /edges\[1\]/],
    ["couplings of another number", () => isingReplicas({ nodes: 3, edges: [0, 1], couplings: [1, 2] }), /couplings/],
    ["a coupling that is no number", () => isingReplicas({ nodes: 3, edges: [[0, 1, Number.NaN]] }), /edges\[0\]\[2\]/],
    ["fields of another number", () => isingReplicas({ nodes: 3, edges: [0, 1], fields: [1, 2] }), /fields/],
    ["a field that is not finite", () => isingReplicas({ nodes: 1, edges: [], fields: Infinity }), /fields/],
    ["an edge to a node that is not there", () => isingModel({ nodes: 3, edges: [[0, 3]] }), /edges/],
    ["couplings of another number", () => isingModel({ nodes: 3, edges: [[0, 1]], couplings: [1, 2] }), /couplings/],
    [
      "a clamped node of another model",
      () => gibbsReplicas({ model: named, clamped: new Map([[block(stranger, { name: "held" }), [1]]]) }),
      /held/,
    ],
    [
      "a free node of another model",
      () => gibbsReplicas({ model: named, free: [block(stranger, { name: "loose" })] }),
      /loose/,
    ],
    [
      "clamped values of another number",
      () => gibbsReplicas({ model: named, clamped: new Map([[block([named.nodes[0]!], { name: "held" }), [1, 1]]]) }),
      /held/,
    ],
    [
      "a clamped value that a spin cannot have",
      () => portableGibbs({ model: named, clamped: new Map([[block([named.nodes[0]!]), [0]]]) }),
      /s0/,
    ],
    [
      "a block with an edge within",
      () => gibbsReplicas({ model: named, free: [block(named.nodes, { name: "all" })] }),
      /all must have no edge/,
    ],
  ] as const)("%s is refused and named", (_, make, message) => {
    let thrown: unknown;
    try {
      make();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ name: "InvalidArgumentError" });
    expect((thrown as Error).message).toMatch(message);
  });
});

describe("a state of another problem", () => {
  const options: TemperingOptions = { betas: BETAS, rounds: 3, seed: 1 };
  const torus = isingReplicas(ISING_TORUS_4X4.ising!);
  test.each<readonly [string, ReplicaProblem, ReplicaProblem]>([
    ["a smaller lattice", torus, isingReplicas(ISING_OPEN.ising!)],
    ["another kernel", torus, isingReplicas({ ...ISING_TORUS_4X4.ising!, form: "general-graph" })],
    ["another package", torus, gibbsReplicas({ model: ISING_TORUS_4X4.model })],
    ["Ising kernels", gibbsReplicas({ model: ISING_TORUS_4X4.model }), torus],
    ["a model of another size", gibbsReplicas({ model: SPIN_GLASS.model }), gibbsReplicas({ model: ISING_OPEN.model })],
  ])("is refused by %s", async (_, first, second) => {
    const run = await temper(first, options);
    const state = JSON.parse(JSON.stringify({ ...run.state(), settings: { ...run.state().settings, rounds: 4 } }));
    const resumed = resumeTempering(second, state);
    await expect(resumed).rejects.toMatchObject({ name: expect.stringMatching(/^(InvalidArgument|Tempering)Error$/) });
  });

  test("is found out when replicas have lost bytes", async () => {
    const run = await temper(torus, options);
    const state = { ...run.state(), settings: { ...run.state().settings, rounds: 4 } };
    expect((await resumeTempering(torus, state)).rounds.length).toBe(4);
    const cut = state.replicas.map((text) => text.slice(0, 40));
    await expect(resumeTempering(torus, { ...state, replicas: cut })).rejects.toThrow(/saved|replica/);
  });
});

test("β = 0 is exact: nothing in a summary is NaN or infinite, and every rejection is known", async () => {
  for (const problem of [isingReplicas(SPIN_GLASS.ising!), gibbsReplicas({ model: isingModel(lattice([3, 3])) })]) {
    const run = await temper(problem, { betas: BETAS, rounds: 8, seed: 2 });
    JSON.stringify(run.last, (key, value: unknown) => {
      if (typeof value === "number") expect(Number.isFinite(value), key).toBe(true);
      return value;
    });
    expect(run.last!.rungs[0]!.beta).toBe(0);
    for (const { acceptance } of run.last!.pairs) expect(acceptance).toBeGreaterThan(0.1);
  }
});
