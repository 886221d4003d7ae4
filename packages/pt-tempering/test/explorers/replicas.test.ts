/** The contract of replicas: streams, grouping, saved states, tuning, threads; and what is refused. */
import { InvalidArgumentError } from "@siegert/errors";
import {
  constrainedDensity,
  LogDensityError,
  positive,
  type ReplicaGroup,
  type ReplicaProblem,
  real,
} from "@siegert/log-density";
import { describe, expect, test } from "vitest";
import {
  autoMala,
  type ContinuousOptions,
  compose,
  continuousReplicas,
  type ExplorerChoice,
  fittedNormalReference,
  gibbs,
  independentReference,
  mix,
  normalReference,
  onCoordinates,
  portableReplicas,
  randomWalk,
  resumeTempering,
  slice,
  stretch,
  temper,
  uniformReference,
} from "../../src/index.ts";
import { hmc, nuts } from "../../src/nuts.ts";
import { bimodal } from "./bimodal.ts";

const wide = normalReference({ mean: 0, sd: 10 });
const all = (): readonly (readonly [string, ExplorerChoice])[] => [
  ["slice", slice()],
  ["random walk", randomWalk({ shape: "dense" })],
  ["stretch", stretch()],
  ["autoMALA", autoMala()],
  ["hmc", hmc()],
  ["nuts", nuts({ metric: "dense" })],
  ["mix", mix([compose(slice({ passes: 1 }), hmc()), randomWalk()])],
];

/** A ladder of groups of replicas; replica r stands on chain r. */
class Bench {
  readonly betas = Float64Array.of(0, 0.1, 0.4, 1);
  readonly legs = new Int32Array(4);
  readonly tallies: Float64Array;
  readonly groups: readonly ReplicaGroup[];
  readonly problem: ReplicaProblem;
  readonly parts: readonly (readonly number[])[];

  constructor(problem: ReplicaProblem, parts: readonly (readonly number[])[]) {
    this.problem = problem;
    this.parts = parts;
    this.tallies = new Float64Array(4 * problem.tallies!.length);
    this.groups = parts.map((replicas) => problem.createGroup({ seed: 9, replicas }));
  }

  scan(): void {
    this.groups.forEach((group, g) => {
      const chains = Int32Array.from(this.parts[g]!);
      group.explore({
        betas: Float64Array.from(chains, (chain) => this.betas[chain]!),
        chains,
        legs: new Int32Array(chains.length),
        statistics: new Float64Array(chains.length * (this.problem.legs ?? 1)),
        tallies: this.tallies,
      });
    });
  }

  round(round: number): void {
    const scans = 2 ** (round + 1);
    for (let n = 0; n < scans; n++) this.scan();
    const finished = { round, scans, betas: this.betas, legs: this.legs, tallies: this.tallies.slice() };
    for (const group of this.groups) group.tune!(finished);
    this.tallies.fill(0);
  }

  saved(): string[] {
    return this.groups.flatMap((group, g) => this.parts[g]!.map((_, place) => String(group.saveReplica(place))));
  }

  tuning(): string[] {
    return this.groups.map((group) => String(group.saveTuning!()));
  }
}

describe.each(all())("%s", (_, explorer) => {
  test("gives a replica the same bits in every group, with what all groups learn", async () => {
    const reference = fittedNormalReference({ start: wide, firstRound: 3 });
    const problem = await continuousReplicas({ target: bimodal, reference, explorer });
    const together = new Bench(problem, [[0, 1, 2, 3]]);
    const apart = new Bench(problem, [[0], [1, 3], [2]]);
    for (let round = 0; round < 6; round++) {
      together.round(round);
      apart.round(round);
    }
    const [a, b] = [together.saved(), apart.saved()];
    expect([b[0], b[1], b[3], b[2]]).toEqual(a);
    expect(new Set([...together.tuning(), ...apart.tuning()]).size).toBe(1);
    expect(new Set(a).size).toBe(4);
  });

  test("goes on from saved replicas and tuning to the same bits", async () => {
    const reference = fittedNormalReference({ start: wide, firstRound: 2 });
    const problem = await continuousReplicas({ target: bimodal, reference, explorer });
    const first = new Bench(problem, [[0, 1, 2, 3]]);
    for (let round = 0; round < 4; round++) first.round(round);
    const second = new Bench(problem, [[0, 1, 2, 3]]);
    second.groups[0]!.loadTuning!(first.groups[0]!.saveTuning!());
    for (let r = 0; r < 4; r++) second.groups[0]!.loadReplica(r, first.groups[0]!.saveReplica(r));
    first.round(4);
    second.round(4);
    expect(second.saved()).toEqual(first.saved());
    expect(second.tuning()).toEqual(first.tuning());
  });
});

