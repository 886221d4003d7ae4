import { isPortable, type LogDensity, type ModuleTarget } from "@siegert/log-density";
import { createRandom } from "@siegert/random";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { PairNumbering } from "../src/consensus/pair-numbering.ts";
import { createShardPosterior, type ShardTask } from "../src/consensus/shard-posterior.ts";
import { ShardedMaps } from "../src/consensus/sharded-maps.ts";
import {
  type Config,
  fitCorrelation,
  fitOptions,
  type PosteriorSpec,
  parseConfig,
  posteriorPlan,
  SCALING_MODES,
  simulate,
  XpcsPosterior,
} from "../src/index.ts";
import { scored } from "../src/posterior/scored-plan.ts";

const MODELS = {
  static_isotropic: "D0: 9000, alpha: -0.3, D_offset: 400",
  laminar_flow:
    "D0: 12000, alpha: -0.4, D_offset: 500, gamma_dot_t0: 3.0e-4, beta: 0.3, gamma_dot_t_offset: 2.0e-5, phi0: 3",
  two_component:
    "D0_ref: 8000, alpha_ref: 0.3, D_offset_ref: 500, D0_sample: 25000, alpha_sample: -0.4, D_offset_sample: 1000, v0: 1200, beta: 0.3, v_offset: 10, f0: 0.45, f1: -0.1, f2: 0, f3: 0.15, phi0: 3",
} as const;

function configOf(mode: keyof typeof MODELS, scaling: string, extra = ""): Config {
  const values = MODELS[mode].split(", ").map((pair) => pair.split(": "));
  return parseConfig(`analysis_mode: ${mode}
analyzer_parameters: { dt: 0.1, end_frame: 40 }
phi_angles: [0, 35, 80, 120, 200]
initial_parameters:
  parameter_names: [${values.map(([name]) => name).join(", ")}, contrast, offset]
  values: [${values.map(([, value]) => value).join(", ")}, 0.3, 1]
optimization: { nlsq: { anti_degeneracy: { per_angle_mode: ${scaling} }, multi_start: { enable: false } } }
${extra}`);
}

async function specOf(mode: keyof typeof MODELS, scaling: string, extra = "") {
  const config = configOf(mode, scaling, extra);
  const data = simulate(config, { noise: 0.003, seed: 5 });
  const frames = data.times.length;
  const maps = Array.from(data.phi, (_, k) => data.c2.slice(k * frames * frames, (k + 1) * frames * frames));
  const experiment = { q: data.q, gap: config.gap, phi: data.phi, times: data.times };
  const result = await fitCorrelation(fitOptions(config, experiment, (k) => maps[k]!));
  return posteriorPlan(config, result, experiment, maps);
}

/** Every point belongs to one shard of the list; points are dealt out at random, angles perhaps not evenly. */
function dealt(model: ShardedMaps, shardOf: (point: number) => number, shards: number): Uint32Array[] {
  const lists = Array.from({ length: shards }, (): number[] => []);
  for (let point = 0; point < model.points; point++) lists[shardOf(point)]!.push(point);
  return lists.map((list) => Uint32Array.from(list));
}

/** Sum over shards of value and gradient, each shard with the powers that make the product whole. */
function productOf(model: ShardedMaps, lists: readonly Uint32Array[]): LogDensity {
  const perAngle = model.groupSizes[0]!;
  const dim = model.coordinates.length;
  const informed = lists.map((points) => {
    const angles = [...new Set(Array.from(points, (point) => Math.floor(point / perAngle)))];
    return model.coordinatesOf(angles) ?? Array.from({ length: dim }, (_, k) => k);
  });
  const counts = new Float64Array(dim);
  for (const coordinates of informed) for (const k of coordinates) counts[k]!++;
  const shards = lists.map((points, s) => {
    const powers = Float64Array.from(informed[s]!, (k) => 1 / counts[k]!);
    const { argument } = model.shard(points, powers) as ModuleTarget;
    return createShardPosterior(structuredClone(argument) as ShardTask);
  });
  const evaluate = (position: Float64Array, gradient: Float64Array) => {
    gradient.fill(0);
    let total = 0;
    for (const [s, shard] of shards.entries()) {
      const own = Float64Array.from(informed[s]!, (k) => position[k]!);
      const slopes = new Float64Array(shard.dim);
      total += shard.logDensityAndGradient(own, slopes);
      for (const [c, k] of informed[s]!.entries()) gradient[k]! += slopes[c]!;
    }
    return total;
  };
  return { dim, logDensity: (position) => evaluate(position, new Float64Array(dim)), logDensityAndGradient: evaluate };
}

function positions(target: XpcsPosterior, start: Float64Array, count: number): Float64Array[] {
  const at = target.unconstrain(start, new Float64Array(target.dim));
  const random = createRandom(3, "positions");
  return Array.from({ length: count }, (_, n) => at.map((value) => value + (n === 0 ? 0 : 0.05 * random.normal())));
}

const PRIORS = `parameter_space:
  bounds:
    - { name: alpha, min: -2, max: 2, type: BetaScaled }
    - { name: D_offset, min: -1.0e+5, max: 1.0e+5, type: Uniform }
`;
const VARIANTS: readonly (readonly [keyof typeof MODELS, string, string])[] = [
  ...(["laminar_flow", "two_component", "static_isotropic"] as const).flatMap((mode) =>
    SCALING_MODES.map((scaling) => [mode, scaling, ""] as const),
  ),
  ["laminar_flow", "individual", "noise: { sigma: 0.003 }\n"],
  ["laminar_flow", "fourier", PRIORS],
];

