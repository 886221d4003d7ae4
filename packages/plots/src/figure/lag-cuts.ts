import { InvalidArgumentError } from "@siegert/errors";
import { bottomAxis, FAINT, gridLines, INK, leftAxis } from "../paint/axis.ts";
import { element, type Markup } from "../paint/markup.ts";
import { formatNumber } from "../paint/number-format.ts";
import { linearScale, logScale, type Scale } from "../paint/scale.ts";
import { svgFigure } from "../paint/svg-figure.ts";
import { ageBand, type LagCut, lagCut } from "./lag-cut-values.ts";
import { seriesColor, seriesLine, seriesMarkers } from "./series-style.ts";
import { checkSquare, checkTimes } from "./square-map.ts";

const WIDTH = 600;
const HEIGHT = 340;
const PLOT = { left: 62, right: 470, top: 34, bottom: 290 };
/** Ages of the default cuts, as shares of the map's duration. */
const DEFAULT_AGES: readonly number[] = [0.2, 0.4, 0.6, 0.8];

/** What {@link lagCuts} draws. */
export interface LagCutsInput {
  readonly n: number;
  /** Time between frames, s. */
  readonly dt: number;
  /** Time of frame 0, s. */
  readonly startTime: number;
  /** c₂, n × n row-major; entries that are not finite are left out. */
  readonly data: Float64Array;
  /** The fitted map, drawn as lines. */
  readonly fit?: Float64Array;
  /** Ages (t₁ + t₂) / 2 of the cuts, s. Default: at 20, 40, 60 and 80 % of the map. */
  readonly ages?: readonly number[];
  readonly title: string;
  /** Lag axis. Default `log`. */
  readonly lagAxis?: "log" | "linear";
}

/**
 * c₂ against lag at several ages as an SVG figure: data as points, fit as lines. Each point is the mean over ages
 * within ±2 % of the map's duration and over bins of lags (single lags up to 7 frames on a logarithmic axis, then
 * steps of 15 %; at most 50 equal bins on a linear one), data and fit over the same pairs of the upper triangle.
 *
 * @throws {InvalidArgumentError} for maps that are not n * n, n < 2, dt ≤ 0, ages outside the map.
 */
export function lagCuts(input: LagCutsInput): string {
  const { n, dt, startTime, data, fit, title, lagAxis = "log" } = input;
  checkSquare("data", data, n);
  if (n < 2) throw new InvalidArgumentError("n", "be at least 2: one frame has no lag", n);
  if (fit !== undefined) checkSquare("fit", fit, n);
  checkTimes(dt, startTime);
  if (lagAxis !== "log" && lagAxis !== "linear") {
    throw new InvalidArgumentError("lagAxis", 'be "log" or "linear"', lagAxis);
  }
  const ages = input.ages ?? DEFAULT_AGES.map((share) => startTime + Math.min(Math.round(share * n), n - 1) * dt);
  checkAges(ages, startTime, startTime + (n - 1) * dt);
  const request = { n, dt, data, fit, spacing: lagAxis };
  const cuts = ages.map((age) => lagCut(request, (age - startTime) / dt));
  const x = lagScale(cuts, dt, lagAxis);
  const y = valueScale(cuts);
  const band = ageBand(n) * dt;
  const note = band > 0 ? `means over ages ± ${formatNumber(band, 2)} s` : "single ages";
  return svgFigure(
    { width: WIDTH, height: HEIGHT, title, description: described(ages, fit !== undefined, note) },
    gridLines(x, y),
    cuts.map((cut, k) => drawnCut(cut, k, x, y)),
    bottomAxis(x, PLOT.bottom, "lag τ (s)"),
    leftAxis(y, PLOT.left, "c₂", 48),
    legend(ages, cuts, fit !== undefined, note),
  );
}

function drawnCut(cut: LagCut, k: number, x: Scale, y: Scale): Markup {
  const points = cut.lags.map((lag, i): [number, number] => [x.at(lag), y.at(cut.data[i]!)]);
  const line = cut.lags.map((lag, i): [number, number] | undefined => {
    const value = cut.fit[i] ?? Number.NaN;
    return Number.isFinite(value) ? [x.at(lag), y.at(value)] : undefined;
  });
  return element(
    "g",
    { class: "cut" },
    points.length === 0 ? undefined : seriesMarkers(k, points),
    cut.fit.length === 0
      ? undefined
      : element("path", {
          class: "fit",
          d: seriesLine(line),
          fill: "none",
          stroke: seriesColor(k),
          "stroke-width": 1.8,
        }),
  );
}

function lagScale(cuts: readonly LagCut[], dt: number, lagAxis: "log" | "linear"): Scale {
  const largest = Math.max(2 * dt, ...cuts.flatMap((cut) => cut.lags));
  const span: [number, number] = [PLOT.left, PLOT.right];
  return lagAxis === "log" ? logScale([dt * 0.85, largest * 1.15], span) : linearScale([0, largest * 1.03], span);
}

function valueScale(cuts: readonly LagCut[]): Scale {
  const values = cuts.flatMap((cut) => [...cut.data, ...cut.fit]).filter(Number.isFinite);
  const low = values.length === 0 ? 0 : Math.min(...values);
  const high = values.length === 0 ? 1 : Math.max(...values);
  const margin = high > low ? 0.06 * (high - low) : Math.max(0.05 * Math.abs(low), 1e-12);
  return linearScale([low - margin, high + margin], [PLOT.bottom, PLOT.top]);
}

function legend(ages: readonly number[], cuts: readonly LagCut[], hasFit: boolean, note: string): Markup {
  const x = PLOT.right + 16;
  const text = (y: number, content: string, fill: string): Markup =>
    element("text", { x: x + 26, y, "font-size": "11px", fill }, content);
  const last = PLOT.top + 32 + 20 * ages.length;
  const wide = (y: number, content: string): Markup =>
    element("text", { x, y, "font-size": "10.5px", fill: FAINT }, content);
  return element(
    "g",
    { class: "legend" },
    element("text", { x, y: PLOT.top + 10, "font-size": "12px", fill: INK }, "age (t₁ + t₂)/2"),
    ages.map((age, k) => {
      const y = PLOT.top + 30 + 20 * k;
      const isEmpty = cuts[k]!.lags.length === 0;
      return [
        hasFit
          ? element("line", { x1: x, y1: y - 4, x2: x + 20, y2: y - 4, stroke: seriesColor(k), "stroke-width": 1.8 })
          : undefined,
        seriesMarkers(k, [[x + 10, y - 4]]),
        text(y, `${formatNumber(age, 3)} s${isEmpty ? ": no pairs" : ""}`, INK),
      ];
    }),
    wide(last, hasFit ? "points: data, lines: fit" : "points: data"),
    wide(last + 15, note.replace(/^means over ages/, "means, ages")),
  );
}

function described(ages: readonly number[], hasFit: boolean, note: string): string {
  const list = ages.map((age) => `${formatNumber(age, 3)} s`).join(", ");
  return `c₂ against lag at the ages ${list}; points are data${hasFit ? ", lines the fit" : ""}; ${note}.`;
}

function checkAges(ages: readonly number[], first: number, last: number): void {
  if (ages.length === 0) throw new InvalidArgumentError("ages", "hold at least one age", ages);
  const slack = 1e-9 * (Math.abs(first) + Math.abs(last));
  const outside = ages.findIndex((age) => !(age >= first - slack && age <= last + slack));
  if (outside >= 0) {
    throw new InvalidArgumentError(`ages[${outside}]`, `lie within the map, ${first} to ${last} s`, ages[outside]);
  }
}