test("copies of the ladder learn together, and runs go on from a checkpoint to the same bits", async () => {
  const reference = fittedNormalReference({ start: wide, firstRound: 2, covariance: "full" });
  const problem = await continuousReplicas({ target: bimodal, reference, explorer: nuts() });
  const options = { seed: 3, rounds: 9, chains: 5, copies: 2 };
  const states: string[] = [];
  const save = (state: unknown) => void states.push(JSON.stringify(state));
  const run = await temper(problem, { ...options, checkpoint: { save } });
  const acceptance = run.tallies.indexOf("acceptance");
  for (const { beta, tallies } of run.last!.rungs) {
    // 0.8 on average over both copies, not over one.
    if (beta > 0) expect(Math.abs(tallies[acceptance]! - 0.8)).toBeLessThan(0.12);
  }
  for (const k of [1, 5]) {
    const resumed = await resumeTempering(problem, JSON.parse(states[k]!));
    expect(String(resumed.draws().values)).toBe(String(run.draws().values));
    expect(resumed.logZ).toBe(run.logZ);
  }
});

/** A module whose target is the one given; only data travels to threads. */
const target = {
  kind: "module",
  module: new URL("./bimodal.ts", import.meta.url).href,
  export: "makeBimodal",
} as const;

describe("on threads", () => {
  test.each([
    ["slices", { explorer: slice() }],
    ["Hamiltonian explorers", { explorer: compose(nuts(), mix([hmc(), onCoordinates([0], randomWalk())])) }],
    [
      "fits",
      { reference: fittedNormalReference({ start: wide, firstRound: 1, covariance: "full" }), secondReference: wide },
    ],
  ] as readonly (readonly [string, Partial<ContinuousOptions>])[])(
    "%s give the bits that they give here",
    async (_, options) => {
      const problem = portableReplicas({ target, reference: wide, ...options });
      expect(structuredClone(problem)).toEqual(problem);
      const chains = options.secondReference ? ([3, 4] as const) : 5;
      const here = await temper(problem, { seed: 5, rounds: 5, chains, threads: 1 });
      const there = await temper(problem, { seed: 5, rounds: 5, chains, threads: 2 });
      expect(String(there.draws().values)).toBe(String(here.draws().values));
      expect(there.logZ).toBe(here.logZ);
      const direct = await continuousReplicas({ target: bimodal, reference: wide, ...options });
      const inline = await temper(direct, { seed: 5, rounds: 5, chains });
      expect(String(inline.draws().values)).toBe(String(here.draws().values));
    },
  );

  test("what cannot travel is refused by name", () => {
    const user = { dim: 1, logDensity: () => 0, logDensityAndGradient: () => 0, draw: () => {} };
    expect(() => portableReplicas({ target: bimodal, reference: wide })).toThrow(/target must be portable/);
    expect(() => portableReplicas({ target, reference: user })).toThrow(/reference must be data/);
    expect(() => portableReplicas({ target, reference: fittedNormalReference({ start: user }) })).toThrow(
      /reference.start/,
    );
    expect(() => portableReplicas({ target, reference: wide, explorer: compose(slice(), () => {}) })).toThrow(
      /explorer/,
    );
  });

  test("explorers and references of a user's own travel as modules", async () => {
    const code = `
      export const walk = ({ size }) => (path) => {
        const trial = path.position.map((x) => x + size * path.random.normal());
        if (Math.log(path.random.uniform()) < path.evaluate(trial) - path.logDensity) path.accept(trial);
      };
      export const wide = ({ sd }) => {
        const logDensity = (x) => -0.5 * (x[0] / sd) ** 2 - Math.log(sd) - 0.5 * Math.log(2 * Math.PI);
        const logDensityAndGradient = (x, g) => { g[0] = -x[0] / sd ** 2; return logDensity(x); };
        return { dim: 1, logDensity, logDensityAndGradient, draw: (random, x) => { x[0] = random.normal(0, sd); } };
      };`;
    const module = `data:text/javascript,${encodeURIComponent(code)}`;
    const explorer = { kind: "module", module, export: "walk", argument: { size: 3 } } as const;
    const reference = { kind: "module", module, export: "wide", argument: { sd: 10 } } as const;
    const run = await temper(portableReplicas({ target, reference, explorer }), { seed: 1, rounds: 10, threads: 2 });
    expect(Math.abs(run.logZ! - 2.5)).toBeLessThan(5 * run.logZError!);
  });
});

