import type { Metric, MetricData } from "./metric.ts";

interface Block {
  readonly indices: Int32Array;
  readonly metric: Metric;
  readonly inputs: Float64Array;
  readonly start: Float64Array;
  readonly outputs: Float64Array;
}

/** Groups of coordinates, each with a metric of its own; no correlation between groups. */
export class BlockMetric implements Metric {
  readonly dim: number;
  readonly #blocks: readonly Block[];

  /** @param blocks whose indices hold every coordinate once. */
  constructor(dim: number, blocks: readonly { readonly indices: readonly number[]; readonly metric: Metric }[]) {
    this.dim = dim;
    this.#blocks = blocks.map(({ indices, metric }) => ({
      indices: Int32Array.from(indices),
      metric,
      inputs: new Float64Array(indices.length),
      start: new Float64Array(indices.length),
      outputs: new Float64Array(indices.length),
    }));
  }

  whiten(gradient: Float64Array, out: Float64Array): void {
    for (const { indices, metric, inputs, outputs } of this.#blocks) {
      for (let k = 0; k < indices.length; k++) inputs[k] = gradient[indices[k]!]!;
      metric.whiten(inputs, outputs);
      for (let k = 0; k < indices.length; k++) out[indices[k]!] = outputs[k]!;
    }
  }

  move(position: Float64Array, distance: number, momentum: Float64Array, out: Float64Array): void {
    for (const { indices, metric, inputs, start, outputs } of this.#blocks) {
      for (let k = 0; k < indices.length; k++) {
        inputs[k] = momentum[indices[k]!]!;
        start[k] = position[indices[k]!]!;
      }
      metric.move(start, distance, inputs, outputs);
      for (let k = 0; k < indices.length; k++) out[indices[k]!] = outputs[k]!;
    }
  }

  data(): MetricData {
    const blocks = this.#blocks.map(({ indices, metric }) => ({ indices: Array.from(indices), metric: metric.data() }));
    return { kind: "blocks", dim: this.dim, blocks };
  }
}
