import { InvalidArgumentError } from "@siegert/errors";
import { createRandom, type Random } from "@siegert/random";
import type { EnergyModel } from "../models/energy-model.ts";
import { type StopSignal, Turns } from "../run/event-loop.ts";
import { checkInteger } from "../run/schedule.ts";
import { gradientOf } from "./kl-gradient.ts";
import { type CompiledLearning, compileLearning, type LearningProblem, type LearningRows } from "./learning-problem.ts";
import { adam, type Optimizer } from "./optimizer.ts";
import { newPhaseChain, Phase } from "./phase.ts";

/** Options of `train`. */
export interface TrainOptions {
  /** Names the random streams. Default 0. */
  readonly seed?: number;
  /**
   * Where the negative phase begins: at the rows of the batch (contrastive divergence, Hinton 2002,
   * 10.1162/089976602760128018), or where it ended at the last step (persistent contrastive divergence, Tieleman 2008,
   * 10.1145/1390156.1390290). With conditioning blocks persistent chains belong to rows.
   * Persistent chains need steps small enough for them to follow. Default "persistent".
   */
  readonly method?: "contrastive" | "persistent";
  /** Passes over the rows. Default 100. */
  readonly epochs?: number;
  /** Rows per step, drawn anew every epoch; the last batch may be smaller. Default: all rows. */
  readonly batchSize?: number;
  /** Sweeps of the negative phase per step: k of CD-k. Default 1. */
  readonly sweeps?: number;
  /**
   * Sweeps of the positive phase per step; the hidden nodes of a row go on from where they were. Default 1: enough where
   * they share no factors.
   */
  readonly positiveSweeps?: number;
  /** Persistent chains. Default 100; with conditioning blocks there is one per row. */
  readonly chains?: number;
  /** Default `adam()`. */
  readonly optimizer?: Optimizer;
  /** Pull towards 0: λ of the penalty ½ λ Σ W². Default 0. */
  readonly weightDecay?: number;
  /** An AbortSignal, or anything with `aborted`: training stops after a step and keeps what it has learned. */
  readonly signal?: StopSignal;
  /** After every epoch. */
  readonly onProgress?: (progress: TrainingProgress) => void;
}

/** What an epoch did. */
export interface TrainingProgress {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps made so far. */
  readonly steps: number;
  /** Root mean square of the gradient's estimates over the epoch. */
  readonly gradientNorm: number;
  readonly secondsLeft: number;
}

/** A trained model. */
export interface TrainingResult {
  readonly status: "complete" | "aborted";
  /** The model with the weights that were learned. */
  readonly model: EnergyModel;
  /** One entry per epoch. */
  readonly history: readonly TrainingProgress[];
}

/**
 * Learns the weights of a model from data by (persistent) contrastive divergence: steps along estimates of the gradient of
 * KL(data ‖ model).
 * @throws {InvalidArgumentError} for rows of another width or with values that a node cannot have, and options outside of
 * their range.
 */
export async function train(
  problem: LearningProblem,
  given: LearningRows,
  options: TrainOptions = {},
): Promise<TrainingResult> {
  const trainer = new Trainer(problem, given, options);
  const { epochs = 100, signal, onProgress } = options;
  checkInteger("epochs", epochs, 1);
  const turns = new Turns();
  const history: TrainingProgress[] = [];
  for (let epoch = 1; epoch <= epochs && !signal?.aborted; epoch++) {
    let squares = 0;
    let batches = 0;
    for (const batch of trainer.batches()) {
      if (signal?.aborted) break;
      squares += trainer.step(batch);
      batches++;
      if (turns.isDue) await turns.take();
    }
    if (signal?.aborted && batches < trainer.batchCount) break;
    const secondsLeft = (turns.seconds / epoch) * (epochs - epoch);
    const progress = { epoch, epochs, steps: trainer.steps, gradientNorm: Math.sqrt(squares / batches), secondsLeft };
    history.push(progress);
    onProgress?.(progress);
  }
  return { status: history.length < epochs ? "aborted" : "complete", model: trainer.model, history };
}

class Trainer {
  steps = 0;
  readonly batchCount: number;
  readonly #learning: CompiledLearning;
  readonly #given: LearningRows;
  readonly #rows: number;
  readonly #batchSize: number;
  readonly #isPersistent: boolean;
  readonly #sweeps: number;
  readonly #positiveSweeps: number;
  readonly #decay: number;
  readonly #weights: Float64Array;
  readonly #optimizer: ReturnType<Optimizer["start"]>;
  readonly #shuffler: Random;
  /** One chain per row with hidden nodes, and the negative chains. */
  readonly #up: Phase;
  readonly #down: Phase;
  model: EnergyModel;

