import type { Experiment, Model } from "@siegert/physics-core";
import { createShard } from "@siegert/physics-elementwise";
import type { PosteriorDraws } from "./posterior-draws.ts";

/** Frames of the map of one angle at most: more are seen by none, and would take memory of several maps. */
const MOST_FRAMES = 500;

/** Mean and standard deviation of the model's map over draws, one angle; each row-major (n, n). */
export interface PredictiveMap {
  readonly n: number;
  /** Time between the map's frames, s. */
  readonly dt: number;
  /** Time of the first, s. */
  readonly startTime: number;
  readonly mean: Float64Array;
  readonly sd: Float64Array;
}

/**
 * The model's map of one angle over evenly chosen draws: what the posterior says of the correlation itself, without noise.
 * Of more than 500 frames every second, third … is taken; their values are those of the whole map.
 *
 * @param count draws to take; fewer when there are fewer.
 */
export function predictiveMap(
  model: Model,
  { q, gap, phi, times }: Experiment,
  { vectors, vectorLength }: Pick<PosteriorDraws, "vectors" | "vectorLength">,
  angle: number,
  count = 40,
): PredictiveMap {
  const stride = Math.ceil(times.length / MOST_FRAMES);
  const n = Math.ceil(times.length / stride);
  const pairs = (n * (n + 1)) / 2;
  const [i, j] = [new Int32Array(pairs), new Int32Array(pairs)];
  for (let row = 0, k = 0; row < n; row++) {
    for (let column = row; column < n; column++, k++) {
      i[k] = stride * row;
      j[k] = stride * column;
    }
  }
  const shard = createShard({
    model,
    experiment: { q, ...(gap === undefined ? {} : { gap }), phi: [phi[angle]!], times },
    i,
    j,
    angle: new Int32Array(pairs),
    c2: new Float64Array(pairs),
    sigma: 1,
  });
  const total = vectors.length / vectorLength;
  const used = Math.min(count, total);
  const physical = model.parameters.length;
  const x = new Float64Array(physical + 2);
  const [mean, square, one] = [new Float64Array(pairs), new Float64Array(pairs), new Float64Array(pairs)];
  for (let k = 0; k < used; k++) {
    const from = Math.floor(((k + 0.5) * total) / used) * vectorLength;
    x.set(vectors.subarray(from, from + physical));
    x.set(vectors.subarray(from + physical + 2 * angle, from + physical + 2 * angle + 2), physical);
    shard.c2(x, one);
    // Welford's recurrence: maps differ in their fifth digit, which sums of squares would lose.
    for (let p = 0; p < pairs; p++) {
      const delta = one[p]! - mean[p]!;
      mean[p]! += delta / (k + 1);
      square[p]! += delta * (one[p]! - mean[p]!);
    }
  }
  const sd = square.map((sum) => Math.sqrt(sum / Math.max(1, used - 1)));
  const dt = (times[1]! - times[0]!) * stride;
  return { n, dt, startTime: times[0]!, mean: mirrored(mean, n), sd: mirrored(sd, n) };
}

/** The whole map of its upper triangle, row by row. */
function mirrored(triangle: Float64Array, n: number): Float64Array {
  const map = new Float64Array(n * n);
  for (let row = 0, k = 0; row < n; row++) {
    for (let column = row; column < n; column++, k++) map[row * n + column] = map[column * n + row] = triangle[k]!;
  }
  return map;
}