test("named targets give their parameters, constrained or not", async () => {
  const model = constrainedDensity({
    parameters: { mu: real(), tau: positive() },
    logDensityAndGradient(values, gradient) {
      const [mu = 0, tau = 0] = values;
      gradient[0] = -mu;
      gradient[1] = -1;
      return -0.5 * mu * mu - tau;
    },
  });
  const reference = normalReference({ mean: 0, sd: 3 });
  const constrained = await continuousReplicas({ target: model, reference });
  const free = await continuousReplicas({ target: model, reference, scale: "unconstrained" });
  expect(constrained.names).toEqual(["mu", "tau"]);
  expect(free.names).toEqual(["mu", "tau"]);
  const [a, b] = [new Float64Array(2), new Float64Array(2)];
  constrained.createGroup({ seed: 1, replicas: [4] }).readState(0, a);
  free.createGroup({ seed: 1, replicas: [4] }).readState(0, b);
  expect(a[0]).toBe(b[0]);
  expect(a[1]).toBe(Math.exp(b[1]!));
});

describe("points that cannot be", () => {
  /** x > 0 only: −∞ is legal, and reported by no one. */
  const half = (outside: number) => {
    const logDensity = ([x = 0]: Float64Array) => (x > 0 ? -x : outside);
    return { dim: 1, logDensity, logDensityAndGradient: logDensity };
  };

  test.each([-Infinity, Number.NaN, Infinity])(
    "%s of the target is density 0; log Z is that of the rest",
    async (outside) => {
      const problem = await continuousReplicas({
        target: half(outside),
        reference: normalReference({ mean: 0, sd: 2 }),
      });
      const run = await temper(problem, { seed: 3, rounds: 11, chains: 6 });
      expect(Math.abs(run.logZ!)).toBeLessThan(5 * run.logZError!);
      expect(Math.min(...run.draws().values)).toBeGreaterThan(0);
      const invalid = run.tallies.indexOf("invalid");
      const met = run.last!.rungs.reduce((sum, { tallies }) => sum + tallies[invalid]!, 0);
      if (outside === -Infinity) expect(met).toBe(0);
      else expect(met).toBeGreaterThan(0);
    },
  );

  test("NaN stops the run where that is asked for, with the parameters named", async () => {
    const reference = normalReference({ mean: 0, sd: 2 });
    const problem = await continuousReplicas({
      target: half(Number.NaN),
      reference,
      nonFinite: "error",
      starts: [[1]],
    });
    const failure = await temper(problem, { seed: 3, rounds: 5, chains: 4 }).catch((error) => error);
    expect(String(failure)).toMatch(/log density of the target is NaN at position\[0\] = -/);
  });

  test("an error of the target says where it happened; a recoverable one is a point that cannot be", async () => {
    const failing = (error: Error) => {
      const logDensity = ([x = 0]: Float64Array) => {
        if (x > 0) throw error;
        return x;
      };
      return { dim: 1, logDensity, logDensityAndGradient: logDensity };
    };
    const reference = normalReference({ mean: 0, sd: 2 });
    const cause = new RangeError("no such file");
    const broken = await continuousReplicas({ target: failing(cause), reference });
    const failure = (await temper(broken, { seed: 1, rounds: 3 }).catch((error) => error)) as Error;
    const thrown = failure instanceof LogDensityError ? failure : (failure.cause as LogDensityError);
    expect(thrown).toBeInstanceOf(LogDensityError);
    expect(thrown.message).toMatch(/"no such file" at position\[0\] = /);
    expect(thrown.cause).toBe(cause);
    const soft = failing(new LogDensityError("no convergence", { isRecoverable: true }));
    const run = await temper(await continuousReplicas({ target: soft, reference }), { seed: 1, rounds: 9, chains: 5 });
    // ∫ eˣ over x < 0 is 1.
    expect(Math.abs(run.logZ!)).toBeLessThan(5 * run.logZError!);
  });

  test("a target that the reference never meets is refused, with the last values that were tried", async () => {
    const logDensity = ([a = 0, b = 0]: Float64Array) => (a > 1e6 && b < 0 ? 0 : -Infinity);
    const target = { dim: 2, logDensity, logDensityAndGradient: logDensity };
    const problem = await continuousReplicas({ target, reference: wide });
    const create = () => problem.createGroup({ seed: 1, replicas: [0] });
    expect(create).toThrow(LogDensityError);
    expect(create).toThrow(/0 at 1000 draws from the reference, the last being position\[0\] = .*, position\[1\] = /);
    const bad = await continuousReplicas({ target, reference: wide, starts: [[2, 3]] });
    expect(() => bad.createGroup({ seed: 1, replicas: [0] })).toThrow(
      /starts\[0\]: position\[0\] = 2, position\[1\] = 3/,
    );
    const good = await continuousReplicas({ target, reference: wide, starts: [[2e6, -3]] });
    expect(good.createGroup({ seed: 1, replicas: [0, 1] }).size).toBe(2);
  });

  test("a reference whose draws are not those of its density is found out", async () => {
    const half = ([x = 0]: Float64Array) => (x > 100 ? -x : -Infinity);
    const draw = (_: unknown, x: Float64Array) => void x.fill(-1);
    const reference = { dim: 1, logDensity: half, logDensityAndGradient: half, draw };
    const problem = await continuousReplicas({ target: bimodal, reference });
    const create = () => problem.createGroup({ seed: 1, replicas: [0] });
    expect(create).toThrow(/log density is not finite at a draw of its own: position\[0\] = -1/);
  });

  test("the box of a uniform reference bounds the target", async () => {
    const problem = await continuousReplicas({ target: bimodal, reference: uniformReference({ lower: 0, upper: 12 }) });
    const run = await temper(problem, { seed: 2, rounds: 11, chains: 5 });
    // The mode at 5, whole but for 1e-7, and none of the one at −4.
    expect(Math.abs(run.logZ! - 2.5 - Math.log(0.7))).toBeLessThan(5 * run.logZError!);
    expect(Math.min(...run.draws().values)).toBeGreaterThanOrEqual(0);
  });
});

