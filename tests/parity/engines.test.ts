import { createShard } from "@siegert/physics-elementwise";
import { createMeshgrid, type Meshgrid } from "@siegert/physics-meshgrid";
import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";
import { direct, ENGINES, type Pair } from "./engines.ts";
import { type RandomCase, randomCases, withScalings } from "./random-cases.ts";

const SCALING = { contrast: 0.3, offset: 1.02 };

function somePairs(frames: number, count: number, seed: number): Pair[] {
  const random = createRandom(seed, "pairs");
  return Array.from({ length: count }, () => {
    const i = random.integer(frames);
    const j = random.integer(frames);
    return i <= j ? [i, j] : [j, i];
  });
}

const CASES = randomCases([7, 64, 131], 6, 1);

describe.each(ENGINES.slice(1))("%s agrees with the direct formula to 1e-12", (_name, engine) => {
  test.each(CASES)("$label", ({ model, experiment, parameters }) => {
    const pairs = somePairs(experiment.times.length, 200, 2);
    for (let angle = 0; angle < experiment.phi.length; angle++) {
      const expected = direct(model, experiment, parameters, angle, SCALING, pairs);
      const c2 = engine(model, experiment, parameters, angle, SCALING, pairs);
      for (const [k, value] of expected.entries())
        expect(Math.abs(c2[k]! / value - 1), `pair ${pairs[k]}`).toBeLessThan(1e-12);
    }
  });
});

/** Noisy data near the model, one full map per angle. */
function noisyMaps({ model, experiment, parameters }: RandomCase, x: Float64Array): Float64Array[] {
  const frames = experiment.times.length;
  const all: Pair[] = [];
  for (let i = 0; i < frames; i++) for (let j = i; j < frames; j++) all.push([i, j]);
  return Array.from(experiment.phi, (_, angle) => {
    const noise = createRandom(3, "noise", angle);
    const scaling = { contrast: x[parameters.length + 2 * angle]!, offset: x[parameters.length + 2 * angle + 1]! };
    const c2 = direct(model, experiment, parameters, angle, scaling, all);
    const map = new Float64Array(frames * frames);
    for (const [k, [i, j]] of all.entries()) {
      const value = c2[k]! + 0.02 * noise.normal();
      map[i * frames + j] = value;
      map[j * frames + i] = value;
    }
    return map;
  });
}

/** The pairs that a meshgrid counts: i < j, without the frame t = 0 for two components. */
function countedPairs({ model, experiment }: RandomCase) {
  const frames = experiment.times.length;
  const first = model.kind === "heterodyne" && experiment.times[0] === 0 ? 1 : 0;
  const [i, j, angle]: [number[], number[], number[]] = [[], [], []];
  for (let k = 0; k < experiment.phi.length; k++) {
    for (let a = first; a < frames; a++) {
      for (let b = a + 1; b < frames; b++) {
        i.push(a);
        j.push(b);
        angle.push(k);
      }
    }
  }
  return { i: Int32Array.from(i), j: Int32Array.from(j), angle: Int32Array.from(angle) };
}

function closeGradients(a: Float64Array, b: Float64Array, tolerance: number): void {
  // Entries of a gradient differ by orders of magnitude; each is held to its own size or the rounding of the largest.
  const largest = Math.max(...b.map(Math.abs));
  for (const [k, expected] of b.entries()) {
    expect(Math.abs(a[k]! - expected), `entry ${k}: ${a[k]} for ${expected}`).toBeLessThanOrEqual(
      tolerance * Math.abs(expected) + 1e-13 * largest,
    );
  }
}

describe("χ² and its gradient are the same by every route", () => {
  test.each(randomCases([6, 33, 70], 3, 4))("$label", (one) => {
    const { model, experiment, parameters } = one;
    const truth = withScalings(parameters, experiment.phi.length);
    const maps = noisyMaps(one, truth);
    const x = truth.map((value, k) => value * (1 + 0.01 * ((k % 3) - 1)));
    const { i, j, angle } = countedPairs(one);
    const frames = experiment.times.length;
    const c2 = Float64Array.from(i, (_, k) => maps[angle[k]!]![i[k]! * frames + j[k]!]!);
    const reference = createShard({ model, experiment, i, j, angle, c2, sigma: 1, engine: "plain" });
    const expected = new Float64Array(x.length);
    const logLikelihood = reference.logLikelihoodAndGradient(x, expected);
    const chi2 = -2 * (logLikelihood + (c2.length / 2) * Math.log(2 * Math.PI));
    for (let k = 0; k < expected.length; k++) expected[k]! *= -2;

    const ones = new Float64Array(frames * frames).fill(1);
    const grids: [string, Meshgrid][] = [
      ["wasm", createMeshgrid({ model, experiment, c2: maps, engine: "wasm" })],
      ["plain", createMeshgrid({ model, experiment, c2: maps, engine: "plain" })],
      ["tiles of 8", createMeshgrid({ model, experiment, c2: maps, engine: "wasm", tileSize: 8 })],
      ["weights of 1", createMeshgrid({ model, experiment, c2: maps, weights: () => ones, engine: "wasm" })],
    ];
    for (const [name, grid] of grids) {
      expect(grid.pairCount, name).toBe(c2.length);
      const gradient = new Float64Array(x.length);
      const value = grid.chi2AndGradient(x, gradient);
      expect(Math.abs(value / chi2 - 1), name).toBeLessThan(1e-10);
      closeGradients(gradient, expected, 1e-8);
    }
  });

  test.each(randomCases([20], 3, 5))("masks leave the same pairs: $label", (one) => {
    const { model, experiment, parameters } = one;
    const x = withScalings(parameters, experiment.phi.length);
    const maps = noisyMaps(one, x);
    const frames = experiment.times.length;
    const weights = Array.from(experiment.phi, (_, k) => {
      const random = createRandom(6, "mask", k);
      return Float64Array.from({ length: frames * frames }, () =>
        random.uniform() < 0.3 ? 0 : 0.5 + random.uniform(),
      );
    });
    const grid = createMeshgrid({ model, experiment, c2: maps, weights });
    const all = countedPairs(one);
    const kept = Array.from(all.i, (_, k) => k).filter(
      (k) => weights[all.angle[k]!]![all.i[k]! * frames + all.j[k]!]! > 0,
    );
    const pick = (values: Int32Array) => Int32Array.from(kept, (k) => values[k]!);
    const [i, j, angle] = [pick(all.i), pick(all.j), pick(all.angle)];
    const at = (maps: readonly Float64Array[], k: number) => maps[angle[k]!]![i[k]! * frames + j[k]!]!;
    const c2 = Float64Array.from(kept, (_, k) => at(maps, k));
    const sigma = Float64Array.from(kept, (_, k) => 1 / Math.sqrt(at(weights, k)));
    const shard = createShard({ model, experiment, i, j, angle, c2, sigma });
    expect(grid.pairCount).toBe(kept.length);
    const [a, b] = [new Float64Array(x.length), new Float64Array(x.length)];
    const logLikelihood = shard.logLikelihoodAndGradient(x, b);
    const constant = sigma.reduce((sum, s) => sum + Math.log(s * Math.sqrt(2 * Math.PI)), 0);
    expect(Math.abs(grid.chi2AndGradient(x, a) / (-2 * (logLikelihood + constant)) - 1)).toBeLessThan(1e-10);
    closeGradients(
      a,
      b.map((v) => -2 * v),
      1e-8,
    );
  });
});
