/**
 * The sampler: what it adds to a gradient, what threads gain, how long a first draw takes, and effective draws beside
 * the peers'.
 */
import { execFileSync } from "node:child_process";
import { sample } from "@siegert/nuts";
import { createRandom } from "@siegert/random";
import { createPool } from "@siegert/workers";
import { median } from "../measure.ts";
import type { BenchmarkCase } from "../suite.ts";
import { efficiencyOf } from "./efficiency.ts";
import peers from "./fixtures/peers.json" with { type: "json" }; // from peers.py, on one machine with the figures beside it
import { diskReplica, eightSchools, standardNormal } from "./targets.ts";
import { twoComponentPosterior } from "./two-component.ts";

/** Microseconds of CPU time since `begin`, which other load on the machine does not lengthen. */
function cpuMicroseconds(begin: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begin);
  return user + system;
}

/** Microseconds per leapfrog that are not the gradient's: sampling and gradients alone take turns. */
async function overheadMicroseconds(dim: number): Promise<number> {
  const target = standardNormal({ dim });
  const [x, gradient] = [new Float64Array(dim).fill(0.3), new Float64Array(dim)];
  const warmStart = {
    metric: { kind: "diagonal", scale: Array<number>(dim).fill(1) },
    stepSize: (4 * dim ** -0.25) / 3,
  } as const;
  const options = { chains: 1, warmup: 0, draws: dim > 50 ? 30_000 : 100_000, warmStart };
  const rounds: number[] = [];
  for (let round = 0; round < 7; round++) {
    const beginSampling = process.cpuUsage();
    const run = await sample(target, { ...options, seed: round });
    const sampling = cpuMicroseconds(beginSampling);
    const calls = run.chains[0]!.gradients;
    let sum = 0;
    const beginGradients = process.cpuUsage();
    for (let k = 0; k < calls; k++) {
      x[0] = 1e-9 * k;
      sum += target.logDensityAndGradient(x, gradient);
    }
    const alone = cpuMicroseconds(beginGradients);
    if (!Number.isFinite(sum)) throw new Error("the density is not finite");
    rounds.push((sampling - alone) / calls);
  }
  // The first round compiles.
  return median(rounds.slice(1));
}

/** How much faster four chains are on two threads than on one, threads started and target made in either case. */
async function threadSpeedup(): Promise<{ one: number; two: number; ratio: number }> {
  const target = {
    kind: "module" as const,
    module: new URL("./targets.ts", import.meta.url).href,
    export: "logisticRegression",
    argument: { points: 4000, dim: 8 },
  };
  const options = { seed: 1, chains: 4, warmup: 200, draws: 300, method: "parallel" as const };
  const pools = [createPool({ size: 1 }), createPool({ size: 2 })];
  const seconds = async (k: number) => {
    const begin = performance.now();
    await sample(target, { ...options, executor: pools[k]! });
    return (performance.now() - begin) / 1000;
  };
  await seconds(0);
  await seconds(1);
  const rounds: [number, number][] = [];
  for (let round = 0; round < 3; round++) rounds.push([await seconds(0), await seconds(1)]);
  for (const pool of pools) await pool.close();
  return {
    one: median(rounds.map(([one]) => one)),
    two: median(rounds.map(([, two]) => two)),
    ratio: median(rounds.map(([one, two]) => one / two)),
  };
}

/** Milliseconds from the call of `sample` to the first draw, in a process that has not sampled yet. */
function firstDrawMilliseconds(): number {
  const script = `
    import { sample } from "@siegert/nuts";
    import { eightSchools } from "./targets.ts";
    const target = eightSchools();
    const begin = performance.now();
    let first;
    await sample(target, { chains: 1, warmup: 100, draws: 1, onProgress(event) { if (event.isDone) first ??= performance.now() - begin; } });
    console.log(first);`;
  const flags = ["--conditions=@siegert/source", "--no-warnings", "--input-type=module-typescript", "-e", script];
  const options = { cwd: import.meta.dirname, encoding: "utf8" as const };
  return median(Array.from({ length: 5 }, () => Number(execFileSync(process.execPath, flags, options))));
}

