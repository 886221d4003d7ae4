/** One line of a benchmark: what was measured, and how many times better it is than its baseline. */
export interface BenchmarkCase {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same quantity of what it is compared with, or null. */
  readonly baseline: number | null;
  /** How many times better than the baseline; null where there is none. */
  readonly ratio: number | null;
  /** What the numbers mean. */
  readonly note: string;
}

/** A suite hands over its cases one by one, as they are measured. */
export type Suite = () => AsyncGenerator<BenchmarkCase>;
