import { InvalidArgumentError } from "@siegert/errors";
import type { RandomState } from "@siegert/random";

/** Numbers of an energy cache, and of a random state: 2 of the key, 4 of the counter, 1 position. */
const CACHE = 4;
const RANDOM = 7;

/** A replica as bytes: float64, little-endian; the state, the energy cache, the random state. */
export function packReplica(state: Float64Array, cache: Float64Array, random: RandomState): Uint8Array {
  const numbers = [...state, ...cache, ...random.key, ...random.counter, random.position];
  const view = new DataView(new ArrayBuffer(8 * numbers.length));
  for (const [k, value] of numbers.entries()) view.setFloat64(8 * k, value, true);
  return new Uint8Array(view.buffer);
}

/** What `packReplica` packed. @throws {InvalidArgumentError} for bytes of another length. */
export function unpackReplica(
  saved: Uint8Array,
  length: number,
): { state: Float64Array; cache: Float64Array; random: RandomState } {
  const count = length + CACHE + RANDOM;
  if (saved?.length !== 8 * count) throw new InvalidArgumentError("saved", `have ${8 * count} bytes`, saved?.length);
  const view = new DataView(saved.buffer, saved.byteOffset, saved.length);
  const numbers = Float64Array.from({ length: count }, (_, k) => view.getFloat64(8 * k, true));
  const [k0, k1, c0, c1, c2, c3, position] = numbers.subarray(length + CACHE) as unknown as Seven;
  return {
    state: numbers.slice(0, length),
    cache: numbers.slice(length, length + CACHE),
    random: { generator: "philox4x32-10", key: [k0, k1], counter: [c0, c1, c2, c3], position },
  };
}

type Seven = [number, number, number, number, number, number, number];
