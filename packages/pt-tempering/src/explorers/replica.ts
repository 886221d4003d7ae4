import { Random, type RandomState } from "@siegert/random";

/** One replica: where it stands, what is known there, and its stream. */
export interface Replica {
  /** Unconstrained. */
  readonly position: Float64Array;
  random: Random;
  /** Log density of the target at the position, −∞ where any reference is 0; NaN when it is not known. */
  logTarget: number;
  /** Log density of each leg's reference; NaN when not known. */
  readonly logReferences: Float64Array;
  /** Fits of references that were made when the log densities were taken; they hold for no other number. */
  fits: number;
}

/** Words of a stream's state: key, counter and position. */
const WORDS = 7;

/** The replica as bytes: doubles, then the words of its stream, least significant byte first. */
export function packReplica({ position, logTarget, logReferences, fits, random }: Replica): Uint8Array {
  const numbers = [...position, logTarget, ...logReferences, fits];
  const { key, counter, position: place } = random.state();
  const view = new DataView(new ArrayBuffer(8 * numbers.length + 4 * WORDS));
  numbers.forEach((value, k) => {
    view.setFloat64(8 * k, value, true);
  });
  [...key, ...counter, place].forEach((word, k) => {
    view.setUint32(8 * numbers.length + 4 * k, word, true);
  });
  return new Uint8Array(view.buffer);
}

/** Puts a replica into a packed state. Gives false, and changes nothing, when the state is of another size. */
export function unpackReplica(bytes: Uint8Array, replica: Replica): boolean {
  const { position, logReferences } = replica;
  const count = position.length + 2 + logReferences.length;
  if (bytes.byteLength !== 8 * count + 4 * WORDS) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < position.length; i++) position[i] = view.getFloat64(8 * i, true);
  replica.logTarget = view.getFloat64(8 * position.length, true);
  for (let k = 0; k < logReferences.length; k++) {
    logReferences[k] = view.getFloat64(8 * (position.length + 1 + k), true);
  }
  replica.fits = view.getFloat64(8 * (count - 1), true);
  const word = (k: number) => view.getUint32(8 * count + 4 * k, true);
  const state: RandomState = {
    generator: "philox4x32-10",
    key: [word(0), word(1)],
    counter: [word(2), word(3), word(4), word(5)],
    position: word(6),
  };
  replica.random = Random.fromState(state);
  return true;
}
