/**
 * Which shards disagree with the others, by a joint test of their means.
 *
 * The mean of a shard is compared with the consensus of the others, as a Mahalanobis distance under the covariance that
 * the difference should have. When shards scatter more than their posteriors say, beyond what chance explains, that
 * covariance is multiplied by their typical excess, the median of distance / its expected median: a shard is an outlier
 * among shards, not wherever the model is imperfect. The others start as the more central half, so that up to nearly half of the shards may
 * be wrong (as the concentration steps of Rousseeuw & Van Driessen 1999, 10.1080/00401706.1999.10485670).
 */
import { type Distance, distanceFrom, distanceTail, poolOf } from "./against-others.ts";
import { chiSquareQuantile, logGamma } from "./chi-square.ts";
import type { ExcludedShard } from "./consensus.ts";
import type { PrecisionWeight } from "./precision-weights.ts";
import type { ShardSet } from "./shard-set.ts";

export interface OutlierTest {
  readonly excluded: readonly ExcludedShard[];
  /** Outliers that are kept, since no other shard has one of their coordinates. */
  readonly indispensable: readonly ExcludedShard[];
  /** Positions in the set of the shards that stay. */
  readonly kept: readonly number[];
  /** By how much the covariances of the shards' differences were widened, at least 1. */
  readonly overdispersion: number;
}

/**
 * Tests every shard.
 * @param rate probability that any shard is left out when all agree (Šidák); with fewer than 3 shards none is.
 */
export function outlierShards(set: ShardSet, weights: readonly PrecisionWeight[], rate: number): OutlierTest {
  const count = set.shards.length;
  const everyone = set.shards.map((_, s) => s);
  if (count < 3) return { excluded: [], indispensable: [], kept: everyone, overdispersion: 1 };
  const level = -Math.expm1(Math.log1p(-rate) / count);
  let core = centralHalf(set, weights);
  let verdict = testAgainst(core, set, weights, level);
  for (let step = 0; step < 20; step++) {
    const next = new Set(everyone.filter((s) => !verdict.outliers.has(s)));
    if (sameMembers(core, next)) break;
    core = next;
    verdict = testAgainst(core, set, weights, level);
  }
  return removeInOrder(set, verdict, rate);
}

interface Verdict {
  /** Outliers by position in the set, with their distances and p values. */
  readonly outliers: ReadonlyMap<number, { readonly distance: Distance; readonly pValue: number }>;
  readonly overdispersion: number;
}

function testAgainst(
  core: ReadonlySet<number>,
  set: ShardSet,
  weights: readonly PrecisionWeight[],
  level: number,
): Verdict {
  const pool = poolOf(set, weights, core);
  const distances = set.shards.map((_, s) => distanceFrom(pool, set, weights, s));
  const overdispersion = typicalExcess(distances.filter((distance) => distance !== undefined));
  const outliers = new Map<number, { distance: Distance; pValue: number }>();
  distances.forEach((distance, s) => {
    if (!distance) return;
    const pValue = distanceTail({ ...distance, squared: distance.squared / overdispersion });
    if (pValue < level) outliers.set(s, { distance, pValue });
  });
  return { outliers, overdispersion };
}

/**
 * Median of distance / expected median, or 1 when that is not two standard errors above 1. A sample median of n values of
 * density f about their median m has the standard error 1 / (2 f(m) √n).
 */
function typicalExcess(distances: readonly Distance[]): number {
  const known = new Map<number, { readonly median: number; readonly spread: number }>();
  let spread = 0;
  const relative = distances.map(({ squared, degrees }) => {
    const expected = known.get(degrees) ?? chiSquareMedian(degrees);
    known.set(degrees, expected);
    spread += expected.spread / distances.length;
    return squared / expected.median;
  });
  const excess = median(relative);
  return excess > 1 + (2 * spread) / Math.sqrt(distances.length) ? excess : 1;
}

/** Median of χ², and 1 / (2 f(m) m), f its density. */
function chiSquareMedian(degrees: number): { readonly median: number; readonly spread: number } {
  const m = chiSquareQuantile(0.5, degrees);
  const logDensity = (degrees / 2 - 1) * Math.log(m / 2) - m / 2 - logGamma(degrees / 2) - Math.LN2;
  return { median: m, spread: 1 / (2 * m * Math.exp(logDensity)) };
}

