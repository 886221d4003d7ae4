import { createShard, type Shard } from "@siegert/physics-elementwise";
import { createRandom } from "@siegert/random";
import { compare } from "../measure.ts";
import { type Measurement, measurement } from "./simulated-data.ts";

const PAIRS = 50_000;
const FRAMES = 500;

/** Nanoseconds per pair for log-likelihood and gradient, and how much faster wasm is. */
export function elementwiseNanoseconds(): { wasm: number; plain: number; ratio: number } {
  const data = measurement(FRAMES, [0, 45, 100]);
  const [wasm, plain] = [likelihood(data, "wasm"), likelihood(data, "plain")];
  const { subjectMs, baselineMs, ratio } = compare(wasm, plain);
  return { wasm: (1e6 * subjectMs) / PAIRS, plain: (1e6 * baselineMs) / PAIRS, ratio };
}

function likelihood({ model, experiment, maps, x }: Measurement, engine: "wasm" | "plain"): () => void {
  const random = createRandom(7, "pairs");
  const angle = Int32Array.from({ length: PAIRS }, () => random.integer(maps.length));
  const i = new Int32Array(PAIRS);
  const j = new Int32Array(PAIRS);
  for (let k = 0; k < PAIRS; k++) {
    i[k] = random.integer(FRAMES - 1);
    j[k] = i[k]! + 1 + random.integer(FRAMES - 1 - i[k]!);
  }
  const c2 = Float64Array.from(angle, (a, k) => maps[a]![i[k]! * FRAMES + j[k]!]!);
  const shard: Shard = createShard({ model, experiment, i, j, angle, c2, sigma: 0.01, engine });
  const gradient = new Float64Array(shard.parameterCount);
  return () => void shard.logLikelihoodAndGradient(x, gradient);
}
