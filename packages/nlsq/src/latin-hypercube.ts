/**
 * Latin hypercube sampling: in every coordinate, exactly one point falls into each of `count` equal intervals.
 *
 * Source: McKay, Beckman & Conover (1979), Technometrics 21, 239.
 */
import { InvalidArgumentError } from "@siegert/errors";
import type { Random } from "@siegert/random";

/**
 * Points in the unit cube, row-major count × dimension, each coordinate in [0, 1).
 *
 * @param random stream that the points are drawn from; moves on.
 * @throws {InvalidArgumentError} unless count and dimension are positive integers.
 */
export function latinHypercube(random: Random, count: number, dimension: number): Float64Array {
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError("count", "be a positive integer", count);
  if (!Number.isInteger(dimension) || dimension < 1) {
    throw new InvalidArgumentError("dimension", "be a positive integer", dimension);
  }
  const points = new Float64Array(count * dimension);
  for (let j = 0; j < dimension; j++) {
    const interval = random.permutation(count);
    for (let i = 0; i < count; i++) {
      // The sum of the last interval and a draw next to 1 rounds to 1.
      points[i * dimension + j] = Math.min((interval[i]! + random.uniform()) / count, 1 - Number.EPSILON / 2);
    }
  }
  return points;
}
