import type { LogDensity } from "@siegert/log-density";
import { createRandom } from "@siegert/random";
import type { CoordinateKind } from "../references/coordinate-kind.ts";
import { FittedReference } from "../references/fitted-reference.ts";
import type { Reference } from "../references/reference.ts";
import type { Explorer, ExplorerKernel } from "./explorer.ts";
import { LearnedShapes } from "./rung-shapes.ts";

/** Draws from a reference that give the first guess of where states lie and how far they spread. */
const MOMENT_DRAWS = 1000;

/** What all groups of a continuous problem share. */
export interface ContinuousParts {
  readonly target: LogDensity;
  /** Of every leg; what is fitted serves as a pattern. */
  readonly references: readonly Reference[];
  readonly kinds: readonly CoordinateKind[];
  readonly explorer: Explorer;
  readonly starts: readonly (readonly number[])[] | undefined;
  /** Whether NaN and +∞ stop the run. */
  readonly isStrict: boolean;
  /** Whether states are read on the constrained scale. */
  readonly isConstrained: boolean;
}

/** A continuous problem: its parts, and how the columns of its tallies are laid out. */
export class ContinuousModel implements ContinuousParts {
  readonly target: LogDensity;
  readonly references: readonly Reference[];
  readonly kinds: readonly CoordinateKind[];
  readonly explorer: Explorer;
  readonly starts: readonly (readonly number[])[] | undefined;
  readonly isStrict: boolean;
  readonly isConstrained: boolean;
  readonly tallies: readonly string[];
  /** Column of the first count; those of the explorer are before it, sums for moments behind. */
  readonly countColumn: number;
  /** Columns of the explorer that hold acceptance probabilities. */
  readonly acceptanceColumns: readonly number[];
  readonly #mean: Float64Array;
  readonly #covariance: Float64Array;

  /** @throws {InvalidArgumentError} when the explorer cannot move such states. */
  constructor(parts: ContinuousParts, counts: readonly string[]) {
    this.target = parts.target;
    this.references = parts.references;
    this.kinds = parts.kinds;
    this.explorer = parts.explorer;
    this.starts = parts.starts;
    this.isStrict = parts.isStrict;
    this.isConstrained = parts.isConstrained;
    [this.#mean, this.#covariance] = referenceMoments(parts.references[0]!);
    const shapes = this.createShapes();
    const own = this.createKernel(shapes).tallies ?? [];
    this.countColumn = own.length;
    this.acceptanceColumns = own.flatMap((name, column) => (name.startsWith("acceptance") ? [column] : []));
    const moments = Array.from({ length: shapes.columns }, (_, k) => `.moment ${k}`);
    this.tallies = [...own, ...counts, ...moments];
  }

  createShapes(): LearnedShapes {
    const shapes = new LearnedShapes(this.references.length, this.#mean, this.#covariance);
    const isFull = this.references.some((made) => made instanceof FittedReference && made.covariance === "full");
    if (isFull) shapes.requireCovariance();
    return shapes;
  }

  createKernel(shapes: LearnedShapes): ExplorerKernel {
    const { kinds, references, target } = this;
    return this.explorer.create({ dim: target.dim, kinds, legs: references.length, shapes });
  }
}

/** Mean and packed covariance of a reference from draws of its own, the same in every thread. */
function referenceMoments(reference: Reference): [Float64Array, Float64Array] {
  const { dim } = reference;
  const random = createRandom(0, "tempering", "moments of the reference");
  const mean = new Float64Array(dim);
  const covariance = new Float64Array((dim * (dim + 1)) / 2);
  const draw = new Float64Array(dim);
  const before = new Float64Array(dim);
  for (let n = 1; n <= MOMENT_DRAWS; n++) {
    reference.draw(random, draw);
    for (let i = 0; i < dim; i++) {
      before[i] = draw[i]! - mean[i]!;
      mean[i] = mean[i]! + before[i]! / n;
    }
    for (let i = 0, at = 0; i < dim; i++) {
      const after = (draw[i]! - mean[i]!) / MOMENT_DRAWS;
      for (let j = 0; j <= i; j++, at++) covariance[at] = covariance[at]! + before[j]! * after;
    }
  }
  // A coordinate that is fixed has no width; any will do for it.
  for (let i = 0; i < dim; i++) {
    const at = (i * (i + 3)) / 2;
    if (!(covariance[at]! > 0 && covariance[at]! < Infinity)) covariance[at] = 1;
  }
  return [mean, covariance];
}