  constructor(problem: LearningProblem, given: LearningRows, options: TrainOptions) {
    const { seed = 0, method = "persistent", sweeps = 1, positiveSweeps = 1, chains = 100, weightDecay = 0 } = options;
    if (method !== "contrastive" && method !== "persistent") {
      throw new InvalidArgumentError("method", 'be "contrastive" or "persistent"', method);
    }
    if (!(weightDecay >= 0 && weightDecay < Infinity)) {
      throw new InvalidArgumentError("weightDecay", "be finite and not negative", weightDecay);
    }
    this.#learning = compileLearning(problem);
    this.#given = given;
    this.#rows = this.#learning.countRows(given);
    this.#batchSize = Math.min(options.batchSize ?? this.#rows, this.#rows);
    for (const [argument, value] of Object.entries({ sweeps, positiveSweeps, chains, batchSize: this.#batchSize })) {
      checkInteger(argument, value, 1);
    }
    this.batchCount = Math.ceil(this.#rows / this.#batchSize);
    this.#isPersistent = method === "persistent";
    this.#sweeps = sweeps;
    this.#positiveSweeps = positiveSweeps;
    this.#decay = weightDecay;
    this.model = problem.model;
    this.#weights = problem.model.graph.weights.slice();
    this.#optimizer = (options.optimizer ?? adam()).start(this.#weights.length);
    this.#shuffler = createRandom(seed, "train", "rows");
    this.#up = new Phase(this.#learning.positive, this.#rowChains(seed, "positive"));
    this.#down = new Phase(this.#learning.negative, this.#negativeChains(seed, chains));
  }

  /** The rows in random order, in batches. */
  *batches(): Generator<Uint32Array> {
    const order = this.#shuffler.permutation(this.#rows);
    for (let from = 0; from < this.#rows; from += this.#batchSize) yield order.subarray(from, from + this.#batchSize);
  }

  /** One step along the gradient of a batch. Gives the sum of the gradient's squares. */
  step(batch: Uint32Array): number {
    const up = new Phase(
      this.#learning.positive,
      Array.from(batch, (row) => this.#up.chains[row]!),
    );
    up.useModel(this.model);
    if (this.#learning.positive.steps.length > 0) up.advance(this.#positiveSweeps, true);
    const positiveMeans = this.#meansOf(up);
    const down = this.#negativePhase(batch);
    down.useModel(this.model);
    down.advance(this.#sweeps, true);
    const gradient = gradientOf(this.model.beta, positiveMeans, this.#meansOf(down));
    for (let w = 0; w < gradient.length; w++) gradient[w]! += this.#decay * this.#weights[w]!;
    this.#optimizer.step(this.#weights, gradient);
    this.model = this.model.withWeights(this.#weights);
    this.steps++;
    return gradient.reduce((sum, g) => sum + g * g, 0);
  }

  /** Chains of the negative phase: persistent ones, or the rows of the batch with what the positive phase drew. */
  #negativePhase(batch: Uint32Array): Phase {
    const { negative, isConditional } = this.#learning;
    if (this.#isPersistent && !isConditional) return new Phase(negative, this.#down.chains);
    const chains = Array.from(batch, (row) => this.#down.chains[row]!);
    if (!this.#isPersistent) for (const [k, row] of batch.entries()) chains[k]!.state.set(this.#up.chains[row]!.state);
    return new Phase(negative, chains);
  }

  #rowChains(seed: number, phase: string) {
    const program = phase === "positive" ? this.#learning.positive : this.#learning.negative;
    return Array.from({ length: this.#rows }, (_, row) => {
      const chain = newPhaseChain(program, createRandom(seed, "train", phase, row));
      this.#learning.writeRow(this.#given, row, chain.state);
      return chain;
    });
  }

  #negativeChains(seed: number, chains: number) {
    const { negative, isConditional } = this.#learning;
    if (isConditional || !this.#isPersistent) return this.#rowChains(seed, "negative");
    return Array.from({ length: chains }, (_, k) =>
      newPhaseChain(negative, createRandom(seed, "train", "negative", k)),
    );
  }

  #meansOf(phase: Phase): Float64Array {
    const sums = new Float64Array(this.#weights.length);
    phase.addStatistics(sums);
    return sums.map((sum) => sum / phase.chains.length);
  }
}
