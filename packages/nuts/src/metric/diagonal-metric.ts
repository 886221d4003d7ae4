import type { Metric, MetricData } from "./metric.ts";

/** L = diag(scale): independent standard deviations. */
export class DiagonalMetric implements Metric {
  readonly dim: number;
  readonly #scale: Float64Array;

  /** @param scale standard deviations, positive and finite; copied. */
  constructor(scale: ArrayLike<number>) {
    this.dim = scale.length;
    this.#scale = Float64Array.from(scale);
  }

  whiten(gradient: Float64Array, out: Float64Array): void {
    const scale = this.#scale;
    for (let i = 0; i < scale.length; i++) out[i] = scale[i]! * gradient[i]!;
  }

  move(position: Float64Array, distance: number, momentum: Float64Array, out: Float64Array): void {
    const scale = this.#scale;
    for (let i = 0; i < scale.length; i++) out[i] = position[i]! + distance * scale[i]! * momentum[i]!;
  }

  data(): MetricData {
    return { kind: "diagonal", scale: Array.from(this.#scale) };
  }
}