describe.each(VARIANTS)("shards of %s, scaling %s, %s", (mode, scaling, extra) => {
  let plan: { spec: PosteriorSpec; start: Float64Array };
  beforeAll(async () => {
    plan = await specOf(mode, scaling, extra);
  });

  test.each([
    ["at random", "logistic"],
    ["by angle", "logistic"],
    ["at random", "normal-score"],
    ["by angle", "normal-score"],
  ])("divided %s, on %s coordinates, multiply to the whole posterior", (way, coordinates) => {
    const spec = coordinates === "logistic" ? plan.spec : scored(plan.spec);
    const model = new ShardedMaps(spec, true);
    const whole = new XpcsPosterior(spec);
    expect(model.points).toBe(whole.pairCount);
    expect(model.groupSizes.reduce((sum, size) => sum + size)).toBe(model.points);
    expect(model.coordinates).toEqual(whole.parameters.map(({ name }) => name));
    const random = createRandom(9, "deal");
    const perAngle = model.groupSizes[0]!;
    // By angle: shard 0 has angles 0 and 3, shard 1 has 1 and 4, shard 2 has 2.
    const shardOf = way === "at random" ? () => random.integer(3) : (point: number) => Math.floor(point / perAngle) % 3;
    const product = productOf(model, dealt(model, shardOf, 3));
    const [byWhole, byProduct] = [new Float64Array(whole.dim), new Float64Array(whole.dim)];
    let constant: number | undefined;
    for (const position of positions(whole, plan.start, 6)) {
      const value = whole.logDensityAndGradient(position, byWhole);
      const difference = product.logDensityAndGradient(position, byProduct) - value;
      constant ??= difference;
      expect(Math.abs(difference - constant) / Math.max(1, Math.abs(value))).toBeLessThan(1e-9);
      const size = Math.max(1, ...byWhole.map(Math.abs));
      for (let k = 0; k < whole.dim; k++)
        expect(Math.abs(byProduct[k]! - byWhole[k]!) / size, whole.coordinateName(k)).toBeLessThan(1e-9);
      expect(model.full!.logDensity(position)).toBeCloseTo(value, 8);
    }
  });
});

test("a shard of some angles has their contrast and offset only", async () => {
  const { spec } = await specOf("laminar_flow", "individual");
  const model = new ShardedMaps(spec, false);
  const names = (angles: number[]) => model.coordinatesOf(angles)!.map((k) => model.coordinates[k]);
  expect(names([1, 3]).slice(7)).toEqual(["contrast[1]", "offset[1]", "contrast[3]", "offset[3]", "sigma"]);
  expect(model.coordinatesOf([0, 1, 2, 3, 4])).toBeUndefined();
  expect(model.full).toBeUndefined();
  const points = Uint32Array.from({ length: 20 }, (_, k) => 3 * model.groupSizes[0]! + 11 * k);
  const { argument } = model.shard(points, new Float64Array(10).fill(0.5));
  const { spec: own } = argument as ShardTask;
  expect(own.phi).toEqual([120]);
  expect(createShardPosterior(argument as ShardTask).parameters.map(({ name }) => name)).toEqual(names([3]));
});

test("pairs are numbered angle by angle and row by row, at every size", () => {
  for (const [frames, first, angles] of [
    [2, 0, 3],
    [3, 1, 2],
    [17, 0, 2],
    [40, 1, 3],
  ] as const) {
    const numbering = new PairNumbering(frames, first, angles);
    const all = Uint32Array.from({ length: numbering.points }, (_, k) => k);
    const [i, j, angle] = [0, 1, 2].map(() => new Int32Array(all.length)) as [Int32Array, Int32Array, Int32Array];
    numbering.locate(all, i, j, angle);
    let k = 0;
    for (let a = 0; a < angles; a++) {
      for (let row = first; row < frames; row++) {
        for (let column = row + 1; column < frames; column++, k++)
          expect([angle[k], i[k], j[k]]).toEqual([a, row, column]);
      }
    }
    expect(k).toBe(numbering.points);
  }
});

test("numbers of very large maps lead to the right frames", () => {
  const frames = 60_000;
  const numbering = new PairNumbering(frames, 0, 2);
  const random = createRandom(2, "pairs");
  const points = Uint32Array.from({ length: 2000 }, () => random.integer(numbering.points)).sort();
  const [i, j, angle] = [0, 1, 2].map(() => new Int32Array(points.length)) as [Int32Array, Int32Array, Int32Array];
  numbering.locate(points, i, j, angle);
  for (let k = 0; k < points.length; k++) {
    const number =
      angle[k]! * numbering.perAngle + i[k]! * (frames - 1) - (i[k]! * (i[k]! - 1)) / 2 + j[k]! - i[k]! - 1;
    expect(number).toBe(points[k]);
  }
});

test("WebAssembly is compiled by the first shard of a kind only", async () => {
  const { spec } = await specOf("laminar_flow", "auto", "shear_convention: derived\n");
  const model = new ShardedMaps(spec, false);
  const powers = new Float64Array(model.coordinates.length).fill(1 / 8);
  const compiled = vi.spyOn(WebAssembly, "Module");
  try {
    const shards = dealt(model, (point) => point % 8, 8).map((points) => model.shard(points, powers));
    const counts = shards.map((target) => {
      expect(isPortable(target)).toBe(true);
      createShardPosterior(target.argument as ShardTask).logDensity(new Float64Array(model.coordinates.length));
      return compiled.mock.calls.length;
    });
    expect(counts[0]).toBeGreaterThan(0);
    expect(new Set(counts)).toEqual(new Set([counts[0]]));
  } finally {
    compiled.mockRestore();
  }
});
