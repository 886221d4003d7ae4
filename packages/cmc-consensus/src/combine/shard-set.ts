import { InvalidArgumentError } from "@siegert/errors";
import type { ShardPosterior } from "../shard-posterior.ts";
import { type ShardMoments, shardMoments } from "./shard-moments.ts";

/** A shard that has been checked, with its moments and its place in the full posterior. */
export interface PreparedShard extends ShardMoments {
  readonly posterior: ShardPosterior;
  /** Number of the shard. */
  readonly shard: number;
  /** Coordinates of the full posterior that it samples, ascending. */
  readonly coordinates: Int32Array;
  /** How many. */
  readonly dim: number;
}

/** Shards in ascending order of their numbers, ready to be combined. */
export interface ShardSet {
  /** Coordinates of the full posterior. */
  readonly dim: number;
  readonly shards: readonly PreparedShard[];
  /** Chains and draws per chain that every shard has. */
  readonly chains: number;
  readonly draws: number;
  /** Name of a coordinate of the full posterior. */
  label(coordinate: number): string;
}

/**
 * Checks shards, sorts them by number, and takes their moments.
 * @throws {InvalidArgumentError} for no shards, equal numbers, sizes that do not fit, or too few draws.
 * @throws {ShardDrawsError} for draws that are not finite or do not spread.
 */
export function prepareShards(posteriors: readonly ShardPosterior[], dim: number, names?: readonly string[]): ShardSet {
  if (!(Number.isInteger(dim) && dim > 0)) throw new InvalidArgumentError("dim", "be a positive integer", dim);
  if (posteriors.length === 0) throw new InvalidArgumentError("shards", "hold at least one shard", posteriors);
  if (names !== undefined && names.length !== dim) {
    throw new InvalidArgumentError("names", `hold a name for each of the ${dim} coordinates`, names);
  }
  const label = (coordinate: number): string => names?.[coordinate] ?? `coordinate ${coordinate}`;
  const all = Int32Array.from({ length: dim }, (_, i) => i);
  for (const [index, posterior] of posteriors.entries()) checkShape(posterior, `shards[${index}]`, dim);
  const sorted = [...posteriors].sort((a, b) => a.shard - b.shard);
  sorted.forEach((posterior, i) => {
    if (posterior.shard === sorted[i + 1]?.shard) {
      throw new InvalidArgumentError("shards", "have different numbers", posterior.shard);
    }
  });
  const shards = sorted.map((posterior): PreparedShard => {
    const coordinates = posterior.coordinates ? Int32Array.from(posterior.coordinates) : all;
    const moments = shardMoments(posterior, coordinates.length, (own) => label(coordinates[own]!));
    return { ...moments, posterior, shard: posterior.shard, coordinates, dim: coordinates.length };
  });
  return {
    dim,
    shards,
    chains: Math.min(...sorted.map((posterior) => posterior.chains)),
    draws: Math.min(...sorted.map((posterior) => posterior.draws)),
    label,
  };
}

/** The same set with some of its shards. */
export function subset(set: ShardSet, shards: readonly PreparedShard[]): ShardSet {
  return {
    ...set,
    shards,
    chains: Math.min(...shards.map(({ posterior }) => posterior.chains)),
    draws: Math.min(...shards.map(({ posterior }) => posterior.draws)),
  };
}

function checkShape(posterior: ShardPosterior, path: string, dim: number): void {
  const { shard, points, chains, draws, values, coordinates, logDensity } = posterior;
  const integer = (name: string, value: number, least: number): void => {
    if (!(Number.isSafeInteger(value) && value >= least)) {
      throw new InvalidArgumentError(`${path}.${name}`, `be an integer of at least ${least}`, value);
    }
  };
  integer("shard", shard, 0);
  integer("points", points, 0);
  integer("chains", chains, 1);
  integer("draws", draws, 1);
  let previous = -1;
  for (const [i, coordinate] of (coordinates ?? []).entries()) {
    if (!(Number.isInteger(coordinate) && coordinate > previous && coordinate < dim)) {
      throw new InvalidArgumentError(`${path}.coordinates[${i}]`, `ascend from 0 to ${dim - 1}`, coordinate);
    }
    previous = coordinate;
  }
  const own = coordinates?.length ?? dim;
  if (own === 0) throw new InvalidArgumentError(`${path}.coordinates`, "hold at least one coordinate", coordinates);
  if (!(values instanceof Float64Array) || values.length !== chains * draws * own) {
    const shape = `${chains} chains × ${draws} draws × ${own} coordinates`;
    throw new InvalidArgumentError(`${path}.values`, `be a Float64Array of ${shape}`, values);
  }
  if (logDensity !== undefined && logDensity.length !== chains * draws) {
    throw new InvalidArgumentError(`${path}.logDensity`, `hold ${chains * draws} numbers, one a draw`, logDensity);
  }
  // The inverse of a covariance of n draws has a mean only for n > p + 2.
  if (chains * draws <= own + 2) {
    throw new InvalidArgumentError(`${path}.draws`, `give more than ${own + 2} draws for ${own} coordinates`, draws);
  }
}
