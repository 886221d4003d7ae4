import { InvalidArgumentError } from "@siegert/errors";
import { describe, expect, test } from "vitest";
import {
  autocorrelationPlot,
  energyPlot,
  type ForestRow,
  forestPlot,
  runningEssPlot,
  tracePlot,
} from "../src/index.ts";
import { normalChains, pathPoints } from "./chain-figures.ts";
import { number, readAxis, readSvg, tickValues } from "./figure-reading.ts";

describe("autocorrelationPlot", () => {
  const correlations = [0.8, 0.5].map((a) => Array.from({ length: 30 }, (_, lag) => a ** lag));

  test("lines follow the correlations", () => {
    const root = readSvg(autocorrelationPlot({ name: "mu", correlations, draws: 400, integratedTime: 9 }));
    Array.from(root.querySelectorAll("path.correlation")).forEach((line, k) => {
      pathPoints(root, line)[0]!.forEach(([lag, value], t) => {
        expect(Math.abs(lag - t)).toBeLessThan(0.02);
        expect(Math.abs(value - correlations[k]![t]!)).toBeLessThan(5e-3);
      });
    });
    expect(root.querySelector(".summary")!.textContent).toBe(
      "integrated time 9 draws; band: ±0.098, 95 % of independent draws",
    );
    const y = readAxis(root, "y");
    const band = root.querySelector(".band")!;
    expect(y(Number(band.getAttribute("y")))).toBeCloseTo(0.098, 2);
  });

  test("negative correlations stay inside; without draws there is no band", () => {
    const root = readSvg(autocorrelationPlot({ name: "mu", correlations: [[1, -0.9, 0.8]] }));
    const [points] = pathPoints(root, root.querySelector("path.correlation")!);
    expect(points![1]![1]).toBeCloseTo(-0.9, 2);
    expect(tickValues(root, "y")[0]).toBeLessThan(-0.4);
    expect(root.querySelector(".band")).toBeNull();
    expect(root.querySelector(".summary")).toBeNull();
  });

  test("chains of one lag, of different lengths, or no draws are refused", () => {
    expect(() => autocorrelationPlot({ name: "mu", correlations: [[1]] })).toThrow("at least lags 0 and 1");
    expect(() => autocorrelationPlot({ name: "mu", correlations: [[1, 0], [1]] })).toThrow(InvalidArgumentError);
    expect(() => autocorrelationPlot({ name: "mu", correlations, draws: 0 })).toThrow("draws must be positive");
  });
});

describe("energyPlot", () => {
  test("both densities have area one; changes of independent energies are √2 wider", () => {
    const energy = normalChains(4, 2000).map((chain) => chain.map((value) => 100 + 3 * value));
    const root = readSvg(energyPlot({ energy, bfmi: [2, 2.01, 1.99, 2] }));
    const spreads = ["energies", "changes"].map((name) => {
      const [points] = pathPoints(root, root.querySelector(`.${name} path.outline`)!);
      const step = (points!.at(-1)![0] - points![0]![0]) / (points!.length - 1);
      const area = points!.reduce((sum, [, density]) => sum + density * step, 0);
      expect(Math.abs(area - 1)).toBeLessThan(0.02);
      return Math.sqrt(points!.reduce((sum, [value, density]) => sum + value * value * density * step, 0));
    });
    // Kernel widths of 13 % and sampling errors of 1 % on each.
    expect(Math.abs(spreads[1]! / spreads[0]! - Math.SQRT2)).toBeLessThan(0.06);
    expect(root.querySelector(".summary")!.textContent).toBe("E-BFMI 2.00, 2.01, 1.99, 2.00");
  });

  test("energies that never change, too few, or without their E-BFMI are refused", () => {
    expect(() => energyPlot({ energy: [[1, 1, 1]] })).toThrow("energy must change from draw to draw");
    expect(() => energyPlot({ energy: [[1, 2]] })).toThrow("energy must hold at least 3 draws");
    expect(() => energyPlot({ energy: [[1, 2, 4]], bfmi: [1, 2] })).toThrow("bfmi must hold one value for each of 1");
  });
});

