import { InvalidArgumentError } from "@siegert/errors";
import { bottomAxis, FAINT, gridLines, INK, leftAxis } from "../paint/axis.ts";
import { element, type Markup } from "../paint/markup.ts";
import { linearScale, type Scale } from "../paint/scale.ts";
import { svgFigure } from "../paint/svg-figure.ts";
import { checkChains, paddedRange } from "./chain-values.ts";
import { type DensityCurve, kernelDensity } from "./kernel-density.ts";
import { seriesColor, seriesLine } from "./series-style.ts";

const [WIDTH, HEIGHT] = [600, 320];
const PLOT = { left: 62, right: 580, top: 48, bottom: 270 };

/** What {@link energyPlot} draws. */
export interface EnergyPlotInput {
  /** Energy after every transition of every chain, at least 3 draws. */
  readonly energy: readonly ArrayLike<number>[];
  /** E-BFMI of every chain, stated in the figure. */
  readonly bfmi?: ArrayLike<number>;
  /** Default `Energy`. */
  readonly title?: string;
}

/**
 * Density of the energies about their mean, and of their changes from draw to draw, all chains together, as an SVG figure. When
 * the changes are much narrower than the energies, the tails are explored slowly.
 *
 * Source: Betancourt (2017), A Conceptual Introduction to Hamiltonian Monte Carlo, arXiv:1701.02434, section 6.1.
 *
 * @throws {InvalidArgumentError} for fewer than 3 draws, chains of different lengths, or energies that never change.
 */
export function energyPlot({ energy, bfmi, title = "Energy" }: EnergyPlotInput): string {
  checkChains("energy", energy);
  if (energy[0]!.length < 3) throw new InvalidArgumentError("energy", "hold at least 3 draws a chain", energy[0]);
  if (bfmi !== undefined && bfmi.length !== energy.length) {
    throw new InvalidArgumentError("bfmi", `hold one value for each of ${energy.length} chains`, bfmi);
  }
  const changes = energy.flatMap((chain) =>
    Array.from({ length: chain.length - 1 }, (_, t) => chain[t + 1]! - chain[t]!),
  );
  const marginal = energy.flatMap(centred);
  const [low, high] = paddedRange("energy", [marginal, changes], 0.1);
  const curves = [kernelDensity(marginal, low, high), kernelDensity(changes, low, high)];
  const [energies, transitions] = curves;
  if (energies === undefined || transitions === undefined) {
    throw new InvalidArgumentError("energy", "change from draw to draw", energy[0]);
  }
  const x = linearScale([low, high], [PLOT.left, PLOT.right], 7);
  const highest = Math.max(...energies.density, ...transitions.density);
  const y = linearScale([0, 1.08 * highest], [PLOT.bottom, PLOT.top]);
  const note = bfmi === undefined ? "" : `E-BFMI ${Array.from(bfmi, (value) => value.toFixed(2)).join(", ")}`;
  const shown = "Density of the energies about their mean, and of their changes from draw to draw";
  return svgFigure(
    { width: WIDTH, height: HEIGHT, title, description: `${shown}${note === "" ? "" : `; ${note}`}.` },
    gridLines(x, y),
    area(energies, 0, x, y),
    area(transitions, 1, x, y),
    bottomAxis(x, PLOT.bottom, "energy"),
    leftAxis(y, PLOT.left, "density"),
    note === ""
      ? undefined
      : element("text", { class: "summary", x: 12, y: 38, "font-size": "11px", fill: FAINT }, note),
    legend(),
  );
}

/** The chain less its mean over what is finite. */
function centred(chain: ArrayLike<number>): number[] {
  const values = Array.from(chain).filter(Number.isFinite);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.map((value) => value - mean);
}

function area({ at, density }: DensityCurve, k: number, x: Scale, y: Scale): Markup {
  const points = Array.from(at, (value, i): [number, number] => [x.at(value), y.at(density[i]!)]);
  const base = y.at(0);
  const closed: [number, number][] = [[x.at(at[0]!), base], ...points, [x.at(at[at.length - 1]!), base]];
  return element(
    "g",
    { class: k === 0 ? "energies" : "changes" },
    element("path", { class: "area", d: `${seriesLine(closed)}Z`, fill: seriesColor(k), "fill-opacity": 0.18 }),
    element("path", {
      class: "outline",
      d: seriesLine(points),
      fill: "none",
      stroke: seriesColor(k),
      "stroke-width": 1.8,
      "stroke-dasharray": k === 0 ? undefined : "6 3",
    }),
  );
}

function legend(): Markup {
  const [x, y] = [PLOT.right - 168, PLOT.top + 16];
  const entry = (k: number, text: string): Markup[] => [
    element("line", {
      x1: x,
      y1: y + 18 * k - 4,
      x2: x + 24,
      y2: y + 18 * k - 4,
      stroke: seriesColor(k),
      "stroke-width": 1.8,
      "stroke-dasharray": k === 0 ? undefined : "6 3",
    }),
    element("text", { x: x + 31, y: y + 18 * k, fill: INK }, text),
  ];
  return element(
    "g",
    { class: "legend", "font-size": "11px" },
    entry(0, "energy − mean"),
    entry(1, "change between draws"),
  );
}
