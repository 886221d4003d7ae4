import { createTensorModel } from "@siegert/physics-meshgrid/tfjs";
import { setThreadsCount } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import type { Measurement } from "./simulated-data.ts";

/** χ² and its gradient by TensorFlow.js on its wasm backend, one thread, as the other engines have. */
export async function tensorGradient({
  model,
  experiment,
  maps,
  x,
}: Measurement): Promise<{ run: () => void; dispose: () => void }> {
  setThreadsCount(1);
  await tf.setBackend("wasm");
  await tf.ready();
  const frames = experiment.times.length;
  const tensorModel = createTensorModel({ model, experiment });
  const data = tf.tensor(Float32Array.from(maps[0]!), [1, frames, frames]);
  const parameters = tf.tensor1d(Float32Array.from(x.subarray(0, model.parameters.length)));
  const scaling = tf.tensor2d(Float32Array.from(x.subarray(model.parameters.length)), [1, 2]);
  const valueAndGradients = tf.valueAndGrads((p, s) => tensorModel.chi2(p!, s!, data) as tf.Scalar);
  return {
    run: () =>
      tf.tidy(() => {
        const { value, grads } = valueAndGradients([parameters, scaling]);
        value.dataSync();
        for (const gradient of grads) gradient.dataSync();
      }),
    dispose: () => {
      tensorModel.dispose();
      tf.dispose([data, parameters, scaling]);
    },
  };
}
