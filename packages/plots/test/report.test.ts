import { InvalidArgumentError } from "@siegert/errors";
import { expect, test } from "vitest";
import { type ReportInput, renderReport } from "../src/index.ts";
import { checkWellFormed, readHtml, readPicture, tickValues, withoutPictures } from "./figure-reading.ts";
import { simulatedAngle, simulatedReport } from "./simulated-fit.ts";

function cellsOf(document: Document, id: string): string[][] {
  const rows = Array.from(document.querySelectorAll(`#${id} tr`));
  return rows.map((row) => Array.from(row.querySelectorAll("th, td"), (cell) => cell.textContent ?? ""));
}

test("the header shows title, model, verdict and every card", () => {
  const document = readHtml(renderReport(simulatedReport()));
  expect(document.querySelector("title")!.textContent).toBe("Simulated flow");
  expect(document.querySelector("h1")!.textContent).toBe("Simulated flow");
  expect(document.querySelector(".badge.mode")!.textContent).toBe("model: laminar_flow");
  expect(document.querySelector(".badge.verdict.good")!.textContent).toBe("fit quality: good");
  expect(Array.from(document.querySelectorAll(".cards div"), (card) => card.textContent)).toEqual([
    "Qualitygood",
    "reduced χ²1.003",
  ]);
});

test("the parameter table gives value ± error, unit, bounds, state, truth and z", () => {
  expect(cellsOf(readHtml(renderReport(simulatedReport())), "parameters")).toEqual([
    ["Parameter", "Value ± standard error", "Unit", "Bounds", "State", "Truth", "z"],
    ["D0 D₀", "1002.3 ± 5.6", "Å²/s", "100 … 100000", "free", "1000", "0.41"],
    ["alpha", "−0.2987 ± 0.0021", "–", "−2 … 2", "free", "−0.3", "0.62"],
    ["beta", "2", "–", "−∞ … 2", "at bound", "–", "–"],
    ["phi0", "3", "deg", "−10 … 10", "fixed", "3", "–"],
  ]);
});

test("without any truth the table has no columns for it", () => {
  const input = simulatedReport();
  const parameters = input.parameters.map(({ truth: _, ...parameter }) => parameter);
  const html = renderReport({ ...input, parameters });
  expect(cellsOf(readHtml(html), "parameters")[0]).toEqual([
    "Parameter",
    "Value ± standard error",
    "Unit",
    "Bounds",
    "State",
  ]);
  expect(html).not.toContain("z = (value");
});

test("scaling, messages (gravest first) and provenance are there", () => {
  const document = readHtml(renderReport(simulatedReport()));
  expect(cellsOf(document, "scaling").slice(1)).toEqual([
    ["0", "0.30010 ± 0.00030", "0.99998 ± 0.00010"],
    ["−45.5", "0.3", "1"],
  ]);
  expect(Array.from(document.querySelectorAll(".messages li"), (item) => item.textContent)).toEqual([
    "Error: An error.",
    "Warning: A warning.",
    "Note: Diagonal masked.",
  ]);
  expect(cellsOf(document, "provenance")).toEqual([["file", "run_42.hdf"]]);
});

test("every angle has three maps, cuts and a histogram; data and fit of all angles share one scale", () => {
  const input = simulatedReport(50);
  const document = readHtml(renderReport(input));
  const scales = { values: new Set<string>(), residuals: new Set<string>() };
  for (const [k, angle] of input.angles.entries()) {
    const section = document.querySelector(`#angle-${k + 1}`)!;
    const titles = Array.from(section.querySelectorAll("figure > svg > title"), (title) => title.textContent);
    expect(titles.map((title) => title?.split(",")[0])).toEqual([
      "Data",
      "Fit",
      "Residual (data − fit)",
      "Cuts along lag",
      "Residuals",
    ]);
    for (const title of titles) expect(title).toContain(`φ = ${angle.phi}°`);
    const descriptions = Array.from(
      section.querySelectorAll(".maps desc"),
      (desc) => /from (\S+) to ([^;]+);/.exec(desc.textContent ?? "")![0],
    );
    scales.values.add(descriptions[0]!).add(descriptions[1]!);
    scales.residuals.add(descriptions[2]!);
  }
  expect(scales.values.size).toBe(1);
  expect(scales.residuals.size).toBe(1);
  // Noise fills ±3 σ and no more.
  expect([...scales.residuals][0]).toBe("from −3 to 3;");
});

