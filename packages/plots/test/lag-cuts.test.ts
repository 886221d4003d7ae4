import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import { ageBand, lagCut } from "../src/figure/lag-cut-values.ts";
import { lagCuts } from "../src/index.ts";
import { number, readAxis, readSvg } from "./figure-reading.ts";
import { simulatedAngle } from "./simulated-fit.ts";

/** 2·lag + 3·age on the upper triangle (in frames), NaN elsewhere: means over ages and lags of it are exact. */
function linearMap(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, k) => {
    const [i, j] = [Math.floor(k / n), k % n];
    return i <= j ? 2 * (j - i) + (3 * (i + j)) / 2 : Number.NaN;
  });
}

test.each([20, 150])("each point is the mean over whole bands of ages at its lag, upper triangle only, n = %d", (n) => {
  const dt = 0.5;
  const age = n / 2;
  const cut = lagCut({ n, dt, data: linearMap(n), spacing: "log" }, age);
  expect(cut.lags.length).toBeGreaterThan(8);
  for (const [k, lag] of cut.lags.entries()) {
    const frames = lag / dt;
    // Where lag and age differ in parity the nearest pair is half a frame older; a bin of lags mixes both.
    const half = cut.data[k]! - (2 * frames + 3 * age);
    expect(half).toBeGreaterThanOrEqual(-1e-9);
    expect(half).toBeLessThanOrEqual(1.5 + 1e-9);
    if (frames <= 7) expect(half).toBeCloseTo(frames % 2 === 0 ? 0 : 1.5, 9);
  }
  // The last whole band ends where one frame of the pair leaves the map.
  expect(cut.lags.at(-1)! / dt).toBeLessThanOrEqual(n - 1 - 2 * ageBand(n));
});

test("points and lines stand at the means that the cut computes, read off the axes", () => {
  const { n, dt, startTime, data, fit } = simulatedAngle(10, 200, 0.1, 4);
  const ages = [10, 15.3];
  const root = readSvg(lagCuts({ n, dt, startTime, data, fit, ages, title: "Cuts" }));
  const [lagAt, valueAt] = [readAxis(root, "x", true), readAxis(root, "y")];
  const cuts = Array.from(root.querySelectorAll("g.cut"));
  expect(cuts).toHaveLength(2);
  for (const [k, drawn] of cuts.entries()) {
    const expected = lagCut({ n, dt, data, fit, spacing: "log" }, (ages[k]! - startTime) / dt);
    const line = (drawn.querySelector("path.fit")!.getAttribute("d") ?? "").split(/[ML]/).slice(1);
    expect(line).toHaveLength(expected.lags.length);
    for (const [p, point] of line.entries()) {
      const [x, y] = point.split(" ").map(Number) as [number, number];
      expect(lagAt(x) / expected.lags[p]! - 1).toBeCloseTo(0, 3);
      expect(valueAt(y)).toBeCloseTo(expected.fit[p]!, 3);
      expect(expected.fit[p]).toBeCloseTo(1 + 0.3 * Math.exp(-expected.lags[p]! / 5), 3);
    }
    const markers = (drawn.querySelector("path.points")!.getAttribute("d") ?? "").match(/M[^M]*/g) ?? [];
    expect(markers).toHaveLength(expected.lags.length);
    // Circles start at their left, 3 units from the centre; squares at their upper left corner.
    const [x, y] = markers[5]!.slice(1).split(/[ah ]/).map(Number) as [number, number];
    expect(lagAt(x + 3) / expected.lags[5]! - 1).toBeCloseTo(0, 3);
    expect(valueAt(k === 0 ? y : y + 3)).toBeCloseTo(expected.data[5]!, 3);
  }
});

test("the legend names the ages; by default four that divide the map, in seconds from the start", () => {
  const { n, dt, data } = simulatedAngle(0, 100);
  const legend = readSvg(lagCuts({ n, dt, startTime: 2, data, title: "" })).querySelector(".legend")!.textContent ?? "";
  for (const age of ["4 s", "6 s", "8 s", "10 s"]) expect(legend).toContain(age);
  expect(legend).toContain("points: data");
  expect(legend).not.toContain("lines: fit");
});

test("a linear lag axis starts at 0 and has at most 50 points per cut", () => {
  const { n, dt, data } = simulatedAngle(0, 300);
  const root = readSvg(lagCuts({ n, dt, startTime: 0, data, title: "", lagAxis: "linear", ages: [15] }));
  expect(number(root.querySelector(".axis-x text.tick")!.textContent)).toBe(0);
  const markers = (root.querySelector("path.points")!.getAttribute("d") ?? "").match(/M/g) ?? [];
  expect(markers.length).toBeGreaterThan(40);
  expect(markers.length).toBeLessThanOrEqual(50);
});

test("missing data leave gaps, never NaN; an age without pairs says so", () => {
  const { n, dt, data, fit } = simulatedAngle(0, 60);
  const masked = data.map((value, k) => ((k % n) - Math.floor(k / n) < 4 ? Number.NaN : value));
  const svg = lagCuts({ n, dt, startTime: 0, data: masked, fit, title: "", ages: [0, 3] });
  expect(svg).not.toContain("NaN");
  const root = readSvg(svg);
  expect(root.querySelector(".legend")!.textContent).toContain("0 s: no pairs");
  const first = (root.querySelector("path.fit")!.getAttribute("d") ?? "").slice(1).split(/[ L]/).map(Number);
  expect(readAxis(root, "x", true)(first[0]!)).toBeCloseTo(0.4, 2);
});

test("a map of nothing but NaN still makes a figure with axes", () => {
  const svg = lagCuts({ n: 5, dt: 1, startTime: 0, data: new Float64Array(25).fill(Number.NaN), title: "" });
  expect(svg).not.toContain("NaN");
  expect(readSvg(svg).querySelectorAll("path.points")).toHaveLength(4); // those of the legend alone
});

test("the smallest map has one lag", () => {
  const svg = lagCuts({ n: 2, dt: 1, startTime: 0, data: Float64Array.of(1, 2, 2, 1), title: "", ages: [0] });
  expect(readSvg(svg).querySelectorAll("g.cut path.points")).toHaveLength(1);
});

test("wrong sizes, times and ages are refused", () => {
  const good = { n: 10, dt: 1, startTime: 0, data: new Float64Array(100), title: "" };
  const refused = (input: object, message: string): void => {
    const call = (): string => lagCuts({ ...good, ...input });
    expect(call).toThrow(InvalidArgumentError);
    expect(call).toThrow(message);
  };
  refused({ data: new Float64Array(99) }, "data must be a Float64Array of n * n = 100 numbers");
  refused({ fit: new Float64Array(1) }, "fit must be a Float64Array of n * n = 100 numbers");
  refused({ n: 1, data: new Float64Array(1) }, "n must be at least 2");
  refused({ dt: -1 }, "dt must be positive");
  refused({ ages: [5, 9.5] }, "ages[1] must lie within the map, 0 to 9 s; received 9.5");
  refused({ ages: [Number.NaN] }, "ages[0] must lie within the map");
  refused({ ages: [] }, "ages must hold at least one age");
  refused({ lagAxis: "cubic" }, "lagAxis must be");
});
