/**
 * Where the spins of a wide lattice lie: two planes of one bit per spin, one per colour of the checkerboard.
 *
 * Row y of colour c holds the sites with x = 2j + ((y + c) mod 2), j = 0 … width/2 − 1. They are W = width/256 vectors of
 * 128 bits; site j is bit ⌊j / W⌋ of vector j mod W, so that the neighbours j ± 1 are in the next vector, same bit, but for
 * the last vector of a row, where they are one bit on.
 */
import { LANES_BYTES } from "../random/xoshiro.ts";

/** Shape of a wide lattice. */
export interface WideShape {
  readonly height: number;
  readonly width: number;
  /** Signs of bonds are kept. */
  readonly hasSigns: boolean;
  /** Bonds can be missing. */
  readonly isDiluted: boolean;
}

/** Offsets in bytes within the state of one replica: two generators, then the planes. */
export const GENERATORS_BYTES: number = 2 * LANES_BYTES;

/** Vectors per row of a colour. */
export function rowVectors({ width }: WideShape): number {
  return width / 256;
}

/** Vectors of one colour. */
export function planeVectors(shape: WideShape): number {
  return shape.height * rowVectors(shape);
}

/** Bytes of one replica. */
export function replicaBytes(shape: WideShape): number {
  return GENERATORS_BYTES + 32 * planeVectors(shape);
}

/** Bytes of the signs (or of the presence) of all bonds: four vectors per vector of spins. */
export function bondBytes(shape: WideShape): number {
  return 128 * planeVectors(shape);
}

/** Where a site lies among the vectors of its colour. */
export interface SitePlace {
  readonly colour: 0 | 1;
  readonly vector: number;
  readonly bit: number;
}

/** Place of site (y, x). */
export function placeOf(shape: WideShape, y: number, x: number): SitePlace {
  const vectors = rowVectors(shape);
  const j = x >> 1;
  return { colour: ((y + x) & 1) as 0 | 1, vector: y * vectors + (j % vectors), bit: Math.floor(j / vectors) };
}

/** Word of 32 bits, counted from the first plane, and bit in it, of site (y, x). */
export function wordOf(shape: WideShape, y: number, x: number): { word: number; bit: number } {
  const { colour, vector, bit } = placeOf(shape, y, x);
  return { word: 4 * (colour * planeVectors(shape) + vector) + (bit >> 5), bit: bit & 31 };
}
