import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";
import { fitFromDefaults, simulate } from "./simulated-fit.ts";

const TWO_COMPONENT = [8000, 0.3, 500, 25000, -0.4, 1000, 1200, 0.3, 10, 0.45, -0.1, 0, 0.15, 3];
const LAMINAR = [12000, -0.4, 800, 4e-4, 0.4, 3e-5, 3];
const TEN_ANGLES = [-160, -120, -80, -45, -10, 5, 40, 75, 100, 150];

interface Tally {
  within: number;
  total: number;
  readonly outside: string[];
}

function count(tally: Tally, label: string, value: number, error: number | undefined, truth: number): void {
  tally.total++;
  if (error !== undefined && Math.abs(value - truth) <= 3 * error) tally.within++;
  else tally.outside.push(`${label}: ${value} ± ${error} for ${truth}`);
}

test("two_component: 50 data sets from default starts, at least 95 % of parameters within 3 standard errors", async () => {
  const tally: Tally = { within: 0, total: 0, outside: [] };
  for (let seed = 0; seed < 50; seed++) {
    const random = createRandom(1000 + seed, "truth");
    const truth = TWO_COMPONENT.map((value) => value * (0.8 + 0.4 * random.uniform()));
    const set = simulate({ mode: "two_component", truth, phi: [0, 45, 100], frames: 60, dt: 0.1, noise: 0.003, seed });
    const result = await fitFromDefaults(set);
    for (const [k, p] of result.parameters.entries())
      if (p.isFree) count(tally, `set ${seed} ${p.name}`, p.value, p.standardError, truth[k]!);
  }
  expect(tally.total).toBe(50 * 13);
  expect(tally.within / tally.total, tally.outside.join("\n")).toBeGreaterThanOrEqual(0.95);
});

test("two_component with nearly constant rates, whose amplitude and offset are one valley: errors follow its bend", async () => {
  const truth = [1e4, -0.3, 50, 2e4, 0.1, 10, 1e3, 0.2, 5, 0.4, -0.05, 1, 0.1, 3];
  const tally: Tally = { within: 0, total: 0, outside: [] };
  for (let seed = 1; seed <= 8; seed++) {
    const set = simulate({
      mode: "two_component",
      truth,
      phi: [0, 30, 60, 90],
      frames: 100,
      dt: 0.1,
      noise: 0.01,
      seed,
    });
    const result = await fitFromDefaults(set, { f2: 1 });
    for (const [k, p] of result.parameters.entries()) {
      if (!p.isFree) continue;
      count(tally, `set ${seed} ${p.name}`, p.value, p.standardError, truth[k]!);
      expect(p.interval![0]).toBeLessThanOrEqual(p.value);
      expect(p.interval![1]).toBeGreaterThanOrEqual(p.value);
    }
  }
  expect(tally.within / tally.total, tally.outside.join("\n")).toBeGreaterThanOrEqual(0.95);
});

describe("laminar_flow at 10 angles: core parameters within 5 %, at least 95 % of all within 3 standard errors", () => {
  test.each([
    [25, 0.4, 0.01],
    [50, 0.2, 0.01],
    [100, 0.1, 0.02],
    [200, 0.05, 0.03],
  ])("%d frames, dt %d s, noise %d", async (frames, dt, noise) => {
    const tally: Tally = { within: 0, total: 0, outside: [] };
    for (let seed = 0; seed < 3; seed++) {
      const set = simulate({ mode: "laminar_flow", truth: LAMINAR, phi: TEN_ANGLES, frames, dt, noise, seed });
      const result = await fitFromDefaults(set);
      expect(result.quality).toBe("good");
      for (const [k, p] of result.parameters.entries())
        count(tally, `set ${seed} ${p.name}`, p.value, p.standardError, LAMINAR[k]!);
      for (const name of ["D0", "alpha", "gamma_dot_t0", "beta"]) {
        const k = result.parameters.findIndex((p) => p.name === name);
        const { value, standardError } = result.parameters[k]!;
        // Within 5 %, where the data can tell 5 % at all.
        if (3 * standardError! < 0.05 * Math.abs(LAMINAR[k]!))
          expect(Math.abs(value / LAMINAR[k]! - 1), name).toBeLessThan(0.05);
      }
    }
    // 21 estimates: one beyond 3 standard errors is 95.2 %.
    expect(tally.within / tally.total, tally.outside.join("\n")).toBeGreaterThanOrEqual(0.95);
  });
});
