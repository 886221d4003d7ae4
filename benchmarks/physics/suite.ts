/** Speed of the physics engines on the two-component model, as ratios within one run. */
import { createMeshgrid, type Meshgrid } from "@siegert/physics-meshgrid";
import { compare, medianMs } from "../measure.ts";
import type { BenchmarkCase } from "../suite.ts";
import { bandwidthFloorMs } from "./bandwidth.ts";
import { elementwiseNanoseconds } from "./elementwise.ts";
import { fitSeconds } from "./fit.ts";
import { type Measurement, measurement } from "./simulated-data.ts";
import { tensorGradient } from "./tensors.ts";

function grid({ model, experiment, maps }: Measurement, engine: "wasm" | "plain"): Meshgrid {
  return createMeshgrid({ model, experiment, c2: maps, engine });
}

/** One value and gradient of χ². */
function gradientOf(meshgrid: Meshgrid, x: Float64Array): () => void {
  const gradient = new Float64Array(x.length);
  return () => void meshgrid.chi2AndGradient(x, gradient);
}

/** Degrees. */
const ANGLES = [0, 45, 100];

export async function* suite(): AsyncGenerator<BenchmarkCase> {
  const thousand = measurement(1000, [30]);
  const wasm = grid(thousand, "wasm");
  const gradient = gradientOf(wasm, thousand.x);

  const tensors = await tensorGradient(thousand);
  const againstTensors = compare(gradient, tensors.run, 7);
  tensors.dispose();
  yield {
    name: "grad-n1000-vs-tfjs-wasm",
    value: againstTensors.subjectMs,
    unit: "ms",
    baseline: againstTensors.baselineMs,
    ratio: againstTensors.ratio,
    note: "χ² and gradient, 499 500 pairs; baseline: tf.valueAndGrads of the same χ² on tfjs-backend-wasm",
  };

  const againstPlain = compare(gradient, gradientOf(grid(thousand, "plain"), thousand.x));
  yield {
    name: "grad-n1000-vs-plain",
    value: againstPlain.subjectMs,
    unit: "ms",
    baseline: againstPlain.baselineMs,
    ratio: againstPlain.ratio,
    note: "the same; baseline: the separable structure in plain TypeScript",
  };

  const [large, small] = [measurement(4000, ANGLES), measurement(200, ANGLES)];
  const [largeGrid, smallGrid] = [grid(large, "wasm"), grid(small, "wasm")];
  const sizes = compare(gradientOf(largeGrid, large.x), gradientOf(smallGrid, small.x), 9);
  const perPair = (ms: number, meshgrid: Meshgrid) => (1e6 * ms) / meshgrid.pairCount;
  yield {
    name: "pair-cost-n4000-vs-n200",
    value: perPair(sizes.subjectMs, largeGrid),
    unit: "ns/pair",
    baseline: perPair(sizes.baselineMs, smallGrid),
    ratio: (sizes.ratio * largeGrid.pairCount) / smallGrid.pairCount,
    note: "χ² and gradient at 4000 frames, 3 angles; baseline: at 200 frames, 3 angles",
  };

  const size = thousand.x.length;
  const [jtj, jtr] = [new Float64Array(size * size), new Float64Array(size)];
  const step = () => void wasm.normalEquations(thousand.x, { name: "linear", scale: 1 }, jtj, jtr);
  const gaussNewton = compare(step, gradient);
  yield {
    name: "gauss-newton-vs-gradient",
    value: gaussNewton.subjectMs,
    unit: "ms",
    baseline: gaussNewton.baselineMs,
    ratio: gaussNewton.ratio,
    note: "JᵀJ and Jᵀr at 1000 frames, uniform weights; baseline: χ² and gradient",
  };

  const elementwise = elementwiseNanoseconds();
  yield {
    name: "elementwise-ns-per-pair",
    value: elementwise.wasm,
    unit: "ns/pair",
    baseline: elementwise.plain,
    ratio: elementwise.ratio,
    note: "log-likelihood and gradient at 50 000 random pairs of 500 frames; baseline: plain TypeScript",
  };

  yield {
    name: "fit-3x500-seconds",
    value: await fitSeconds(measurement(500, ANGLES)),
    unit: "s",
    baseline: null,
    ratio: null,
    note: "whole fit from default starts: 3 angles, 500 frames, 14 parameters and scaling, search included",
  };

  const floorMs = bandwidthFloorMs(largeGrid.pairCount);
  yield {
    name: "bandwidth-floor-fraction",
    value: floorMs / medianMs(gradientOf(largeGrid, large.x), 9),
    unit: "of floor",
    baseline: null,
    ratio: null,
    note: `time to stream the data of 4000 frames once (${floorMs.toFixed(2)} ms) over the time of χ² and gradient`,
  };
}
