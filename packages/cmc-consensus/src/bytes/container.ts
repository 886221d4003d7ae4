import { SiegertError } from "@siegert/errors";
import { textOf, utf8 } from "./host.ts";
import { flatten, unflatten } from "./portable-value.ts";
import { Sha256 } from "./sha256.ts";

/**
 * Bytes that are not what they should be: cut short, changed, of another kind or version.
 */
export class DamagedBytesError extends SiegertError {
  override readonly name: string = "DamagedBytesError";
}

const MAGIC = "SIEGERT\n";
const VERSION = 1;
/** Magic, version, length of the JSON, length of the whole. */
const HEAD = 24;
const HASH = 32;

/**
 * A value as bytes: the magic word, version and lengths; JSON; the bytes of arrays; and the SHA-256 of all of it.
 * Numbers are in the byte order of practically every machine, least significant first.
 * @param kind what it is, such as "task"; checked when it is read.
 * @throws {InvalidArgumentError} naming the part of the value that cannot travel.
 */
export function encodeContainer(kind: string, value: unknown): Uint8Array {
  const { json, segments } = flatten(value, kind);
  const text = utf8(JSON.stringify({ kind, json, lengths: segments.map(({ byteLength }) => byteLength) }));
  const size = segments.reduce((sum, { byteLength }) => sum + byteLength, HEAD + text.byteLength + HASH);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  bytes.set(utf8(MAGIC));
  view.setUint32(8, VERSION, true);
  view.setUint32(12, text.byteLength, true);
  view.setFloat64(16, size, true);
  bytes.set(text, HEAD);
  let at = HEAD + text.byteLength;
  for (const segment of segments) {
    bytes.set(segment, at);
    at += segment.byteLength;
  }
  bytes.set(new Sha256().update(bytes.subarray(0, at)).digest(), at);
  return bytes;
}

/**
 * The value of such bytes.
 * @throws {DamagedBytesError} when they are cut short or changed, or of another kind or version.
 */
export function decodeContainer(kind: string, bytes: Uint8Array): unknown {
  if (bytes.length < HEAD + HASH) throw damaged(kind, `it ends after ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (textOf(bytes.subarray(0, 8)) !== MAGIC) throw damaged(kind, "it does not begin as one");
  const version = view.getUint32(8, true);
  if (version !== VERSION) throw damaged(kind, `its version is ${version}, not ${VERSION}`);
  const size = view.getFloat64(16, true);
  if (size !== bytes.length) throw damaged(kind, `it has ${bytes.length} bytes instead of ${size}`);
  const end = bytes.length - HASH;
  const hash = new Sha256().update(bytes.subarray(0, end)).digest();
  if (hash.some((byte, k) => byte !== bytes[end + k])) throw damaged(kind, "its checksum does not fit");
  let at = HEAD + view.getUint32(12, true);
  const head = JSON.parse(textOf(bytes.subarray(HEAD, at))) as { kind: string; json: unknown; lengths: number[] };
  if (head.kind !== kind) throw damaged(kind, `it is a ${head.kind}`);
  const segments = head.lengths.map((length) => {
    at += length;
    return bytes.subarray(at - length, at);
  });
  return unflatten({ json: head.json, segments });
}

function damaged(kind: string, what: string): DamagedBytesError {
  return new DamagedBytesError(`The bytes of the ${kind} are damaged: ${what}.`);
}