/** Effective draws on one density, beside those of the best peer that was measured on it. */
async function* efficiency(name: keyof typeof peers.densities): AsyncGenerator<BenchmarkCase> {
  const given = densities[name]();
  if (!given) return;
  const own = await efficiencyOf(given.target, given.positions);
  const rows = Object.entries(peers.densities[name]);
  const best = (of: "essPerGradient" | "essPerSecond") =>
    rows.map(([peer, figures]) => ({ peer, value: figures[of] })).reduce((a, b) => (b.value > a.value ? b : a));
  for (const [of, unit] of [
    ["essPerGradient", "1/grad"],
    ["essPerSecond", "1/s"],
  ] as const) {
    const { peer, value } = best(of);
    yield {
      name: `${name}-${of === "essPerGradient" ? "ess-per-gradient" : "ess-per-second"}`,
      value: own[of],
      unit,
      baseline: value,
      ratio: own[of] / value,
      note: `least bulk ESS of means and squares, warmup included; 4 × (1000 + 1000), one thread; baseline: ${peer}, ${peers.machine}`,
    };
  }
}

const densities = {
  normal250: () => ({ target: standardNormal({ dim: 250 }), positions: undefined }),
  eightSchools: () => ({ target: eightSchools(), positions: undefined }),
  disk() {
    const disk = diskReplica();
    if (!disk) return undefined;
    const positions = [0, 1, 2, 3].map((chain) => {
      const random = createRandom(2026, "disk", chain);
      const values = Float64Array.from(disk.data.map, (value) => value * (1 + 1e-3 * random.normal()));
      return disk.target.unconstrain(values, new Float64Array(9));
    });
    return { target: disk.target, positions };
  },
};

export async function* suite(): AsyncGenerator<BenchmarkCase> {
  for (const [dim, limit] of [
    [10, 0.5],
    [100, 2],
  ] as const) {
    const value = await overheadMicroseconds(dim);
    const note = `per leapfrog beyond the gradient, ${dim} dimensions, diagonal metric, CPU time; baseline: the limit of the project`;
    yield { name: `overhead-d${dim}-us`, value, unit: "µs", baseline: limit, ratio: limit / value, note };
  }
  const { one, two, ratio } = await threadSpeedup();
  const note = "four chains of a logistic regression on two threads; baseline: on one";
  yield { name: "threads2-speedup", value: two, unit: "s", baseline: one, ratio, note };
  const first = firstDrawMilliseconds();
  const firstNote =
    "eight schools, from the call of sample to the first draw after 100 warmup iterations, in a new process; baseline: the limit of the project";
  yield { name: "first-draw-ms", value: first, unit: "ms", baseline: 50, ratio: 50 / first, note: firstNote };
  const cost = await twoComponentPosterior();
  if (!(cost.worstRhat < 1.01 && cost.divergenceRate < 0.02))
    throw new Error(`the draws are no sample: R-hat ${cost.worstRhat}, divergences ${cost.divergenceRate}`);
  yield {
    name: "two-component-3x200-seconds",
    value: cost.seconds,
    unit: "s",
    baseline: 180,
    ratio: 180 / cost.seconds,
    note: `${cost.parameters} parameters, ${cost.pairs} pairs, 4 × (500 + 1000), two threads: R-hat ≤ ${cost.worstRhat.toFixed(4)}, bulk ESS ≥ ${Math.round(cost.leastEss)}, ${(100 * cost.divergenceRate).toFixed(2)} % divergent, ${cost.gradients} gradients; baseline: the limit of the project`,
  };
  for (const name of Object.keys(densities) as (keyof typeof densities)[]) yield* efficiency(name);
}
