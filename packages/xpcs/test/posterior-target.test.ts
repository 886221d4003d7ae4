import { checkGradient } from "@siegert/log-density";
import { createRandom } from "@siegert/random";
import { describe, expect, test } from "vitest";
import {
  demos,
  fitCorrelation,
  fitOptions,
  parseConfig,
  posteriorPlan,
  simulate,
  XpcsPosterior,
} from "../src/index.ts";

/** A small data set of a demonstration, its fit and its posterior. */
async function posteriorOf(name: string, extra = "") {
  const demo = demos().find((one) => one.name === name)!;
  const simulation = { ...demo.simulation, endFrame: 80 };
  const config = extra === "" ? demo.fit : parseConfig(`${demo.fitYaml}${extra}`);
  const data = simulate(simulation, { noise: 0.002 });
  const frames = data.times.length;
  const maps = Array.from(data.phi, (_, k) => data.c2.slice(k * frames * frames, (k + 1) * frames * frames));
  const experiment = { q: data.q, gap: config.gap, phi: data.phi, times: data.times };
  const result = await fitCorrelation(fitOptions(config, experiment, (k) => maps[k]!));
  const plan = posteriorPlan(config, result, experiment, maps);
  return { plan, target: new XpcsPosterior(plan.spec), result };
}

const VARIANTS: readonly (readonly [string, string])[] = [
  ["laminar_flow", ""],
  [
    "laminar_flow",
    "optimization: { nlsq: { anti_degeneracy: { per_angle_mode: individual } } }\nnoise: { sigma: 0.01 }\n",
  ],
  ["laminar_flow", "optimization: { nlsq: { anti_degeneracy: { per_angle_mode: fourier } } }\n"],
  ["two_component", ""],
];

describe.each(VARIANTS)("posterior of %s %s", (name, extra) => {
  test("its gradient is right near the fit and well away from it", async () => {
    const { plan, target } = await posteriorOf(name, extra);
    const at = target.unconstrain(plan.start, new Float64Array(target.dim));
    for (const [seed, spread] of [
      [1, 0],
      [2, 0.02],
      [3, 0.3],
      [4, 1],
    ] as const) {
      const random = createRandom(seed, "gradient");
      const position = at.map((value) => value + spread * random.normal());
      const report = checkGradient(target, position, { tolerance: 1e-4 });
      expect(report.isGood, report.text).toBe(true);
    }
  });

  test("constrain undoes unconstrain", async () => {
    const { plan, target } = await posteriorOf(name, extra);
    const values = target.constrain(
      target.unconstrain(plan.start, new Float64Array(target.dim)),
      new Float64Array(target.dim),
    );
    for (const [k, value] of plan.start.entries()) {
      expect(Math.abs(values[k]! - value), target.coordinateName(k)).toBeLessThanOrEqual(
        1e-9 * Math.max(Math.abs(value), 1e-3),
      );
    }
  });

  test("the terms add up to the log density but for Jacobians, and every parameter stays within its bounds", async () => {
    const { plan, target } = await posteriorOf(name, extra);
    const random = createRandom(5, "bounds");
    const values = new Float64Array(target.dim);
    for (let k = 0; k < 20; k++) {
      target.constrain(
        Float64Array.from({ length: target.dim }, () => 3 * random.normal()),
        values,
      );
      for (const [q, { map }] of plan.spec.quantities.entries()) {
        expect(values[q]).toBeGreaterThanOrEqual(map.lower);
        expect(values[q]).toBeLessThanOrEqual(map.upper);
      }
    }
    expect(target.terms(target.unconstrain(plan.start, values)).map((term) => term.name)).toContain(
      "likelihood of the maps",
    );
  });
});

test("coordinates keep volume but for the maps of their own: the Jacobian of the straightening is 1", async () => {
  const { plan, target } = await posteriorOf("two_component");
  const { dim } = target;
  const at = target.unconstrain(plan.start, new Float64Array(dim)).map((value, k) => value + 0.1 * Math.sin(k));
  const plain = new XpcsPosterior({ ...plan.spec, laws: [] });
  const through = (position: Float64Array) =>
    plain.unconstrain(target.constrain(position, new Float64Array(dim)), new Float64Array(dim));
  const jacobian = Array.from({ length: dim }, (_, c) => {
    const step = 1e-5;
    const [up, down] = [1, -1].map((sign) => through(at.map((value, k) => (k === c ? value + sign * step : value))));
    return up!.map((value, k) => (value - down![k]!) / (2 * step));
  });
  expect(Math.abs(determinant(jacobian) - 1)).toBeLessThan(1e-5);
});

function determinant(rows: Float64Array[]): number {
  const a = rows.map((row) => row.slice());
  let product = 1;
  for (let k = 0; k < a.length; k++) {
    const pivot = a.findIndex(
      (row, i) => i >= k && Math.abs(row[k]!) === Math.max(...a.slice(k).map((r) => Math.abs(r[k]!))),
    );
    if (pivot !== k) {
      [a[k], a[pivot]] = [a[pivot]!, a[k]!];
      product = -product;
    }
    product *= a[k]![k]!;
    for (let i = k + 1; i < a.length; i++) {
      const factor = a[i]![k]! / a[k]![k]!;
      for (let j = k; j < a.length; j++) a[i]![j]! -= factor * a[k]![j]!;
    }
  }
  return product;
}

test("laws are straightened only where the data know them", async () => {
  const { plan: known } = await posteriorOf("laminar_flow");
  expect(known.spec.laws.map(({ amplitude }) => known.spec.quantities[amplitude]!.name)).toEqual([
    "D0",
    "gamma_dot_t0",
  ]);
  const config = parseConfig(`analysis_mode: static_isotropic
analyzer_parameters: { dt: 0.5, end_frame: 20 }
initial_parameters: { parameter_names: [D0, alpha, D_offset], values: [9000, -0.3, 400] }
`);
  const data = simulate(config, { noise: 0.3, seed: 1 });
  const experiment = { q: data.q, gap: config.gap, phi: data.phi, times: data.times };
  const result = await fitCorrelation(fitOptions(config, experiment, () => data.c2));
  expect(posteriorPlan(config, result, experiment, [data.c2]).spec.laws).toEqual([]);
});

test("positions that a leapfrog gone wild reaches have no density, and are no error", async () => {
  const { target } = await posteriorOf("two_component");
  const gradient = new Float64Array(target.dim);
  for (let k = 0; k < target.dim; k++) {
    for (const bad of [Number.NaN, Infinity, -Infinity, 1e300]) {
      const position = new Float64Array(target.dim);
      position[k] = bad;
      const value = target.logDensityAndGradient(position, gradient);
      // Not finite, or so low that the sampler takes the step for a divergence.
      const isRefused = Number.isNaN(value) || value < -1e100;
      expect(isRefused, `${target.coordinateName(k)} = ${bad}: ${value}`).toBe(true);
      if (Number.isNaN(bad)) expect(value).toBeNaN();
    }
  }
});
