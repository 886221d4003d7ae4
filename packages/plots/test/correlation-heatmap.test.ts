import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import { correlationHeatmap } from "../src/index.ts";
import { COLORS, colormap, MISSING } from "../src/paint/colormap.ts";
import { readAxis, readPicture, readSvg, tickValues, withoutPictures } from "./figure-reading.ts";
import { normals } from "./simulated-fit.ts";

const plain = { dt: 0.5, title: "Map", label: "c₂" };

function mapOf(svg: string): { root: Element; picture: ReturnType<typeof readPicture>; image: Element } {
  const root = readSvg(svg);
  const image = root.querySelector("image.map")!;
  return { root, image, picture: readPicture(image) };
}

test("t₁, the first index, runs right and t₂ upwards; values have their colours, NaN and ±∞ are grey", () => {
  const values = Float64Array.of(0, 0.25, 1, Number.NaN, 0.5, 7, -3, Infinity, 0.75);
  const { picture } = mapOf(correlationHeatmap({ ...plain, values, n: 3, range: [0, 1] }));
  const table = colormap("sequential");
  const expected = [
    [table[0], table[63], table[254]],
    [MISSING, table[127], table[254]],
    [table[0], MISSING, table[191]],
  ];
  expect([picture.width, picture.height]).toEqual([3, 3]);
  for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) expect(picture.at(i, 2 - j)).toEqual(expected[i]![j]);
});

test("a diverging map is white at 0 and has a symmetric default range", () => {
  const values = Float64Array.of(0, -2, 4, 0);
  const { root, picture } = mapOf(correlationHeatmap({ ...plain, values, n: 2, colors: "diverging" }));
  expect(picture.at(0, 1)).toEqual(colormap("diverging")[127]);
  const ticks = tickValues(root, "color");
  expect(ticks).toContain(0);
  expect(ticks).toEqual(ticks.map((tick) => -tick || 0).reverse());
  expect(picture.at(1, 1)[0]).toBeGreaterThan(picture.at(1, 1)[2]);
});

test("both axes are in seconds and end half a frame beyond the first and last time", () => {
  const values = new Float64Array(101 * 101).fill(1);
  const root = readSvg(correlationHeatmap({ ...plain, values, n: 101, dt: 0.1, startTime: 5 }));
  const [x, y] = [readAxis(root, "x"), readAxis(root, "y")];
  const frame = root.querySelector('rect[fill="none"]')!;
  const [left, top, side] = ["x", "y", "width"].map((name) => Number(frame.getAttribute(name))) as [
    number,
    number,
    number,
  ];
  expect(x(left)).toBeCloseTo(4.95, 2);
  expect(x(left + side)).toBeCloseTo(15.05, 2);
  expect(y(top + side)).toBeCloseTo(4.95, 2);
  expect(y(top)).toBeCloseTo(15.05, 2);
  expect(tickValues(root, "x")).toEqual([6, 8, 10, 12, 14]);
  const labels = Array.from(root.querySelectorAll(".axis-label"), (label) => label.textContent);
  expect(labels).toEqual(["t₁ (s)", "t₂ (s)", "c₂"]);
});

test("the default range of a small map ignores the diagonal too", () => {
  const n = 6;
  const values = Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? 50 : 1 + 0.01 * (k % n)));
  const ticks = tickValues(readSvg(correlationHeatmap({ ...plain, values, n })), "color");
  expect(Math.max(...ticks)).toBeLessThan(1.06);
});

test("the default range ignores the diagonal and single stray pixels, and keeps what lies next to the diagonal", () => {
  const n = 200;
  const values = Float64Array.from({ length: n * n }, (_, k) => {
    const [i, j] = [Math.floor(k / n), k % n];
    return i === j ? 50 : 1 + 0.3 * 0.4 ** (Math.abs(i - j) - 1);
  });
  values[3] = -1000;
  values[4 * n] = 1000;
  const ticks = tickValues(readSvg(correlationHeatmap({ ...plain, values, n })), "color");
  expect(Math.min(...ticks)).toBe(1);
  expect(Math.max(...ticks)).toBe(1.3);
});

test("pointed ends of the colour bar show where values lie beyond the range", () => {
  const values = Float64Array.of(0, 1, 2, 3);
  const ends = (range: [number, number]): number =>
    readSvg(correlationHeatmap({ ...plain, values, n: 2, range })).querySelectorAll(".color-bar path").length;
  expect([ends([0, 3]), ends([0, 2]), ends([1, 3]), ends([1, 2])]).toEqual([0, 1, 1, 2]);
});

