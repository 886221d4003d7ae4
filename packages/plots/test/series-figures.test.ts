import { InvalidArgumentError } from "@siegert/errors";
import { describe, expect, test } from "vitest";
import { ridgePlot, seriesPlot } from "../src/index.ts";
import { readAxis, readSvg } from "./figure-reading.ts";
import { normals } from "./simulated-fit.ts";

/** The corners of a path of straight lines, in figure coordinates. */
function corners(path: Element): [number, number][] {
  const stretches = (path.getAttribute("d") ?? "").replace(/Z$/, "").split(/[ML]/).slice(1);
  return stretches.map((point) => point.split(" ").map(Number) as [number, number]);
}

const AXES = { title: "Barrier", xLabel: "β", yLabel: "λ" };

describe("seriesPlot", () => {
  test("lines, markers and error bars lie at their values", () => {
    const svg = seriesPlot({
      ...AXES,
      note: "two rounds",
      series: [
        { label: "round 9", x: [0, 0.5, 1], y: [1, 4, 2], errors: [0.5, 0, 0.25] },
        { label: "round 10", x: [0, 1], y: [3, 3], style: "line" },
      ],
      references: [{ y: 2.5, label: "half" }],
    });
    const root = readSvg(svg);
    const [x, y] = [readAxis(root, "x"), readAxis(root, "y")];
    const [first, second] = Array.from(root.querySelectorAll(".series path.line"), corners);
    expect(first!.map(([px]) => x(px))).toEqual([0, 0.5, 1].map((value) => expect.closeTo(value, 2)));
    expect(first!.map(([, py]) => y(py))).toEqual([1, 4, 2].map((value) => expect.closeTo(value, 1)));
    expect(second!.map(([, py]) => y(py))).toEqual([3, 3].map((value) => expect.closeTo(value, 1)));
    const bars = Array.from(root.querySelectorAll(".errors line"), (bar) => [
      y(Number(bar.getAttribute("y1"))),
      y(Number(bar.getAttribute("y2"))),
    ]);
    expect(bars).toEqual([
      [expect.closeTo(0.5, 1), expect.closeTo(1.5, 1)],
      [expect.closeTo(1.75, 1), expect.closeTo(2.25, 1)],
    ]);
    expect(root.querySelectorAll("path.points")).toHaveLength(1);
    expect(y(Number(root.querySelector(".reference line")!.getAttribute("y1")))).toBeCloseTo(2.5, 1);
    expect(Array.from(root.querySelectorAll(".legend text"), (text) => text.textContent)).toEqual([
      "round 9",
      "round 10",
    ]);
  });

  test("steps hold a value until the next; what is not finite leaves a gap", () => {
    const root = readSvg(seriesPlot({ ...AXES, series: [{ x: [0, 1, 2], y: [5, 7, 6], style: "steps" }] }));
    const [x, y] = [readAxis(root, "x"), readAxis(root, "y")];
    const points = corners(root.querySelector("path.line")!).map(([px, py]) => [Math.round(x(px)), Math.round(y(py))]);
    expect(points).toEqual([
      [0, 5],
      [1, 5],
      [1, 7],
      [2, 7],
      [2, 6],
    ]);
    const holed = readSvg(seriesPlot({ ...AXES, series: [{ x: [0, 1, 2, 3], y: [5, Number.NaN, 6, 7] }] }));
    expect(holed.querySelector("path.line")!.getAttribute("d")!.match(/M/g)).toHaveLength(2);
  });

  test("of many curves the legend names six; constant values have a range", () => {
    const series = Array.from({ length: 9 }, (_, k) => ({ label: `replica ${k}`, x: [0, 1], y: [2, 2] }));
    const svg = seriesPlot({ ...AXES, series });
    expect(svg).not.toContain("NaN");
    const texts = Array.from(readSvg(svg).querySelectorAll(".legend text"), (text) => text.textContent);
    expect(texts).toHaveLength(7);
    expect(texts.at(-1)).toBe("and 3 more");
  });

  test("curves that do not fit are refused by name", () => {
    expect(() => seriesPlot({ ...AXES, series: [] })).toThrow(InvalidArgumentError);
    expect(() => seriesPlot({ ...AXES, series: [{ x: [0, 1], y: [1] }] })).toThrow(/series\[0\]\.y/);
    expect(() => seriesPlot({ ...AXES, series: [{ x: [0], y: [1], errors: [] }] })).toThrow(/series\[0\]\.errors/);
    expect(() => seriesPlot({ ...AXES, series: [{ x: [0], y: [Number.NaN] }] })).toThrow(/finite/);
  });
});

describe("ridgePlot", () => {
  const draws = normals(2000);

  test("every row is a histogram to its own height, highest where most draws are", () => {
    const rows = [
      { label: "β = 0", values: draws.map((value) => 3 * value) },
      { label: "β = 1", values: draws.map((value) => value + 4) },
    ];
    const root = readSvg(ridgePlot({ title: "Energies", rows, xLabel: "V" }));
    const x = readAxis(root, "x");
    const ridges = Array.from(root.querySelectorAll("path.histogram"), corners);
    expect(ridges).toHaveLength(2);
    const peaks = ridges.map((points) => points.reduce((best, point) => (point[1] < best[1] ? point : best)));
    expect(Math.abs(x(peaks[0]![0]))).toBeLessThan(3);
    expect(Math.abs(x(peaks[1]![0]) - 4)).toBeLessThan(1);
    const heights = ridges.map(
      (points) => Math.max(...points.map(([, y]) => y)) - Math.min(...points.map(([, y]) => y)),
    );
    expect(heights[0]).toBeCloseTo(heights[1]!, 0);
  });

  test("rows without values, and bins that are none, are refused", () => {
    const rows = [{ label: "a", values: [1, 2] }];
    expect(() => ridgePlot({ title: "t", rows: [], xLabel: "V" })).toThrow(InvalidArgumentError);
    expect(() => ridgePlot({ title: "t", rows, xLabel: "V", bins: 0 })).toThrow(/bins/);
    expect(() => ridgePlot({ title: "t", rows: [...rows, { label: "b", values: [NaN] }], xLabel: "V" })).toThrow(
      /rows\[1\]\.values/,
    );
  });
});
