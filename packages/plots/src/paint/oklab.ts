/**
 * The OKLab colour space, in which equal distances look about equally different.
 *
 * Source: Ottosson (2020), A perceptual color space for image processing; the transfer function of sRGB is that of
 * IEC 61966-2-1.
 */

/** Lightness 0 … 1 and the two opponent axes. */
export type Oklab = readonly [lightness: number, a: number, b: number];

/** Red, green and blue of sRGB, 0 … 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** The colour of given lightness, chroma and hue (degrees); the chroma is reduced until sRGB can show it. */
export function oklabFromHue(lightness: number, chroma: number, hueDegrees: number): Oklab {
  const hue = (hueDegrees * Math.PI) / 180;
  const at = (scale: number): Oklab => [lightness, scale * chroma * Math.cos(hue), scale * chroma * Math.sin(hue)];
  if (isShown(at(1))) return at(1);
  let shown = 0;
  let beyond = 1;
  for (let step = 0; step < 30; step++) {
    const middle = (shown + beyond) / 2;
    if (isShown(at(middle))) shown = middle;
    else beyond = middle;
  }
  return at(shown);
}

/** The nearest 8-bit sRGB colour. */
export function rgbFromOklab(color: Oklab): Rgb {
  const [red, green, blue] = linearRgb(color);
  return [byte(red), byte(green), byte(blue)];
}

/** OKLab of an 8-bit sRGB colour. */
export function oklabFromRgb([red, green, blue]: Rgb): Oklab {
  const r = linear(red / 255);
  const g = linear(green / 255);
  const b = linear(blue / 255);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** Euclidean distance in OKLab: the perceived difference. */
export function distance(one: Oklab, other: Oklab): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

function linearRgb([lightness, a, b]: Oklab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function isShown(color: Oklab): boolean {
  return linearRgb(color).every((part) => part >= 0 && part <= 1);
}

function byte(part: number): number {
  const clipped = Math.min(Math.max(part, 0), 1);
  const encoded = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
  return Math.round(255 * encoded);
}

function linear(encoded: number): number {
  return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
}
