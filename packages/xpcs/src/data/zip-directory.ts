import type { FileHandle } from "node:fs/promises";
import { type ByteSource, InflatedBytes, PlainBytes } from "./byte-source.ts";
import { CheckedBytes } from "./checked-bytes.ts";
import { DataError } from "./data-error.ts";

/** First bytes of a zip archive that holds something. */
export const ZIP_MAGIC: Uint8Array = Uint8Array.of(0x50, 0x4b, 0x03, 0x04);

const END_SIGNATURE = 0x06054b50;
const END64_SIGNATURE = 0x06064b50;
const LOCATOR64_SIGNATURE = 0x07064b50;
const ENTRY_SIGNATURE = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;

interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly crc: number;
  readonly headerOffset: number;
}

/**
 * Members of a zip archive by name (zip64 included), none of them read yet. Layout: PKWARE APPNOTE 6.3, sections 4.3 and
 * 4.5.3.
 *
 * @throws {DataError} when the directory at the end of the file is missing or damaged, or a member is compressed with a
 * method other than deflate. Members that are read to their end throw one when they do not match their checksum.
 */
export async function readZipDirectory(
  path: string,
  handle: FileHandle,
  fileSize: number,
): Promise<Map<string, ByteSource>> {
  const file = new PlainBytes(path, handle, 0, fileSize);
  const { offset, size, count } = await findDirectory(path, file);
  const bytes = new Uint8Array(size);
  await file.read(offset, bytes);
  const members = new Map<string, ByteSource>();
  let at = 0;
  for (let k = 0; k < count; k++) {
    const { entry, length } = parseEntry(path, new DataView(bytes.buffer, at));
    at += length;
    const member = await openMember(path, handle, file, entry);
    members.set(entry.name, new CheckedBytes(path, entry.name, member, entry.crc));
  }
  return members;
}

async function findDirectory(path: string, file: PlainBytes): Promise<{ offset: number; size: number; count: number }> {
  const tailSize = Math.min(file.size, 22 + 0xffff);
  const tailStart = file.size - tailSize;
  const tail = new Uint8Array(tailSize);
  await file.read(tailStart, tail);
  const view = new DataView(tail.buffer);
  let end = tailSize - 22;
  while (end >= 0 && view.getUint32(end, true) !== END_SIGNATURE) end--;
  if (end < 0) throw new DataError(path, "the archive is truncated: the directory at its end is missing");
  let directory = {
    count: view.getUint16(end + 10, true),
    size: view.getUint32(end + 12, true),
    offset: view.getUint32(end + 16, true),
  };
  if (end >= 20 && view.getUint32(end - 20, true) === LOCATOR64_SIGNATURE) {
    const record = new Uint8Array(56);
    await file.read(Number(view.getBigUint64(end - 12, true)), record);
    const record64 = new DataView(record.buffer);
    if (record64.getUint32(0, true) === END64_SIGNATURE) {
      directory = {
        count: Number(record64.getBigUint64(32, true)),
        size: Number(record64.getBigUint64(40, true)),
        offset: Number(record64.getBigUint64(48, true)),
      };
    }
  }
  if (directory.offset + directory.size > file.size)
    throw new DataError(path, "the archive is truncated or its directory is damaged");
  return directory;
}

function parseEntry(path: string, view: DataView): { entry: ZipEntry; length: number } {
  if (view.byteLength < 46 || view.getUint32(0, true) !== ENTRY_SIGNATURE)
    throw new DataError(path, "the directory of the archive is damaged");
  const nameLength = view.getUint16(28, true);
  const extraLength = view.getUint16(30, true);
  const length = 46 + nameLength + extraLength + view.getUint16(32, true);
  const name = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + 46, nameLength));
  const wide = readZip64(new DataView(view.buffer, view.byteOffset + 46 + nameLength, extraLength));
  // The zip64 field lists only the values that do not fit, in this order.
  const pick = (value: number): number => (value === 0xffffffff ? (wide.shift() ?? value) : value);
  const size = pick(view.getUint32(24, true));
  const compressedSize = pick(view.getUint32(20, true));
  const headerOffset = pick(view.getUint32(42, true));
  return {
    entry: {
      name,
      method: view.getUint16(10, true),
      compressedSize,
      size,
      crc: view.getUint32(16, true),
      headerOffset,
    },
    length,
  };
}

function readZip64(extra: DataView): number[] {
  let at = 0;
  while (at + 4 <= extra.byteLength) {
    const size = extra.getUint16(at + 2, true);
    if (extra.getUint16(at, true) === 1) {
      return Array.from({ length: Math.floor(Math.min(size, extra.byteLength - at - 4) / 8) }, (_, k) =>
        Number(extra.getBigUint64(at + 4 + 8 * k, true)),
      );
    }
    at += 4 + size;
  }
  return [];
}

async function openMember(path: string, handle: FileHandle, file: PlainBytes, entry: ZipEntry): Promise<ByteSource> {
  const local = new Uint8Array(30);
  await file.read(entry.headerOffset, local);
  const view = new DataView(local.buffer);
  const start = entry.headerOffset + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  if (entry.method === STORED) return new PlainBytes(path, handle, start, entry.size);
  if (entry.method === DEFLATED) return new InflatedBytes(path, start, entry.compressedSize, entry.size);
  throw new DataError(path, `is compressed with zip method ${entry.method}; stored or deflate can be read`, {
    dataset: entry.name,
  });
}
