import { InvalidArgumentError } from "@siegert/errors";
import { describe, expect, test } from "vitest";
import { pairPlot, rankPlot, tracePlot } from "../src/index.ts";
import { normalChains, pathPoints } from "./chain-figures.ts";
import { readAxis, readSvg, tickValues } from "./figure-reading.ts";

describe("tracePlot", () => {
  const chains = normalChains(3, 200);

  test("every draw of every chain lies on its line", () => {
    const root = readSvg(tracePlot({ name: "mu", chains }));
    const lines = Array.from(root.querySelectorAll("path.trace"));
    expect(lines).toHaveLength(3);
    lines.forEach((line, k) => {
      const [points] = pathPoints(root, line);
      expect(points).toHaveLength(200);
      points!.forEach(([draw, value], t) => {
        expect(Math.abs(draw - t)).toBeLessThan(0.05);
        expect(Math.abs(value - chains[k]![t]!)).toBeLessThan(0.02);
      });
    });
    expect(root.querySelector(".axis-y .axis-label")!.textContent).toBe("mu");
    expect(root.querySelectorAll("path.density")).toHaveLength(3);
  });

  test("of long chains the span of every pixel is drawn, extremes included", () => {
    const long = normalChains(1, 20_000);
    long[0]![12_345] = 9;
    const root = readSvg(tracePlot({ name: "mu", chains: long }));
    const [points] = pathPoints(root, root.querySelector("path.trace")!);
    expect(points!.length).toBeLessThan(1000);
    const values = points!.map(([, value]) => value);
    expect(Math.max(...values)).toBeCloseTo(9, 1);
    expect(Math.min(...values)).toBeCloseTo(Math.min(...long[0]!), 1);
  });

  test("draws that are not finite leave a gap", () => {
    const holed = [Float64Array.from(chains[0]!, (value, t) => (t === 50 ? Number.NaN : value))];
    const svg = tracePlot({ name: "mu", chains: holed });
    expect(svg).not.toContain("NaN");
    const root = readSvg(svg);
    expect(pathPoints(root, root.querySelector("path.trace")!).map((points) => points.length)).toEqual([50, 149]);
  });

  test("divergences are marked at their draws and counted", () => {
    const divergences = chains.map((chain, k) =>
      Array.from(chain, (_, t) => (k === 1 && (t === 20 || t === 150) ? 1 : 0)),
    );
    const root = readSvg(tracePlot({ name: "mu", chains, divergences }));
    const x = readAxis(root, "x");
    const marks = (root.querySelector("path.divergences")!.getAttribute("d") ?? "").match(/M[\d.]+/g)!;
    expect(marks.map((mark) => Math.round(x(Number(mark.slice(1)))))).toEqual([20, 150]);
    expect(root.querySelector(".note")!.textContent).toBe("| 2 divergent draws");
    expect(readSvg(tracePlot({ name: "mu", chains })).querySelector("path.divergences")).toBeNull();
  });

  test("densities follow the normal density, on the axis of the traces", () => {
    const many = normalChains(1, 5000);
    const root = readSvg(tracePlot({ name: "mu", chains: many }));
    const y = readAxis(root, "y");
    const points = (root.querySelector("path.density")!.getAttribute("d") ?? "")
      .slice(1)
      .split("L")
      .map((point) => point.split(" ").map(Number) as [number, number]);
    const heights = points.map(([px, py]) => ({ value: y(py), height: px - 532 }));
    const top = Math.max(...heights.map(({ height }) => height));
    for (const { value, height } of heights) {
      // 5000 draws and a bandwidth of 0.16: the estimate is good to a few percent of its maximum.
      expect(Math.abs(height / top - Math.exp(-0.5 * value * value))).toBeLessThan(0.08);
    }
  });

  test("a constant chain has a line and no density", () => {
    const svg = tracePlot({ name: "mu", chains: [[2, 2, 2]] });
    expect(svg).not.toContain("NaN");
    expect(readSvg(svg).querySelectorAll("path.density")).toHaveLength(0);
  });

  test("more chains than colours are summed up in the legend", () => {
    const texts = Array.from(
      readSvg(tracePlot({ name: "mu", chains: normalChains(12, 20) })).querySelectorAll(".legend text"),
    );
    expect(texts.at(-1)!.textContent).toBe("and 5 more");
  });

  test("what cannot be drawn is refused", () => {
    expect(() => tracePlot({ name: "mu", chains: [] })).toThrow("chains must hold at least one chain");
    expect(() => tracePlot({ name: "mu", chains: [[1, 2], [1]] })).toThrow("chains[1] must have 2 entries");
    expect(() => tracePlot({ name: "mu", chains: [[Number.NaN]] })).toThrow("at least one finite number");
    expect(() => tracePlot({ name: "mu", chains: [[1, 2]], divergences: [[1]] })).toThrow(InvalidArgumentError);
  });
});

