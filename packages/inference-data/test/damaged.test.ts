import { strToU8, unzipSync, zipSync } from "fflate";
import { type Dataset as Hdf5Dataset, File as Hdf5File, type Group as Hdf5Group, ready } from "h5wasm";
import { expect, test } from "vitest";
import {
  createInferenceData,
  fromJsonText,
  fromNetcdf,
  fromNpz,
  InferenceDataError,
  toJsonText,
  toNetcdf,
  toNpz,
} from "../src/index.ts";
import { sampleData } from "./sample-data.ts";

/** An HDF5 file that `fill` makes. */
async function hdf5(fill: (group: Hdf5Group) => void, hasGroup = true): Promise<Uint8Array> {
  const { FS } = await ready;
  const file = new Hdf5File("/damaged.nc", "w");
  fill(hasGroup ? file.create_group("posterior") : file);
  file.close();
  const bytes = FS.readFile("/damaged.nc");
  FS.unlink("/damaged.nc");
  return bytes;
}

async function netcdfError(bytes: Uint8Array): Promise<InferenceDataError> {
  const error: unknown = await fromNetcdf(bytes).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(InferenceDataError);
  return error as InferenceDataError;
}

test("NetCDF: not HDF5, the classic format, empty, truncated", async () => {
  expect((await netcdfError(new Uint8Array(0))).message).toContain("lacks the signature of HDF5");
  expect((await netcdfError(strToU8("hello, this is text"))).message).toContain("lacks the signature of HDF5");
  expect((await netcdfError(strToU8("CDF\u0001..."))).message).toContain("classic format");
  expect((await netcdfError("text" as unknown as Uint8Array)).message).toContain("must be a Uint8Array");
  const bytes = await toNetcdf(sampleData());
  expect((await netcdfError(bytes.slice(0, bytes.length / 2))).message).toMatch(/is damaged: truncated file/);
});

test("NetCDF: no groups, no dimensions, foreign element types, _Unsigned, large labels", async () => {
  const empty = await hdf5(() => {}, false);
  expect((await netcdfError(empty)).message).toBe("NetCDF: the input has no groups: it is not InferenceData");
  const bare = await hdf5((group) => group.create_dataset({ name: "mu", data: new Float64Array(3) }));
  expect((await netcdfError(bare)).message).toBe("NetCDF: posterior.mu has no named dimension on axis 0");
  const compound = await hdf5((group) => {
    group.create_dataset({ name: "mu", data: new Map([["a", Float64Array.of(1)]]), shape: [1] });
  });
  expect((await netcdfError(compound)).place).toBe("posterior.mu");
  const unsigned = await hdf5((group) => {
    group.create_dataset({ name: "mu", data: Int8Array.of(1), shape: [] }).create_attribute("_Unsigned", "true");
  });
  expect((await netcdfError(unsigned)).message).toContain("_Unsigned");
  const large = await hdf5((group) => {
    group.create_dataset({ name: "chain", data: BigInt64Array.of(2n ** 60n) }).make_scale("chain");
  });
  expect((await netcdfError(large)).message).toContain("beyond 2^53");
  const huge = await hdf5((group) => {
    group.create_dataset({ name: "chain", data: BigUint64Array.of(2n ** 63n) }).make_scale("chain");
  });
  expect((await netcdfError(huge)).message).toContain("more than 64 signed bits");
});

test("NetCDF: identities of dimensions that do not fit, or are missing, give way to the references of HDF5", async () => {
  const { FS } = await ready;
  for (const ids of [[0, 1], [2, 1, 0], [0, 1, 99], undefined]) {
    FS.writeFile("/ids.nc", await toNetcdf(sampleData()));
    const file = new Hdf5File("/ids.nc", "a");
    const theta = file.get("posterior/theta") as Hdf5Dataset;
    theta.delete_attribute("_Netcdf4Coordinates");
    if (ids) theta.create_attribute("_Netcdf4Coordinates", Int32Array.from(ids));
    file.close();
    const bytes = FS.readFile("/ids.nc");
    FS.unlink("/ids.nc");
    expect(await fromNetcdf(bytes)).toEqual(sampleData());
  }
});

