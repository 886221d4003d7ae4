/**
 * Draws the picture of the README: data, fit and residuals of one angle of the demonstration's two-component data.
 *
 * Run: node --conditions=@siegert/source tools/draw-readme-picture.ts
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { correlationHeatmap } from "@siegert/plots";
import { demos, fitCorrelation, fitOptions, fittedMap, simulate } from "@siegert/xpcs";

const ANGLE = 1;
const { simulation, fit } = demos().find((demo) => demo.name === "two_component")!;
const { times, phi, q, c2 } = simulate(simulation);
const frames = times.length;
const map = (angle: number) => c2.subarray(angle * frames * frames, (angle + 1) * frames * frames);
const experiment = { q, gap: fit.gap, phi, times };
const result = await fitCorrelation(fitOptions(fit, experiment, map));
const data = map(ANGLE);
const fitted = fittedMap(result, experiment, ANGLE);
const residuals = data.map((value, k) => (k % (frames + 1) === 0 ? Number.NaN : (value - fitted[k]!) / result.sigma));

const common = { n: frames, dt: times[1]! - times[0]!, startTime: times[0]! };
const range: [number, number] = [0.98, 1.25];
const figures = [
  correlationHeatmap({ ...common, values: data, range, title: `Data at ${phi[ANGLE]}°`, label: "c₂" }),
  correlationHeatmap({ ...common, values: fitted, range, title: "Fit", label: "c₂" }),
  correlationHeatmap({
    ...common,
    values: residuals,
    range: [-3, 3],
    colors: "diverging",
    title: "Residual / σ",
    label: "(data − fit)/σ",
  }),
];
const [, width, height] =
  /width="(\d+)"[^>]*height="(\d+)"/.exec(figures[0]!) ?? /viewBox="0 0 (\d+) (\d+)"/.exec(figures[0]!)!;
const placed = figures.map((svg, k) => svg.replace("<svg ", `<svg x="${k * Number(width)}" `));
const total = figures.length * Number(width);
const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="${total}" height="${height}" viewBox="0 0 ${total} ${height}"><rect width="100%" height="100%" fill="white"/>${placed.join("")}</svg>\n`;
writeFileSync(join(import.meta.dirname, "../docs/images/two-component.svg"), picture);