describe("rankPlot", () => {
  const counts = [5, 10, 15, 10, 15, 10, 5, 10];

  test("bars are as high as their counts, beside a line at the expected count", () => {
    const root = readSvg(rankPlot({ name: "mu", counts, chains: 2, bins: 4 }));
    const rows = Array.from(root.querySelectorAll(".chain"));
    expect(rows).toHaveLength(2);
    rows.forEach((row, k) => {
      const heights = Array.from(row.querySelectorAll(".bars rect"), (bar) => Number(bar.getAttribute("height")));
      const [line, base] = Array.from(row.querySelectorAll("line"), (mark) => Number(mark.getAttribute("y1")));
      const unit = (base! - line!) / 10;
      expect(heights.map((height) => Math.round((height / unit) * 10) / 10)).toEqual(counts.slice(4 * k, 4 * k + 4));
    });
    expect(tickValues(root, "x").at(-1)).toBe(80);
    expect(root.querySelector(".summary")!.textContent).toContain("expected 10 per bin");
  });

  test("the band is two standard deviations of a count wide, on each side", () => {
    const root = readSvg(rankPlot({ name: "mu", counts: [25, 25, 25, 25], chains: 1, bins: 4 }));
    const band = Number(root.querySelector(".band")!.getAttribute("height"));
    const bar = Number(root.querySelector(".bars rect")!.getAttribute("height"));
    expect(band / bar).toBeCloseTo((4 * Math.sqrt(25 * 0.75)) / 25, 2);
  });

  test("counts that are no table are refused", () => {
    expect(() => rankPlot({ name: "mu", counts, chains: 3, bins: 4 })).toThrow(
      "counts must have length chains · bins = 12",
    );
    expect(() => rankPlot({ name: "mu", counts: [1, -1], chains: 1, bins: 2 })).toThrow("counts[1] must be a count");
    expect(() => rankPlot({ name: "mu", counts: [0, 0], chains: 1, bins: 2 })).toThrow("count at least one draw");
    expect(() => rankPlot({ name: "mu", counts: [], chains: 0, bins: 2 })).toThrow("chains must be a positive integer");
  });
});

