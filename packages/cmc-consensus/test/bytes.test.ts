import { createHash } from "node:crypto";
import { InvalidArgumentError } from "@siegert/errors";
import fc from "fast-check";
import { expect, test } from "vitest";
// What tasks and saved shards are made of has no public face.
import { DamagedBytesError, decodeContainer, encodeContainer } from "../src/bytes/container.ts";
import { Sha256, sha256Hex } from "../src/bytes/sha256.ts";
import { inProcessExecutor, planShards, runShards, runShardTask } from "../src/index.ts";
import { CODE_VERSION } from "../src/store/manifest.ts";
import { linearModel, SMALL } from "./models/linear-model.ts";

test("SHA-256 is that of node:crypto, in one piece or many", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 5 }), (parts) => {
      const expected = createHash("sha256").update(Buffer.concat(parts)).digest("hex");
      expect(sha256Hex(...parts)).toBe(expected);
      const hash = new Sha256();
      for (const part of parts) hash.update(part);
      expect(Buffer.from(hash.digest()).toString("hex")).toBe(expected);
    }),
    { seed: 1, numRuns: 300 },
  );
  // FIPS 180-4 example.
  expect(sha256Hex(new TextEncoder().encode("abc"))).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

const leaf = fc.oneof(
  fc.double(),
  fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, 0),
  fc.string(),
  fc.boolean(),
  fc.bigInt(),
  fc.constantFrom(null, undefined),
  fc.date(),
  fc.float64Array({ maxLength: 5 }),
  fc.uint32Array({ maxLength: 5 }),
  fc.uint8Array({ maxLength: 5 }),
);
const data = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      fc.string().filter((key) => key !== "__proto__"),
      tie("value"),
      { maxKeys: 4, noNullPrototype: true },
    ),
    fc.array(fc.tuple(fc.string(), tie("value")), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(tie("value"), { maxLength: 3 }).map((members) => new Set(members)),
  ),
})).value;

test("any data comes out as they went in", () => {
  fc.assert(
    fc.property(data, (value) => {
      expect(decodeContainer("thing", encodeContainer("thing", value))).toStrictEqual(value);
    }),
    { seed: 2, numRuns: 500 },
  );
});

test("every byte that is changed and every cut is noticed", () => {
  const bytes = encodeContainer("thing", { x: Float64Array.of(1, 2), text: "ä" });
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at]! ^= 1 << (at % 8);
    expect(() => decodeContainer("thing", changed)).toThrow(DamagedBytesError);
    expect(() => decodeContainer("thing", bytes.subarray(0, at))).toThrow(DamagedBytesError);
  }
  expect(() => decodeContainer("thing", Uint8Array.of(...bytes, 0))).toThrow("bytes instead of");
  expect(() => decodeContainer("other", bytes)).toThrow("it is a thing");
});

test("the arrays of decoded bytes are their own, wherever the bytes lie", () => {
  const bytes = encodeContainer("thing", Float64Array.of(1, 2));
  const shifted = Buffer.concat([Buffer.of(9, 9, 9), bytes]).subarray(3);
  const array = decodeContainer("thing", shifted) as Float64Array;
  expect([...array]).toEqual([1, 2]);
  expect(array.buffer.byteLength).toBe(16);
});

const circle: Record<string, unknown> = {};
circle["self"] = circle;
test.each([
  [{ a: [() => 1] }, "thing.a[0]"],
  [{ a: Symbol("x") }, "thing.a"],
  [{ a: new (class Thing {})() }, "thing.a"],
  [circle, "thing.self"],
])("refuses what cannot travel, and says where, %#", (value, path) => {
  const encode = () => encodeContainer("thing", value);
  expect(encode).toThrow(InvalidArgumentError);
  expect(encode).toThrow(path);
});

test("bytes that are no task are refused", async () => {
  await expect(runShardTask(Uint8Array.of(1, 2, 3))).rejects.toThrow(DamagedBytesError);
});

test("the draws of this version of the code: raise CODE_VERSION when they change", async () => {
  const model = linearModel();
  const { posteriors } = await runShards(model, planShards(model, SMALL), { executor: inProcessExecutor() });
  const hash = sha256Hex(...posteriors.map(({ values }) => new Uint8Array(values.buffer)));
  expect({ [CODE_VERSION]: hash.slice(0, 16) }).toEqual({ 1: "2e6c590e40d40ba1" });
});
