/**
 * Correlation of a chain's statistic before and after its exploration step, over the scans of a round. Sums are taken
 * about the first value, so that large statistics lose no digits; steps from or to −∞ are left out.
 */
export class StepCorrelation {
  readonly #sums: Float64Array;

  constructor(chains: number) {
    this.#sums = new Float64Array(chains * 7);
  }

  /** One step of a chain. */
  add(chain: number, before: number, after: number): void {
    if (!(before > -Infinity && after > -Infinity)) return;
    const sums = this.#sums;
    const at = chain * 7;
    if (sums[at] === 0) sums[at + 1] = before;
    const a = before - sums[at + 1]!;
    const b = after - sums[at + 1]!;
    sums[at] = sums[at]! + 1;
    sums[at + 2] = sums[at + 2]! + a;
    sums[at + 3] = sums[at + 3]! + b;
    sums[at + 4] = sums[at + 4]! + a * a;
    sums[at + 5] = sums[at + 5]! + b * b;
    sums[at + 6] = sums[at + 6]! + a * b;
  }

  /** The correlation; undefined for fewer than 3 steps or a statistic that does not vary. */
  of(chain: number): number | undefined {
    const [n, , a, b, aa, bb, ab] = this.#sums.subarray(chain * 7, chain * 7 + 7) as unknown as number[];
    const varianceA = aa! / n! - (a! / n!) ** 2;
    const varianceB = bb! / n! - (b! / n!) ** 2;
    if (!(n! >= 3 && varianceA > 0 && varianceB > 0)) return undefined;
    const correlation = (ab! / n! - (a! / n!) * (b! / n!)) / Math.sqrt(varianceA * varianceB);
    return Math.max(-1, Math.min(1, correlation));
  }
}
