import { expect, test } from "vitest";
import { seriesColor } from "../src/figure/series-style.ts";
import { COLORS, colorIndex, colormap, cssColor, MISSING } from "../src/paint/colormap.ts";
import { distance, type Oklab, oklabFromRgb, type Rgb } from "../src/paint/oklab.ts";

type Matrix = readonly (readonly [number, number, number])[];

/** Machado, Oliveira & Fernandes (2009), severity 1: on linear RGB. */
const DEFICIENCIES: readonly (readonly [string, Matrix])[] = [
  [
    "protanopia",
    [
      [0.152286, 1.052583, -0.204868],
      [0.114503, 0.786281, 0.099216],
      [-0.003882, -0.048116, 1.051998],
    ],
  ],
  [
    "deuteranopia",
    [
      [0.367322, 0.860646, -0.227968],
      [0.280085, 0.672501, 0.047413],
      [-0.01182, 0.04294, 0.968881],
    ],
  ],
  [
    "tritanopia",
    [
      [1.255528, -0.076749, -0.178779],
      [-0.078411, 0.930809, 0.147602],
      [0.004733, 0.691367, 0.3039],
    ],
  ],
];

function seenWith(matrix: Matrix, rgb: Rgb): Oklab {
  const linear = rgb.map((part) => (part <= 10.31 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  const seen = matrix.map((row) => {
    const part = Math.min(
      1,
      Math.max(
        0,
        row.reduce((sum, weight, k) => sum + weight * linear[k]!, 0),
      ),
    );
    return 255 * (part <= 0.0031308 ? 12.92 * part : 1.055 * part ** (1 / 2.4) - 0.055);
  });
  return oklabFromRgb([seen[0]!, seen[1]!, seen[2]!]);
}

function fromHex(hex: string): Rgb {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
}

test("OKLab of sRGB red, green, blue and white is that of Ottosson's article, to 1e-3", () => {
  const published: [Rgb, Oklab][] = [
    [
      [255, 0, 0],
      [0.628, 0.2249, 0.1258],
    ],
    [
      [0, 255, 0],
      [0.8664, -0.2339, 0.1795],
    ],
    [
      [0, 0, 255],
      [0.452, -0.0325, -0.3115],
    ],
    [
      [255, 255, 255],
      [1, 0, 0],
    ],
  ];
  for (const [rgb, oklab] of published) expect(distance(oklabFromRgb(rgb), oklab)).toBeLessThan(1e-3);
});

test("the sequential map starts and ends where viridis does, and brightens evenly", () => {
  const colors = colormap("sequential").map(oklabFromRgb);
  expect(colors).toHaveLength(COLORS);
  expect(distance(colors[0]!, oklabFromRgb(fromHex("#440154")))).toBeLessThan(0.03);
  expect(distance(colors.at(-1)!, oklabFromRgb(fromHex("#fde725")))).toBeLessThan(0.03);
  // Over 16 colours, rounding to 8 bits no longer matters.
  for (let k = 16; k < COLORS; k++) expect(colors[k]![0]).toBeGreaterThan(colors[k - 16]![0] + 0.02);
});

test.each(["sequential", "diverging"] as const)(
  "equal steps of the %s map look equally large, within 10 %%",
  (name) => {
    const colors = colormap(name).map(oklabFromRgb);
    // Steps of a fourteenth of the map: long against 8-bit rounding, short against the bends; 127 is the middle.
    const [first, second] = [colors.slice(0, 127), colors.slice(127)];
    const steps = [first, second].flatMap((half) =>
      Array.from({ length: 7 }, (_, k) => distance(half[18 * k]!, half[18 * (k + 1)] ?? half.at(-1)!)),
    );
    const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
    for (const step of steps) expect(Math.abs(step / mean - 1)).toBeLessThan(0.1);
  },
);

test("the diverging map is white in the middle, equally dark at both ends, blue below and red above", () => {
  const colors = colormap("diverging");
  const oklab = colors.map(oklabFromRgb);
  expect(Math.hypot(oklab[127]![1], oklab[127]![2])).toBeLessThan(0.005);
  expect(oklab[127]![0]).toBeGreaterThan(0.95);
  for (let k = 0; k < 127; k++) expect(Math.abs(oklab[k]![0] - oklab[COLORS - 1 - k]![0])).toBeLessThan(0.01);
  expect(colors[0]![2]).toBeGreaterThan(colors[0]![0] + 80);
  expect(colors.at(-1)![0]).toBeGreaterThan(colors.at(-1)![2] + 80);
});

test.each(DEFICIENCIES)("with %s the maps keep their order and the series stay apart", (_, matrix) => {
  const sequential = colormap("sequential").map((rgb) => seenWith(matrix, rgb));
  for (let k = 16; k < COLORS; k++) expect(sequential[k]![0]).toBeGreaterThan(sequential[k - 16]![0]);
  const diverging = colormap("diverging").map((rgb) => seenWith(matrix, rgb));
  for (let k = 0; k < 64; k++) expect(distance(diverging[k]!, diverging[COLORS - 1 - k]!)).toBeGreaterThan(0.1);
  const series = [0, 1, 2, 3].map((k) => seenWith(matrix, fromHex(seriesColor(k))));
  for (const [k, one] of series.entries()) {
    for (const other of series.slice(k + 1)) expect(distance(one, other)).toBeGreaterThan(0.05);
  }
});

test("no colour of either map can be taken for a missing value", () => {
  const missing = oklabFromRgb(MISSING);
  for (const rgb of [...colormap("sequential"), ...colormap("diverging")]) {
    expect(distance(oklabFromRgb(rgb), missing)).toBeGreaterThan(0.07);
  }
});

test("values beyond the range take the end colours, the middle the middle colour", () => {
  expect([-9, 0, 0.499, 0.5, 0.501, 1, 9].map((value) => colorIndex(value, 0, 1))).toEqual([
    0, 0, 127, 127, 127, 254, 254,
  ]);
  expect(cssColor([0, 10, 255])).toBe("#000aff");
});
