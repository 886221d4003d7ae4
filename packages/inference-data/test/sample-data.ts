import { createRandom } from "@siegert/random";
import { createInferenceData, type InferenceData, schemaAttributes } from "../src/index.ts";

export const CHAINS = 4;
export const DRAWS = 150;

/** One of everything: all element types, labels of all kinds, text beyond ASCII, numbers that are not finite. */
export function sampleData(): InferenceData {
  const random = createRandom(7, "inference-data");
  const draws = (...rest: number[]): Float64Array => {
    const count = rest.reduce((product, length) => product * length, CHAINS * DRAWS);
    return random.fillNormal(new Float64Array(count));
  };
  const shape = [CHAINS, DRAWS];
  return createInferenceData({
    posterior: {
      variables: {
        mu: { shape, data: draws(), attributes: { unit: "nm²/s", bounds: [0, 1.5], prior: "normal" } },
        theta: { shape: [...shape, 3], dims: ["chain", "draw", "school"], data: draws(3) },
        cluster: { shape, data: Int32Array.from({ length: CHAINS * DRAWS }, () => random.integer(6)) },
      },
    },
    sampleStats: {
      variables: {
        lp: { shape, data: draws() },
        diverging: { shape, data: Uint8Array.from({ length: CHAINS * DRAWS }, () => Number(random.integer(10) === 0)) },
        n_steps: { shape, data: BigInt64Array.from({ length: CHAINS * DRAWS }, () => BigInt(1 + random.integer(15))) },
      },
    },
    posteriorPredictive: {
      variables: { y: { shape: [...shape, 4], dims: ["chain", "draw", "time"], data: draws(4) } },
    },
    observedData: {
      variables: {
        y: { data: [1.5, Number.NaN, -Infinity, -0], dims: ["time"] },
        name: { data: ["Å", "", "日本", "😀"], dims: ["time"] },
        count: { data: [3], shape: [] },
      },
      attributes: { source: "made up", levels: ["low", "high"], none: [], large: 5e9 },
    },
    otherGroups: { fit_settings: { variables: { weights: { data: [0.5, 0.25], dims: ["weight"] } } } },
    coordinates: { school: ["Ångström", "b c", "日本"], time: [0.25, 0.5, 1, 2], weight: [10, 20] },
    attributes: schemaAttributes({
      createdAt: "2026-01-31T12:00:00Z",
      inferenceLibrary: "@siegert/nuts",
      inferenceLibraryVersion: "0.1.0",
      samplingTime: 1.25,
      tuningSteps: 500,
    }),
  });
}
