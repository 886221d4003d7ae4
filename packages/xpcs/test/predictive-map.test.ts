import { createModel, timeAxis } from "@siegert/physics-core";
import { correlationMap } from "@siegert/physics-meshgrid";
import { expect, test } from "vitest";
import { predictiveMap } from "../src/posterior/predictive-map.ts";

test.each([60, 1100])("mean and spread of maps over draws, %d frames", (frames) => {
  const model = createModel({ mode: "laminar_flow" });
  const experiment = { q: 0.0054, gap: 2e6, phi: [0, 60], times: timeAxis({ frames, dt: 0.1 }) };
  const rows = [
    [12000, -0.4, 500, 3e-4, 0.3, 2e-5, 3, 0.25, 1, 0.3, 1.01],
    [13000, -0.4, 500, 3e-4, 0.3, 2e-5, 3, 0.25, 1, 0.32, 1.02],
  ];
  const posterior = { vectors: Float64Array.from(rows.flat()), vectorLength: 11 };
  const { n, dt, mean, sd } = predictiveMap(model, experiment, posterior, 1);
  const stride = Math.ceil(frames / 500);
  expect([n, dt]).toEqual([Math.ceil(frames / stride), expect.closeTo(0.1 * stride, 12)]);
  const [a, b] = rows.map((row) =>
    correlationMap(model, experiment, Float64Array.from(row.slice(0, 7)), 1, { contrast: row[9]!, offset: row[10]! }),
  );
  for (const [row, column] of [
    [0, 0],
    [0, n - 1],
    [5, 20],
    [n - 1, 3],
  ] as const) {
    const at = stride * (row * frames + column);
    expect(mean[row * n + column]).toBeCloseTo((a![at]! + b![at]!) / 2, 12);
    expect(sd[row * n + column]).toBeCloseTo(Math.abs(a![at]! - b![at]!) / Math.SQRT2, 12);
  }
});
