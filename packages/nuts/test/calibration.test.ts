/**
 * Simulation-based calibration (Talts et al. 2018, arXiv 1804.06788): parameters drawn from the prior, data from the
 * parameters, and the rank of the truth among posterior draws, which must be uniform.
 */
import { constrainedDensity, positive, real } from "@siegert/log-density";
import { createRandom } from "@siegert/random";
import { expect, test } from "vitest";
import { sample } from "../src/index.ts";
import { uniformityP } from "./chi-square.ts";

const x = [-1.5, -1, -0.5, 0, 0.3, 0.8, 1.2, 2];

/**
 * y ~ N(a + b x, sigma); a, b ~ N(0, 1), sigma ~ exponential(1). `priorScale` other than 1 makes the model a wrong one.
 */
function regression(y: readonly number[], priorScale = 1) {
  return constrainedDensity({
    parameters: { a: real(), b: real(), sigma: positive() },
    logDensityAndGradient(p, gradient) {
      const [a, b, sigma] = [p[0]!, p[1]!, p[2]!];
      const precision = 1 / priorScale ** 2;
      let [value, ga, gb, gs] = [-0.5 * precision * (a * a + b * b) - sigma, -a * precision, -b * precision, -1];
      x.forEach((xi, i) => {
        const z = (y[i]! - a - b * xi) / sigma;
        value -= 0.5 * z * z + Math.log(sigma);
        ga += z / sigma;
        gb += (z * xi) / sigma;
        gs += (z * z - 1) / sigma;
      });
      gradient.set([ga, gb, gs]);
      return value;
    },
  });
}

const RANKS = 63;
const THIN = 4;

async function rankPs(replications: number, priorScale: number): Promise<number[]> {
  const counts = [0, 1, 2].map(() => Array<number>(16).fill(0));
  for (let n = 0; n < replications; n++) {
    const random = createRandom(77, "calibration", n);
    const truth = [random.normal(), random.normal(), random.exponential()];
    const y = x.map((xi) => truth[0]! + truth[1]! * xi + truth[2]! * random.normal());
    const options = { seed: n, chains: 1, warmup: 150, draws: RANKS * THIN, thinning: THIN, targetAccept: 0.9 };
    const { values } = (await sample(regression(y, priorScale), options)).constrained();
    for (let k = 0; k < 3; k++) {
      let rank = 0;
      for (let draw = 0; draw < RANKS; draw++) if (values[3 * draw + k]! < truth[k]!) rank++;
      const bin = Math.floor((16 * rank) / (RANKS + 1));
      counts[k]![bin] = counts[k]![bin]! + 1;
    }
  }
  return counts.map(uniformityP);
}

test("ranks are uniform over 600 replications of a small regression", { timeout: 120_000 }, async () => {
  for (const p of await rankPs(600, 1)) expect(p).toBeGreaterThan(1e-3);
});

test("and not when the prior sampled with is half as wide", { timeout: 120_000 }, async () => {
  expect(Math.min(...(await rankPs(300, 0.5)))).toBeLessThan(1e-3);
});