/** Half of the shards (and one), those closest to each other: from coordinate medians, by concentration steps. */
function centralHalf(set: ShardSet, weights: readonly PrecisionWeight[]): ReadonlySet<number> {
  const half = Math.floor(set.shards.length / 2) + 1;
  const centre = Float64Array.from({ length: set.dim }, (_, coordinate) =>
    median(
      set.shards.flatMap((shard) => {
        const own = shard.coordinates.indexOf(coordinate);
        return own < 0 ? [] : [shard.mean[own]!];
      }),
    ),
  );
  let core = smallest(
    set.shards.map((shard, s) => {
      const { precision } = weights[s]!;
      const u = shard.mean.map((x, i) => x - centre[shard.coordinates[i]!]!);
      let squared = 0;
      for (let i = 0; i < shard.dim; i++) {
        for (let j = 0; j < shard.dim; j++) squared += u[i]! * precision[i * shard.dim + j]! * u[j]!;
      }
      return standardised(squared, shard.dim);
    }),
    half,
  );
  for (let step = 0; step < 10; step++) {
    const pool = poolOf(set, weights, core);
    const scores = set.shards.map((_, s) => {
      const distance = distanceFrom(pool, set, weights, s);
      return distance ? standardised(distance.squared, distance.degrees) : Infinity;
    });
    const next = smallest(scores, half);
    if (sameMembers(core, next)) break;
    core = next;
  }
  return core;
}

/** A χ² variate on the scale of a standard normal one (Wilson & Hilferty 1931), to compare different degrees of freedom. */
function standardised(squared: number, degrees: number): number {
  const spread = 2 / (9 * degrees);
  return (Math.cbrt(squared / degrees) - 1 + spread) / Math.sqrt(spread);
}

function smallest(scores: readonly number[], count: number): ReadonlySet<number> {
  const order = scores.map((_, s) => s).sort((a, b) => scores[a]! - scores[b]! || a - b);
  return new Set(order.slice(0, count));
}

function sameMembers(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  return a.size === b.size && [...a].every((s) => b.has(s));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Leaves outliers out, the most distant first, unless a coordinate would then be known to no shard. */
function removeInOrder(set: ShardSet, { outliers, overdispersion }: Verdict, rate: number): OutlierTest {
  const counts = new Int32Array(set.dim);
  for (const shard of set.shards) for (const coordinate of shard.coordinates) counts[coordinate]! += 1;
  const excluded: ExcludedShard[] = [];
  const indispensable: ExcludedShard[] = [];
  const gone = new Set<number>();
  const order = [...outliers].sort(([a, x], [b, y]) => y.distance.squared - x.distance.squared || a - b);
  for (const [s, { distance, pValue }] of order) {
    const shard = set.shards[s]!;
    const report = describe(set, s, distance, pValue, overdispersion, rate);
    if (shard.coordinates.some((coordinate) => counts[coordinate] === 1)) {
      indispensable.push(report);
      continue;
    }
    for (const coordinate of shard.coordinates) counts[coordinate]! -= 1;
    gone.add(s);
    excluded.push(report);
  }
  const kept = set.shards.map((_, s) => s).filter((s) => !gone.has(s));
  return { excluded, indispensable, kept, overdispersion };
}

function describe(
  set: ShardSet,
  s: number,
  distance: Distance,
  pValue: number,
  overdispersion: number,
  rate: number,
): ExcludedShard {
  const { shard, posterior } = set.shards[s]!;
  const squared = distance.squared / overdispersion;
  const deviation = distance.deviation / Math.sqrt(overdispersion);
  const reason =
    `its mean is ${Math.sqrt(squared).toFixed(1)} standard deviations from the other shards in ` +
    `${distance.degrees} coordinates (p = ${pValue.toExponential(1)}, where ${rate} was allowed for all shards together), ` +
    `${deviation.toFixed(1)} in ${set.label(distance.coordinate)}, where it is farthest`;
  const { coordinate } = distance;
  return { shard, points: posterior.points, distance: squared, pValue, coordinate, deviation, reason };
}
