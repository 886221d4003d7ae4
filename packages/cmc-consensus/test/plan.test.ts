import { InvalidArgumentError } from "@siegert/errors";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  autoShardSize,
  CMC_DEFAULTS,
  type CmcOptions,
  type PlannedModel,
  planShards,
  resolveConfig,
  SamplingPlan,
  SHARD_SIZE_PROFILES,
} from "../src/index.ts";

const model = (points: number, dim: number, more: Partial<PlannedModel> = {}): PlannedModel => ({
  points,
  coordinates: Array.from({ length: dim }, (_, i) => `x${i}`),
  ...more,
});

test.each([
  [7, 50, 140, 350],
  [7, 5000, 250, 750],
  [7, 10_000, 500, 1500],
  [7, 50_000, 500, 1500],
  [10, 50, 200, 500],
])("published sampling plans: %i coordinates, %i points", (dim, points, nWarmup, nSamples) => {
  const { samplingPlan } = planShards(model(4 * points, dim), { sharding: { numShards: 4 } });
  expect(samplingPlan).toMatchObject({ nWarmup, nSamples, nChains: 4, shardSize: points, nParams: dim });
  expect(samplingPlan.wasAdapted).toBe(points < 10_000);
  expect(SamplingPlan.fromConfig({}, points, dim)).toEqual(samplingPlan);
});

test.each([
  ["heavy", 1e6, 8000],
  ["heavy", 2e6 - 1, 8000],
  ["heavy", 2e6, 5000],
  ["heavy", 99e6, 5000],
  ["heavy", 100e6, 8000],
  ["heavy", 1e9, 10_000],
  ["light", 1e6, 10_000],
  ["light", 50e6, 15_000],
  ["light", 100e6, 20_000],
] as const)("published sizes of shards: %s, %d points", (profile, points, size) => {
  expect(autoShardSize({ points, profile })).toBe(size);
  expect(autoShardSize({ points, profile, groups: 11 })).toBe(size);
});

test.each([
  [1, 4800, 6000],
  [3, 4800, 6000],
  [5, 5600, 7000],
  [10, 6800, 8500],
  [11, 8000, 10_000],
])("%i groups make shards smaller", (groups, heavy, light) => {
  expect(autoShardSize({ points: 1e6, profile: "heavy", groups })).toBe(heavy);
  expect(autoShardSize({ points: 1e6, profile: "light", groups })).toBe(light);
});

test("sizes stay above the floor", () => {
  expect(autoShardSize({ points: 5e6, profile: "heavy", groups: 2 })).toBe(3000);
  const profile = { steps: [{ below: Infinity, size: 1000 }], floor: 800 };
  expect(autoShardSize({ points: 10, profile, groups: 3 })).toBe(800);
  expect(SHARD_SIZE_PROFILES.light.floor).toBe(5000);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.constantFrom("light", "heavy"), (points, profile) => {
      const plan = planShards(model(points, 2), { sharding: { profile } });
      const { floor } = SHARD_SIZE_PROFILES[profile];
      if (plan.shards > 1) expect(plan.lists.size(0)).toBeGreaterThanOrEqual(floor);
      expect(plan.warnings.some(({ code }) => code === "small-shards")).toBe(false);
    }),
    { seed: 1, numRuns: 60 },
  );
});

test("a number or a size of shards is obeyed, with a warning when shards are small", () => {
  const eight = planShards(model(4000, 2), { sharding: { numShards: 8 } });
  expect([eight.shards, eight.pointsPerShard]).toEqual([8, 500]);
  expect(eight.warnings.map(({ code }) => code)).toEqual(["small-shards"]);
  const sized = planShards(model(4001, 2), { sharding: { maxPointsPerShard: 1000, minPointsPerShard: 500 } });
  expect([sized.shards, sized.pointsPerShard, sized.warnings]).toEqual([5, 801, []]);
});

test("minima raise automatic sizes", () => {
  const sharding = { profile: "heavy", minPointsPerShard: 10_000 } as const;
  expect(planShards(model(1e6, 7), { sharding }).shards).toBe(100);
  expect(planShards(model(1e6, 7), { sharding: { profile: "heavy", minPointsPerParam: 1500 } }).pointsPerShard).toBe(
    10_527,
  );
  expect(planShards(model(1e6, 7), { sharding: { profile: "heavy" } }).shards).toBe(125);
});

test("the prior of a coordinate is divided among the shards that have it", () => {
  const groupSizes = [40, 0, 60];
  const local = model(100, 4, { groupSizes, coordinatesOf: (groups) => [0, ...groups.map((group) => 1 + group)] });
  const options = (strategy: "contiguous" | "balanced"): CmcOptions => ({ sharding: { numShards: 5, strategy } });
  expect(() => planShards(local, options("balanced"))).toThrow("nothing informs x2");
  const informed = {
    ...local,
    coordinates: ["mean", "g0", "g2"],
    coordinatesOf: (groups: readonly number[]) => [0, ...groups.map((group) => (group === 0 ? 1 : 2))],
  };
  const plan = planShards(informed, options("contiguous"));
  expect([...plan.shardsWith]).toEqual([5, 2, 3]);
  expect(Array.from({ length: 5 }, (_, shard) => plan.coordinatesOf(shard))).toEqual([
    [0, 1],
    [0, 1],
    [0, 2],
    [0, 2],
    [0, 2],
  ]);
  expect([...plan.priorPower(0)]).toEqual([1 / 5, 1 / 2]);
  expect([...plan.priorPower(4)]).toEqual([1 / 5, 1 / 3]);
  const balanced = planShards(informed, options("balanced"));
  expect(balanced.coordinatesOf(3)).toBeUndefined();
  expect([...balanced.priorPower(3)]).toEqual([1 / 5, 1 / 5, 1 / 5]);
  const whole = planShards(informed, { ...options("balanced"), priorTempering: false });
  expect([...whole.priorPower(3)]).toEqual([1, 1, 1]);
});

