import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import {
  checkWritable,
  makeFolder,
  OutputError,
  openDataSource,
  toJson,
  writeApsUHdf5,
  writeAtomically,
  writeJson,
  writeNpy,
  writeNpz,
} from "../src/index.ts";
import { productMap } from "./hdf5-fixtures.ts";
import { scratchFolder } from "./scratch-folder.ts";

const folder = await scratchFolder();
const N = 5;
const data = {
  q: 0.0054,
  phi: [0, 45],
  times: Float64Array.from({ length: N }, (_, i) => 0.1 * (i + 1)),
  c2: Float64Array.from([...productMap(N, 0.1), ...productMap(N, 0.2)]),
};

test("writeApsUHdf5 writes what openDataSource reads", async () => {
  const path = join(folder, "new", "folders", "data.h5");
  await writeApsUHdf5(path, data);
  const source = await openDataSource(path);
  expect(source.format).toBe("aps-u");
  expect(source.entries.map(({ q, phi }) => [q, phi])).toEqual([
    [0.0054, 0],
    [0.0054, 45],
  ]);
  expect(source.times).toEqual(data.times);
  for (const [k, scale] of [0.1, 0.2].entries()) {
    expect(await source.loadMap(source.entries[k]!)).toEqual(productMap(N, scale));
  }
  await source.close();
  expect(await readdir(join(folder, "new", "folders"))).toEqual(["data.h5"]);
});

test("a folder that cannot be written gives one clear line and leaves nothing behind", async () => {
  // A folder below a regular file: not even an administrator can make it.
  await writeFile(join(folder, "regular"), "x");
  const path = join(folder, "regular", "below", "result");
  const attempts = [
    () => writeNpy(`${path}.npy`, { data: [1] }),
    () => writeNpz(`${path}.npz`, { t: { data: [1] } }),
    () => writeJson(`${path}.json`, {}),
    () => writeApsUHdf5(`${path}.h5`, data),
    () => checkWritable(join(folder, "regular", "below")),
  ];
  for (const attempt of attempts) {
    const error = await attempt().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(OutputError);
    expect((error as OutputError).message).toMatch(/regular.*: cannot be written: a part of the path is a file/);
    expect((error as OutputError).message).not.toContain("\n");
  }
  expect(await readFile(join(folder, "regular"), "utf8")).toBe("x");
});

test("checkWritable looks without leaving anything, and makeFolder makes what is missing", async () => {
  const before = await readdir(folder);
  await checkWritable(join(folder, "made", "here"), [join(folder, "made", "here", "below", "a.json")]);
  expect(await readdir(folder)).toEqual(before);
  await makeFolder(join(folder, "made", "here"));
  await checkWritable(join(folder, "made", "here"));
  expect(await readdir(join(folder, "made", "here"))).toEqual([]);
});

test.skipIf(process.platform !== "linux")("a folder that the system never makes is refused at once", async () => {
  for (const attempt of [makeFolder, checkWritable, (path: string) => writeJson(join(path, "x.json"), {})]) {
    await expect(attempt("/proc/siegert/results")).rejects.toThrow(
      /^\/proc\/siegert\/results: cannot be written: [^\n]+$/,
    );
  }
});

test("a folder in the place of a result is found before anything is computed", async () => {
  const target = join(folder, "blocked");
  await makeFolder(join(target, "nlsq", "fitted_data.npz"));
  await writeFile(join(target, "file"), "");
  await expect(checkWritable(target, [join(target, "nlsq", "fitted_data.npz")])).rejects.toThrow(
    /fitted_data\.npz: cannot be written: it is a folder/,
  );
  await expect(checkWritable(target, [join(target, "file", "a.json")])).rejects.toThrow(/a part of the path is a file/);
  await expect(checkWritable(target, [join(target, "nlsq", "other.npz")])).resolves.toBeUndefined();
});

test("a failure while writing keeps the old file and removes the new one", async () => {
  const target = join(folder, "kept");
  await makeFolder(target);
  const path = join(target, "result.json");
  await writeJson(path, { run: 1 });
  const failing = writeAtomically(path, async (handle) => {
    await handle.writeFile("half of it");
    throw new RangeError("the writer failed");
  });
  await expect(failing).rejects.toThrow(RangeError);
  expect(JSON.parse(await readFile(path, "utf8"))).toEqual({ run: 1 });
  expect(await readdir(target)).toEqual(["result.json"]);
});

test("writing onto a folder is an OutputError", async () => {
  await makeFolder(join(folder, "is-a-folder"));
  await expect(writeJson(join(folder, "is-a-folder"), {})).rejects.toThrow(OutputError);
  expect((await readdir(folder)).filter((name) => name.includes(".tmp"))).toEqual([]);
});

test("JSON keeps the order of keys, turns what is not finite into null and typed arrays into lists", () => {
  const text = toJson({
    b: Number.NaN,
    a: [Infinity, 1],
    list: Float64Array.of(1, Number.NaN),
    nested: { y: 1, x: -0.5 },
  });
  expect(text).toBe(
    `${JSON.stringify({ b: null, a: [null, 1], list: [1, null], nested: { y: 1, x: -0.5 } }, null, 2)}\n`,
  );
});

test("writers refuse shapes that do not fit", async () => {
  await expect(writeNpy(join(folder, "x.npy"), { data: [1, 2], shape: [3] })).rejects.toThrow(InvalidArgumentError);
  await expect(writeNpz(join(folder, "x.npz"), { t: { data: [1, 2], shape: [3] } })).rejects.toThrow(/t\.shape/);
  await expect(writeApsUHdf5(join(folder, "x.h5"), { ...data, phi: [1] })).rejects.toThrow(/c2 must have shape/);
});
