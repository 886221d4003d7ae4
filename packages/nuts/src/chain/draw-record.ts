import type { Transition } from "../kernel/kernel.ts";
import { packNumbers, unpackNumbers } from "./packed-numbers.ts";

/** What is recorded with every draw. */
export const STATISTICS = [
  "logDensity",
  "acceptRate",
  "acceptRateSymmetric",
  "stepSize",
  "treeDepth",
  "leapfrogs",
  "energy",
  "energyError",
  "maxEnergyError",
  "indexInTrajectory",
  "isDivergent",
] as const;

export type StatisticName = (typeof STATISTICS)[number];

/** One number per draw and statistic; `isDivergent` is 0 or 1. */
export type DrawStatistics = { readonly [name in StatisticName]: Float64Array };

/** A transition that diverged, during warmup or after. */
export interface DivergenceRecord {
  /** Iteration from 0, warmup included. */
  readonly iteration: number;
  readonly isWarmup: boolean;
  /** Last good position of the trajectory, unconstrained. */
  readonly start: readonly number[];
  /** The position after it; some entries may not be finite. */
  readonly end: readonly number[];
}

/** Plain data of a `DrawRecord`. */
export interface DrawRecordState {
  readonly size: number;
  readonly positions: string;
  readonly statistics: string;
}

/** Draws and statistics in flat arrays that grow when needed. */
export class DrawRecord {
  readonly dim: number;
  size = 0;
  #positions: Float64Array;
  #statistics: Float64Array;

  constructor(dim: number, capacity: number) {
    this.dim = dim;
    this.#positions = new Float64Array(dim * capacity);
    this.#statistics = new Float64Array(STATISTICS.length * capacity);
  }

  add(position: Float64Array, logDensity: number, stepSize: number, transition: Transition): void {
    const width = STATISTICS.length;
    if ((this.size + 1) * width > this.#statistics.length) this.#grow();
    this.#positions.set(position, this.size * this.dim);
    const row = this.#statistics;
    let at = this.size++ * width;
    const numbers = { ...transition, logDensity, stepSize, isDivergent: transition.divergence ? 1 : 0 };
    for (const name of STATISTICS) row[at++] = numbers[name];
  }

  /** Forgets what it holds, for a caller that has taken it. */
  clear(): void {
    this.size = 0;
  }

  /** Copies rows from `from` on: draws row-major (draw, dim). */
  positions(from = 0): Float64Array {
    return this.#positions.slice(from * this.dim, this.size * this.dim);
  }

  /** Copies statistics from draw `from` on. */
  statistics(from = 0): DrawStatistics {
    const width = STATISTICS.length;
    const columns = STATISTICS.map((name, k) => {
      const column = new Float64Array(this.size - from);
      for (let n = from; n < this.size; n++) column[n - from] = this.#statistics[n * width + k]!;
      return [name, column] as const;
    });
    return Object.fromEntries(columns) as DrawStatistics;
  }

  state(): DrawRecordState {
    return {
      size: this.size,
      positions: packNumbers(this.positions()),
      statistics: packNumbers(this.#statistics.subarray(0, this.size * STATISTICS.length)),
    };
  }

  restore(state: DrawRecordState): void {
    const positions = unpackNumbers(state.positions);
    const statistics = unpackNumbers(state.statistics);
    this.#positions = enlarged(positions, Math.max(positions.length, this.#positions.length));
    this.#statistics = enlarged(statistics, Math.max(statistics.length, this.#statistics.length));
    this.size = state.size;
  }

  #grow(): void {
    const capacity = Math.max(16, Math.ceil(1.5 * this.size));
    this.#positions = enlarged(this.#positions, capacity * this.dim);
    this.#statistics = enlarged(this.#statistics, capacity * STATISTICS.length);
  }
}

function enlarged(numbers: Float64Array, length: number): Float64Array {
  const larger = new Float64Array(length);
  larger.set(numbers);
  return larger;
}
