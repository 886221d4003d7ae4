import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import { residualHistogram } from "../src/index.ts";
import { readAxis, readSvg } from "./figure-reading.ts";
import { normals } from "./simulated-fit.ts";

/** Left edge, width and density of every bar, read off the axes. */
function readBars(root: Element): { left: number; width: number; density: number }[] {
  const [x, y] = [readAxis(root, "x"), readAxis(root, "y")];
  return Array.from(root.querySelectorAll(".bars rect"), (bar) => {
    const [at, top, width] = ["x", "y", "width"].map((name) => Number(bar.getAttribute(name))) as [
      number,
      number,
      number,
    ];
    return { left: x(at), width: x(at + width) - x(at), density: y(top) };
  });
}

test("normal residuals fill the area under the standard normal density that is drawn with them", () => {
  const residuals = normals(50_000).map((value) => 0.02 * value);
  const root = readSvg(residualHistogram({ residuals, sigma: 0.02 }));
  const bars = readBars(root);
  const area = bars.reduce((sum, bar) => sum + bar.width * bar.density, 0);
  expect(area).toBeCloseTo(1, 2);
  for (const { left, width, density } of bars) {
    const normal = Math.exp(-0.5 * (left + width / 2) ** 2) / Math.sqrt(2 * Math.PI);
    // Four standard deviations of a count, the curvature within a bin, and the rounding of coordinates.
    const deviation = Math.sqrt(normal / (50_000 * width));
    expect(Math.abs(density - normal)).toBeLessThan(4 * deviation + (width * width) / 24 + 2e-3);
  }
  const [x, y] = [readAxis(root, "x"), readAxis(root, "y")];
  const curve = (root.querySelector("path.normal")!.getAttribute("d") ?? "").slice(1).split("L");
  for (const point of curve) {
    const [px, py] = point.split(" ").map(Number) as [number, number];
    expect(y(py)).toBeCloseTo(Math.exp(-0.5 * x(px) ** 2) / Math.sqrt(2 * Math.PI), 2);
  }
});

test("bars sit where the residuals are, in units of σ", () => {
  const residuals = Float64Array.from({ length: 100 }, (_, k) => (k < 75 ? -0.5 : 1.5));
  const bars = readBars(readSvg(residualHistogram({ residuals, sigma: 0.5 }))).filter((bar) => bar.density > 0.01);
  expect(bars).toHaveLength(2);
  expect(bars[0]!.left).toBeLessThan(-1);
  expect(bars[0]!.left + bars[0]!.width).toBeGreaterThan(-1);
  expect(bars[1]!.left).toBeLessThan(3);
  expect(bars[1]!.left + bars[1]!.width).toBeGreaterThan(3);
  expect(bars[0]!.density / bars[1]!.density).toBeCloseTo(3, 1);
});

test("without σ it is estimated from the median absolute residual, and the axis says so", () => {
  const residuals = normals(20_000).map((value) => 7 * value);
  const root = readSvg(residualHistogram({ residuals }));
  expect(root.querySelector(".axis-x .axis-label")!.textContent).toBe("residual / σ (σ from median |residual|)");
  const deviation = Number(/standard deviation ([\d.]+)/.exec(root.querySelector(".summary")!.textContent ?? "")![1]);
  // The estimate has a relative standard error of 1.17 / √(2·… ) ≈ 1.2 / √20000 = 0.8 %.
  expect(Math.abs(deviation - 1)).toBeLessThan(0.035);
});

test("the summary counts values, the share beyond ±3 and what the axis cannot show", () => {
  const residuals = Float64Array.of(...new Array(96).fill(0.1), 3.5, -5, 20, Number.NaN, Infinity, -30);
  const text = readSvg(residualHistogram({ residuals, sigma: 1 })).querySelector(".summary")!.textContent;
  expect(text).toContain("100 values, mean −0.019,");
  expect(text).toContain("4 % beyond ±3; 2 beyond the axis (±8)");
});

test("residuals that are all zero are shown as they are, without a normal density", () => {
  const svg = residualHistogram({ residuals: new Float64Array(10), title: "Exact" });
  expect(svg).not.toContain("NaN");
  const root = readSvg(svg);
  expect(root.querySelector(".axis-x .axis-label")!.textContent).toBe("residual");
  expect(root.querySelector("path.normal")).toBeNull();
  expect(root.querySelector("text.heading")!.textContent).toBe("Exact");
});

test("no residual at all, or a σ that is none, is refused", () => {
  expect(() => residualHistogram({ residuals: Float64Array.of(Number.NaN) })).toThrow(InvalidArgumentError);
  expect(() => residualHistogram({ residuals: new Float64Array(0) })).toThrow(
    "residuals must hold at least one finite number",
  );
  for (const sigma of [0, -1, Number.NaN, Infinity]) {
    expect(() => residualHistogram({ residuals: Float64Array.of(1), sigma })).toThrow(
      "sigma must be positive and finite",
    );
  }
});