test("NetCDF: bytes that flipped are refused or read, never anything else", async () => {
  const bytes = await toNetcdf(sampleData());
  let refused = 0;
  for (let run = 0; run < 60; run++) {
    const damaged = bytes.slice();
    for (let k = 0; k < 30; k++) damaged[(run * 331 + k * 977) % 20_000]! ^= 0xff;
    try {
      await fromNetcdf(damaged);
    } catch (error) {
      expect(error).toBeInstanceOf(InferenceDataError);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(30);
});

test("NPZ: not a zip, no description, a missing array, arrays that are none", () => {
  const small = createInferenceData({ posterior: { variables: { mu: { data: new Float64Array(2), shape: [1, 2] } } } });
  const archive = toNpz(small);
  expect(() => fromNpz(strToU8("PK but not really"))).toThrow(InferenceDataError);
  expect(() => fromNpz(archive.slice(0, archive.length / 2))).toThrow("is not an .npz archive");
  expect(() => fromNpz(zipSync({ "mu.npy": new Uint8Array(0) }))).toThrow("inference_data is missing from the archive");
  expect(() => fromNpz(zipSync({ "inference_data.npy": strToU8("nothing of use") }))).toThrow("is not an .npy array");
});

function npy(header: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = strToU8(`${header}\n`);
  return Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length, 0, ...text, ...body);
}

test.each([
  ["{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1), }", "posterior.coordinates.chain must have 2 labels"],
  ["{'descr': '<f8', 'fortran_order': False, 'shape': (1, 9), }", "is truncated"],
  ["{'descr': '>f8', 'fortran_order': False, 'shape': (1, 2), }", "type >f8"],
  ["{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }", "type <c16"],
  ["{'descr': '<f8', 'fortran_order': True, 'shape': (1, 2), }", "Fortran order"],
  ["{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,), }", "damaged or of records"],
])("NPZ: an array %s is refused", (header, problem) => {
  const small = createInferenceData({ posterior: { variables: { mu: { data: new Float64Array(2), shape: [1, 2] } } } });
  const entries = unzipSync(toNpz(small));
  entries["posterior/mu.npy"] = npy(header, new Uint8Array(16));
  const read = () => fromNpz(zipSync(entries));
  expect(read).toThrow(InferenceDataError);
  expect(read).toThrow(problem);
});

test("JSON: not JSON, another format, another version, values of the wrong kind", () => {
  const good = JSON.parse(toJsonText(sampleData()));
  const changed = (change: (root: typeof good) => void): (() => unknown) => {
    const root = structuredClone(good);
    change(root);
    return () => fromJsonText(JSON.stringify(root));
  };
  expect(() => fromJsonText("{")).toThrow(InferenceDataError);
  expect(() => fromJsonText("[1]")).toThrow("must be an object");
  expect(() => fromJsonText("{}")).toThrow("is not of the format");
  expect(changed((root) => (root.version = 2))).toThrow("has version 2 of the format");
  expect(changed((root) => (root.groups = {}))).toThrow("has no groups");
  expect(changed((root) => (root.groups.posterior.variables.mu.data[3] = "x"))).toThrow("posterior.mu.data[3]");
  expect(changed((root) => (root.groups.posterior.variables.mu.data[3] = null))).toThrow("posterior.mu.data[3]");
  expect(changed((root) => root.groups.posterior.variables.mu.data.pop())).toThrow("posterior.mu.data must hold");
  expect(changed((root) => (root.groups.posterior.variables.cluster.data[0] = 2 ** 40))).toThrow("32 bits");
  expect(changed((root) => (root.groups.sample_stats.variables.n_steps.data[0] = "9".repeat(19)))).toThrow("64 bits");
  expect(changed((root) => (root.groups.sample_stats.variables.diverging.data[0] = 1))).toThrow("true or false");
  expect(changed((root) => (root.groups.observed_data.variables.name.data[0] = 1))).toThrow("must be a string");
  expect(changed((root) => (root.groups.posterior.variables.mu.type = "float16"))).toThrow("posterior.mu.type");
  expect(changed((root) => (root.groups.posterior.variables.mu.dims = "chain"))).toThrow("posterior.mu.dims");
  expect(changed((root) => (root.groups.posterior.variables.mu.dims = [1, 2]))).toThrow("posterior.mu.dims");
  expect(changed((root) => (root.groups.posterior.coordinates.chain = 4))).toThrow("posterior.coordinates.chain");
  expect(changed((root) => (root.groups.posterior.attributes.a = { b: 1 }))).toThrow("posterior.attributes.a");
});
