import type { FileHandle } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { writeAtomically } from "./atomic-write.ts";
import { type NpyData, type NpyParts, npyParts } from "./npy-writer.ts";

interface Member {
  readonly name: Uint8Array;
  readonly size: number;
  readonly crc: number;
  readonly offset: number;
}

/** Version of the format that reads zip64. */
const VERSION = 45;
/** 1 January 1980, the first date of the format: equal content gives equal files. */
const DATE = 0x21;

/**
 * Writes arrays as an .npz archive atomically: stored, not compressed, so that readers can seek in it; zip64 throughout,
 * as NumPy does, so that size has no limit.
 *
 * @param arrays the arrays by name.
 * @throws {InvalidArgumentError} when a shape does not fit its elements.
 * @throws {OutputError} when it cannot be written.
 */
export async function writeNpz(path: string, arrays: Readonly<Record<string, NpyData>>): Promise<void> {
  const encoded = Object.entries(arrays).map(([name, array]) => ({ name, parts: npyParts(array, name) }));
  await writeAtomically(path, async (handle) => {
    const members: Member[] = [];
    let offset = 0;
    for (const { name, parts } of encoded) {
      const member = await writeMember(handle, new TextEncoder().encode(`${name}.npy`), parts, offset);
      members.push(member);
      offset += localHeader(member).length + member.size;
    }
    await writeDirectory(handle, members, offset);
  });
}

/** The checksum stands before the content it is of, so it is put in afterwards: the content passes through only once. */
async function writeMember(handle: FileHandle, name: Uint8Array, parts: NpyParts, offset: number): Promise<Member> {
  const unknown: Member = { name, size: parts.size, crc: 0, offset };
  await handle.writeFile(localHeader(unknown));
  await handle.writeFile(parts.header);
  let crc = crc32(parts.header);
  for await (const piece of parts.body()) {
    crc = crc32(piece, crc);
    await handle.writeFile(piece);
  }
  const member = { ...unknown, crc };
  const header = localHeader(member);
  await handle.write(header, 0, header.length, offset);
  return member;
}

function localHeader({ name, size, crc }: Member): Uint8Array {
  const bytes = new Uint8Array(30 + name.length + 20);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x04034b50, true);
  describe(view, 4, crc, name.length, 20);
  bytes.set(name, 30);
  zip64Field(view, 30 + name.length, [size, size]);
  return bytes;
}

/** The fields that a local header and the directory share. */
function describe(view: DataView, at: number, crc: number, nameLength: number, extraLength: number): void {
  view.setUint16(at, VERSION, true);
  view.setUint16(at + 8, DATE, true);
  view.setUint32(at + 10, crc, true);
  view.setUint32(at + 14, 0xffffffff, true);
  view.setUint32(at + 18, 0xffffffff, true);
  view.setUint16(at + 22, nameLength, true);
  view.setUint16(at + 24, extraLength, true);
}

function zip64Field(view: DataView, at: number, values: readonly number[]): void {
  view.setUint16(at, 1, true);
  view.setUint16(at + 2, 8 * values.length, true);
  values.forEach((value, k) => {
    view.setBigUint64(at + 4 + 8 * k, BigInt(value), true);
  });
}

async function writeDirectory(handle: FileHandle, members: readonly Member[], offset: number): Promise<void> {
  let size = 0;
  for (const { name, size: memberSize, crc, offset: memberOffset } of members) {
    const bytes = new Uint8Array(46 + name.length + 28);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, 0x02014b50, true);
    view.setUint16(4, VERSION, true);
    describe(view, 6, crc, name.length, 28);
    view.setUint32(42, 0xffffffff, true);
    bytes.set(name, 46);
    zip64Field(view, 46 + name.length, [memberSize, memberSize, memberOffset]);
    await handle.writeFile(bytes);
    size += bytes.length;
  }
  await handle.writeFile(directoryEnd(members.length, size, offset));
}

/** The zip64 end record, its locator, and the classic end record that points to them. */
function directoryEnd(count: number, size: number, offset: number): Uint8Array {
  const bytes = new Uint8Array(56 + 20 + 22);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x06064b50, true);
  view.setBigUint64(4, 44n, true);
  view.setUint16(12, VERSION, true);
  view.setUint16(14, VERSION, true);
  view.setBigUint64(24, BigInt(count), true);
  view.setBigUint64(32, BigInt(count), true);
  view.setBigUint64(40, BigInt(size), true);
  view.setBigUint64(48, BigInt(offset), true);
  view.setUint32(56, 0x07064b50, true);
  view.setBigUint64(64, BigInt(offset + size), true);
  view.setUint32(72, 1, true);
  view.setUint32(76, 0x06054b50, true);
  view.setUint16(84, Math.min(count, 0xffff), true);
  view.setUint16(86, Math.min(count, 0xffff), true);
  view.setUint32(88, 0xffffffff, true);
  view.setUint32(92, 0xffffffff, true);
  return bytes;
}