test("a large map becomes block means without diagonal and missing entries, placed to the frame", () => {
  const n = 1001;
  const values = new Float64Array(n * n).fill(0.25);
  for (let i = 0; i < n; i++) values[i * n + i] = 1e6;
  values[0 * n + 10] = Number.NaN;
  for (const i of [20, 21]) for (const j of [0, 1]) values[i * n + j] = i === 20 ? 1 : 0.5;
  for (const i of [40, 41]) for (const j of [0, 1]) values[i * n + j] = Number.NaN;
  const { root, picture, image } = mapOf(correlationHeatmap({ ...plain, values, n, range: [0, 1] }));
  const table = colormap("sequential");
  expect([picture.width, picture.height]).toEqual([501, 501]);
  const color = (value: number): unknown => table[Math.floor(COLORS * value)];
  for (const k of [0, 250, 499]) expect(picture.at(k, 500 - k)).toEqual(color(0.25));
  expect(picture.at(500, 0)).toEqual(MISSING); // the last block is the last diagonal entry alone
  expect(picture.at(0, 495)).toEqual(color(0.25));
  expect(picture.at(10, 500)).toEqual(color(0.75));
  expect(picture.at(20, 500)).toEqual(MISSING);
  // 501 blocks of 2 cover 1002 frames: the picture is larger than the frame by one frame in 1001.
  const side = Number(root.querySelector('rect[fill="none"]')!.getAttribute("width"));
  expect(Number(image.getAttribute("width")) / side).toBeCloseTo(1002 / 1001, 4);
  expect(Number(image.getAttribute("y"))).toBeCloseTo(side - (side * 1002) / 1001, 1);
  expect(root.querySelector("desc")!.textContent).toContain("mean of 2 × 2 pairs");
});

test("a noisy map of 4000 × 4000 makes less than 1 MB", () => {
  const n = 4000;
  const noise = normals(1 << 16);
  const values = Float64Array.from({ length: n * n }, (_, k) => 1 + noise[(k * 7919 + (k >>> 13)) & 0xffff]!);
  const svg = correlationHeatmap({ ...plain, values, n });
  expect(svg.length).toBeLessThan(1_000_000);
  expect(svg.length).toBeGreaterThan(100_000); // the noise is really in it
});

test("a map without any finite value is grey all over", () => {
  const { picture } = mapOf(correlationHeatmap({ ...plain, values: new Float64Array(4).fill(Number.NaN), n: 2 }));
  for (const [x, y] of [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ] as const)
    expect(picture.at(x, y)).toEqual(MISSING);
});

test("a constant map gets a range around its value", () => {
  for (const value of [0, 1, -5e-9]) {
    const svg = correlationHeatmap({ ...plain, values: new Float64Array(9).fill(value), n: 3 });
    expect(mapOf(svg).picture.at(0, 0)).toEqual(colormap("sequential")[127]);
    expect(withoutPictures(svg)).not.toContain("NaN");
  }
});

test("titles and labels are text, never markup; the same input gives the same string", () => {
  const hostile = `<script>alert("1")</script> & 'x' \u0000\ud800`;
  const input = { ...plain, values: Float64Array.of(1, 2, 3, 4), n: 2, title: hostile, label: hostile };
  const svg = correlationHeatmap(input);
  expect(svg).not.toContain("<script");
  const root = readSvg(svg);
  expect(root.querySelector("text.heading")!.textContent).toBe(`<script>alert("1")</script> & 'x' \ufffd\ufffd`);
  expect(correlationHeatmap(input)).toBe(svg);
  expect(svg).not.toContain(" id=");
});

test("what cannot be a map is refused before any work", () => {
  const values = new Float64Array(4);
  const refused = (input: object, message: string): void => {
    const call = (): string => correlationHeatmap({ ...plain, values, n: 2, ...input });
    expect(call).toThrow(InvalidArgumentError);
    expect(call).toThrow(message);
  };
  refused({ n: 3 }, "values must be a Float64Array of n * n = 9 numbers");
  refused({ values: [1, 2, 3, 4] }, "values must be a Float64Array");
  refused({ n: 0 }, "n must be a positive integer");
  refused({ n: 1.5 }, "n must be a positive integer");
  refused({ dt: 0 }, "dt must be positive and finite");
  refused({ startTime: Number.NaN }, "startTime must be finite");
  refused({ range: [1, 1] }, "range must be two finite numbers");
  refused({ range: [0, Infinity] }, "range must be two finite numbers");
  refused({ colors: "jet" }, "colors must be");
  refused({ maxPixels: 0 }, "maxPixels must be a positive integer");
});
