/** Pairs of frames with measured values. */
export interface Pairs {
  readonly i: Int32Array;
  readonly j: Int32Array;
  readonly angle: Int32Array;
  readonly c2: Float64Array;
}

/** A small generator (Numerical Recipes' linear congruence), so that tests repeat. */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Random pairs in any order; some equal, some of a frame with itself, some twice. */
export function randomPairs(count: number, frames: number, angles: number, seed: number): Pairs {
  const next = uniform(seed);
  const draw = (limit: number): Int32Array => Int32Array.from({ length: count }, () => Math.floor(next() * limit));
  return {
    i: draw(frames),
    j: draw(frames),
    angle: draw(angles),
    c2: Float64Array.from({ length: count }, () => 1 + 0.3 * next()),
  };
}