describe("bad choices are refused by name, before any work", () => {
  const discrete = independentReference([{ law: "boolean", probability: 0.5 }]);
  const refused: readonly (readonly [Partial<Record<keyof ContinuousOptions | "explorers", unknown>>, RegExp])[] = [
    [{ reference: normalReference({ mean: 0, sd: -1 }) }, /reference\.coordinates\[0\]\.sd/],
    [{ reference: normalReference({ mean: [0, 0], sd: 1 }) }, /reference\.mean/],
    [{ reference: normalReference({ mean: 0, covariance: [[-1]] }) }, /covariance must be positive definite/],
    [{ reference: normalReference({ mean: 0, covariance: [[1, 2]] }) }, /covariance must have 1 rows/],
    [{ reference: uniformReference({ lower: 1, upper: 1 }) }, /upper must be above/],
    [{ reference: { kind: "cauchy" } }, /reference must be made by/],
    [{ reference: { kind: "module", module: "./reference.js" } }, /reference\.module/],
    [{ reference: fittedNormalReference({ start: independentReference([{ law: "fixed", value: 1 }]) }) }, /width/],
    [{ reference: fittedNormalReference({ start: discrete }) }, /coordinate 0 is discrete/],
    [{ reference: fittedNormalReference({ start: wide }), coordinates: [{ kind: "boolean" }] }, /discrete/],
    [{ secondReference: discrete }, /secondReference must have a real coordinate 0/],
    [{ reference: discrete, explorer: nuts() }, /nuts on a coordinate of kind boolean/],
    [{ reference: discrete, explorer: randomWalk() }, /randomWalk the real ones/],
    [{ reference: discrete, explorer: stretch() }, /explorer/],
    [{ reference: discrete, explorer: autoMala() }, /explorer/],
    [{ explorer: gibbs() }, /gibbs on real coordinate 0/],
    [{ explorer: { kind: "slide" } }, /explorer must be made by slice/],
    [{ explorer: { kind: "slice", width: 0 } }, /explorer\.width/],
    [{ explorer: slice({ width: [1, 2] }) }, /explorer\.width must be a number, or 1/],
    [{ explorer: onCoordinates([3], slice()) }, /explorer\.indices must be below the dimension 1/],
    [{ explorers: slice() }, /did you mean explorer\?/],
    [{ explorer: { kind: "slice", widht: 2 } }, /did you mean width\?/],
    [{ explorer: { kind: "mix", explorers: [slice()], weight: [1] } }, /did you mean weights\?/],
    [{ explorer: { kind: "compose", explorers: [] } }, /explorer\.explorers/],
    [{ reference: { kind: "normal", mean: 0, std: 1 } }, /reference must have no fields but kind, mean, sd/],
    [{ reference: independentReference([{ law: "normal", mean: 0, sd: 1, sigma: 2 } as never]) }, /coordinates\[0\]/],
    [{ starts: [[Number.NaN]] }, /starts\[0\]/],
    [{ starts: [] }, /starts/],
    [{ scale: "constrained" }, /scale/],
    [{ nonFinite: "ignore" }, /nonFinite/],
    [{ coordinates: [] }, /coordinates/],
    [{ coordinates: [{ kind: "integer", lower: 3, upper: 2 }] }, /coordinates\[0\]\.upper/],
  ];
  test.each(refused)("%j", async (options, message) => {
    const whole = { target: bimodal, reference: wide, ...options } as unknown as ContinuousOptions;
    const failure = await continuousReplicas(whole).catch((error) => error);
    expect(failure).toBeInstanceOf(InvalidArgumentError);
    expect(String(failure)).toMatch(message);
  });

  test.each([
    [() => slice({ passes: 0 }), /passes/],
    [() => slice({ doublings: -1 }), /doublings/],
    [() => randomWalk({ targetAccept: 1 }), /targetAccept/],
    [() => randomWalk({ shape: "round" as "dense" }), /shape/],
    [() => stretch({ maxStretch: 1 }), /maxStretch/],
    [() => gibbs({ passes: 1.5 }), /passes/],
    [() => autoMala({ steps: 0 }), /steps/],
    [() => randomWalk({ step: 3 } as object), /did you mean steps/],
    [() => nuts({ maxTreedepth: 3 } as object), /did you mean maxTreeDepth/],
    [() => compose(), /explorers/],
    [() => mix([slice()], [0]), /weights\[0\]/],
    [() => mix([slice()], [1, 2]), /weights/],
    [() => onCoordinates([0, 0], slice()), /indices/],
    [() => nuts({ maxTreeDepth: 0 }), /maxTreeDepth/],
    [() => hmc({ jitter: 1 }), /jitter/],
    [() => hmc({ leapfrogs: 0 }), /leapfrogs/],
    [() => fittedNormalReference({ start: wide, firstRound: -1 }), /firstRound/],
  ] as const)("%s", (make, message) => {
    expect(make).toThrow(InvalidArgumentError);
    expect(make).toThrow(message);
  });

  test("a state of another problem", async () => {
    const problem = await continuousReplicas({ target: bimodal, reference: wide });
    const group = problem.createGroup({ seed: 1, replicas: [0] });
    expect(() => group.loadReplica(0, new Uint8Array(3))).toThrow(InvalidArgumentError);
  });
});