describe("pairPlot", () => {
  const [a, b] = normalChains(2, 500) as [Float64Array, Float64Array];
  const c = a.map((value, s) => value + 0.1 * b[s]!);
  const divergences = Array.from(a, (_, s) => (s % 100 === 7 ? 1 : 0));

  test("has a panel for every pair, a histogram for every parameter, and crosses for divergent draws", () => {
    const root = readSvg(pairPlot({ names: ["a", "b", "c"], draws: [a, b, c], divergences }));
    expect(root.querySelectorAll(".panel")).toHaveLength(3);
    expect(root.querySelectorAll(".histogram")).toHaveLength(3);
    for (const panel of root.querySelectorAll(".panel")) {
      expect(panel.querySelector("path.points")!.getAttribute("d")!.match(/M/g)).toHaveLength(495);
      // A cross is two strokes; the pen moves between them with a small m.
      expect(panel.querySelector("path.divergences")!.getAttribute("d")!.match(/M/g)).toHaveLength(5);
    }
    expect(root.querySelector(".note")!.textContent).toBe("× 5 divergent draws");
    expect(Array.from(root.querySelectorAll(".axis-label"), (label) => label.textContent)).toEqual(
      expect.arrayContaining(["a", "b", "c"]),
    );
  });

  test("points lie where the draws are, on the scales of row and column", () => {
    const root = readSvg(pairPlot({ names: ["a", "c"], draws: [a, c] }));
    const panel = root.querySelector(".panel")!;
    const points = Array.from(
      panel
        .querySelector("path.points")!
        .getAttribute("d")!
        .matchAll(/M([\d.]+) ([\d.]+)h0/g),
      (m) => [Number(m[1]), Number(m[2])],
    ) as [number, number][];
    expect(points).toHaveLength(500);
    // Both axes are linear: coordinates and draws have the same correlation, with the vertical axis upwards.
    const position = (values: ArrayLike<number>, axis: 0 | 1): [number, number] => {
      const [i, j] = [0, 1].map((k) => (k === 0 ? indexOfLargest(values, -1) : indexOfLargest(values, 1))) as [
        number,
        number,
      ];
      return [points[i]![axis], points[j]![axis]];
    };
    const [left, right] = position(a, 0);
    const [bottom, top] = position(c, 1);
    points.forEach(([px, py], s) => {
      expect((px - left) / (right - left)).toBeCloseTo(share(a, s), 3);
      expect((py - bottom) / (top - bottom)).toBeCloseTo(share(c, s), 3);
    });
  });

  test("takes points evenly when there are more than asked for, and keeps every divergent one", () => {
    const root = readSvg(pairPlot({ names: ["a", "b"], draws: [a, b], divergences, maxPoints: 50 }));
    expect(root.querySelector("path.points")!.getAttribute("d")!.match(/M/g)!.length).toBeLessThanOrEqual(50);
    expect(root.querySelector("path.divergences")!.getAttribute("d")!.match(/M/g)).toHaveLength(5);
  });

  test("labels of ticks do not run into each other", () => {
    const tiny = a.map((value) => value * 1.23e-7);
    const root = readSvg(pairPlot({ names: ["a", "b", "c", "d", "e"], draws: [tiny, tiny, tiny, tiny, b] }));
    const ticks = Array.from(root.querySelectorAll(".axis[text-anchor=middle] text.tick"), (tick) => ({
      x: Number(tick.getAttribute("x")),
      half: 2.8 * tick.textContent!.length,
    })).sort((i, j) => i.x - j.x);
    expect(ticks.length).toBeGreaterThanOrEqual(5);
    for (let k = 1; k < ticks.length; k++) {
      expect(ticks[k]!.x - ticks[k]!.half).toBeGreaterThan(ticks[k - 1]!.x + ticks[k - 1]!.half);
    }
  });

  test("what cannot be drawn is refused", () => {
    expect(() => pairPlot({ names: ["a"], draws: [a] })).toThrow("names must hold 2 to 12 parameters");
    expect(() => pairPlot({ names: ["a", "b"], draws: [a] })).toThrow("draws must hold one array for each of 2 names");
    expect(() => pairPlot({ names: ["a", "b"], draws: [a, [1]] })).toThrow("draws[1] must hold 500 draws");
    expect(() => pairPlot({ names: ["a", "b"], draws: [a, b], divergences: [1] })).toThrow("one flag for each of 500");
    expect(() => pairPlot({ names: ["a", "b"], draws: [a, b], maxPoints: 0 })).toThrow("maxPoints must be a positive");
    expect(() => pairPlot({ names: ["a", "b"], draws: [[1], [Infinity]] })).toThrow(
      "draws[1] must hold at least one finite",
    );
  });
});

function indexOfLargest(values: ArrayLike<number>, sign: number): number {
  let best = 0;
  for (let s = 1; s < values.length; s++) if (sign * values[s]! > sign * values[best]!) best = s;
  return best;
}

/** Where a value lies between the smallest and the largest. */
function share(values: ArrayLike<number>, s: number): number {
  const [low, high] = [values[indexOfLargest(values, -1)]!, values[indexOfLargest(values, 1)]!];
  return (values[s]! - low) / (high - low);
}