test("powers of a prior add up to 1 over all shards, for any groups and strategy", () => {
  const cases = fc.record({
    groupSizes: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
    numShards: fc.integer({ min: 1, max: 5 }),
    strategy: fc.constantFrom("random", "balanced", "stratified", "contiguous"),
  });
  fc.assert(
    fc.property(cases, ({ groupSizes, numShards, strategy }) => {
      const points = groupSizes.reduce((sum, size) => sum + size, 0);
      const shards = Math.min(numShards, points);
      const local = model(points, groupSizes.length, { groupSizes, coordinatesOf: (groups) => groups });
      const plan = planShards(local, { sharding: { numShards: shards, strategy } });
      const sums = new Float64Array(groupSizes.length);
      for (let shard = 0; shard < shards; shard++) {
        const own = plan.coordinatesOf(shard) ?? [...sums.keys()];
        plan.priorPower(shard).forEach((power, k) => {
          sums[own[k]!]! += power;
        });
      }
      for (const sum of sums) expect(sum).toBeCloseTo(1, 12);
    }),
    { seed: 3, numRuns: 100 },
  );
});

test("draws that would take too much memory are thinned, and that is told", () => {
  const plan = planShards(model(1e6, 9), { sharding: { profile: "heavy" }, maxDrawBytes: 20e6 });
  expect(plan.thinning).toBe(3);
  expect(plan.drawBytes).toBeLessThanOrEqual(20e6);
  expect(plan.warnings.map(({ code }) => code)).toEqual(["thinning"]);
  expect(planShards(model(1e6, 9), { sharding: { profile: "heavy" } }).thinning).toBe(1);
});

test("seeds of shards differ and follow from the seed", () => {
  const seeds = (seed: number) => {
    const plan = planShards(model(1000, 2), { seed, sharding: { numShards: 100 } });
    return Array.from({ length: 100 }, (_, shard) => plan.seedOf(shard));
  };
  expect(new Set([...seeds(1), ...seeds(2)]).size).toBe(200);
  expect(seeds(1)).toEqual(seeds(1));
  expect(seeds(1).every(Number.isSafeInteger)).toBe(true);
});

test("published defaults", () => {
  expect(resolveConfig()).toEqual(CMC_DEFAULTS);
  expect(CMC_DEFAULTS).toMatchObject({
    seed: 42,
    perShardTimeout: 3600,
    heartbeatTimeout: 600,
    perShardMcmc: {
      numWarmup: 500,
      numSamples: 1500,
      numChains: 4,
      targetAcceptProb: 0.8,
      maxTreeDepth: 10,
      retries: 3,
    },
    validation: {
      minEss: 400,
      minPerShardEss: 100,
      maxPerShardRhat: 1.1,
      minSuccessRate: 0.9,
      maxDivergenceRate: 0.1,
      criticalDivergenceRate: 0.3,
    },
  });
});

test.each([
  [{ seed: 1.5 }, "config.seed"],
  [{ sede: 1 }, "did you mean seed?"],
  [{ perShardTimeout: 0 }, "config.perShardTimeout"],
  [{ sharding: { numShards: 0 } }, "config.sharding.numShards"],
  [{ sharding: { numShards: "many" } }, 'config.sharding.numShards must be a positive integer, or "auto"'],
  [{ sharding: { strategy: "angles" } }, "config.sharding.strategy"],
  [{ sharding: { strategy: "given" } }, "config.sharding.lists"],
  [{ sharding: { lists: [[0]] } }, "config.sharding.lists"],
  [{ sharding: { profile: "middling" } }, "config.sharding.profile"],
  [{ sharding: { profile: { steps: [], floor: 1 } } }, "config.sharding.profile"],
  [{ sharding: [] }, "config.sharding"],
  [{ perShardMcmc: { targetAcceptProb: 1 } }, "config.perShardMcmc.targetAcceptProb"],
  [{ perShardMcmc: { numChain: 2 } }, "did you mean numChains?"],
  [{ perShardMcmc: { maxTreeDepth: 25 } }, "config.perShardMcmc.maxTreeDepth"],
  [{ validation: { minSuccessRate: 2 } }, "config.validation.minSuccessRate"],
  [{ validation: { maxDivergenceRate: 0.5 } }, "config.validation.maxDivergenceRate"],
  [{ combination: { method: "robuts" } }, "config.combination.method"],
  [{ combination: { bimodalMinWeight: 0.6 } }, "config.combination.bimodalMinWeight"],
  [{ checkpoints: { frequency: 0 } }, "config.checkpoints.frequency"],
])("refuses %j", (options, message) => {
  const resolve = () => resolveConfig(options as CmcOptions);
  expect(resolve).toThrow(InvalidArgumentError);
  expect(resolve).toThrow(message);
});

test.each([
  [model(0, 2), "model.points"],
  [model(10, 0), "model.coordinates"],
  [{ points: 10, coordinates: ["a", "a"] }, "model.coordinates"],
  [model(10, 2, { coordinatesOf: () => [1, 0] }), "model.coordinatesOf"],
  [model(10, 2, { coordinatesOf: () => [2] }), "model.coordinatesOf"],
])("refuses a model that cannot be, %#", (bad, message) => {
  expect(() => planShards(bad)).toThrow(message);
});

test("more shards than points are refused", () => {
  expect(() => planShards(model(3, 1), { sharding: { numShards: 4 } })).toThrow("config.sharding.numShards");
});
