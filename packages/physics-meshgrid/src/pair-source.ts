import { InvalidArgumentError } from "@siegert/errors";
import { type AngleData, pairedColumn, pairedRow } from "./angle-data.ts";
import type { Tile, TileLayout } from "./tile-layout.ts";

/**
 * One number per pair of frames and angle: a flat array (angles, N, N) row-major, one array of N·N per angle, or a
 * function that gives the array of an angle, called once per angle and in order, so that one map is in memory at a time.
 * Only entries with row < column are read, and nothing is kept.
 */
export type PairSource = Float64Array | readonly Float64Array[] | ((angle: number) => Float64Array);

/** The N·N numbers of one angle. @throws {InvalidArgumentError} for wrong lengths. */
export function mapOf(
  argument: string,
  source: PairSource,
  angle: number,
  angles: number,
  frames: number,
): Float64Array {
  const size = frames * frames;
  if (typeof source === "function") {
    const map = source(angle);
    if (!(map?.length === size)) {
      throw new InvalidArgumentError(`${argument}(${angle})`, `give ${frames} × ${frames} numbers`, map);
    }
    return map;
  }
  if (Array.isArray(source)) {
    if (source.length !== angles) {
      throw new InvalidArgumentError(argument, `hold one map per angle, ${angles}`, source);
    }
    const map = source[angle] as Float64Array | undefined;
    if (!(map?.length === size)) {
      throw new InvalidArgumentError(`${argument}[${angle}]`, `hold ${frames} × ${frames} numbers`, map);
    }
    return map;
  }
  const flat = source as Float64Array;
  if (!(flat?.length === angles * size)) {
    throw new InvalidArgumentError(argument, `hold ${angles} × ${frames} × ${frames} numbers`, flat);
  }
  return flat.subarray(angle * size, (angle + 1) * size);
}

/**
 * Copies the upper triangle of a map, and of its weights, into tile order. Pairs of weight 0 are stored as 0, so what the
 * map holds there does not matter.
 *
 * @returns pairs that count, of weight > 0.
 * @throws {InvalidArgumentError} for data that are not finite or weights that are negative or not finite: how many, and
 * the first position.
 */
export function packAngle(
  layout: TileLayout,
  angle: number,
  map: Float64Array,
  mapWeights: Float64Array | undefined,
  packed: AngleData,
): number {
  if (mapWeights !== undefined) {
    check("weights", layout, angle, mapWeights, undefined, (w) => w >= 0 && w < Infinity, "be finite and not negative");
  }
  check("c2", layout, angle, map, mapWeights, Number.isFinite, "be finite wherever the weight is positive");
  let pairs = 0;
  for (const tile of layout.tiles) pairs += packTile(layout, tile, map, mapWeights, packed);
  return pairs;
}

function packTile(
  { frames, first }: TileLayout,
  tile: Tile,
  map: Float64Array,
  mapWeights: Float64Array | undefined,
  { data, weights, isPaired }: AngleData,
): number {
  let pairs = 0;
  for (let r = 0; r < tile.rows; r++) {
    const from = (tile.row + r + first) * frames + tile.column + first;
    const row = isPaired ? pairedRow(tile, r) : tile.offset + r * tile.stride;
    for (let c = tile.isDiagonal ? r + 1 : 0; c < tile.columns; c++) {
      const weight = mapWeights === undefined ? 1 : mapWeights[from + c]!;
      const to = row + (isPaired ? pairedColumn(c) : c);
      if (weights !== undefined) weights[to] = weight;
      if (weight === 0) continue;
      data[to] = map[from + c]!;
      pairs++;
    }
  }
  return pairs;
}

function check(
  argument: string,
  { frames, first }: TileLayout,
  angle: number,
  map: Float64Array,
  mapWeights: Float64Array | undefined,
  isGood: (value: number) => boolean,
  requirement: string,
): void {
  let count = 0;
  let position = 0;
  for (let i = first; i < frames; i++) {
    for (let j = i + 1; j < frames; j++) {
      const k = i * frames + j;
      if (isGood(map[k]!) || mapWeights?.[k] === 0) continue;
      if (count++ === 0) position = k;
    }
  }
  if (count === 0) return;
  const [i, j] = [Math.floor(position / frames), position % frames];
  const where = `at angle ${angle}, ${count} ${count === 1 ? "entry does" : "entries do"} not, the first at (${i}, ${j})`;
  throw new InvalidArgumentError(argument, `${requirement} (${where})`, map[position]);
}
