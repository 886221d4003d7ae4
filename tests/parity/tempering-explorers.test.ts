/** Hamiltonian explorers on exact paths of densities, beside discrete coordinates that block Gibbs moves. */
import { block, gibbsProgram } from "@siegert/block-gibbs";
import { checkGradient } from "@siegert/log-density";
import {
  compose,
  continuousReplicas,
  type ExploredPath,
  type ExplorerChoice,
  gibbs,
  independentReference,
  normalReference,
  onCoordinates,
  portableReplicas,
  type TemperingRun,
  temper,
} from "@siegert/pt-tempering";
import { hmc, nuts } from "@siegert/pt-tempering/nuts";
import { describe, expect, test } from "vitest";
import { drawScore, score } from "./tempering-scores.ts";
import {
  BIMODAL_RUNGS,
  bimodal,
  type ExactPath,
  FUNNEL,
  funnel,
  funnelPath,
  PULLED,
  pulledModel,
  pulledPath,
  pulledSpins,
  targetModule,
  toModelState,
} from "./tempering-targets.ts";

const range = (n: number) => Array.from({ length: n }, (_, i) => i);

/** Expects every rung of a run to be that of the path. */
function expectPath(run: TemperingRun, path: ExactPath): void {
  const { logZ, means } = path;
  for (const { chain, beta, meanEnergy, meanEnergyError } of run.last!.rungs) {
    const name = (what: string) => `${what} at β = ${beta.toPrecision(3)}`;
    const statistic = meanStatistic(path, beta);
    if (statistic !== undefined) {
      expect(Math.abs(score(meanEnergy, meanEnergyError, -statistic)), name("energy")).toBeLessThan(5);
      expect(Math.abs(drawScore(run, (_, s) => s, statistic, chain)), name("drawn statistic")).toBeLessThan(5);
    }
    for (const [what, [f, exact]] of Object.entries(means)) {
      expect(Math.abs(drawScore(run, f, exact(beta), chain)), name(what)).toBeLessThan(5);
    }
  }
  expect(Math.abs(score(run.logZ, run.logZError, logZ(1)))).toBeLessThan(5);
}

/** d log Z / dβ from five points, of which none lies beyond the target, with an error of order h⁴. */
function meanStatistic({ logZ, statisticOfReference }: ExactPath, beta: number): number | undefined {
  if (beta === 0) return statisticOfReference;
  const h = 1e-3;
  const at = (steps: number) => logZ(beta + steps * h);
  if (beta + 2 * h > 1) return (25 * at(0) - 48 * at(-1) + 36 * at(-2) - 16 * at(-3) + 3 * at(-4)) / (12 * h);
  return (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h);
}

test.each([
  ["bimodal", bimodal(), [1.3]],
  ["funnel", funnel(), [1, 0.4, ...range(8).map((i) => 0.3 * i - 1)]],
  ["pulled spins", pulledSpins(), [0, 1, 1, 0, 1, 0, 0.3, -0.4, 1, 2]],
] as const)("the gradient of the target %s is right", (name, target, position) => {
  const first = name === "bimodal" ? 0 : name === "funnel" ? 1 : PULLED.spins;
  // By the reals alone.
  const reals = {
    dim: position.length - first,
    logDensity: (x: Float64Array) => target.logDensity(Float64Array.of(...position.slice(0, first), ...x)),
    logDensityAndGradient(x: Float64Array, gradient: Float64Array) {
      const whole = new Float64Array(position.length);
      const value = target.logDensityAndGradient(Float64Array.of(...position.slice(0, first), ...x), whole);
      gradient.set(whole.subarray(first));
      return value;
    },
  };
  const report = checkGradient(reals, Float64Array.from(position.slice(first)));
  expect(report.isGood, report.text).toBe(true);
});