describe("forestPlot", () => {
  const rows: ForestRow[] = [
    { label: "mu", estimate: 1, interval: [0.2, 1.8], inner: [0.6, 1.4], rhat: 1.0034, ess: 812.9 },
    { label: "a<b", estimate: -2, interval: [-4, -1], rhat: 1.0134 },
  ];

  test("estimates and intervals lie where the axis says", () => {
    const root = readSvg(forestPlot({ rows, reference: 0, intervalLabel: "89 % interval" }));
    const x = readAxis(root, "x");
    Array.from(root.querySelectorAll(".row")).forEach((row, k) => {
      const at = (name: string, end: string): number => x(Number(row.querySelector(name)!.getAttribute(end)));
      expect(at("circle.estimate", "cx")).toBeCloseTo(rows[k]!.estimate, 1);
      expect([at("line.interval", "x1"), at("line.interval", "x2")].map((v) => Math.round(v * 10) / 10)).toEqual(
        rows[k]!.interval,
      );
      expect(row.querySelector("text")!.textContent).toBe(rows[k]!.label);
    });
    expect(x(Number(root.querySelector(".reference")!.getAttribute("x1")))).toBeCloseTo(0, 1);
    expect(root.querySelectorAll(".inner")).toHaveLength(1);
    expect(root.querySelector(".summary")!.textContent).toBe("89 % interval");
  });

  test("R-hat and ESS stand in columns, R-hat above 1.01 in red", () => {
    const root = readSvg(forestPlot({ rows }));
    const [rhat, ess] = Array.from(root.querySelectorAll(".numbers"), (column) =>
      Array.from(column.querySelectorAll("text")),
    );
    expect(rhat!.map((text) => text.textContent)).toEqual(["R-hat", "1.003", "1.013"]);
    expect(rhat!.map((text) => text.getAttribute("fill") === "#c00000")).toEqual([false, false, true]);
    expect(ess!.map((text) => text.textContent)).toEqual(["ESS", "812"]);
    expect(
      readSvg(forestPlot({ rows: [{ label: "mu", estimate: 1, interval: [0, 2] }] })).querySelector(".numbers"),
    ).toBeNull();
  });

  test("rows that cannot be drawn are refused", () => {
    expect(() => forestPlot({ rows: [] })).toThrow("rows must hold at least one row");
    expect(() => forestPlot({ rows: [{ ...rows[0]!, estimate: Number.NaN }] })).toThrow(
      "rows[0].estimate must be finite",
    );
    expect(() => forestPlot({ rows: [{ ...rows[0]!, interval: [2, 1] }] })).toThrow(
      "rows[0].interval must be two finite",
    );
    expect(() => forestPlot({ rows: [{ ...rows[0]!, inner: [0, Infinity] }] })).toThrow(
      "rows[0].inner must be two finite",
    );
    expect(() => forestPlot({ rows, reference: Infinity })).toThrow("reference must be finite");
  });
});

describe("runningEssPlot", () => {
  const input = { name: "mu", draws: [100, 200, 300], bulk: [80, 170, 250], tail: [60, Number.NaN, 200] };

  test("curves follow the sizes, with a gap where there is none and a line at what is wanted", () => {
    const root = readSvg(runningEssPlot({ ...input, wanted: 400 }));
    const [bulk] = pathPoints(root, root.querySelector(".bulk path.line")!);
    bulk!.forEach(([draws, size], k) => {
      expect(draws).toBeCloseTo(input.draws[k]!, 0);
      expect(Math.abs(size - input.bulk[k]!)).toBeLessThan(1);
    });
    expect(pathPoints(root, root.querySelector(".tail path.line")!)).toHaveLength(2);
    const y = readAxis(root, "y");
    expect(y(Number(root.querySelector(".wanted")!.getAttribute("y1")))).toBeCloseTo(400, 0);
    const legend = Array.from(root.querySelectorAll(".legend text"), (text) => text.textContent);
    expect(legend).toEqual(["bulk", "tail", "wanted: 400"]);
    expect(readSvg(runningEssPlot(input)).querySelector(".wanted")).toBeNull();
  });

  test("curves that do not fit together are refused", () => {
    expect(() => runningEssPlot({ ...input, bulk: [1] })).toThrow("bulk must have length 3");
    expect(() => runningEssPlot({ ...input, draws: [100, 100, 300] })).toThrow("draws[1] must be positive and larger");
    expect(() => runningEssPlot({ ...input, tail: new Array(3).fill(Number.NaN) })).toThrow(
      "tail must hold a finite size",
    );
    expect(() => runningEssPlot({ ...input, wanted: 0 })).toThrow("wanted must be positive and finite");
    expect(() => runningEssPlot({ name: "mu", draws: [], bulk: [], tail: [] })).toThrow("at least one number of draws");
  });
});

test("names are escaped, and the same input gives the same figure", () => {
  const make = (): string => tracePlot({ name: "a < b & c", chains: [[1, 2, 3]] });
  expect(make()).toBe(make());
  expect(readSvg(make()).querySelector("text.heading")!.textContent).toBe("a < b & c");
  expect(number("−2")).toBe(-2);
});
