import { File, ready } from "h5wasm/node";

/** A dataset to be written: its numbers and, unless it is a vector, its shape. */
export interface Fixture {
  readonly data: Float64Array | Float32Array | Int32Array | Int16Array | BigInt64Array;
  readonly shape?: readonly number[];
  readonly dtype?: string;
  readonly chunks?: readonly number[];
}

/** Writes an HDF5 file with the given datasets; groups come from the paths. */
export async function writeHdf5(
  path: string,
  datasets: Readonly<Record<string, Fixture>>,
  emptyGroups: readonly string[] = [],
): Promise<void> {
  await ready;
  const file = new File(path, "w");
  for (const group of emptyGroups) makeGroups(file, group.split("/"));
  for (const [name, { data, shape, dtype, chunks }] of Object.entries(datasets)) {
    const parts = name.split("/");
    const group = makeGroups(file, parts.slice(0, -1));
    group.create_dataset({
      name: parts.at(-1)!,
      data,
      shape: shape === undefined ? [data.length] : [...shape],
      ...(dtype === undefined ? {} : { dtype }),
      ...(chunks === undefined ? {} : { chunks: [...chunks], compression: 4 }),
    });
  }
  file.flush();
  file.close();
}

function makeGroups(file: File, parts: readonly string[]): File {
  let group = file;
  for (const part of parts) group = (group.get(part) ?? group.create_group(part)) as File;
  return group;
}

/** A symmetric map that tells its entries apart: 1 + (i + 1)(j + 1) · scale. */
export function productMap(n: number, scale: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, k) => 1 + (Math.floor(k / n) + 1) * ((k % n) + 1) * scale);
}

/** The upper (or lower) half of a map, the other half zero. */
export function half(map: Float64Array, n: number, isUpper = true): Float64Array {
  return map.map((value, k) => {
    const [i, j] = [Math.floor(k / n), k % n];
    return i === j || i < j === isUpper ? value : 0;
  });
}