test("a strong angle widens the scale of a weak one: the same value has the same colour in both", () => {
  const [weak, strong] = [simulatedAngle(0, 30), simulatedAngle(90, 30)];
  for (const map of [strong.data, strong.fit]) for (const [k, value] of map.entries()) map[k] = 1 + 3 * (value - 1);
  const document = readHtml(renderReport({ ...simulatedReport(), angles: [weak, strong] }));
  const at = (angle: number, i: number, j: number): unknown =>
    readPicture(document.querySelectorAll(`#angle-${angle} image.map`)[1]!).at(i, 29 - j);
  // 1 + 0.3 e^(−lag/50) against 1 + 0.9 e^(−lag/50): never equal here, and lighter where larger.
  const brightness = (color: unknown): number => (color as number[]).reduce((sum, part) => sum + part, 0);
  for (const j of [5, 15, 29]) expect(brightness(at(2, 0, j))).toBeGreaterThan(brightness(at(1, 0, j)) + 60);
  const ticks = [1, 2].map((angle) => tickValues(document.querySelectorAll(`#angle-${angle} .maps svg`)[0]!, "color"));
  expect(ticks[0]).toEqual(ticks[1]);
});

test("residual maps are in units of σ: twice the σ, half the colour distance", () => {
  const angle = simulatedAngle(0, 20);
  angle.residuals.fill(0.04);
  angle.residuals[1] = -0.04;
  const scaleOf = (sigma: number | undefined): string => {
    const document = readHtml(renderReport({ ...simulatedReport(), angles: [angle], ...(sigma && { sigma }) }));
    return document.querySelectorAll("#angle-1 .maps desc")[2]!.textContent ?? "";
  };
  expect(scaleOf(0.005)).toContain("Colours: residual / σ, from −8 to 8");
  expect(scaleOf(0.01)).toContain("Colours: residual / σ, from −4 to 4");
});

test("without σ the noise is estimated once for all angles", () => {
  const { sigma: _, ...input } = simulatedReport(60);
  const document = readHtml(renderReport(input));
  const text = document.querySelector("#angle-1 .summary")!.textContent ?? "";
  const deviation = Number(/standard deviation ([\d.]+)/.exec(text)![1]);
  expect(Math.abs(deviation - 1)).toBeLessThan(0.1); // 1.2 / √(2 · 1770) = 2 % is one standard error
});

test("residuals given on one triangle only, or masked altogether, are no obstacle", () => {
  const lower = simulatedAngle(0, 30);
  for (let i = 0; i < 30; i++) for (let j = i; j < 30; j++) lower.residuals[i * 30 + j] = Number.NaN;
  const masked = simulatedAngle(1, 30);
  masked.residuals.fill(Number.NaN);
  const html = renderReport({ ...simulatedReport(), angles: [lower, masked] });
  const document = readHtml(html);
  expect(document.querySelector("#angle-1 .summary")!.textContent).toContain("435 values");
  expect(document.querySelector("#angle-2")!.textContent).toContain("Every residual of this angle is masked.");
  expect(withoutPictures(html)).not.toContain("NaN");
});

test("a perfect fit has no σ to divide by and still makes a report", () => {
  const angle = simulatedAngle(0, 12);
  angle.residuals.fill(0);
  const { sigma: _, ...input } = { ...simulatedReport(), angles: [angle] };
  const document = readHtml(renderReport(input));
  expect(document.querySelectorAll("#angle-1 .maps .axis-label")[8]!.textContent).toBe("residual");
});

