import { InvalidArgumentError } from "@siegert/errors";
import { bottomAxis, gridLines, leftAxis } from "../paint/axis.ts";
import { coordinate, element, type Markup } from "../paint/markup.ts";
import { linearScale, type Scale } from "../paint/scale.ts";
import { svgFigure } from "../paint/svg-figure.ts";
import { chainLegend, checkChains, paddedRange } from "./chain-values.ts";
import { kernelDensity } from "./kernel-density.ts";
import { seriesColor, seriesLine } from "./series-style.ts";

const [WIDTH, HEIGHT] = [760, 280];
const TRACE = { left: 72, right: 520, top: 34, bottom: 232 };
const MARGINAL = { left: 532, right: 660 };
/** Mark of divergent transitions, here and in the pair plot. */
export const DIVERGENCE_COLOR = "#c00000";

/** What {@link tracePlot} draws. */
export interface TracePlotInput {
  /** Name of the parameter, with its unit if it has one. */
  readonly name: string;
  /** Draws of every chain, all of the same length; what is not finite leaves a gap. */
  readonly chains: readonly ArrayLike<number>[];
  /** Flag (not 0) of every divergent draw, (chain, draw) as `chains`; marked along the bottom. */
  readonly divergences?: readonly ArrayLike<number>[];
  /** Default: the name. */
  readonly title?: string;
}

/**
 * Draws of one parameter against their number, a line per chain, and beside them the density of each chain: an
 * SVG figure. Chains longer than the figure can show are drawn as the span of each pixel's draws, so no extreme is lost.
 *
 * @throws {InvalidArgumentError} for no draw, chains of different lengths, or no finite draw.
 */
export function tracePlot({ name, chains, divergences, title = name }: TracePlotInput): string {
  checkChains("chains", chains);
  const draws = chains[0]!.length;
  if (divergences !== undefined && (divergences.length !== chains.length || divergences[0]?.length !== draws)) {
    throw new InvalidArgumentError("divergences", "have the chains and draws of chains", divergences);
  }
  if (divergences !== undefined) checkChains("divergences", divergences);
  const x = linearScale([0, Math.max(1, draws - 1)], [TRACE.left, TRACE.right]);
  const y = linearScale(paddedRange("chains", chains), [TRACE.bottom, TRACE.top]);
  const marks = divergences === undefined ? [] : divergentDraws(divergences);
  const count = `${chains.length} chains of ${draws} draws`;
  const noted = divergences === undefined ? "" : `; ${marks.length} divergent draws are marked at the bottom`;
  return svgFigure(
    { width: WIDTH, height: HEIGHT, title, description: `Trace and density of ${name}: ${count}${noted}.` },
    gridLines(x, y),
    chains.map((chain, k) => traceLine(chain, k, x, y)),
    marks.length === 0 ? undefined : divergenceTicks(marks, x),
    marginals(chains, y),
    bottomAxis(x, TRACE.bottom, "draw"),
    leftAxis(y, TRACE.left, name, 56),
    chainLegend(chains.length, MARGINAL.right + 16, TRACE.top + 12),
    marks.length === 0 ? undefined : divergenceKey(marks.length),
  );
}

function traceLine(chain: ArrayLike<number>, k: number, x: Scale, y: Scale): Markup {
  const columns = TRACE.right - TRACE.left;
  const path = chain.length <= 2 * columns ? plainPath(chain, x, y) : envelopePath(chain, columns, y);
  return element("path", {
    class: "trace",
    d: path,
    fill: "none",
    stroke: seriesColor(k),
    "stroke-width": 0.8,
    "stroke-opacity": 0.75,
    "stroke-linejoin": "round",
  });
}

function plainPath(chain: ArrayLike<number>, x: Scale, y: Scale): string {
  return seriesLine(
    Array.from({ length: chain.length }, (_, t): [number, number] | undefined =>
      Number.isFinite(chain[t]) ? [x.at(t), y.at(chain[t]!)] : undefined,
    ),
  );
}

/** From the smallest to the largest draw of every pixel column. */
function envelopePath(chain: ArrayLike<number>, columns: number, y: Scale): string {
  const points: ([number, number] | undefined)[] = [];
  for (let column = 0; column < columns; column++) {
    const [from, to] = [column, column + 1].map((c) => Math.floor((c * chain.length) / columns)) as [number, number];
    let [low, high] = [Infinity, -Infinity];
    for (let t = from; t < to; t++) {
      const value = chain[t]!;
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const at = TRACE.left + column + 0.5;
    if (low > high) points.push(undefined);
    else points.push([at, y.at(low)], [at, y.at(high)]);
  }
  return seriesLine(points);
}

/** Densities on their side, on the same vertical axis as the traces. */
function marginals(chains: readonly ArrayLike<number>[], y: Scale): Markup {
  const curves = chains.map((chain) => kernelDensity(chain, y.domain[0], y.domain[1]));
  const highest = Math.max(...curves.flatMap((curve) => (curve === undefined ? [] : [Math.max(...curve.density)])));
  const unit = (MARGINAL.right - MARGINAL.left) / highest;
  return element(
    "g",
    { class: "densities", fill: "none", "stroke-width": 1.6 },
    element("line", { x1: MARGINAL.left, y1: TRACE.top, x2: MARGINAL.left, y2: TRACE.bottom, stroke: "#c4c9d0" }),
    curves.map((curve, k) =>
      curve === undefined
        ? undefined
        : element("path", {
            class: "density",
            stroke: seriesColor(k),
            d: seriesLine(
              Array.from(curve.at, (value, i): [number, number] => [
                MARGINAL.left + unit * curve.density[i]!,
                y.at(value),
              ]),
            ),
          }),
    ),
  );
}

/** Draw numbers of the divergences of all chains. */
function divergentDraws(divergences: readonly ArrayLike<number>[]): number[] {
  return divergences.flatMap((flags) => Array.from({ length: flags.length }, (_, t) => t).filter((t) => flags[t]));
}

function divergenceTicks(marks: readonly number[], x: Scale): Markup {
  const places = new Set(marks.map((t) => coordinate(x.at(t))));
  const path = Array.from(places, (at) => `M${at} ${TRACE.bottom}v-9`).join("");
  return element("path", { class: "divergences", d: path, stroke: DIVERGENCE_COLOR, "stroke-width": 1.2 });
}

function divergenceKey(count: number): Markup {
  const [x, y] = [MARGINAL.left, TRACE.bottom + 36];
  return element(
    "text",
    { class: "note", x, y, "font-size": "11px", fill: DIVERGENCE_COLOR },
    `| ${count} divergent draw${count === 1 ? "" : "s"}`,
  );
}
