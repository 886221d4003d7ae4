import { encode } from "fast-png";
import { base64 } from "./base64.ts";
import { COLORS, type ColormapName, colormap, MISSING } from "./colormap.ts";

/** Pixel value of a missing entry; colour k of the map is pixel value k + 1. */
export const MISSING_PIXEL = 0;

const BYTES = COLORS + 1;

/**
 * A picture of at most 256 colours as a PNG data URI: one byte per pixel before compression, a third of RGB.
 *
 * @param pixels row by row from the top; {@link MISSING_PIXEL} or 1 + the index in the colour map.
 */
export function paletteImage(pixels: Uint8Array, width: number, height: number, colors: ColormapName): string {
  const palette = [MISSING, ...colormap(colors)].slice(0, BYTES).map((rgb): [number, number, number] => [...rgb]);
  const png = encode({ width, height, data: pixels, depth: 8, channels: 1, palette }, { zlib: { level: 6 } });
  return `data:image/png;base64,${base64(png)}`;
}
