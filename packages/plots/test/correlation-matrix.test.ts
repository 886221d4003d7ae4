import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import { correlationMatrix } from "../src/index.ts";
import { colorIndex, colormap, cssColor, MISSING } from "../src/paint/colormap.ts";
import { readSvg, tickValues } from "./figure-reading.ts";

const names = ["D0", "alpha", "fixed"];
const matrix = Float64Array.of(1, -0.62, Number.NaN, -0.62, 1, 0, Number.NaN, 0, 1);

test("every cell has its number, its colour and a name for its pair; NaN is grey with a dash", () => {
  const cells = Array.from(readSvg(correlationMatrix({ names, matrix })).querySelectorAll("g.cell"));
  expect(cells.map((cell) => cell.querySelector("text")!.textContent)).toEqual([
    "1.00",
    "−0.62",
    "–",
    "−0.62",
    "1.00",
    "0.00",
    "–",
    "0.00",
    "1.00",
  ]);
  const fills = cells.map((cell) => cell.querySelector("rect")!.getAttribute("fill"));
  for (const [k, value] of matrix.entries()) {
    const rgb = Number.isNaN(value) ? MISSING : colormap("diverging")[colorIndex(value, -1, 1)]!;
    expect(fills[k]).toBe(cssColor(rgb));
  }
  expect(cells[1]!.querySelector("title")!.textContent).toBe("D0 and alpha: −0.62");
});

test("names stand along both sides, long ones shortened; the colour bar runs from −1 to 1", () => {
  const long = "a".repeat(40);
  const root = readSvg(correlationMatrix({ names: ["D0", "alpha", long], matrix }));
  for (const side of ["rows", "columns"]) {
    const texts = Array.from(root.querySelectorAll(`.${side} text`), (text) => text.textContent);
    expect(texts).toEqual(["D0", "alpha", `${"a".repeat(27)}…`]);
  }
  expect(tickValues(root, "color")).toEqual([-1, -0.5, 0, 0.5, 1]);
});

test("the description names the strongest correlation", () => {
  expect(readSvg(correlationMatrix({ names, matrix })).querySelector("desc")!.textContent).toContain(
    "the strongest is −0.62, between D0 and alpha",
  );
});

test("names are text, never markup", () => {
  const svg = correlationMatrix({ names: ["<b>&"], matrix: Float64Array.of(1) });
  expect(svg).not.toContain("<b>");
  expect(readSvg(svg).querySelector(".rows text")!.textContent).toBe("<b>&");
});

test("wrong sizes and entries beyond ±1 are refused, rounding is not", () => {
  expect(() => correlationMatrix({ names, matrix: new Float64Array(8) })).toThrow(InvalidArgumentError);
  expect(() => correlationMatrix({ names: [], matrix: new Float64Array(0) })).toThrow(
    "names must hold at least one name",
  );
  expect(() => correlationMatrix({ names: ["a"], matrix: Float64Array.of(1.01) })).toThrow(
    "matrix[0] must lie between -1 and 1",
  );
  expect(correlationMatrix({ names: ["a"], matrix: Float64Array.of(1 + 1e-12) })).toContain("1.00");
});
