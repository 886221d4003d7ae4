/** The bytes of a saved replica: what it is of, its words, and a check that they are whole. */
import { InvalidArgumentError } from "@siegert/errors";

const MAGIC = 0x31475349; // "ISG1"
const HEADER = 5;

/** What a saved replica is of. */
export interface SavedKind {
  /** Number of the kernel: 1 wide lattice, 2 replica planes, 3 general graph. */
  readonly kernel: number;
  readonly nodes: number;
}

/** The bytes of a random stream and packed spins, with a header and a checksum. */
export function packReplica({ kernel, nodes }: SavedKind, stream: Int32Array, spins: Int32Array): Uint8Array {
  const words = new Int32Array(stream.length + spins.length);
  words.set(stream);
  words.set(spins, stream.length);
  const view = new DataView(new ArrayBuffer(4 * (HEADER + words.length)));
  [MAGIC, kernel, nodes, words.length, checksum(words)].forEach((value, k) => {
    view.setInt32(4 * k, value, true);
  });
  for (let k = 0; k < words.length; k++) view.setInt32(4 * (HEADER + k), words[k]!, true);
  return new Uint8Array(view.buffer);
}

/**
 * The words of a saved replica.
 * @throws {InvalidArgumentError} when the bytes are of something else, or damaged.
 */
export function unpackReplica({ kernel, nodes }: SavedKind, length: number, saved: Uint8Array): Int32Array {
  const refuse = (requirement: string): never => {
    throw new InvalidArgumentError("saved", requirement, saved);
  };
  if (saved.byteLength < 4 * HEADER) refuse("be a saved replica of an Ising model");
  const view = new DataView(saved.buffer, saved.byteOffset, saved.byteLength);
  if (view.getInt32(0, true) !== MAGIC) refuse("be a saved replica of an Ising model");
  if (view.getInt32(4, true) !== kernel || view.getInt32(8, true) !== nodes || view.getInt32(12, true) !== length) {
    refuse("be saved by the same kernel from the same model");
  }
  if (saved.byteLength !== 4 * (HEADER + length)) refuse("be complete");
  const words = new Int32Array(length);
  for (let k = 0; k < length; k++) words[k] = view.getInt32(4 * (HEADER + k), true);
  if (checksum(words) !== view.getInt32(16, true)) refuse("be undamaged; its checksum differs");
  return words;
}

/** A hash in the manner of FNV-1a, over words. */
function checksum(words: Int32Array): number {
  let hash = 0x811c9dc5;
  for (let k = 0; k < words.length; k++) hash = Math.imul(hash ^ words[k]!, 0x01000193) ^ (hash >>> 15);
  return hash | 0;
}

/** Packs spins (+1 as 1) into words of 32 bits. */
export function packSpins(nodes: number, isUp: (node: number) => boolean): Int32Array {
  const words = new Int32Array(Math.ceil(nodes / 32));
  for (let node = 0; node < nodes; node++) if (isUp(node)) words[node >> 5]! |= 1 << (node & 31);
  return words;
}

/** Whether a node is up in packed spins. */
export function isUpIn(words: Int32Array, node: number): boolean {
  return ((words[node >> 5]! >>> (node & 31)) & 1) === 1;
}
