/** Models of which exact values are known to many digits. */
import { type DiscretePath, levelsPath } from "./discrete-path.ts";

/** Ising model on the 4 × 4 torus, by the number of states of every energy. */
export const ISING_4X4: DiscretePath = levelsPath({
  "-32": 2,
  "-24": 32,
  "-20": 64,
  "-16": 424,
  "-12": 1728,
  "-8": 6688,
  "-4": 13568,
  "0": 20524,
  "4": 13568,
  "8": 6688,
  "12": 1728,
  "16": 424,
  "20": 64,
  "24": 32,
  "32": 2,
});

/** Potts model with three states on the 3 × 3 torus. */
export const POTTS_3X3: DiscretePath = levelsPath({
  "-18": 3,
  "-14": 54,
  "-12": 144,
  "-11": 108,
  "-10": 810,
  "-9": 660,
  "-8": 2592,
  "-7": 3240,
  "-6": 3348,
  "-5": 3996,
  "-4": 3240,
  "-3": 936,
  "-2": 540,
  "0": 12,
});

const COUPLINGS: readonly (readonly [number, number, number])[] = [
  [0, 1, 1],
  [1, 2, -0.75],
  [2, 3, 0.5],
  [3, 4, -1.25],
  [4, 5, 0.875],
  [5, 6, -0.5],
  [6, 7, 1.5],
  [7, 0, -1],
  [0, 4, 0.625],
  [1, 5, -1.125],
  [2, 6, 0.25],
  [3, 7, 0.75],
];
const BIASES = [0.25, -0.5, 0.125, 0, -0.25, 0.375, -0.125, 0.5];

/** A spin glass of 8 spins: state k has spin i up where bit i of k is set. */
export const SPIN_GLASS: DiscretePath = (() => {
  const energies = Array.from({ length: 256 }, (_, k) => {
    const spin = (i: number) => ((k >> i) & 1) * 2 - 1;
    const coupled = COUPLINGS.reduce((sum, [i, j, coupling]) => sum + coupling * spin(i) * spin(j), 0);
    return -coupled - BIASES.reduce((sum, bias, i) => sum + bias * spin(i), 0);
  });
  return { references: [energies.map(() => 1)], statistics: [energies.map((energy) => 0 - energy)] };
})();

const STEP = 0.05;
/** Points of the grid on which the bimodal target lives. */
export const GRID: readonly number[] = Array.from({ length: 2401 }, (_, k) => (k - 1200) * STEP);

/** Density of a normal law. */
function normal(x: number, mean: number, sd: number): number {
  return Math.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * Math.sqrt(2 * Math.PI));
}

/** log of e^2.5 (0.3 N(−4, 0.5²) + 0.7 N(5, 1)), also where the densities are too small for a double. */
function logBimodal(x: number): number {
  const left = Math.log(0.3 / 0.5) - 0.5 * ((x + 4) / 0.5) ** 2;
  const right = Math.log(0.7) - 0.5 * (x - 5) ** 2;
  const high = Math.max(left, right);
  return 2.5 - 0.5 * Math.log(2 * Math.PI) + high + Math.log(Math.exp(left - high) + Math.exp(right - high));
}

/**
 * A bimodal target over a wide normal reference, on a grid so fine that sums are integrals to 12 digits (the trapezoidal
 * rule for functions that die off at both ends).
 */
export const BIMODAL: DiscretePath = (() => {
  const logReference = (x: number) => -0.5 * (x / 10) ** 2 - Math.log(10 * Math.sqrt(2 * Math.PI));
  return {
    references: [GRID.map((x) => normal(x, 0, 10) * STEP)],
    statistics: [GRID.map((x) => logBimodal(x) - logReference(x))],
  };
})();

/** The same target between two normalised references: the wide one, and one near the larger mode. */
export const BIMODAL_TWO_LEGS: DiscretePath = (() => {
  const near = GRID.map((x) => -0.5 * ((x - 2) / 5) ** 2 - Math.log(5 * Math.sqrt(2 * Math.PI)));
  return {
    references: [BIMODAL.references[0]!, near.map((log) => Math.exp(log) * STEP)],
    statistics: [BIMODAL.statistics[0]!, GRID.map((x, k) => logBimodal(x) - near[k]!)],
  };
})();
