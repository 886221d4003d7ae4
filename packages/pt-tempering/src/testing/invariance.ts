import { InvalidArgumentError } from "@siegert/errors";
import type { LogDensity } from "@siegert/log-density";
import { createRandom, type Random } from "@siegert/random";
import { COUNTS } from "../explorers/continuous-group.ts";
import { ContinuousModel } from "../explorers/continuous-model.ts";
import type { ExplorerChoice } from "../explorers/explorer-choice.ts";
import { GuardedTarget } from "../explorers/guarded-target.ts";
import { makeExplorer } from "../explorers/make-explorer.ts";
import type { Replica } from "../explorers/replica.ts";
import { TemperedPath } from "../explorers/tempered-path.ts";
import { type CoordinateKind, REAL } from "../references/coordinate-kind.ts";
import { kolmogorovSmirnov } from "./kolmogorov-smirnov.ts";
import { twoSidedTail } from "./normal-tail.ts";

/** A model from which parameters and data can be drawn, and the kernel to be tested on its posterior. */
export interface InvarianceOptions<Data> {
  /** Number of parameters. */
  readonly dim: number;
  /** Kinds of the parameters. Default: all real. */
  readonly coordinates?: readonly CoordinateKind[];
  /** Writes parameters drawn from the prior. */
  readonly drawPrior: (random: Random, parameters: Float64Array) => void;
  /** Data drawn from the model with these parameters. */
  readonly simulate: (parameters: Float64Array, random: Random) => Data;
  /** Log density of the posterior: log prior + log likelihood of these data, up to a constant. */
  readonly posterior: (data: Data) => LogDensity;
  /** Any explorer, or a function that moves the state and ought to leave the posterior as it is. */
  readonly explorer: ExplorerChoice;
  /** Parameters drawn from the prior, one test of the kernel each. Default 10 000. */
  readonly draws?: number;
  /** Steps of the kernel from each. Default 1. */
  readonly steps?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Smallest p value of all tests together that passes; each has it divided by their number. Default 0.005. */
  readonly significance?: number;
}

/** One test: of a parameter, of its square, or of the posterior's log density. */
export interface InvarianceRow {
  /** "parameter 0", …, "log density"; "change of parameter 0", "change of parameter 0 squared", …. */
  readonly name: string;
  /** Distance of Kolmogorov and Smirnov, or the mean change in standard errors. */
  readonly statistic: number;
  readonly p: number;
  readonly passes: boolean;
}

/** What the tests found. */
export interface InvarianceReport {
  readonly passes: boolean;
  /** The p value that each test must reach. */
  readonly threshold: number;
  readonly rows: readonly InvarianceRow[];
  /** Share of the steps after which the state had changed; a kernel that never moves passes, and is seen here. */
  readonly moved: number;
}

/**
 * Exact test of a Markov kernel: parameters from the prior and data from the model are together a draw from the joint law,
 * whose conditional law is the posterior; a kernel that leaves the posterior invariant leaves the joint law as it is
 * (Geweke 2004, 10.1198/016214504000001132; Pigeons.jl tests its explorers so). Parameters after the kernel's step are compared
 * with independent draws from the prior, and so is the posterior's log density at both, which sees what marginal laws do
 * not. Since the kernel's step starts from the same law, its mean change of any function is 0; that of the
 * parameters, their squares and the log density is tested too, and sees small faults sooner.
 * @throws {InvalidArgumentError} for counts that are not positive integers, a significance outside (0, 1), and a draw from
 *   the prior at which the posterior is 0.
 */
