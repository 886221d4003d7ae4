/**
 * Runs that Node and a browser both make, to compare their draws.
 *
 * IEEE 754 leaves one result for +, −, ×, ÷ and √, but not for Math.exp and Math.log: their last bit differs between
 * versions of V8. Random numbers do not depend on it, nor do positions along a trajectory, if the target's gradient and
 * the step size do not. Exponentials then only decide comparisons with random numbers. So runs without adaptation of a
 * target of plain arithmetic give the same bits everywhere; others differ in the last bits, which a chain may enlarge.
 */
import { type RunState, resume, type SampleOptions, type SamplingRun, sample } from "../../src/index.ts";
import { eightSchools } from "../models/eight-schools.ts";
import { independentNormals } from "../models/normals.ts";

const sd = [1, 10, 0.1, 3];
const normals = independentNormals(sd);
const fixed: SampleOptions = {
  seed: 5,
  chains: 3,
  warmup: 0,
  draws: 180,
  warmStart: { stepSize: 0.6, covariance: [1, 2, 0, 0, 2, 100, 0, 0, 0, 0, 0.01, 0.1, 0, 0, 0.1, 9] },
};

/** What the runs gave, as JSON data. */
export interface ComparedRuns {
  /** Bits, in hexadecimal, of the draws of each method with a given step size and metric. */
  readonly bits: Readonly<Record<string, string[]>>;
  /** First draws after a short warmup, and of a target with exponentials and logarithms. */
  readonly adapted: readonly number[];
  readonly eightSchools: readonly number[];
  /** State of a run of `bits` that was stopped on its way. */
  readonly stopped: RunState;
}

/** Makes the runs where this is called. */
export async function comparedRuns(): Promise<ComparedRuns> {
  const module = new URL("../models/normals.ts", import.meta.url).href;
  const portable = { kind: "module", module, export: "portableNormals", argument: { sd } } as const;
  const start = { chains: 1, warmup: 0, draws: 10, warmStart: { stepSize: 0.2 }, maxTreeDepth: 4 };
  return {
    bits: {
      sequential: bitsOf(await sample(normals, { ...fixed, method: "sequential" })),
      vectorized: bitsOf(await sample(normals, { ...fixed, method: "vectorized" })),
      parallel: bitsOf(await sample(portable, { ...fixed, method: "parallel" })),
    },
    adapted: valuesOf(await sample(normals, { seed: 5, chains: 3, warmup: 30, draws: 10 })),
    eightSchools: valuesOf(await sample(eightSchools(), start)),
    stopped: await stoppedState(),
  };
}

/** Bits of the draws of the run that was stopped, resumed here. */
export async function resumedBits(state: RunState): Promise<string[]> {
  return bitsOf(await resume(normals, state));
}

async function stoppedState(): Promise<RunState> {
  const signal = { aborted: false };
  let evaluations = 0;
  const stopping: typeof normals = {
    ...normals,
    logDensityAndGradient(x, gradient) {
      if (++evaluations === 601) signal.aborted = true;
      return normals.logDensityAndGradient(x, gradient);
    },
  };
  return (await sample(stopping, { ...fixed, method: "vectorized", signal })).state();
}

function bitsOf(run: SamplingRun): string[] {
  const { buffer } = run.unconstrained().values;
  return Array.from(new BigUint64Array(buffer as ArrayBuffer), (bits) => bits.toString(16));
}

function valuesOf(run: SamplingRun): number[] {
  return Array.from(run.unconstrained().values);
}
