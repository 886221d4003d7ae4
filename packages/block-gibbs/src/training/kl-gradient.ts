import { InvalidArgumentError } from "@siegert/errors";
import { createRandom } from "@siegert/random";
import { checkState } from "../models/model-state.ts";
import { checkInteger, resolveSchedule, type Schedule } from "../run/schedule.ts";
import { type CompiledLearning, compileLearning, type LearningProblem, type LearningRows } from "./learning-problem.ts";
import { newPhaseChain, Phase, type PhaseChain } from "./phase.ts";

/** How a gradient is estimated. */
export interface KlGradientOptions {
  /** Names the random streams. Default 0. */
  readonly seed?: number;
  /** Positive phase, per row; needless where all nodes have data. Default 1 chain, as `sampleGibbs`. */
  readonly positive?: Schedule & { readonly chains?: number };
  /** Negative phase; with conditioning blocks the chains are per row. Default 1 chain, as `sampleGibbs`. */
  readonly negative?: Schedule & { readonly chains?: number };
  /** States that the chains of the negative phase start from, as an earlier gradient gave. Default uniform. */
  readonly negativeStates?: readonly Float64Array[];
}

/** An estimate of the gradient of KL(data ‖ model). */
export interface KlGradient {
  /** ∂KL/∂W of every weight, in the order of `model.graph.weights`: −β(⟨−∂V/∂W⟩₊ − ⟨−∂V/∂W⟩₋). */
  readonly gradient: Float64Array;
  /** Means of −∂V/∂W with the data clamped, and without. For Ising models these are ⟨s_i⟩, then ⟨s_i s_j⟩. */
  readonly positiveMeans: Float64Array;
  readonly negativeMeans: Float64Array;
  /** States of the negative chains at the end, to go on from (persistent contrastive divergence). */
  readonly negativeStates: readonly Float64Array[];
}

/**
 * Estimates the gradient of the Kullback-Leibler divergence KL(p_data ‖ p_model) of the data nodes by sampling: means of
 * the weight statistics with the data clamped, minus those with the data nodes free (Ackley, Hinton & Sejnowski 1985,
 * 10.1207/s15516709cog0901_7). Works for every model whose factors have weights.
 * @throws {InvalidArgumentError} for rows of another width or with values that a node cannot have (row and node are named), and
 * schedules that are none.
 */
export function klGradient(problem: LearningProblem, given: LearningRows, options: KlGradientOptions = {}): KlGradient {
  const { seed = 0, positive = {}, negative = {}, negativeStates } = options;
  const learning = compileLearning(problem);
  const rows = learning.countRows(given);
  const schedules = [resolveSchedule(positive), resolveSchedule(negative)] as const;
  const [positiveChains, negativeChains] = [positive.chains ?? 1, negative.chains ?? 1];
  checkInteger("positive.chains", positiveChains, 1);
  checkInteger("negative.chains", negativeChains, 1);
  const up = new Phase(learning.positive, positiveStart(learning, given, rows, positiveChains, seed));
  const hasHidden = learning.positive.steps.length > 0;
  const positiveMeans = meansOf(up, learning, hasHidden ? schedules[0] : { warmup: 0, draws: 1, stepsPerDraw: 1 });
  checkStarts(learning, negativeStates);
  const down = new Phase(learning.negative, negativeStart(learning, given, rows, negativeChains, seed, negativeStates));
  const negativeMeans = meansOf(down, learning, schedules[1]);
  return {
    gradient: gradientOf(learning.model.beta, positiveMeans, negativeMeans),
    positiveMeans,
    negativeMeans,
    negativeStates: down.chains.map(({ state }) => state.slice()),
  };
}

/** −β (⟨φ⟩₊ − ⟨φ⟩₋). */
export function gradientOf(beta: number, positiveMeans: Float64Array, negativeMeans: Float64Array): Float64Array {
  return positiveMeans.map((mean, w) => -beta * (mean - negativeMeans[w]!));
}

function positiveStart(
  learning: CompiledLearning,
  given: LearningRows,
  rows: number,
  chains: number,
  seed: number,
): PhaseChain[] {
  return Array.from({ length: rows * chains }, (_, k) => {
    const [row, chain] = [Math.floor(k / chains), k % chains];
    const one = newPhaseChain(learning.positive, createRandom(seed, "kl-gradient", "positive", row, chain));
    learning.writeRow(given, row, one.state);
    return one;
  });
}

function negativeStart(
  learning: CompiledLearning,
  given: LearningRows,
  rows: number,
  chains: number,
  seed: number,
  starts: readonly Float64Array[] | undefined,
): PhaseChain[] {
  const count = learning.isConditional ? rows * chains : chains;
  return Array.from({ length: count }, (_, k) => {
    const random = createRandom(seed, "kl-gradient", "negative", k);
    const one = newPhaseChain(learning.negative, random, starts?.[k % starts.length]);
    learning.writeConditions(given, Math.floor(k / chains), one.state);
    return one;
  });
}

function checkStarts({ model }: CompiledLearning, starts: readonly Float64Array[] | undefined): void {
  if (starts?.length === 0) throw new InvalidArgumentError("negativeStates", "have at least one state", starts);
  for (const [k, state] of (starts ?? []).entries())
    checkState(model.nodes, model.graph, state, `negativeStates[${k}]`);
}

function meansOf(
  phase: Phase,
  { model }: CompiledLearning,
  { warmup, draws, stepsPerDraw }: Required<Schedule>,
): Float64Array {
  const sums = new Float64Array(model.graph.weights.length);
  phase.advance(warmup, true);
  for (let draw = 0; draw < draws; draw++) {
    if (draw > 0) phase.advance(stepsPerDraw, false);
    phase.addStatistics(sums);
  }
  const count = draws * phase.chains.length;
  return sums.map((sum) => sum / count);
}
