import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { float64Values, fromNetcdf, type InferenceData, toNetcdf } from "../src/index.ts";
import files from "./fixtures/arviz_files.json" with { type: "json" }; // from arviz_files.py, ArviZ 0.23 and 1.3

function read(name: Exclude<keyof typeof files, "versions">): Promise<InferenceData> {
  return fromNetcdf(inflateSync(Buffer.from(files[name], "base64")));
}

function ramp(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i / 8);
}

const ARVIZ = ["arviz-0-h5netcdf", "arviz-0-netcdf4", "arviz-1-h5netcdf", "arviz-1-netcdf4"] as const;

test.each(ARVIZ)("%s: every value, dimension and label", async (name) => {
  const data = await read(name);
  const { mu, theta, count, inside } = data.posterior!.variables;
  expect(Object.keys(data.posterior!.variables).sort()).toEqual(["count", "inside", "mu", "theta"]);
  expect([mu!.dims, mu!.shape]).toEqual([
    ["chain", "draw"],
    [2, 5],
  ]);
  expect([...(mu!.data as Float64Array)]).toEqual(ramp(10));
  expect([theta!.dims, theta!.shape]).toEqual([
    ["chain", "draw", "school"],
    [2, 5, 3],
  ]);
  expect([...(theta!.data as Float64Array)]).toEqual(ramp(30));
  expect(count!.data).toEqual(BigInt64Array.from({ length: 10 }, (_, i) => BigInt(i) * 10n ** 12n));
  expect(float64Values(count!)).toEqual(Float64Array.from({ length: 10 }, (_, i) => i * 1e12));
  expect(inside!.data).toEqual(Uint8Array.of(1, 0, 0, 1, 0, 0, 1, 0, 0, 1));
  expect(inside!.attributes).toEqual({});
  expect(data.posterior!.coordinates).toEqual({
    chain: [0, 1],
    draw: [0, 1, 2, 3, 4],
    school: ["Ångström", "", "日本"],
  });
  expect(data.sampleStats!.variables["diverging"]!.data).toEqual(Uint8Array.of(0, 1, 0, 0, 0, 1, 0, 0, 0, 1));
  expect(data.observedData!.variables["y"]!.data).toEqual(Float64Array.of(1.5, Number.NaN, Infinity, -0));
  expect(data.observedData!.coordinates).toEqual({ time: [0.25, 0.5, 1, 2] });
  expect(data.posteriorPredictive!.variables["y"]!.shape).toEqual([2, 5, 4]);
});

test("the attributes of the schema, and warmup draws as ArviZ 0.x keeps them", async () => {
  const old = await read("arviz-0-h5netcdf");
  expect(old.posterior!.attributes["arviz_version"]).toMatch(/^0\./);
  expect(old.warmupPosterior!.variables["mu"]!.shape).toEqual([2, 3]);
  const current = await read("arviz-1-netcdf4");
  expect(current.posterior!.attributes).toMatchObject({ creation_library: "ArviZ", sample_dims: ["chain", "draw"] });
  expect(current.observedData!.attributes["sample_dims"]).toEqual([]);
});

test.each(ARVIZ)("%s: what was read can be written, and read again the same", async (name) => {
  const data = await read(name);
  expect(await fromNetcdf(await toNetcdf(data))).toEqual(data);
});

test.each(["edges-h5netcdf", "edges-netcdf4"] as const)("%s: packed, missing, small and unlabelled", async (name) => {
  const { posterior } = await read(name);
  const { variables, coordinates, attributes } = posterior!;
  expect(variables["single"]!.data).toEqual(Float64Array.from(ramp(6)));
  expect(variables["packed"]!.data).toEqual(Float64Array.of(0.5, 1, Number.NaN, 2, 2.5, 3));
  expect(variables["missing"]!.data).toEqual(Float64Array.of(1, Number.NaN, 3, 4, 5, 6));
  expect(variables["bytes"]!.data).toEqual(Int32Array.of(0, 1, 2, 3, 4, 5));
  expect(variables["short"]!.data).toEqual(Int32Array.of(-0, -1, -2, -3, -4, -5));
  expect(variables["unsigned"]!.data).toEqual(new BigInt64Array(6).fill(4_000_000_000n));
  expect(variables["label"]).toMatchObject({ dims: ["place"], shape: [2], data: ["α", "b"] });
  expect(variables["number"]).toMatchObject({ dims: [], shape: [], data: Float64Array.of(2.5) });
  // A coordinate that is not a dimension is a variable here.
  expect(variables["area"]!.data).toEqual(Float64Array.of(1, 2));
  expect(coordinates).toEqual({ chain: [3, 4], draw: [0, 1, 2], place: [0, 1] });
  expect(attributes).toEqual({ title: "edges", numbers: [1, 2], half: 0.5 });
});

test("numbers with the most significant byte first, and h5py's truth values", async () => {
  const { variables, coordinates } = (await read("big-endian")).posterior!;
  expect(variables["mu"]!.data).toEqual(Float64Array.from(ramp(6)));
  expect(variables["count"]!.data).toEqual(Int32Array.of(0, 1, 2, 3, 4, 5));
  expect(variables["inside"]!.data).toEqual(Uint8Array.of(0, 0, 0, 1, 1, 1));
  expect(coordinates).toEqual({ chain: [0, 1], draw: [0, 1, 2] });
});

test("labels that a group inherits from the root of the tree", async () => {
  const { variables, coordinates } = (await read("inherited")).posterior!;
  expect(variables["mu"]).toMatchObject({ dims: ["chain", "draw"], data: Float64Array.from(ramp(6)) });
  expect(coordinates).toEqual({ chain: [7, 8], draw: [10, 20, 30] });
});