export async function testInvariance<Data>(options: InvarianceOptions<Data>): Promise<InvarianceReport> {
  const { dim, drawPrior, simulate, posterior, draws = 10_000, steps = 1, seed = 0, significance = 0.005 } = options;
  for (const [name, value] of Object.entries({ dim, draws, steps })) {
    if (!(Number.isSafeInteger(value) && value > 0)) {
      throw new InvalidArgumentError(name, "be a positive integer", value);
    }
  }
  if (!(significance > 0 && significance < 1)) {
    throw new InvalidArgumentError("significance", "lie in (0, 1)", significance);
  }
  const move = await kernelOf(options, seed);
  const after = Array.from({ length: dim + 1 }, () => new Float64Array(draws));
  const fresh = Array.from({ length: dim + 1 }, () => new Float64Array(draws));
  const before = Array.from({ length: dim + 1 }, () => new Float64Array(draws));
  const parameters = new Float64Array(dim);
  let moved = 0;
  for (let n = 0; n < draws; n++) {
    const random = createRandom(seed, "invariance", n);
    drawPrior(random, parameters);
    const density = posterior(simulate(parameters, random));
    record(before, n, parameters, density);
    const replica = replicaAt(parameters, createRandom(seed, "invariance", n, "kernel"));
    for (let step = 0; step < steps; step++) if (move(density, replica)) moved++;
    record(after, n, replica.position, density);
    const other = createRandom(seed, "invariance", n, "fresh");
    drawPrior(other, parameters);
    record(fresh, n, parameters, posterior(simulate(parameters, other)));
  }
  const rows = [...after.map((values, k) => distanceRow(k, dim, values, fresh[k]!)), ...changeRows(before, after, dim)];
  const threshold = significance / rows.length;
  return {
    passes: rows.every(({ p }) => p >= threshold),
    threshold,
    rows: rows.map((row) => ({ ...row, passes: row.p >= threshold })),
    moved: moved / (draws * steps),
  };
}

type TestedRow = Omit<InvarianceRow, "passes">;

function nameOf(k: number, dim: number): string {
  return k < dim ? `parameter ${k}` : "log density";
}

function distanceRow(k: number, dim: number, after: Float64Array, fresh: Float64Array): TestedRow {
  const { distance, p } = kolmogorovSmirnov(after, fresh);
  return { name: nameOf(k, dim), statistic: distance, p };
}

function changeRows(before: readonly Float64Array[], after: readonly Float64Array[], dim: number): TestedRow[] {
  return before.flatMap((from, k) => {
    const to = after[k]!;
    const name = `change of ${nameOf(k, dim)}`;
    const changes = changeRow(
      name,
      to.map((x, n) => x - from[n]!),
    );
    if (k === dim) return [changes];
    const squares = to.map((x, n) => x * x - from[n]! * from[n]!);
    return [changes, changeRow(`${name} squared`, squares)];
  });
}

/** Whether the mean of paired differences is 0; where nothing has changed it is. */
function changeRow(name: string, differences: Float64Array): TestedRow {
  const count = differences.length;
  let mean = 0;
  for (const d of differences) mean += d / count;
  let variance = 0;
  for (const d of differences) variance += (d - mean) ** 2 / count;
  const statistic = variance > 0 ? mean / Math.sqrt(variance / count) : 0;
  return { name, statistic, p: twoSidedTail(statistic) };
}

function record(table: readonly Float64Array[], n: number, position: Float64Array, density: LogDensity): void {
  for (let i = 0; i < position.length; i++) table[i]![n] = position[i]!;
  table[position.length]![n] = density.logDensity(position);
}

function replicaAt(position: Float64Array, random: Random): Replica {
  return { position: position.slice(), random, logTarget: Number.NaN, logReferences: new Float64Array(1), fits: 0 };
}

/** One step of the explorer at β = 1; says whether the state has changed. */
async function kernelOf<Data>(
  { dim, coordinates, drawPrior, explorer }: InvarianceOptions<Data>,
  seed: number,
): Promise<(density: LogDensity, replica: Replica) => boolean> {
  // Everything but the density is the same for all data; this one stands in until they come.
  const flat = { dim, logDensity: () => 0, logDensityAndGradient: () => 0 };
  const prior = { ...flat, draw: (random: Random, position: Float64Array) => drawPrior(random, position) };
  const kinds = coordinates ?? new Array<CoordinateKind>(dim).fill(REAL);
  const parts = { target: flat, references: [prior], kinds, explorer: await makeExplorer(explorer) };
  const model = new ContinuousModel({ ...parts, starts: undefined, isStrict: false, isConstrained: false }, COUNTS);
  const kernel = model.createKernel(model.createShapes());
  const tallies = new Float64Array(model.tallies.length);
  const before = new Float64Array(dim);
  return (density, replica) => {
    const path = new TemperedPath(new GuardedTarget(density, false), [prior], kinds);
    path.begin(replica, 0, 0, 1);
    if (path.logDensity === -Infinity) {
      const received = `seed ${seed}, parameters ${Array.from(replica.position).join(", ")}`;
      throw new InvalidArgumentError("posterior", "be positive at parameters drawn from the prior", received);
    }
    before.set(replica.position);
    kernel.explore(path, tallies, 0);
    return replica.position.some((value, i) => value !== before[i]);
  };
}
