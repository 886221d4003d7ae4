/** The same bits from any number of threads and after every resumption, with the problems that packages make. */
import { createHash } from "node:crypto";
import { block, isingModel, lattice, portableGibbs } from "@siegert/block-gibbs";
import { isingReplicas } from "@siegert/ising";
import type { PortableReplicaProblem, ReplicaProblem } from "@siegert/log-density";
import {
  autoMala,
  compose,
  fittedNormalReference,
  gibbs,
  independentReference,
  normalReference,
  onCoordinates,
  portableReplicas,
  resumeTempering,
  slice,
  type TemperingOptions,
  type TemperingRun,
  type TemperingState,
  temper,
} from "@siegert/pt-tempering";
import { nuts } from "@siegert/pt-tempering/nuts";
import { createPool } from "@siegert/workers";
import { afterAll, describe, expect, test } from "vitest";
import { POTTS, SPIN_GLASS } from "./tempering-golden.ts";
import { FUNNEL, targetModule } from "./tempering-targets.ts";

/** Draws, statistics, ladders, log Z, places of replicas and their random streams: all but times and numbers of threads. */
function hashOf(run: TemperingRun): string {
  const isTime = (key: string) => key === "seconds" || key === "threads";
  const text = JSON.stringify(run.state(), (key, value) => (isTime(key) ? undefined : value));
  const hash = createHash("sha256").update(text).update(run.indexTrace!.chains).update(run.betas);
  hash.update(Float64Array.of(run.logZ ?? Number.NaN, run.logZError ?? Number.NaN));
  for (let chain = 0; chain < run.chains; chain++) {
    hash.update(run.draws(chain).values).update(run.draws(chain).statistics).update(run.energies(chain));
  }
  return hash.digest("hex");
}

const isingOf = (options: Parameters<typeof isingReplicas>[0]) => {
  const problem = isingReplicas(options);
  return { portable: problem.portable(), direct: problem };
};

const torus = isingModel({ ...lattice([4, 4]), fields: 0.1 });
const wide = normalReference({ mean: 0, sd: 10 });
const bimodalTarget = { kind: "module", module: targetModule, export: "bimodal" } as const;
const { widths, neckSd, widthSd } = FUNNEL;
const switched = independentReference([
  { law: "boolean", probability: 0.5 },
  { law: "normal", mean: 0, sd: neckSd },
  ...Array.from({ length: widths }, () => ({ law: "normal", mean: 0, sd: widthSd }) as const),
]);
const reals = Array.from({ length: widths + 1 }, (_, i) => i + 1);

interface Case {
  readonly name: string;
  readonly portable: PortableReplicaProblem;
  /** The same, made here. */
  readonly direct?: ReplicaProblem;
  readonly options?: TemperingOptions;
}

const CASES: readonly Case[] = [
  { name: "a wide lattice", ...isingOf({ lattice: { size: [4, 256] } }), options: { maxBeta: 0.3 } },
  { name: "replica planes", ...isingOf({ lattice: { size: [4, 4] }, sweepsPerStep: 2 }) },
  { name: "a general graph", ...isingOf(SPIN_GLASS.ising!), options: { maxBeta: 2, copies: 2 } },
  {
    name: "block Gibbs by colours",
    portable: portableGibbs({ model: POTTS.model, sweeps: 2, refreshEvery: 7 }),
    options: { copies: 2 },
  },
  {
    name: "block Gibbs with joint blocks beside clamped nodes",
    portable: portableGibbs({
      model: torus,
      jointBlocks: { maxBlockSize: 6 },
      clamped: new Map([[block(torus.nodes.slice(3, 5)), [1, -1]]]),
    }),
  },
  {
    name: "slices on two legs, one of them fitted",
    portable: portableReplicas({
      target: bimodalTarget,
      reference: fittedNormalReference({ start: wide, firstRound: 2 }),
      secondReference: wide,
      explorer: compose(slice({ passes: 1 }), autoMala()),
    }),
    options: { chains: [3, 4], optimise: false },
  },
  {
    name: "no-U-turn transitions beside Gibbs updates",
    portable: portableReplicas({
      target: { kind: "module", module: targetModule, export: "funnel" },
      reference: switched,
      explorer: compose(onCoordinates([0], gibbs()), onCoordinates(reals, nuts())),
    }),
  },
];

/** Threads that all runs share, so that each has not to start its own. */
const executor = createPool({ size: 3 });
afterAll(() => executor.close());

const ROUNDS = 7;
const OPTIONS: TemperingOptions = {
  chains: 5,
  rounds: ROUNDS,
  seed: 23,
  trace: true,
  draws: { chains: "all", thinning: 3 },
};

describe.each(CASES)("$name: the same bits", ({ portable, direct, options }) => {
  const states: string[] = [];
  const save = (state: TemperingState) => void states.push(JSON.stringify(state));
  const whole = temper(portable, { ...OPTIONS, ...options, threads: 1, checkpoint: { save } });

  test.each([2, 3])("from %i threads as from one", async (threads) => {
    const run = await temper(structuredClone(portable), { ...OPTIONS, ...options, threads, executor });
    expect(run.threadChoice.threads).toBe(threads);
    expect(hashOf(run)).toBe(hashOf(await whole));
  });

  test("after a resumption from every round", async () => {
    const hash = hashOf(await whole);
    expect(states.length).toBe(ROUNDS);
    for (const [round, text] of states.slice(0, ROUNDS - 1).entries()) {
      const state = JSON.parse(text) as TemperingState;
      const run = await resumeTempering(portable, state, { threads: 1 + (round % 3), executor });
      expect(hashOf(run), `from round ${round}`).toBe(hash);
    }
  });

  test("of the last rounds when they are asked for later, and others from another seed", async () => {
    const short = await temper(portable, { ...OPTIONS, ...options, rounds: ROUNDS - 2, threads: 1 });
    expect(hashOf(await short.extend(2))).toBe(hashOf(await whole));
    expect(hashOf(await temper(portable, { ...OPTIONS, ...options, seed: 24, threads: 1 }))).not.toBe(
      hashOf(await whole),
    );
    if (direct) expect(hashOf(await temper(direct, { ...OPTIONS, ...options }))).toBe(hashOf(await whole));
  });
});

test("the bits of vector code and of its plain twin are the same under swaps", async () => {
  const lattices = [
    { lattice: { size: [4, 4] as const } },
    { lattice: { size: [4, 256] as const } },
    SPIN_GLASS.ising!,
  ];
  for (const model of lattices) {
    const [vectors, plain] = await Promise.all(
      [true, false].map((simd) => temper(isingReplicas({ ...model, simd }), { ...OPTIONS, rounds: 5 })),
    );
    expect(hashOf(plain!)).toBe(hashOf(vectors!));
  }
});
