import { correlationMap, createMeshgrid } from "@siegert/physics-meshgrid";
import { createTensorModel } from "@siegert/physics-meshgrid/tfjs";
import "@tensorflow/tfjs-backend-cpu";
import { setThreadsCount } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { type RandomCase, randomCases, withScalings } from "./random-cases.ts";

setThreadsCount(1);

function tensorsOf({ model, experiment }: RandomCase, x: Float64Array) {
  const angles = experiment.phi.length;
  const parameters = tf.tensor1d(Float32Array.from(x.subarray(0, model.parameters.length)));
  const scaling = tf.tensor2d(Float32Array.from(x.subarray(model.parameters.length)), [angles, 2]);
  return { parameters, scaling };
}

/** The full vector as float32 has it, so that both engines are given the same numbers. */
function rounded(one: RandomCase): Float64Array {
  return Float64Array.from(Float32Array.from(withScalings(one.parameters, one.experiment.phi.length)));
}

describe.each(["cpu", "wasm"])("TensorFlow.js on its %s backend", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    await tf.ready();
  });

  test.each(randomCases([7, 40], 6, 8))("c2 agrees with float64 to 1e-5: $label", (one) => {
    const { model, experiment } = one;
    const x = rounded(one);
    const frames = experiment.times.length;
    const tensorModel = createTensorModel({ model, experiment });
    const { parameters, scaling } = tensorsOf(one, x);
    const c2 = tensorModel.c2(parameters, scaling);
    const values = c2.dataSync();
    for (let angle = 0; angle < experiment.phi.length; angle++) {
      const [contrast, offset] = x.subarray(model.parameters.length + 2 * angle);
      const expected = correlationMap(model, experiment, x.subarray(0, model.parameters.length), angle, {
        contrast: contrast!,
        offset: offset!,
      });
      for (let k = 0; k < expected.length; k++) {
        expect(
          Math.abs(values[angle * frames * frames + k]! / expected[k]! - 1),
          `angle ${angle}, entry ${k}`,
        ).toBeLessThan(1e-5);
      }
    }
    tensorModel.dispose();
    tf.dispose([parameters, scaling, c2]);
  });

  test.each(randomCases([30], 3, 9))(
    "the gradient of χ² agrees with float64 to 1e-3 of each entry's scale: $label",
    (one) => {
      const { model, experiment } = one;
      const frames = experiment.times.length;
      const x = rounded(one);
      // Data off the model by far more than float32 rounds, so that χ² and its gradient do not cancel.
      const maps = Array.from(experiment.phi, (_, k) =>
        Float64Array.from({ length: frames * frames }, (_, at) => Math.fround(1.05 + 0.05 * Math.sin(at + k))),
      );
      const meshgrid = createMeshgrid({ model, experiment, c2: maps });
      const gradient = new Float64Array(x.length);
      const chi2 = meshgrid.chi2AndGradient(x, gradient);

      const tensorModel = createTensorModel({ model, experiment });
      const { parameters, scaling } = tensorsOf(one, x);
      const data = tf.tensor3d(Float32Array.from(maps.flatMap((map) => [...map])), [
        experiment.phi.length,
        frames,
        frames,
      ]);
      const { value, grads } = tf.valueAndGrads((p, s) => tensorModel.chi2(p!, s!, data) as tf.Scalar)([
        parameters,
        scaling,
      ]);
      expect(Math.abs(value.dataSync()[0]! / chi2 - 1)).toBeLessThan(1e-4);
      const found = [...grads[0]!.dataSync(), ...grads[1]!.dataSync()];
      // Scaled by the parameters, entries are comparable; rounding is measured against the largest.
      const largest = Math.max(...Array.from(gradient, (g, k) => Math.abs(g * x[k]!)));
      for (const [k, expected] of gradient.entries()) {
        const allowance = 1e-3 * Math.abs(expected * x[k]!) + 1e-4 * largest;
        expect(Math.abs((found[k]! - expected) * x[k]!), `entry ${k}: ${found[k]} for ${expected}`).toBeLessThan(
          allowance,
        );
      }
      tensorModel.dispose();
      tf.dispose([parameters, scaling, data, value, ...grads]);
    },
  );
});