describe("two modes that no sampler crosses alone", () => {
  const target = { kind: "module", module: targetModule, export: "bimodal" } as const;
  test.each([
    ["no-U-turn transitions", nuts()],
    ["no-U-turn transitions with a dense metric, twice a step", nuts({ steps: 2, metric: "dense" })],
    ["trajectories of fixed length", hmc()],
  ] as const)("have their law on every rung, by %s on two threads", async (_, explorer) => {
    const problem = portableReplicas({ target, reference: normalReference({ mean: 0, sd: 10 }), explorer });
    for (const after of ["swap", "exploration"] as const) {
      const betas = [0, 0.01, 0.05, 0.2, 0.5, 1];
      const run = await temper(problem, {
        betas,
        rounds: 11,
        seed: 9,
        draws: { chains: "all", after },
        threads: after === "swap" ? 2 : 1,
      });
      expect(Math.abs(score(run.logZ, run.logZError, 2.5))).toBeLessThan(5);
      for (const [beta, , statistic, mean, negative] of BIMODAL_RUNGS) {
        const chain = betas.indexOf(beta);
        const { meanEnergy, meanEnergyError } = run.last!.rungs[chain]!;
        expect(Math.abs(score(meanEnergy, meanEnergyError, -statistic))).toBeLessThan(5);
        expect(Math.abs(drawScore(run, ([x = 0]) => x, mean, chain))).toBeLessThan(5);
        expect(Math.abs(drawScore(run, ([x = 0]) => (x < 0 ? 1 : 0), negative, chain))).toBeLessThan(5);
      }
      const variance = drawScore(run, ([x = 0]) => (x - 2.3) ** 2, 17.785);
      expect(Math.abs(variance)).toBeLessThan(5);
    }
  });
});

describe("a funnel in ten dimensions with a switch", () => {
  const { widths, neckSd, widthSd } = FUNNEL;
  const reference = independentReference([
    { law: "boolean", probability: 0.5 },
    { law: "normal", mean: 0, sd: neckSd },
    ...range(widths).map(() => ({ law: "normal", mean: 0, sd: widthSd }) as const),
  ]);
  const reals = range(widths + 1).map((i) => i + 1);

  test("is normalised, and its path has the moments of its formulas at both ends", () => {
    const { logZ, means } = funnelPath();
    expect(logZ(0)).toBeCloseTo(0, 12);
    expect(logZ(1)).toBeCloseTo(0, 12);
    expect(means["b"]![1](1)).toBeCloseTo(0.3, 12);
    expect(means["v"]![1](1)).toBeCloseTo(0.3 * 1.5 - 0.7 * 1.5, 11);
    expect(means["x²"]![1](1)).toBeCloseTo((0.3 * Math.exp(1.5) + 0.7 * Math.exp(-1.5)) * Math.exp(0.5), 10);
  });

  test.each(["swap", "exploration"] as const)(
    "has its law on every rung after %s, by no-U-turn transitions and Gibbs updates in turn",
    async (after) => {
      const explorer = compose(onCoordinates([0], gibbs()), onCoordinates(reals, nuts()));
      const problem = await continuousReplicas({ target: funnel(), reference, explorer });
      const run = await temper(problem, {
        chains: 6,
        rounds: 12,
        seed: after === "swap" ? 1 : 2,
        draws: { chains: "all", after },
      });
      expectPath(run, funnelPath());
      expect(run.verdicts.map(({ level }) => level)).toEqual(["good", "good", "good", "good"]);
    },
  );
});

describe("spins that pull at real numbers", () => {
  const { spins, reals, referenceSd } = PULLED;
  const reference = independentReference([
    ...range(spins).map(() => ({ law: "boolean", probability: 0.5 }) as const),
    ...range(reals).map(() => ({ law: "normal", mean: 0, sd: referenceSd }) as const),
  ]);

  /** A sweep of block Gibbs over the spins at the rung's β, given the reals. */
  function blockGibbs(): (path: ExploredPath) => void {
    const model = pulledModel();
    const program = gibbsProgram({ model, clamped: [block(model.nodes.slice(spins))] });
    const memory = program.newMemory();
    return (path) => {
      const state = toModelState(path.position);
      program.sweep(state, { beta: path.beta, random: path.random, memory, isWarmup: false });
      const trial = state.map((value, i) => (i < spins ? (value + 1) / 2 : value));
      path.evaluate(trial);
      path.accept(trial);
    };
  }

  const onReals = range(reals).map((j) => spins + j);
  test.each<[string, ExplorerChoice, "swap" | "exploration"]>([
    ["block Gibbs and no-U-turn transitions", compose(blockGibbs(), onCoordinates(onReals, nuts())), "swap"],
    [
      "no-U-turn transitions and block Gibbs",
      compose(onCoordinates(onReals, nuts({ metric: "dense" })), blockGibbs()),
      "exploration",
    ],
    [
      "Gibbs updates by enumeration and trajectories",
      compose(onCoordinates(range(spins), gibbs()), onCoordinates(onReals, hmc())),
      "swap",
    ],
  ])("have their law on every rung, by %s", async (_, explorer, after) => {
    const problem = await continuousReplicas({ target: pulledSpins(), reference, explorer });
    const run = await temper(problem, { chains: 5, rounds: 11, seed: 3, draws: { chains: "all", after } });
    expectPath(run, pulledPath());
  });
});
