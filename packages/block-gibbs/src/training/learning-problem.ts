import { InvalidArgumentError } from "@siegert/errors";
import type { EnergyModel } from "../models/energy-model.ts";
import type { Block, Superblock } from "../nodes/block.ts";
import { type GibbsProgram, gibbsProgram } from "../program/gibbs-program.ts";

/** What is to be learned: a model, and which of its nodes have data. */
export interface LearningProblem {
  readonly model: EnergyModel;
  /** Blocks that have data. */
  readonly data: readonly Block[];
  /** Blocks that are given in both phases: the model of the data given these is learned. Default none. */
  readonly conditioning?: readonly Block[];
  /** Blocks to draw in the positive phase, those without data. Default: by colours. */
  readonly positive?: readonly Superblock[];
  /** Blocks to draw in the negative phase, all but the conditioning ones. Default: by colours. */
  readonly negative?: readonly Superblock[];
}

/** Values to learn from. */
export interface LearningRows {
  /** Values of the data blocks, one after the other; row-major, (row, value). */
  readonly rows: ArrayLike<number>;
  /** Values of the conditioning blocks, as many rows. */
  readonly conditions?: ArrayLike<number>;
}

/** The programs of both phases, and how rows go into states. */
export interface CompiledLearning {
  readonly model: EnergyModel;
  readonly positive: GibbsProgram;
  readonly negative: GibbsProgram;
  readonly isConditional: boolean;
  /** Number of rows. @throws {InvalidArgumentError} for values that do not fit, see `learningPrograms`. */
  countRows(given: LearningRows): number;
  /** Writes a row into a state. @throws {InvalidArgumentError} for a value that a node cannot have; row and node are named. */
  writeRow(given: LearningRows, row: number, state: Float64Array): void;
  /** Writes the conditions of a row only. */
  writeConditions(given: LearningRows, row: number, state: Float64Array): void;
}

/**
 * Compiles both phases of a learning problem.
 * @throws {InvalidArgumentError} for no data blocks, and as `gibbsProgram`.
 */
export function compileLearning(problem: LearningProblem): CompiledLearning {
  const { model, data, conditioning = [] } = problem;
  if (!Array.isArray(data) || data.length === 0)
    throw new InvalidArgumentError("data", "have at least one block", data);
  const held = [...data, ...conditioning];
  const positive = gibbsProgram({ model, clamped: held, ...(problem.positive && { free: problem.positive }) });
  const negative = gibbsProgram({ model, clamped: conditioning, ...(problem.negative && { free: problem.negative }) });
  const widthOf = (blocks: readonly Block[]) => blocks.reduce((sum, own) => sum + positive.spec.sizeOf(own), 0);
  const [dataWidth, conditionWidth] = [widthOf(data), widthOf(conditioning)];
  const writeConditions = (given: LearningRows, row: number, state: Float64Array): void => {
    if (conditionWidth > 0) write(positive, conditioning, given.conditions!, row * conditionWidth, state, row);
  };
  return {
    model,
    positive,
    negative,
    isConditional: conditionWidth > 0,
    countRows({ rows, conditions }) {
      const count = (rows?.length ?? 0) / dataWidth;
      if (!(Number.isInteger(count) && count > 0)) {
        throw new InvalidArgumentError("rows", `have a positive multiple of ${dataWidth} values`, rows?.length ?? rows);
      }
      if ((conditions?.length ?? 0) !== count * conditionWidth) {
        throw new InvalidArgumentError(
          "conditions",
          `have ${count} rows of ${conditionWidth} values`,
          conditions?.length,
        );
      }
      return count;
    },
    writeConditions,
    writeRow(given, row, state) {
      write(positive, data, given.rows, row * dataWidth, state, row);
      writeConditions(given, row, state);
    },
  };
}

function write(
  { spec }: GibbsProgram,
  blocks: readonly Block[],
  values: ArrayLike<number>,
  from: number,
  state: Float64Array,
  row: number,
): void {
  let at = from;
  for (const block of blocks) {
    const size = spec.sizeOf(block);
    try {
      spec.write(
        state,
        block,
        Array.from({ length: size }, (_, k) => values[at + k]!),
      );
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      throw new InvalidArgumentError(`${error.argument} of row ${row}`, error.requirement, error.received);
    }
    at += size;
  }
}
