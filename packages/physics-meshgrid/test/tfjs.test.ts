import { InvalidArgumentError } from "@siegert/errors";
import { createModel, timeAxis } from "@siegert/physics-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { createTensorModel } from "../src/tfjs/index.ts";
import {
  differences,
  directChi2,
  directMaps,
  ripple,
  TENSOR_CASES,
  TENSOR_PHI,
  tensorExperiment,
  tensorScaling,
} from "./tfjs-cases.ts";

function largestRelative(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let worst = 0;
  for (let k = 0; k < expected.length; k++) {
    const error = Math.abs(actual[k]! / expected[k]! - 1);
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

describe.each(["cpu", "wasm"])("%s backend", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    expect(tf.getBackend()).toBe(backend);
  });

  test.each(TENSOR_CASES)("maps are those of the direct formula to 1e-5 relative: $name", ({ model, parameters }) => {
    const experiment = tensorExperiment(200);
    const tensorModel = createTensorModel({ model, experiment });
    const scaling = tensorScaling();
    const maps = tf.tidy(() => {
      const result = tensorModel.c2(tf.tensor1d(parameters), tf.tensor2d(scaling, [3, 2]));
      expect(result.shape).toEqual([3, 200, 200]);
      return result.dataSync();
    });
    expect(largestRelative(maps, directMaps(model, experiment, parameters, scaling))).toBeLessThan(1e-5);
    tensorModel.dispose();
  });

  test.each(TENSOR_CASES)("χ² and its gradient are those of float64 differences: $name", ({ model, parameters }) => {
    const experiment = tensorExperiment(24, 0);
    const tensorModel = createTensorModel({ model, experiment });
    const scaling = tensorScaling();
    // Data away from the model, so that the gradient is not a difference of nothing.
    const elsewhere = parameters.map((value) => 1.1 * value);
    const data = Float32Array.from(directMaps(model, experiment, elsewhere, scaling), (value, k) => value + ripple(k));
    const [value, byParameters, byScaling] = tf.tidy(() => {
      const measured = tf.tensor3d(data, [3, 24, 24]);
      const valueAndGrads = tf.valueAndGrads(
        (p: tf.Tensor, s: tf.Tensor) => tensorModel.chi2(p, s, measured) as tf.Scalar,
      );
      const result = valueAndGrads([tf.tensor1d(parameters), tf.tensor2d(scaling, [3, 2])]);
      return [result.value.dataSync()[0]!, result.grads[0]!.dataSync(), result.grads[1]!.dataSync()] as const;
    });
    const chi2 = (p: ArrayLike<number>, s: ArrayLike<number>): number => directChi2(model, experiment, p, s, data);
    expect(Math.abs(value / chi2(parameters, scaling) - 1)).toBeLessThan(1e-5);
    const check = (actual: ArrayLike<number>, expected: Float64Array, at: Float32Array): void => {
      // In units of the parameters, so that the norm means something.
      const scaled = (gradient: ArrayLike<number>): number[] =>
        Array.from(gradient, (entry, k) => entry * (Math.abs(at[k]!) || 1e-2));
      const norm = Math.hypot(...scaled(expected));
      const distance = Math.hypot(...scaled(Float64Array.from(actual, (entry, k) => entry - expected[k]!)));
      expect(norm).toBeGreaterThan(0);
      expect(distance / norm).toBeLessThan(1e-4);
    };
    check(
      byParameters,
      differences((p) => chi2(p, scaling), parameters),
      parameters,
    );
    check(
      byScaling,
      differences((s) => chi2(parameters, s), scaling),
      scaling,
    );
    tensorModel.dispose();
  });

  test("golden values", () => {
    // Laminar flow, coded: (phi; i, j) → c2.
    const times = timeAxis({ frames: 100, dt: 0.1, start: 1 });
    const golden = (
      options: Parameters<typeof createModel>[0],
      phi: number[],
      parameters: number[],
      rows: readonly (readonly [number, number, number, number])[],
    ): void => {
      const tensorModel = createTensorModel({
        model: createModel(options),
        experiment: { q: 0.0054, gap: 2e6, phi, times },
      });
      const maps = tf.tidy(() =>
        tensorModel.c2(tf.tensor1d(parameters), tf.tensor2d(phi.map(() => [0.3, 1]))).dataSync(),
      );
      for (const [angle, i, j, expected] of rows) {
        const value = maps[(angle * 100 + i) * 100 + j]!;
        expect(Math.abs(value / expected - 1), `(${phi[angle]}; ${i}, ${j})`).toBeLessThan(1e-5);
      }
      tensorModel.dispose();
    };
    golden(
      { mode: "laminar_flow" },
      [0, 30, 90],
      [1000, -0.3, 20, 1e-3, 0.1, 1e-5, 3],
      [
        [0, 0, 1, 1.2943643533421074],
        [0, 10, 20, 1.023989712103757],
        [1, 10, 20, 1.0424482153219334],
        [2, 10, 20, 1.2905220809858295],
        [2, 50, 99, 1.2267529632515524],
      ],
    );
    golden(
      { mode: "static_isotropic" },
      [0],
      [1000, -0.3, 20],
      [
        [0, 0, 1, 1.2984051553680658],
        [0, 10, 20, 1.2922774273247142],
        [0, 50, 99, 1.2765681486216047],
      ],
    );
    const twoComponents = [1e4, -0.3, 50, 2e4, 0.1, 10, 1e3, 0.2, 5, 0.4, -0.05, 1, 0.1, 3];
    golden({ mode: "two_component" }, [30], twoComponents, [
      [0, 0, 1, 1.2785529951285757],
      [0, 0, 50, 1.031450717654371],
      [0, 10, 20, 1.1264615697553955],
      [0, 50, 99, 1.064147852462745],
    ]);
    golden({ mode: "two_component", fractionLimit: "smooth" }, [30], twoComponents, [
      [0, 0, 1, 1.2785529951285726],
      [0, 50, 99, 1.0641478524056391],
    ]);
  });

  test.each(["laminar_flow", "two_component", "static_isotropic"] as const)(
    "a batch is its members one by one: %s",
    (mode) => {
      const { model, parameters } = TENSOR_CASES.find((each) => each.model.mode === mode)!;
      const tensorModel = createTensorModel({ model, experiment: tensorExperiment(20) });
      const members = [1, 1.05, 0.9, 1.02].map((factor) => Array.from(parameters, (value) => value * factor));
      const scalings = [0, 0.02, -0.01, 0.03].map((shift) => Array.from(tensorScaling(), (value) => value + shift));
      const data = Float32Array.from({ length: 1200 }, (_, k) => 1.1 + ripple(k));
      tf.tidy(() => {
        const p = tf.tensor3d(members.flat(), [2, 2, parameters.length]);
        const s = tf.tensor(scalings.flat(), [2, 2, 3, 2]);
        const measured = tf.tensor3d(data, [3, 20, 20]);
        const maps = tensorModel.c2(p, s);
        const sums = tensorModel.chi2(p, s, measured);
        expect(maps.shape).toEqual([2, 2, 3, 20, 20]);
        expect(sums.shape).toEqual([2, 2]);
        const gradient = tf
          .grad((x: tf.Tensor) => tf.sum(tensorModel.chi2(x, s, measured)))(p)
          .dataSync();
        members.forEach((member, k) => {
          const [own, ownScaling] = [tf.tensor1d(member), tf.tensor2d(scalings[k]!, [3, 2])];
          const expected = tensorModel.c2(own, ownScaling).dataSync();
          expect(largestRelative(maps.dataSync().slice(1200 * k, 1200 * (k + 1)), expected)).toBeLessThan(1e-6);
          expect(sums.dataSync()[k]! / tensorModel.chi2(own, ownScaling, measured).dataSync()[0]!).toBeCloseTo(1, 5);
          const alone = tf
            .grad((x: tf.Tensor) => tensorModel.chi2(x, ownScaling, measured))(own)
            .dataSync();
          const size = parameters.length;
          const norm = Math.hypot(...alone.map((entry, l) => entry * member[l]!));
          const distance = alone.map((entry, l) => (gradient[k * size + l]! - entry) * member[l]!);
          expect(Math.hypot(...distance) / norm).toBeLessThan(1e-4);
        });
      });
      tensorModel.dispose();
    },
  );

  test("weights choose and weigh pairs", () => {
    const { model, parameters } = TENSOR_CASES[2]!;
    const tensorModel = createTensorModel({ model, experiment: tensorExperiment(10) });
    const data = Float32Array.from({ length: 300 }, (_, k) => 1.1 + ripple(k));
    const weights = Float32Array.from({ length: 300 }, (_, k) => (k % 3 === 0 ? 2 : 0));
    tf.tidy(() => {
      const [p, s] = [tf.tensor1d(parameters), tf.tensor2d(tensorScaling(), [3, 2])];
      const maps = tensorModel.c2(p, s).dataSync();
      const expected = data.reduce((sum, value, k) => sum + weights[k]! * (value - maps[k]!) ** 2, 0);
      const measured = tf.tensor3d(data, [3, 10, 10]);
      const value = tensorModel.chi2(p, s, measured, tf.tensor3d(weights, [3, 10, 10])).dataSync()[0]!;
      expect(value / expected).toBeCloseTo(1, 5);
    });
    tensorModel.dispose();
  });

  test("the Hessian of a phase-dependent map comes from differentiating twice", () => {
    const { model, parameters } = TENSOR_CASES[2]!;
    const experiment = tensorExperiment(16);
    const tensorModel = createTensorModel({ model, experiment });
    const scaling = tensorScaling();
    const total = (p: ArrayLike<number>): number =>
      directMaps(model, experiment, p, scaling).reduce((a, b) => a + b, 0);
    // Second derivative by gamma_dot_t0 (number 3).
    const expected = differences((p) => differences(total, p)[3]!, parameters)[3]!;
    const actual = tf.tidy(() => {
      const s = tf.tensor2d(scaling, [3, 2]);
      const gradient = tf.grad((p: tf.Tensor) => tf.sum(tensorModel.c2(p, s)));
      return tf
        .grad((p: tf.Tensor) => tf.sum(tf.slice(gradient(p), 3, 1)))(tf.tensor1d(parameters))
        .dataSync()[3]!;
    });
    expect(Math.abs(actual / expected - 1)).toBeLessThan(1e-3);
    tensorModel.dispose();
  });

  test("nothing leaks", () => {
    const before = tf.memory().numTensors;
    const { model, parameters } = TENSOR_CASES.find((each) => each.model.kind === "heterodyne")!;
    const tensorModel = createTensorModel({ model, experiment: tensorExperiment(12) });
    const [p, s] = [tf.tensor1d(parameters), tf.tensor2d(tensorScaling(), [3, 2])];
    const data = tensorModel.c2(p, s);
    const settled = tf.memory().numTensors;
    for (let call = 0; call < 3; call++) {
      tensorModel.c2(p, s).dispose();
      tensorModel.chi2(p, s, data).dispose();
      const { value, grads } = tf.valueAndGrads(
        (a: tf.Tensor, b: tf.Tensor) => tensorModel.chi2(a, b, data) as tf.Scalar,
      )([p, s]);
      tf.dispose([value, ...grads]);
      expect(tf.memory().numTensors).toBe(settled);
    }
    tf.dispose([p, s, data]);
    tensorModel.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("gradients stay finite on the diagonal, without flow, at the bounds and far from the data", () => {
    const points: [Parameters<typeof createModel>[0], number[]][] = [
      [{ mode: "laminar_flow" }, [100, -2, -1e5, 1e-6, -2, -0.1, 10]],
      [{ mode: "laminar_flow" }, [1e5, 2, 1e5, 0.5, 2, 0.1, -10]],
      [{ mode: "two_component" }, [1e6, 2, 1e5, 1e6, 2, 1e5, 1e4, 2, 100, 1, 10, -1e4, 1, 10]],
      [{ mode: "two_component" }, [100, -2, -1e5, 100, -2, -1e5, 1e-6, -2, -100, 0, -10, 1e4, 0, -10]],
      [{ mode: "two_component", fractionLimit: "smooth" }, [1e4, 0, 0, 1e4, 0, 0, 1e3, 0, 0, 1, 10, -1e4, 1, 0]],
    ];
    for (const [options, parameters] of points) {
      const model = createModel(options);
      const tensorModel = createTensorModel({ model, experiment: tensorExperiment(30, 0) });
      const gradient = tf.tidy(() => {
        const s = tf.tensor2d(tensorScaling(), [3, 2]);
        return tf
          .grad((p: tf.Tensor) => tensorModel.chi2(p, s, tf.ones([3, 30, 30])))(tf.tensor1d(parameters))
          .dataSync();
      });
      expect(Array.from(gradient).every(Number.isFinite), `${options.mode} ${gradient}`).toBe(true);
      tensorModel.dispose();
    }
  });
});

test("refuses shapes that do not fit", () => {
  const { model, parameters } = TENSOR_CASES[2]!;
  const tensorModel = createTensorModel({ model, experiment: tensorExperiment(10) });
  tf.tidy(() => {
    const [p, s] = [tf.tensor1d(parameters), tf.tensor2d(tensorScaling(), [3, 2])];
    expect(() => tensorModel.c2(tf.tensor1d([1, 2, 3]), s)).toThrow(InvalidArgumentError);
    expect(() => tensorModel.c2(p, tf.tensor2d([[0.3, 1]]))).toThrow("scaling");
    expect(() => tensorModel.c2(tf.stack([p, p]), s)).toThrow("scaling");
    expect(() => tensorModel.chi2(p, s, tf.zeros([2, 10, 10]))).toThrow("data");
  });
  tensorModel.dispose();
  const experiment = { ...tensorExperiment(10), q: 0 };
  expect(() => createTensorModel({ model, experiment })).toThrow(InvalidArgumentError);
  expect(TENSOR_PHI.length).toBe(3);
});
