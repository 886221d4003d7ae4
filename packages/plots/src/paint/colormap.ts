/**
 * The two colour maps, computed in OKLab so that equal steps of the value are equal steps of the perceived colour:
 * `sequential` runs from dark violet over teal to yellow, the hues of viridis (van der Walt & Smith 2015), with
 * rising lightness; `diverging` from blue over white to red with the same lightness on both sides. Both keep their
 * order for the common kinds of colour blindness, since lightness carries it, and blue against red the sign.
 */
import { distance, type Oklab, oklabFromHue, type Rgb, rgbFromOklab } from "./oklab.ts";

/** Name of a colour map. */
export type ColormapName = "sequential" | "diverging";

/** Colours of a map: odd, so that the diverging map has a middle. */
export const COLORS = 255;

/** Colour of values that are missing: a grey that neither map contains. */
export const MISSING: Rgb = [150, 150, 150];

const tables = new Map<ColormapName, readonly Rgb[]>();

/** The colours of a map from its low to its high end, {@link COLORS} of them. */
export function colormap(name: ColormapName): readonly Rgb[] {
  let table = tables.get(name);
  if (table === undefined) {
    table = evenSteps(name === "sequential" ? sequentialPath : divergingPath).map(rgbFromOklab);
    tables.set(name, table);
  }
  return table;
}

/** Index 0 … {@link COLORS} − 1 of the colour of a finite value; values beyond the range get the end colours. */
export function colorIndex(value: number, low: number, high: number): number {
  const index = Math.floor((COLORS * (value - low)) / (high - low));
  return index < 0 ? 0 : index >= COLORS ? COLORS - 1 : index;
}

/** The colour as CSS writes it. */
export function cssColor([red, green, blue]: Rgb): string {
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** Lightness rises evenly; chroma dips in the middle, where sRGB can show little of it between blue and green. */
function sequentialPath(s: number): Oklab {
  return oklabFromHue(0.28 + 0.64 * s, 0.135 - 0.24 * s + 0.3 * s * s, 318 - 270 * s + 54 * s * s);
}

/** Two straight lines in OKLab, so the lightness at ±x is the same. */
function divergingPath(s: number): Oklab {
  const strength = Math.abs(2 * s - 1);
  return oklabFromHue(0.97 - 0.55 * strength, 0.155 * strength, s < 0.5 ? 256 : 26);
}

/** Points of a path that are equally far apart along it. */
function evenSteps(path: (s: number) => Oklab): Oklab[] {
  const fine = 8 * (COLORS - 1);
  const points = Array.from({ length: fine + 1 }, (_, i) => path(i / fine));
  const length = [0];
  for (let i = 1; i <= fine; i++) length.push(length[i - 1]! + distance(points[i - 1]!, points[i]!));
  const steps: Oklab[] = [];
  let at = 0;
  for (let k = 0; k < COLORS; k++) {
    const wanted = (length[fine]! * k) / (COLORS - 1);
    while (at < fine && Math.abs(length[at + 1]! - wanted) <= Math.abs(length[at]! - wanted)) at++;
    steps.push(points[at]!);
  }
  return steps;
}
