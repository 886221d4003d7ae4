import { robustRange, sortedSample, symmetricRange } from "../figure/color-range.ts";
import { drawHeatmap, MAX_PIXELS } from "../figure/correlation-heatmap.ts";
import { lagCuts } from "../figure/lag-cuts.ts";
import { residualHistogram } from "../figure/residual-histogram.ts";
import { type ResidualScale, residualScale } from "../figure/residual-scale.ts";
import { type BlockMeans, blockMeans } from "../figure/square-map.ts";
import { type Child, element, type Markup, trusted } from "../paint/markup.ts";
import { formatNumber } from "../paint/number-format.ts";
import { section } from "./page.ts";
import type { ReportAngle } from "./report-input.ts";

/** Side of one picture that would hold all maps of one kind: bounds the size of a report of many angles. */
const PIXEL_BUDGET = 1500;

/** Share of the fit that may lie beyond each end of the colour scale. */
const FIT_TAIL = 0.002;

interface ReducedAngle {
  readonly angle: ReportAngle;
  readonly data: BlockMeans;
  readonly fit: BlockMeans;
  readonly residuals: BlockMeans;
}

interface SharedScales {
  readonly values: readonly [number, number];
  readonly residuals: readonly [number, number];
  readonly residualLabel: string;
  readonly sigma: number | undefined;
}

/** Maps, cuts and histogram of every angle; all maps of a kind share one colour scale. */
export function angleSections(angles: readonly ReportAngle[], sigma: number | undefined): Child {
  if (angles.length === 0) return undefined;
  // Without σ the upper triangles are needed here and once more for the histograms: held one at a time, as they are large.
  const samples = sigma === undefined ? angles.map((angle) => sortedSample(upperResiduals(angle))) : [];
  const scale = residualScale(samples, sigma);
  const maxPixels = Math.min(MAX_PIXELS, Math.floor(PIXEL_BUDGET / Math.sqrt(angles.length)));
  const reduced = angles.map((angle) => reduce(angle, maxPixels, scale));
  const scales = sharedScales(reduced, scale);
  return reduced.map((angle, k) => angleSection(angle, scales, k));
}

function angleSection(reduced: ReducedAngle, scales: SharedScales, k: number): Child {
  const { angle } = reduced;
  const name = `φ = ${formatNumber(angle.phi)}°`;
  const { values, residuals, residualLabel } = scales;
  const map = (means: BlockMeans, what: string, isResidual: boolean): Markup =>
    figure(
      drawHeatmap(means, {
        n: angle.n,
        dt: angle.dt,
        startTime: angle.startTime,
        title: `${what}, ${name}`,
        range: isResidual ? residuals : values,
        colors: isResidual ? "diverging" : "sequential",
        label: isResidual ? residualLabel : "c₂",
      }),
    );
  return section(
    `angle-${k + 1}`,
    `Angle ${name}`,
    element(
      "div",
      { class: "maps" },
      map(reduced.data, "Data", false),
      map(reduced.fit, "Fit", false),
      map(reduced.residuals, "Residual (data − fit)", true),
    ),
    element(
      "div",
      { class: "cuts" },
      figure(lagCuts({ ...angle, title: `Cuts along lag, ${name}` })),
      histogram(angle, name, scales.sigma),
    ),
    element("p", { class: "note" }, mapNote(reduced, k)),
  );
}

function histogram(angle: ReportAngle, name: string, sigma: number | undefined): Markup {
  const residuals = upperResiduals(angle);
  if (!residuals.some(Number.isFinite))
    return element("p", { class: "note" }, "Every residual of this angle is masked.");
  return figure(residualHistogram({ residuals, title: `Residuals, ${name}`, ...(sigma !== undefined && { sigma }) }));
}

/** Everything that is needed once per angle before the scales are known. */
function reduce(angle: ReportAngle, maxPixels: number, scale: ResidualScale): ReducedAngle {
  const { n } = angle;
  const residuals = blockMeans(angle.residuals, n, maxPixels);
  return {
    angle,
    data: blockMeans(angle.data, n, maxPixels),
    fit: blockMeans(angle.fit, n, maxPixels),
    residuals: { ...residuals, values: residuals.values.map((value) => value / scale.sigma) },
  };
}

function sharedScales(reduced: readonly ReducedAngle[], scale: ResidualScale): SharedScales {
  // Three standard deviations of a block mean of independent residuals, so that noise never fills the scale.
  const least = scale.source === "none" ? 0 : 3 / Math.max(...reduced.map((angle) => angle.residuals.block));
  return {
    values: sharedRange(reduced),
    residuals: symmetricRange(
      reduced.map((angle) => angle.residuals),
      least,
    ),
    residualLabel: scale.source === "none" ? "residual" : "residual / σ",
    sigma: scale.source === "none" ? undefined : scale.sigma,
  };
}

/** The bulk of data and fit together, and nearly all of the fit: it has no noise that would stretch the scale. */
function sharedRange(reduced: readonly ReducedAngle[]): [number, number] {
  const both = robustRange(reduced.flatMap(({ data, fit }) => [data, fit]));
  const fits = robustRange(
    reduced.map(({ fit }) => fit),
    FIT_TAIL,
  );
  return [Math.min(both[0], fits[0]), Math.max(both[1], fits[1])];
}

function mapNote({ angle, data }: ReducedAngle, k: number): string {
  const reduced =
    data.block > 1
      ? ` Each picture element of the maps is the mean of ${data.block} × ${data.block} pairs without the diagonal.`
      : "";
  const shared =
    k === 0
      ? " Data and fit of all angles share one colour scale, and so do all residuals; pointed ends mark values beyond it."
      : "";
  return `${angle.n} × ${angle.n} pairs of times, t₁ to the right, t₂ upwards; red: data above the fit, grey: masked.${shared}${reduced}`;
}

/** Residuals of each pair once: i < j, taken from the lower triangle where the upper one is masked. */
function upperResiduals({ n, residuals }: ReportAngle): Float64Array {
  const upper = new Float64Array((n * (n - 1)) / 2);
  let at = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const value = residuals[i * n + j]!;
      upper[at++] = Number.isFinite(value) ? value : residuals[j * n + i]!;
    }
  }
  return upper;
}

function figure(svg: string): Markup {
  return element("figure", {}, trusted(svg));
}
