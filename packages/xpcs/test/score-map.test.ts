import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";
import {
  coordinateOf,
  LOG_SLOPE,
  LOG_SLOPE_SLOPE,
  mapCoordinate,
  type ScoreMap,
  SLOPE,
  VALUE,
} from "../src/posterior/coordinate-map.ts";
import { normalCdf, normalQuantile } from "../src/posterior/normal-law.ts";

const MAPS: readonly ScoreMap[] = [
  { kind: "score", lower: 100, upper: 20_000, mean: 9000, sd: 3000 },
  { kind: "score", lower: -1, upper: 0.5, mean: -0.3, sd: 0.2 },
  // The prior's mean outside of the bounds, and bounds that hardly cut anything off.
  { kind: "score", lower: 0, upper: 1, mean: 5, sd: 1 },
  { kind: "score", lower: 0, upper: 1, mean: -5, sd: 1 },
  { kind: "score", lower: 1, upper: 1e6, mean: 1e4, sd: 1e3 },
  { kind: "score", lower: 0, upper: 1, mean: 0.5, sd: 10 },
  { kind: "score", lower: -2, upper: 3, mean: 0.5, sd: Infinity },
];

function at(map: ScoreMap, u: number): Float64Array {
  const out = new Float64Array(4);
  mapCoordinate(map, u, out);
  return out;
}

/** Log density of prior and Jacobian, up to a constant. */
function logPrior(map: ScoreMap, u: number): number {
  const { [VALUE]: x, [LOG_SLOPE]: logSlope } = at(map, u);
  return -0.5 * ((x! - map.mean) / map.sd) ** 2 + logSlope!;
}

test("the normal distribution and its quantiles undo each other in both regimes", () => {
  // Φ at −1, −5 and −20, from tables of 16 digits.
  expect(normalCdf(-1)).toBeCloseTo(0.158655253931457, 14);
  expect(normalCdf(-5) / 2.866515718791939e-7).toBeCloseTo(1, 12);
  expect(normalCdf(-20) / 2.753624118606233e-89).toBeCloseTo(1, 10);
  for (const p of [1e-300, 1e-50, 1e-9, 1e-3, 0.07, 0.075, 0.3, 0.5]) {
    expect(Math.abs(normalCdf(normalQuantile(p)) / p - 1), String(p)).toBeLessThan(1e-12);
  }
  expect(normalQuantile(0)).toBe(-37.5);
});

describe.each(MAPS)("normal score under N($mean, $sd) from $lower to $upper", (map) => {
  const scores = Array.from({ length: 41 }, (_, k) => -5 + 0.25 * k);

  test("slopes are derivatives", () => {
    const step = 1e-5;
    for (const u of scores) {
      const [low, here, high] = [at(map, u - step), at(map, u), at(map, u + step)];
      const slope = (high[VALUE]! - low[VALUE]!) / (2 * step);
      // Differences of values have lost digits to all that they are made from.
      const sizes = [map.lower, map.upper, map.mean, map.sd].filter(Number.isFinite).map(Math.abs);
      const rounding = (4e-16 * Math.max(...sizes)) / step;
      expect(Math.abs(slope - here[SLOPE]!), `at ${u}`).toBeLessThan(1e-7 * here[SLOPE]! + rounding);
      expect(here[LOG_SLOPE]!).toBeCloseTo(Math.log(here[SLOPE]!), 12);
      const bend = (high[LOG_SLOPE]! - low[LOG_SLOPE]!) / (2 * step);
      expect(Math.abs(bend - here[LOG_SLOPE_SLOPE]!), `at ${u}`).toBeLessThan(1e-6 * (1 + Math.abs(bend)));
    }
  });

  test("the score of a value is where it came from", () => {
    for (const u of scores) {
      const x = at(map, u)[VALUE]!;
      if (x > map.lower && x < map.upper) expect(Math.abs(coordinateOf(map, x, "x") - u)).toBeLessThan(1e-6);
    }
  });

  test("prior and Jacobian together are N(0, 1)", () => {
    const constants = scores.map((u) => logPrior(map, u) + 0.5 * u * u);
    for (const constant of constants) expect(constant).toBeCloseTo(constants[0]!, 6);
  });

  test("beyond all that occurs values stay within the bounds and the density falls", () => {
    for (const u of [-1e3, -38, -20, 20, 38, 1e3]) {
      const out = at(map, u);
      expect(out[VALUE]!).toBeGreaterThanOrEqual(map.lower);
      expect(out[VALUE]!).toBeLessThanOrEqual(map.upper);
      expect(logPrior(map, u)).toBeLessThan(logPrior(map, Math.sign(u) * 5));
      expect(out[SLOPE]).not.toBeNaN();
    }
  });
});

test("scores of draws from the prior are standard normal", () => {
  const map = MAPS[1]!;
  const random = createRandom(3, "scores");
  const draws: number[] = [];
  while (draws.length < 4000) {
    const x = map.mean + map.sd * random.normal();
    if (x > map.lower && x < map.upper) draws.push(coordinateOf(map, x, "x"));
  }
  const mean = draws.reduce((a, b) => a + b) / draws.length;
  const variance = draws.reduce((sum, u) => sum + (u - mean) ** 2, 0) / (draws.length - 1);
  expect(Math.abs(mean) * Math.sqrt(draws.length)).toBeLessThan(4);
  expect(Math.abs(variance - 1) / Math.sqrt(2 / draws.length)).toBeLessThan(4);
});