test("the document is whole: no network, no script, well-formed figures, every id once", () => {
  const html = renderReport(simulatedReport());
  expect(html.startsWith('<!DOCTYPE html>\n<html lang="en">')).toBe(true);
  const urls = (html.match(/[a-z]+:\/\/[^"'<\s)]*/g) ?? []).filter((url) => url !== "http://www.w3.org/2000/svg");
  expect(urls).toEqual([]);
  expect(withoutPictures(html)).not.toMatch(/<(script|link|iframe|object)\b|\bon\w+=|url\(|@import/);
  for (const image of html.matchAll(/(?:href|src)="([^"]{0,22})/g)) expect(image[1]).toBe("data:image/png;base64,");
  const document = readHtml(html);
  expect(document.querySelector('meta[http-equiv="Content-Security-Policy"]')!.getAttribute("content")).toContain(
    "default-src 'none'",
  );
  for (const svg of document.querySelectorAll("figure > svg")) {
    checkWellFormed(svg.outerHTML.replace(/<(\w+)([^<>]*)\/>/g, "<$1$2></$1>"));
    expect(svg.getAttribute("role")).toBe("img");
    expect(svg.getAttribute("aria-label")).toBe(svg.querySelector("title")!.textContent);
  }
  const ids = Array.from(document.querySelectorAll("[id]"), (element) => element.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const element of document.querySelectorAll("[aria-labelledby]")) {
    expect(ids).toContain(element.getAttribute("aria-labelledby"));
  }
  for (const table of document.querySelectorAll("table")) {
    expect(table.querySelector("caption")).not.toBeNull();
    expect(table.querySelectorAll("th[scope]").length).toBeGreaterThan(0);
  }
  expect(renderReport(simulatedReport())).toBe(html);
});

test("text from outside is text everywhere", () => {
  const hostile = `</title><script>alert(1)</script><img src=x onerror="alert(1)">&amp;`;
  const base = simulatedReport(8);
  const input: ReportInput = {
    ...base,
    title: hostile,
    subtitle: hostile,
    mode: hostile,
    summary: [
      { label: hostile, value: hostile },
      { label: "quality", value: hostile },
    ],
    messages: [{ level: "info", text: hostile }],
    parameters: base.parameters.map((parameter) => ({
      ...parameter,
      name: hostile,
      symbol: `${hostile}2`,
      unit: hostile,
    })),
    correlation: { names: [hostile, hostile], matrix: Float64Array.of(1, 0, 0, 1) },
    provenance: [{ label: hostile, value: hostile }],
  };
  const html = renderReport(input);
  expect(withoutPictures(html)).not.toMatch(/<script|<img/);
  const document = readHtml(html);
  expect(document.querySelector("h1")!.textContent).toBe(hostile);
  expect(document.querySelector(".subtitle")!.textContent).toBe(hostile);
  expect(document.querySelector(".messages li")!.textContent).toBe(`Note: ${hostile}`);
  expect(document.querySelector("#parameters tbody th")!.textContent).toBe(`${hostile} ${hostile}2`);
  expect(document.querySelector("#provenance td")!.textContent).toBe(hostile);
});

test("parts without content are left out", () => {
  const html = renderReport({
    title: "Empty",
    mode: "static_isotropic",
    summary: [],
    messages: [],
    parameters: [],
    scaling: [],
    angles: [],
    correlation: { names: [], matrix: new Float64Array(0) },
    provenance: [],
  });
  const document = readHtml(html);
  expect(document.querySelectorAll("section, table, figure, .cards, .verdict")).toHaveLength(0);
  expect(document.querySelector("h1")!.textContent).toBe("Empty");
});

test("a report of 36 angles of 300 × 300 stays below 12 MB by smaller pictures", () => {
  const angle = simulatedAngle(0, 300);
  const angles = Array.from({ length: 36 }, (_, k) => ({ ...angle, phi: 10 * k }));
  const html = renderReport({ ...simulatedReport(), angles });
  expect(html.length).toBeLessThan(12e6);
  expect(readPicture(readHtml(html).querySelector("#angle-36 image.map")!).width).toBe(150);
});

test("three angles of 500 × 500 take less than 1.5 s", () => {
  const input = { ...simulatedReport(), angles: [0, 45, 90].map((phi) => simulatedAngle(phi, 500)) };
  const seconds = Array.from({ length: 3 }, () => {
    const start = performance.now();
    renderReport(input);
    return (performance.now() - start) / 1000;
  });
  expect(Math.min(...seconds)).toBeLessThan(1.5);
});

test("what a report cannot show is refused by name", () => {
  const base = simulatedReport(8);
  const refused = (input: Partial<ReportInput>, message: string): void => {
    const call = (): string => renderReport({ ...base, ...input });
    expect(call).toThrow(InvalidArgumentError);
    expect(call).toThrow(message);
  };
  const [angle, parameter] = [base.angles[1]!, base.parameters[0]!];
  refused(
    { angles: [angle, { ...angle, residuals: new Float64Array(3) }] },
    "angles[1].residuals must be a Float64Array of n * n = 64",
  );
  refused({ angles: [{ ...angle, fit: new Float64Array(65) }] }, "angles[0].fit must be a Float64Array of n * n = 64");
  refused({ angles: [{ ...angle, n: 1 }] }, "angles[0].n must be at least 2");
  refused({ angles: [{ ...angle, dt: 0 }] }, "dt must be positive");
  refused({ angles: [{ ...angle, phi: Number.NaN }] }, "angles[0].phi must be finite");
  refused({ parameters: [{ ...parameter, value: Number.NaN }] }, "parameters[0].value must be finite");
  refused({ parameters: [{ ...parameter, standardError: -1 }] }, "parameters[0].standardError must not be negative");
  refused(
    { parameters: [{ ...parameter, lower: 9, upper: 1 }] },
    "parameters[0].lower must not exceed the upper bound 1",
  );
  refused({ scaling: [{ phi: 0, contrast: Infinity, offset: 1 }] }, "scaling[0].contrast must be finite");
  refused({ sigma: 0 }, "sigma must be positive and finite");
  refused({ correlation: { names: ["a"], matrix: new Float64Array(2) } }, "matrix must be a Float64Array of 1 × 1 = 1");
});
