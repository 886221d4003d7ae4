import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Attributes,
  createInferenceData,
  fromJsonText,
  fromNetcdf,
  fromNpz,
  type InferenceData,
  type InferenceDataInput,
  toJsonText,
  toNetcdf,
  toNpz,
  type VariableInput,
} from "../src/index.ts";
import opened from "./fixtures/opened_in_arviz.json" with { type: "json" }; // from open_in_arviz.py
import { sampleData } from "./sample-data.ts";

const text = fc
  .string({ unit: "grapheme", maxLength: 6 })
  .filter((s) => !s.includes("\0") && !/\p{Surrogate}/u.test(s));
const name = fc
  .string({ unit: "grapheme", maxLength: 5 })
  .filter((s) => !/[/\p{Cc}\p{Surrogate}]/u.test(s))
  .map((s) => `v${s}_`.normalize("NFC"));
const double = fc.double();
/** A list of one is a single value in NetCDF, and an empty list has no type. */
const attributes: fc.Arbitrary<Attributes> = fc.dictionary(
  name,
  fc.oneof(
    text,
    double,
    fc.integer(),
    fc.array(text, { minLength: 2, maxLength: 3 }),
    fc.array(double, { minLength: 2, maxLength: 3 }),
    fc.constant([]),
  ),
  { maxKeys: 3, noNullPrototype: true },
);

function variable(shape: readonly number[], dims: readonly string[]): fc.Arbitrary<VariableInput> {
  const count = shape.reduce((product, length) => product * length, 1);
  const size = { minLength: count, maxLength: count };
  const data = fc.oneof(
    fc.array(double, size).map((list) => Float64Array.from(list)),
    fc.array(fc.integer(), size).map((list) => Int32Array.from(list)),
    fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), size).map((list) => BigInt64Array.from(list)),
    fc.array(fc.integer({ min: 0, max: 1 }), size).map((list) => Uint8Array.from(list)),
    fc.array(text, size).map((list) => (list.length === 0 ? new Int32Array(0) : list)),
  );
  return fc.record({ data, shape: fc.constant(shape), dims: fc.constant(dims), attributes });
}

function labels(length: number): fc.Arbitrary<readonly number[] | readonly string[]> {
  return fc.oneof(
    fc.array(fc.oneof(double, fc.integer()), { minLength: length, maxLength: length }),
    fc.array(text, { minLength: length, maxLength: length }),
  );
}

const anyData: fc.Arbitrary<InferenceData> = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 3 }))
  .chain(([chains, draws, places]) => {
    const sampled = fc.oneof(
      variable([chains, draws], ["chain", "draw"]),
      variable([chains, draws, places], ["chain", "draw", "place"]),
    );
    const plain = fc.oneof(variable([], []), variable([places], ["place"]), variable([places, 2], ["place", "pair"]));
    const options = { minKeys: 1, maxKeys: 4, noNullPrototype: true };
    return fc.record<InferenceDataInput>({
      posterior: fc.record({ variables: fc.dictionary(name, sampled, options), attributes }),
      sampleStats: fc.option(fc.record({ variables: fc.dictionary(name, sampled, options) }), { nil: undefined }),
      observedData: fc.record({
        variables: fc.constant({ here: { data: new Float64Array(places), dims: ["place"] } }),
        coordinates: fc.record({ place: labels(places) }),
      }),
      constantData: fc.record({ variables: fc.dictionary(name, plain, options) }),
      attributes,
    });
  })
  .map(createInferenceData);

test("NetCDF: any data come back the same", async () => {
  await fc.assert(
    fc.asyncProperty(anyData, fc.integer({ min: 0, max: 9 }), async (data, compressionLevel) => {
      expect(await fromNetcdf(await toNetcdf(data, { compressionLevel }))).toEqual(data);
    }),
    { numRuns: 150, seed: 1 },
  );
});

test("NPZ: any data come back the same", () => {
  fc.assert(
    fc.property(anyData, (data) => {
      expect(fromNpz(toNpz(data))).toEqual(data);
    }),
    { numRuns: 150, seed: 2 },
  );
});

test("JSON: any data come back the same", () => {
  fc.assert(
    fc.property(anyData, (data) => {
      expect(fromJsonText(toJsonText(data))).toEqual(data);
    }),
    { numRuns: 150, seed: 3 },
  );
});

test("one format leads to another: NetCDF to NPZ to JSON and back", async () => {
  const data = sampleData();
  const read = await fromNetcdf(await toNetcdf(data));
  expect(fromJsonText(toJsonText(fromNpz(toNpz(read))))).toEqual(data);
});

test("compression shrinks what can shrink, in chunks, and loses nothing", async () => {
  const data = createInferenceData({
    posterior: {
      variables: {
        long: { shape: [3, 70_001], data: Float64Array.from({ length: 210_003 }, (_, i) => i % 7) },
        odd: { shape: [3, 70_001], data: Int32Array.from({ length: 210_003 }, (_, i) => i % 11) },
      },
    },
  });
  const plain = await toNetcdf(data);
  const small = await toNetcdf(data, { compressionLevel: 4 });
  expect(small.length).toBeLessThan(plain.length / 4);
  expect(await fromNetcdf(small)).toEqual(data);
  const archive = toNpz(data, { compressionLevel: 6 });
  expect(archive.length).toBeLessThan(toNpz(data).length / 4);
  expect(fromNpz(archive)).toEqual(data);
});

test("an archive that NumPy loaded and saved again is read as the first one", () => {
  expect(fromNpz(Buffer.from(opened.resaved, "base64"))).toEqual(sampleData());
});

test("equal data give equal NPZ bytes and equal JSON", () => {
  expect(toNpz(sampleData())).toEqual(toNpz(sampleData()));
  expect(toJsonText(sampleData())).toBe(toJsonText(sampleData()));
});

test("a view into a larger buffer is written as what it shows", async () => {
  const buffer = Float64Array.from({ length: 20 }, (_, i) => i);
  const flags = Uint8Array.of(9, 9, 1, 0, 1, 9);
  const data = createInferenceData({
    posterior: { variables: { mu: { shape: [2, 3], data: buffer.subarray(5, 11) } } },
    observedData: { variables: { seen: { data: flags.subarray(2, 5) } } },
  });
  for (const read of [await fromNetcdf(await toNetcdf(data)), fromNpz(toNpz(data)), fromJsonText(toJsonText(data))]) {
    expect(read.posterior!.variables["mu"]!.data).toEqual(Float64Array.of(5, 6, 7, 8, 9, 10));
    expect(read.observedData!.variables["seen"]!.data).toEqual(Uint8Array.of(1, 0, 1));
  }
});
