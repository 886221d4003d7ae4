import { expect } from "vitest";

/** Standard errors between an estimate and the truth. @throws when there is no standard error. */
export function zScore(estimate: number | undefined, error: number | undefined, truth: number): number {
  expect(estimate).toBeDefined();
  expect(error).toBeDefined();
  return (estimate! - truth) / error!;
}

/** The sum of squared z-scores of n independent estimates lies within 4 standard deviations of n. */
export function expectStandardNormal(scores: readonly number[]): void {
  const n = scores.length;
  const chiSquare = scores.reduce((sum, z) => sum + z * z, 0);
  expect(Math.abs(chiSquare - n) / Math.sqrt(2 * n)).toBeLessThan(4);
}
