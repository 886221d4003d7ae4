import { createModel, timeAxis } from "@siegert/physics-core";
import { createShard } from "@siegert/physics-elementwise";
import { createRandom } from "@siegert/random";
import { compare } from "../measure.ts";
import { LARGE_DATA_TRUTH, type LargeDataOptions } from "./large-data.ts";

/** Likelihood with gradient of a shard: random pairs of all maps of a measurement. */
function shardGradient(points: number, { frames, phi }: LargeDataOptions): () => void {
  const random = createRandom(5, "shard", frames);
  const [i, j, angle] = [1, 2, 3].map(() => new Int32Array(points)) as [Int32Array, Int32Array, Int32Array];
  for (let k = 0; k < points; k++) {
    const [a, b] = [random.integer(frames), random.integer(frames - 1)];
    const other = b < a ? b : b + 1;
    i[k] = Math.min(a, other);
    j[k] = Math.max(a, other);
    angle[k] = random.integer(phi.length);
  }
  const experiment = { q: 0.0054, gap: 2e6, phi, times: timeAxis({ frames, dt: 20 / frames }) };
  const model = createModel({ mode: "laminar_flow" });
  const shard = createShard({ model, experiment, i, j, angle, c2: new Float64Array(points).fill(1), sigma: 0.01 });
  const x = Float64Array.of(...Object.values(LARGE_DATA_TRUTH), ...phi.flatMap(() => [0.25, 1]));
  const gradient = new Float64Array(shard.parameterCount);
  return () => void shard.logLikelihoodAndGradient(x, gradient);
}

/** How many times longer a gradient of as many pairs takes when they come from maps of more frames. */
export function gradientRatio(points: number, from: LargeDataOptions, to: LargeDataOptions): number {
  return compare(shardGradient(points, from), shardGradient(points, to)).ratio;
}
