import { must, mustBePositive } from "../must.ts";
import { BlockMetric } from "./block-metric.ts";
import { DenseMetric } from "./dense-metric.ts";
import { DiagonalMetric } from "./diagonal-metric.ts";
import { LowRankMetric } from "./low-rank-metric.ts";
import type { Metric, MetricData } from "./metric.ts";

/**
 * The metric of plain data.
 * @throws {InvalidArgumentError} unless it is one of `dim` coordinates with positive, finite scales.
 */
export function metricFromData(data: MetricData, dim: number, argument = "metric"): Metric {
  switch (data.kind) {
    case "diagonal":
      checkScales(`${argument}.scale`, data.scale, dim);
      return new DiagonalMetric(data.scale);
    case "dense":
      checkFactor(`${argument}.factor`, data.factor, dim);
      return new DenseMetric(dim, data.factor);
    case "low-rank":
      checkScales(`${argument}.scale`, data.scale, dim);
      checkScales(`${argument}.eigenvalues`, data.eigenvalues, data.eigenvalues.length);
      checkNumbers(`${argument}.vectors`, data.vectors, dim * data.eigenvalues.length);
      return new LowRankMetric(data.scale, data.vectors, data.eigenvalues);
    case "blocks":
      return blockMetric(data, dim, argument);
    default:
      must(false, `${argument}.kind`, "be diagonal, dense, low-rank or blocks", (data as MetricData).kind);
  }
}

function blockMetric(data: Extract<MetricData, { kind: "blocks" }>, dim: number, argument: string): Metric {
  must(data.dim === dim, `${argument}.dim`, `be ${dim}`, data.dim);
  checkPartition(
    `${argument}.blocks`,
    data.blocks.map((block) => block.indices),
    dim,
  );
  const blocks = data.blocks.map(({ indices, metric }, k) => ({
    indices,
    metric: metricFromData(metric, indices.length, `${argument}.blocks[${k}].metric`),
  }));
  return new BlockMetric(dim, blocks);
}

/** @throws {InvalidArgumentError} unless the groups hold every coordinate once. */
export function checkPartition(argument: string, groups: readonly (readonly number[])[], dim: number): void {
  const sorted = groups.flat().toSorted((a, b) => a - b);
  const isPartition = sorted.length === dim && sorted.every((index, k) => index === k);
  must(isPartition, argument, `hold each of the coordinates 0 to ${dim - 1} once`, sorted);
}

function checkScales(argument: string, scales: ArrayLike<number>, length: number): void {
  checkNumbers(argument, scales, length);
  for (let i = 0; i < length; i++) mustBePositive(`${argument}[${i}]`, scales[i]!);
}

function checkFactor(argument: string, factor: ArrayLike<number>, dim: number): void {
  checkNumbers(argument, factor, (dim * (dim + 1)) / 2);
  for (let i = 0; i < dim; i++) {
    const diagonal = factor[(i * (i + 3)) / 2]!;
    must(diagonal > 0, argument, "have a positive diagonal", diagonal);
  }
}

/** @throws {InvalidArgumentError} unless there are `length` numbers, all finite. */
export function checkNumbers(argument: string, numbers: ArrayLike<number>, length: number): void {
  must(numbers?.length === length, argument, `have ${length} entries`, numbers);
  for (let i = 0; i < length; i++) {
    must(Number.isFinite(numbers[i]), `${argument}[${i}]`, "be finite", numbers[i]);
  }
}
