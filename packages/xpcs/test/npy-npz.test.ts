import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { openDataSource, writeNpy, writeNpz } from "../src/index.ts";
import { productMap } from "./hdf5-fixtures.ts";
import { scratchFolder } from "./scratch-folder.ts";

const folder = await scratchFolder();
const N = 7;

/** An .npy file with the given description of its elements. */
function npy(descr: string, shape: readonly number[], bytes: Uint8Array, isFortran = false): Buffer {
  const text = `{'descr': '${descr}', 'fortran_order': ${isFortran ? "True" : "False"}, 'shape': (${shape.join(", ")},), }`;
  const header = `${text.padEnd(117)}\n`;
  return Buffer.concat([Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]), Buffer.from(header), bytes]);
}

function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

async function firstMap(path: string): Promise<Float64Array> {
  const source = await openDataSource(path);
  try {
    return await source.loadMap(source.entries[0]!);
  } finally {
    await source.close();
  }
}

test.each([
  ["<f4", Float32Array.of(1, 0.5, 0.5, 1)],
  ["<i4", Int32Array.of(1, -2, -2, 4)],
  ["<i8", BigInt64Array.of(1n, -2n, -2n, 4n)],
  ["|u1", Uint8Array.of(1, 2, 2, 255)],
  ["<u2", Uint16Array.of(1, 2, 2, 65535)],
])("elements of type %s become float64", async (descr, values) => {
  const path = join(folder, `type-${descr.slice(1)}.npy`);
  await writeFile(path, npy(descr, [2, 2], bytesOf(values)));
  expect(Array.from(await firstMap(path))).toEqual(Array.from(values, Number));
});

test("big-endian, half precision and complex elements", async () => {
  const view = new DataView(new ArrayBuffer(32));
  [1, 0.1, 0.1, 1].forEach((value, k) => {
    view.setFloat64(8 * k, value, false);
  });
  await writeFile(join(folder, "big.npy"), npy(">f8", [2, 2], bytesOf(view)));
  expect(Array.from(await firstMap(join(folder, "big.npy")))).toEqual([1, 0.1, 0.1, 1]);
  // 0x3c00 is 1, 0x3555 is 0.333251953125, 0x0001 the smallest subnormal.
  await writeFile(join(folder, "half.npy"), npy("<f2", [2, 2], bytesOf(Uint16Array.of(0x3c00, 0x3555, 0x3555, 1))));
  expect(Array.from(await firstMap(join(folder, "half.npy")))).toEqual([1, 0.333251953125, 0.333251953125, 2 ** -24]);
  await writeFile(join(folder, "real.npy"), npy("<c16", [2, 2], bytesOf(Float64Array.of(1, 0, 2, 0, 2, 0, 4, 0))));
  expect(Array.from(await firstMap(join(folder, "real.npy")))).toEqual([1, 2, 2, 4]);
  await writeFile(join(folder, "complex.npy"), npy("<c16", [2, 2], bytesOf(Float64Array.of(1, 0, 2, 1, 2, 0, 4, 0))));
  await expect(firstMap(join(folder, "complex.npy"))).rejects.toThrow(/imaginary part/);
  await writeFile(join(folder, "text.npy"), npy("<U4", [2, 2], new Uint8Array(64)));
  await expect(firstMap(join(folder, "text.npy"))).rejects.toThrow(/elements of type <U4/);
});

test("Fortran order: a stack of maps is picked apart", async () => {
  const maps = [productMap(3, 0.1), productMap(3, 0.2)];
  // Element (k, i, j) lies at k + 2 (i + 3 j).
  const data = Float64Array.from({ length: 18 }, (_, at) => {
    const [k, i, j] = [at % 2, (at >> 1) % 3, Math.floor(at / 6)];
    return maps[k]![i * 3 + j]! + (i < j ? 0.01 : 0);
  });
  const path = join(folder, "fortran.npy");
  await writeFile(path, npy("<f8", [2, 3, 3], bytesOf(data), true));
  const source = await openDataSource(path);
  const map = await source.loadMap(source.entries[1]!);
  expect(Array.from(map)).toEqual(Array.from(maps[1]!, (value, k) => value + (Math.floor(k / 3) < k % 3 ? 0.01 : 0)));
  const block = await source.loadMap(source.entries[1]!, { startFrame: 2 });
  expect(Array.from(block)).toEqual([map[4], map[5], map[7], map[8]]);
  await source.close();
});

test("what writeNpz writes comes back, bit for bit, with its angles, q and times", async () => {
  const path = join(folder, "round.npz");
  const c2 = Float64Array.from([...productMap(N, 0.1), ...productMap(N, 1 / 3)]);
  const t = Float64Array.from({ length: N }, (_, i) => 0.1 * i);
  await writeNpz(path, {
    c2: { data: c2, shape: [2, N, N] },
    t: { data: t },
    phi: { data: [30, 200] },
    q: { data: [0.0054], shape: [] },
  });
  const source = await openDataSource(path);
  expect(source.format).toBe("npz");
  expect(source.qValues).toEqual([0.0054]);
  expect(source.entries.map((entry) => entry.phi)).toEqual([30, -160]);
  expect(source.times).toEqual(t);
  expect(source.dt).toBeCloseTo(0.1, 12);
  expect(await source.loadMap(source.entries[1]!)).toEqual(productMap(N, 1 / 3));
  const block = await source.loadMap(source.entries[0]!, { startFrame: 6, endFrame: 7 });
  expect(Array.from(block)).toEqual([40, 41, 47, 48].map((k) => c2[k]));
  await source.close();
});

