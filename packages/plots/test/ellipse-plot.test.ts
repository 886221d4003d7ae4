import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import { ellipsePlot } from "../src/index.ts";
import { number, readSvg } from "./figure-reading.ts";

const whole = { mean: [10, -2, 0.5], covariance: [4, 1.2, 0, 1.2, 1, 0, 0, 0, 0.01] };
const part = (shift: number, isDropped = false) => ({
  mean: whole.mean.map((value, k) => value + shift * Math.sqrt(whole.covariance[4 * k]!)),
  covariance: whole.covariance.map((value) => 4 * value),
  isDropped,
});
const names = ["D0", "alpha", "offset"];

/** From the place in a panel to values, by the ticks of its column and row. */
function reader(root: Element, column: number, row: number) {
  const [labels, side] = [Array.from(root.querySelectorAll("g.axis")), 150];
  const ticksOf = (axis: Element, place: "x" | "y") =>
    Array.from(axis.querySelectorAll("text.tick"), (tick) => ({
      value: number(tick.textContent),
      at: Number(tick.getAttribute(place)) - (place === "y" ? 4 : 0),
    }));
  const [x, y] = [ticksOf(labels[column]!, "x"), ticksOf(labels[2 + row - 1]!, "y")];
  const [left, top] = [74 + column * (side + 8), 44 + (row - 1) * (side + 8)];
  const line = ([first, second]: { value: number; at: number }[], at: number) =>
    first!.value + ((second!.value - first!.value) * (at - first!.at)) / (second!.at - first!.at);
  return (px: number, py: number) => [line(x, px + left), line(y, py + top)] as const;
}

test("the thick ellipse is where the normal density of the whole has the wanted content", () => {
  const probability = 0.5;
  const root = readSvg(ellipsePlot({ names, parts: [part(1), part(-1)], whole, probability }));
  // Panels in the order (alpha, D0), (offset, D0), (offset, alpha): the first has correlation 0.6.
  const path = root.querySelectorAll("path.whole")[0]!.getAttribute("d")!;
  const value = reader(root, 0, 1);
  const points = [...path.matchAll(/[ML](\S+) (\S+?)(?=[LZ])/g)].map((match) =>
    value(Number(match[1]), Number(match[2])),
  );
  expect(points).toHaveLength(48);
  const determinant = 4 * 1 - 1.2 ** 2;
  for (const [x, y] of points) {
    const [dx, dy] = [x - 10, y + 2];
    const distance = (dx * dx - 2 * 1.2 * dx * dy + 4 * dy * dy) / determinant;
    // Content of a disc of squared radius r² is 1 − exp(−r²/2); coordinates are rounded to 1/100 of about 20 per sd.
    expect(Math.abs(1 - Math.exp(-distance / 2) - probability)).toBeLessThan(0.01);
  }
});

test("there is a panel for each pair, a thin ellipse for each part, and a dashed one for each that was left out", () => {
  const root = readSvg(
    ellipsePlot({
      names,
      parts: [part(1), part(-1), part(9, true)],
      whole,
      labels: { part: "shard", whole: "consensus" },
    }),
  );
  expect(root.querySelectorAll("g.panel")).toHaveLength(3);
  expect(root.querySelector("path.parts")!.getAttribute("d")!.match(/Z/g)).toHaveLength(2);
  expect(root.querySelector("path.dropped")!.getAttribute("d")!.match(/Z/g)).toHaveLength(1);
  expect(root.querySelector(".legend")!.textContent).toBe("consensusshardshard, left out");
  expect(Array.from(root.querySelectorAll(".axis-label"), (label) => label.textContent)).toEqual([
    "D0",
    "alpha",
    "alpha",
    "offset",
  ]);
});

test("a part that says nothing of a parameter is left out of its panels; many parts are thinned evenly", () => {
  const silent = {
    mean: [10, -2, Number.NaN],
    covariance: part(0).covariance.map((v, k) => (k % 3 === 2 || k > 5 ? Number.NaN : v)),
  };
  const root = readSvg(ellipsePlot({ names, parts: [silent], whole }));
  expect(Array.from(root.querySelectorAll("path.parts"), (path) => path.getAttribute("d") !== "")).toEqual([
    true,
    false,
    false,
  ]);
  const many = readSvg(
    ellipsePlot({ names, parts: Array.from({ length: 500 }, (_, k) => part(Math.sin(k))), whole, maxParts: 25 }),
  );
  expect(many.querySelector("path.parts")!.getAttribute("d")!.match(/Z/g)).toHaveLength(25);
  expect(many.querySelector("desc")!.textContent).toContain("25 of 500 parts");
});

test.each([
  [{ names: ["a"] }, "names must hold 2 to 12 parameters"],
  [{ parts: [{ mean: [1], covariance: [1] }] }, "parts[0].mean must hold 3 numbers"],
  [{ whole: { ...whole, covariance: [1] } }, "whole.covariance must hold 3 × 3 numbers"],
  [{ whole: { ...whole, mean: [1, Number.NaN, 2] } }, "whole.mean[1] must be finite"],
  [{ whole: { ...whole, covariance: new Array<number>(9).fill(0) } }, "whole.covariance[0] must be positive"],
  [{ probability: 1 }, "probability must lie between 0 and 1"],
  [{ maxParts: 0 }, "maxParts must be a positive integer"],
])("%j is refused", (change, message) => {
  const call = () => ellipsePlot({ names, parts: [part(0)], whole, ...change });
  expect(call).toThrow(InvalidArgumentError);
  expect(call).toThrow(message);
});
