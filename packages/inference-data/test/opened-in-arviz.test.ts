import { inflateSync } from "node:zlib";
import { type Dataset as Hdf5Dataset, File as Hdf5File, type Group as Hdf5Group, ready } from "h5wasm";
import { expect, test } from "vitest";
import { float64Values, fromNetcdf, toNetcdf } from "../src/index.ts";
// What ArviZ and NumPy made of our files; from open_in_arviz.py.
import opened from "./fixtures/opened_in_arviz.json" with { type: "json" };
import { CHAINS, DRAWS, sampleData } from "./sample-data.ts";

const openedFile = inflateSync(Buffer.from(opened.file, "base64"));

/** Everything that a reader of NetCDF goes by: paths, element types, shapes, attributes, attached dimension scales. */
async function structure(bytes: Uint8Array): Promise<string[]> {
  const { FS } = await ready;
  FS.writeFile("/structure.nc", bytes);
  const file = new Hdf5File("/structure.nc", "r");
  try {
    return file.paths().flatMap((path) => {
      const entity = file.get(path) as Hdf5Dataset | Hdf5Group;
      const attributes = Object.entries(entity.attrs).map(([name, { dtype, shape, value }]) => {
        const isReference = name === "REFERENCE_LIST" || name === "DIMENSION_LIST";
        return `${path}@${name} ${JSON.stringify([dtype, shape, isReference ? null : value])}`;
      });
      if (!("dtype" in entity)) return [path, ...attributes];
      const scales = (entity.shape ?? []).map((_, axis) => entity.get_attached_scales(axis));
      return [`${path} ${JSON.stringify([entity.dtype, entity.shape, scales])}`, ...attributes];
    });
  } finally {
    file.close();
    FS.unlink("/structure.nc");
  }
}

test("a file written now has the structure of the one that ArviZ opened", async () => {
  const now = await structure(await toNetcdf(sampleData()));
  expect(now).toEqual(await structure(openedFile));
  expect(now).toContain('posterior/mu ["<d",[4,150],[["/posterior/chain"],["/posterior/draw"]]]');
  expect(now.some((line) => line.startsWith("posterior/school@CLASS"))).toBe(true);
});

test("the file that ArviZ opened holds the sample data", async () => {
  expect(await fromNetcdf(openedFile)).toEqual(sampleData());
});

test.each(["arviz-0", "arviz-1"] as const)("%s, both engines: dimensions, labels, types and attributes", (version) => {
  const { opened: files, seen } = opened[version];
  expect(files).toEqual([
    "sample-packed.nc h5netcdf",
    "sample-packed.nc netcdf4",
    "sample.nc h5netcdf",
    "sample.nc netcdf4",
  ]);
  expect(seen.posterior.variables.theta.dims).toEqual(["chain", "draw", "school"]);
  expect(seen.posterior.labels.school).toEqual(["Ångström", "b c", "日本"]);
  expect(seen.posterior.labels.chain).toEqual([0, 1, 2, 3]);
  expect(seen.posterior_predictive.labels.time).toEqual([0.25, 0.5, 1, 2]);
  const { mu, cluster } = seen.posterior.variables;
  const { diverging, n_steps } = seen.sample_stats.variables;
  expect([mu, cluster, diverging, n_steps].map(({ dtype }) => dtype)).toEqual(["f8", "i4", "b1", "i8"]);
  expect(mu.attributes).toEqual({ bounds: [0, 1.5], prior: "normal", unit: "nm²/s" });
  expect(seen.posterior.attributes).toEqual({ ...sampleData().posterior!.attributes });
  expect(seen.observed_data.attributes).toEqual({ ...sampleData().observedData!.attributes });
  expect(seen.observed).toEqual({ y: [1.5, "nan", "-inf", -0], name: ["Å", "", "日本", "😀"], count: 3 });
});

test.each(["arviz-0", "arviz-1"] as const)("%s: az.summary has the mean and sd of the draws", (version) => {
  // The script compares the whole summary with that of NumPy arrays; these two can be had here.
  const table: Record<string, { mean: number; sd: number; ess_bulk: number }> = opened[version].summary;
  const { mu, theta } = sampleData().posterior!.variables;
  const draws = float64Values(theta!);
  const columns: Record<string, Float64Array> = { mu: float64Values(mu!) };
  for (const [k, school] of ["Ångström", "b c", "日本"].entries()) {
    columns[`theta[${school}]`] = draws.filter((_, i) => i % 3 === k);
  }
  expect(Object.keys(table)).toEqual(Object.keys(columns));
  for (const [name, values] of Object.entries(columns)) {
    const count = CHAINS * DRAWS;
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1));
    expect(Math.abs(table[name]!.mean - mean)).toBeLessThan(1e-14);
    expect(Math.abs(table[name]!.sd / sd - 1)).toBeLessThan(1e-13);
    // Independent draws: the effective size is about their number.
    expect(table[name]!.ess_bulk / count).toBeGreaterThan(0.7);
  }
});
