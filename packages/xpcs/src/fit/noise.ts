/** Normal quantile that turns a median absolute value into a standard deviation. */
const MEDIAN_OF_ABSOLUTE_NORMAL = 0.6744897501960817;
/** Differences kept per map; the relative error of the estimate is then below 1 %. */
const LARGEST_SAMPLE = 40_000;

/**
 * Estimates the noise of measured maps without a model, from mixed second differences
 * c[i, j] − c[i, j+1] − c[i+1, j] + c[i+1, j+1] at long lags: anything linear in either time, and
 * any error that a whole frame shares, drops out, independent noise of standard deviation σ remains as 2σ. The median
 * absolute value makes it robust against what structure is left.
 */
export class NoiseEstimator {
  readonly #samples: Float64Array[] = [];

  /**
   * Takes in one map; row-major (frames, frames).
   *
   * @param shortest lag, in frames, at which the differences begin. Default: a quarter of the map.
   */
  add(map: Float64Array, frames: number, shortest: number = Math.max(3, Math.floor(frames / 4))): void {
    const rows = frames - shortest - 2;
    if (rows < 2) return;
    const count = (rows * (rows + 1)) / 2;
    const stride = Math.max(1, Math.ceil(count / LARGEST_SAMPLE));
    const sample = new Float64Array(Math.ceil(count / stride));
    let k = 0;
    let skip = 0;
    // Row and column 0 may hold the masked frame t = 0.
    for (let i = 1; i < rows; i++) {
      for (let j = i + shortest; j + 1 < frames; j++) {
        if (skip-- > 0) continue;
        skip = stride - 1;
        const at = i * frames + j;
        sample[k++] = Math.abs(map[at]! - map[at + 1]! - map[at + frames]! + map[at + frames + 1]!);
      }
    }
    if (k > 0) this.#samples.push(sample.subarray(0, k));
  }

  /** σ in units of the map, or `undefined` when the maps were too small (fewer than 20 differences). */
  sigma(): number | undefined {
    const total = this.#samples.reduce((sum, sample) => sum + sample.length, 0);
    if (total < 20) return undefined;
    const all = new Float64Array(total);
    let at = 0;
    for (const sample of this.#samples) {
      all.set(sample, at);
      at += sample.length;
    }
    all.sort();
    const median = 0.5 * (all[(total - 1) >> 1]! + all[total >> 1]!);
    return median > 0 ? median / MEDIAN_OF_ABSOLUTE_NORMAL / 2 : undefined;
  }
}
