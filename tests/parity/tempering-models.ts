/** Golden models as problems for parallel tempering, and their exact laws on any rung. */
import { block, enumerateStates, gibbsReplicas } from "@siegert/block-gibbs";
import { isingReplicas } from "@siegert/ising";
import type { ReplicaProblem } from "@siegert/log-density";
import type { GoldenModel } from "./tempering-golden.ts";

/** Every way to move a model's replicas: the Ising kernels that suit it, block Gibbs by colours, and joint blocks. */
export function problemsOf({ model, ising, forms }: GoldenModel): readonly (readonly [string, ReplicaProblem])[] {
  return [
    ...forms.map((form) => [form, isingReplicas({ ...ising!, form })] as const),
    ["block Gibbs by colours", gibbsReplicas({ model })],
    ["block Gibbs with joint blocks", gibbsReplicas({ model, jointBlocks: { maxBlockSize: 4 } })],
  ];
}

/** Block Gibbs whose only block is the whole model: independent draws at every β. */
export function independentDraws({ model }: GoldenModel): ReplicaProblem {
  return gibbsReplicas({ model, free: [block(model.nodes, { joint: true })] });
}

/** What enumeration says of a rung. */
export interface ExactRung {
  /** By counting measure. */
  readonly logZ: number;
  readonly meanEnergy: number;
  readonly variance: number;
  readonly means: Readonly<Record<string, number>>;
}

const enumerated = new Map<GoldenModel, ReturnType<typeof enumerateStates>>();
const levels = new Map<GoldenModel, ReadonlyMap<number, number>>();

function statesOf(golden: GoldenModel): ReturnType<typeof enumerateStates> {
  const known = enumerated.get(golden) ?? enumerateStates(golden.model);
  enumerated.set(golden, known);
  return known;
}

/** Number of states of a model. */
export function stateCount(golden: GoldenModel): number {
  return statesOf(golden).count;
}

const rungs = new Map<GoldenModel, Map<number, ExactRung>>();

/** The law at β by all states. */
export function exactRung(golden: GoldenModel, beta: number): ExactRung {
  const known = rungs.get(golden) ?? new Map<number, ExactRung>();
  rungs.set(golden, known);
  const made = known.get(beta) ?? enumeratedRung(golden, beta);
  known.set(beta, made);
  return made;
}

function enumeratedRung(golden: GoldenModel, beta: number): ExactRung {
  const states = statesOf(golden);
  const { logZ, meanEnergy, varianceEnergy } = states.at(beta);
  const means = Object.entries(golden.observables).map(([name, f]) => [name, states.mean(f, beta)]);
  return { logZ, meanEnergy, variance: varianceEnergy, means: Object.fromEntries(means) };
}

/** Exact mean acceptance probability of an exchange between two rungs. */
export function exactAcceptance(golden: GoldenModel, betaI: number, betaJ: number): number {
  const counts = levelsOf(golden);
  const lowest = Math.min(...counts.keys());
  const lawAt = (beta: number) => {
    const weights = Array.from(counts, ([energy, count]) => [energy, count * Math.exp(-beta * (energy - lowest))]);
    const total = weights.reduce((sum, [, weight]) => sum + weight!, 0);
    return weights.map(([energy, weight]) => [energy!, weight! / total] as const);
  };
  const [first, second] = [lawAt(betaI), lawAt(betaJ)];
  let sum = 0;
  for (const [v, p] of first) {
    for (const [w, q] of second) sum += p * q * Math.min(1, Math.exp((betaI - betaJ) * (v - w)));
  }
  return sum;
}

/** States of every energy; energies of these models are multiples of 1/8. */
function levelsOf(golden: GoldenModel): ReadonlyMap<number, number> {
  const known = levels.get(golden);
  if (known) return known;
  const counts = new Map<number, number>();
  for (const energy of statesOf(golden).energies) {
    const level = Math.round(8 * energy) / 8;
    counts.set(level, (counts.get(level) ?? 0) + 1);
  }
  levels.set(golden, counts);
  return counts;
}
