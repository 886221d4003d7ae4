import type { Experiment } from "@siegert/physics-core";
import type { MeshgridOptions } from "@siegert/physics-meshgrid";

/** Data with b × b blocks of frames replaced by their means: what a search for starting points needs, at 1/b² of its cost. */
export interface CoarseData {
  readonly experiment: Experiment;
  readonly c2: (angle: number) => Float64Array;
  readonly weights: MeshgridOptions["weights"];
}

/** Frames of the coarse maps, at most twice this. */
const COARSE_FRAMES = 80;

/**
 * The coarse data of large maps; `undefined` for maps that are small already. A block's time is the mean of its frames'.
 * A first frame at t = 0 is left out.
 */
export function coarsen(
  experiment: Experiment,
  c2: (angle: number) => Float64Array,
  weights?: (angle: number) => Float64Array,
): CoarseData | undefined {
  const { times } = experiment;
  const frames = times.length;
  const block = Math.floor(frames / COARSE_FRAMES);
  if (block < 2) return undefined;
  const first = times[0] === 0 ? 1 : 0;
  const count = Math.floor((frames - first) / block);
  const dt = (times[frames - 1]! - times[0]!) / (frames - 1);
  const start = times[first]! + ((block - 1) * dt) / 2;
  const sums = (angle: number) => blockSums(c2(angle), weights?.(angle), frames, first, block, count);
  return {
    experiment: { ...experiment, times: Float64Array.from({ length: count }, (_, k) => start + k * block * dt) },
    c2: (angle) => {
      const { total, weight } = sums(angle);
      return total.map((value, k) => (weight[k]! > 0 ? value / weight[k]! : 0));
    },
    weights: weights === undefined ? undefined : (angle) => sums(angle).weight.map((value) => value / (block * block)),
  };
}

function blockSums(
  map: Float64Array,
  weights: Float64Array | undefined,
  frames: number,
  first: number,
  block: number,
  count: number,
): { total: Float64Array; weight: Float64Array } {
  const total = new Float64Array(count * count);
  const weight = new Float64Array(count * count);
  for (let i = 0; i < count * block; i++) {
    const row = Math.floor(i / block) * count;
    for (let j = 0; j < count * block; j++) {
      const at = (first + i) * frames + first + j;
      const w = weights === undefined ? 1 : weights[at]!;
      const to = row + Math.floor(j / block);
      total[to]! += w * map[at]!;
      weight[to]! += w;
    }
  }
  return { total, weight };
}
