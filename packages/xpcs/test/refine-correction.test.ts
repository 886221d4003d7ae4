import { type Consensus, correct } from "@siegert/cmc-consensus";
import { createRandom } from "@siegert/random";
import { expect, test } from "vitest";
import { affineMove } from "../src/consensus/affine-move.ts";
import { refineCorrection } from "../src/consensus/refine-correction.ts";

const DIM = 5;
/** A Gaussian with correlations 0.7, standard deviations 1 … 5, mean 10 in every coordinate. */
const sd = Float64Array.from({ length: DIM }, (_, k) => k + 1);
const covariance = Float64Array.from({ length: DIM * DIM }, (_, at) => {
  const [i, j] = [Math.floor(at / DIM), at % DIM];
  return sd[i]! * sd[j]! * (i === j ? 1 : 0.7);
});
const target = { mean: new Float64Array(DIM).fill(10), covariance };

/** −½ (x − m)ᵀ Σ⁻¹ (x − m): with equal correlations ρ, Σ⁻¹ is known in closed form. */
const full = {
  dim: DIM,
  logDensity(x: Float64Array) {
    const z = Array.from(x, (value, k) => (value - 10) / sd[k]!);
    const [squares, sum] = [z.reduce((s, v) => s + v * v, 0), z.reduce((s, v) => s + v, 0)];
    return (-0.5 * (squares - (0.7 / (1 + 0.7 * (DIM - 1))) * sum * sum)) / 0.3;
  },
  logDensityAndGradient(): number {
    throw new Error("not needed");
  },
};

/** Draws about another mean and with another spread. */
function consensusOff(shift: number, stretch: number): Consensus {
  const random = createRandom(3, "off");
  const normal = random.fillNormal(new Float64Array(4000 * DIM));
  const unit = {
    mean: new Float64Array(DIM),
    covariance: Float64Array.from({ length: DIM * DIM }, (_, at) => (at % (DIM + 1) === 0 ? 1 : 0)),
  };
  const mean = target.mean.map((value, k) => value + shift * sd[k]!);
  const wide = covariance.map((value) => stretch * stretch * value);
  const values = affineMove(normal, unit, { mean, covariance: wide })!;
  return {
    method: "consensus",
    dim: DIM,
    chains: 4,
    draws: 1000,
    values,
    mean,
    covariance: wide,
  } as unknown as Consensus;
}

test("draws that are moved have the moments asked for", () => {
  const { values, mean, covariance: wide } = consensusOff(2, 0.8);
  const draws = values.length / DIM;
  for (let k = 0; k < DIM; k++) {
    const column = Float64Array.from({ length: draws }, (_, n) => values[n * DIM + k]!);
    const average = column.reduce((sum, value) => sum + value, 0) / draws;
    const deviation = Math.sqrt(wide[k * (DIM + 1)]!);
    expect(Math.abs(average - mean[k]!) / (deviation / Math.sqrt(draws))).toBeLessThan(4);
    const variance = column.reduce((sum, value) => sum + (value - average) ** 2, 0) / (draws - 1);
    expect(Math.abs(variance / deviation ** 2 - 1) / Math.sqrt(2 / draws)).toBeLessThan(4);
  }
  expect(affineMove(values, target, { mean, covariance: new Float64Array(DIM * DIM) })).toBeUndefined();
});

test.each([
  [0.3, 1],
  [1.5, 0.8],
  [3, 0.7],
])("from a consensus %d sd off and %d times as wide, passes reach the posterior", (shift, stretch) => {
  const consensus = consensusOff(shift, stretch);
  const first = correct(consensus, full, { subset: 2000, seed: 1 });
  const refined = refineCorrection(consensus, full, first, 1);
  expect(refined.isReliable).toBe(true);
  expect(refined.effectiveSize).toBeGreaterThan(800);
  if (shift < 1) expect(refined.passes).toBe(1);
  else expect(refined.passes).toBeGreaterThan(1);
  for (let k = 0; k < DIM; k++) {
    expect(Math.abs(refined.mean[k]! - 10) / refined.meanError[k]!).toBeLessThan(4);
    expect(Math.abs(refined.sd[k]! / sd[k]! - 1) * Math.sqrt(2 * refined.effectiveSize)).toBeLessThan(4);
    // Against the consensus itself, not where the last pass began.
    expect(refined.shift[k]!).toBeCloseTo(shift, 0);
    expect(refined.sdRatio[k]! / stretch).toBeCloseTo(1, 0);
  }
});