test("a deflated archive of a Python cache is read map by map, forward and back", async () => {
  const maps = [0.1, 0.2, 0.3].map((scale) => productMap(N, scale));
  const path = join(folder, "cache.npz");
  const vector = (...values: number[]): Buffer => npy("<f8", [values.length], bytesOf(Float64Array.from(values)));
  const stack = npy("<f8", [3, N, N], bytesOf(Float64Array.from(maps.flatMap((map) => [...map]))));
  await writeFile(
    path,
    deflatedZip({
      "wavevector_q_list.npy": vector(0.0054, 0.0054, 0.0054),
      "phi_angles_list.npy": vector(0, 45, 90),
      "t1.npy": vector(0, 1, 2, 3, 4, 5, 6),
      "c2_exp.npy": stack,
    }),
  );
  const source = await openDataSource(path);
  expect(source.dt).toBe(1);
  expect(source.entries.map((entry) => entry.phi)).toEqual([0, 45, 90]);
  for (const k of [2, 0, 1]) expect(await source.loadMap(source.entries[k]!)).toEqual(maps[k]);
  await source.close();
});

/** A zip archive whose members are deflated, in the classic format (no zip64). */
function deflatedZip(files: Readonly<Record<string, Uint8Array>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const data = deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(crc32(content), 14);
    local.writeUInt32LE(data.length, 18);
    local.writeUInt32LE(content.length, 22);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(crc32(content), 16);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt32LE(content.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    parts.push(local, Buffer.from(name), data);
    directory.push(entry, Buffer.from(name));
    offset += 30 + name.length + data.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

test("a byte that changed on disk is found by the checksum once all maps are read", async () => {
  const path = join(folder, "flipped.npz");
  const c2 = Float64Array.from([...productMap(N, 0.1), ...productMap(N, 0.2)]);
  await writeNpz(path, { c2: { data: c2, shape: [2, N, N] }, phi: { data: [0, 90] } });
  const bytes = await readFile(path);
  const changed = bytes.indexOf(Buffer.from(Float64Array.of(c2[10]!).buffer));
  bytes[changed] = bytes[changed]! ^ 1;
  await writeFile(path, bytes);
  const source = await openDataSource(path);
  await source.loadMap(source.entries[0]!);
  await expect(source.loadMap(source.entries[1]!)).rejects.toThrow(
    /flipped\.npz: c2: is damaged: its content does not match its checksum/,
  );
  await source.close();
  const angle = bytes.indexOf(Buffer.from(Float64Array.of(90).buffer));
  bytes[angle + 5] = bytes[angle + 5]! ^ 1;
  await writeFile(path, bytes);
  await expect(openDataSource(path)).rejects.toThrow(/flipped\.npz: phi: is damaged/);
});

test("the header of a written .npy fills a multiple of 64 bytes, as the format asks", async () => {
  const path = join(folder, "header.npy");
  await writeNpy(path, { data: productMap(3, 1), shape: [3, 3] });
  const bytes = await readFile(path);
  expect((10 + bytes.readUInt16LE(8)) % 64).toBe(0);
  expect((await stat(path)).size).toBe(10 + bytes.readUInt16LE(8) + 72);
  expect(bytes.subarray(10, 70).toString()).toBe("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 3), } ");
});

test.skipIf(!existsSync("/usr/bin/unzip"))("the checksums of a written archive hold (unzip -t)", async () => {
  const path = join(folder, "checked.npz");
  await writeNpz(path, { c2: { data: productMap(N, 0.1), shape: [N, N] }, t: { data: [1, 2] } });
  expect(execFileSync("/usr/bin/unzip", ["-t", path]).toString()).toMatch(/No errors detected/);
});

const measured = new URL("../../../../shared/data/nsls2_two_time_350.npy", import.meta.url).pathname;

test.skipIf(!existsSync(measured))("the measured map of NSLS-II (skipped where ../shared/data is absent)", async () => {
  const source = await openDataSource(measured);
  expect(source.format).toBe("npy");
  expect(source.frames).toBe(350);
  const map = await source.loadMap(source.entries[0]!);
  let [low, high, side] = [Infinity, -Infinity, 0];
  for (const value of map) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  for (let k = 0; k < 349; k++) side += map[k * 350 + k + 1]! / 349;
  expect(low).toBeCloseTo(0.757, 3);
  expect(high).toBeCloseTo(1.354, 3);
  expect(side).toBeCloseTo(1.09, 1);
  await source.close();
});
