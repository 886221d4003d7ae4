import type { AngleData } from "./angle-data.ts";
import { CorrelationRows, firstColumn } from "./correlation-rows.ts";
import { type Loss, lossSlope } from "./loss.ts";
import type { SeparableModel } from "./separable-model.ts";
import type { TileLayout } from "./tile-layout.ts";

/** Contrast and offset that fit one angle best, given the physics. */
export interface LinearScaling {
  readonly contrast: number;
  readonly offset: number;
  /**
   * Standard errors, from the residual variance and the classical covariance of the regression; 0 degrees of freedom or
   * a correlation that does not vary over the pairs give NaN.
   */
  readonly contrastError: number;
  readonly offsetError: number;
  /** Σ weight (offset + contrast M − data)², without the loss. */
  readonly sumOfSquares: number;
}

interface Line {
  readonly contrast: number;
  readonly offset: number;
}

/** Iterations of reweighting at most, and the change of contrast and offset, relative to the data, that ends them. */
const ITERATIONS = 50;
const TOLERANCE = 1e-12;

/** Weighted and robust regression of the data on M for one angle; the model must have been set to it. */
export class ScalingRegression {
  readonly #layout: TileLayout;
  readonly #separable: SeparableModel;
  readonly #rows: CorrelationRows;
  readonly #values: Float64Array;

  constructor(layout: TileLayout, separable: SeparableModel) {
    this.#layout = layout;
    this.#separable = separable;
    this.#rows = new CorrelationRows(separable, layout.tileSize);
    this.#values = new Float64Array(layout.tileSize);
  }

  fit(angle: AngleData, loss: Loss): LinearScaling {
    let found = this.#solve(angle, loss, undefined);
    if (loss.name !== "linear") {
      for (let k = 0; k < ITERATIONS; k++) {
        const next = this.#solve(angle, loss, found);
        const change = Math.max(Math.abs(next.contrast - found.contrast), Math.abs(next.offset - found.offset));
        const size = Math.abs(next.contrast) + Math.abs(next.offset);
        found = next;
        if (!(change > TOLERANCE * size)) break;
      }
    }
    return found;
  }

  /** One regression, with each pair's weight times ρ′ of its residual from `line`. */
  #solve(angle: AngleData, loss: Loss, line: Line | undefined): LinearScaling {
    const sums = new Float64Array(6);
    this.#accumulate(angle, loss, line, sums, undefined);
    const [total, count] = [sums[0]!, sums[5]!];
    const means = { value: sums[1]! / total, data: sums[2]! / total };
    sums.fill(0);
    this.#accumulate(angle, loss, line, sums, means);
    const [, , , spread, joint] = [0, 0, 0, sums[3]!, sums[4]!];
    // A correlation that is the same for all pairs says nothing of the contrast: then the mean is all that is known.
    const isFlat = !(spread > 1e-28 * total * (1 + means.value * means.value));
    const contrast = isFlat ? 0 : joint / spread;
    const offset = means.data - contrast * means.value;
    const sumOfSquares = this.#sumOfSquares(angle, { contrast, offset });
    const variance = sumOfSquares / (count - 2);
    return {
      contrast,
      offset,
      contrastError: isFlat || count <= 2 ? Number.NaN : Math.sqrt(variance / spread),
      offsetError:
        isFlat || count <= 2 ? Number.NaN : Math.sqrt(variance * (1 / total + (means.value * means.value) / spread)),
      sumOfSquares,
    };
  }

  /** sums: weight, weight M, weight d, then about the means weight M², weight M d; and the number of pairs. */
  #accumulate(
    angle: AngleData,
    loss: Loss,
    line: Line | undefined,
    sums: Float64Array,
    means: { readonly value: number; readonly data: number } | undefined,
  ): void {
    const values = this.#values;
    const [meanValue, meanData] = means === undefined ? [0, 0] : [means.value, means.data];
    const inverse = 1 / (loss.scale * loss.scale);
    for (const tile of this.#layout.tiles) {
      this.#separable.setTile(tile);
      const part = [0, 0, 0, 0, 0, 0] as [number, number, number, number, number, number];
      for (let r = 0; r < tile.rows; r++) {
        const start = firstColumn(tile, r);
        this.#rows.values(tile, r, start, values);
        angle.read(tile, r, start);
        const { rowData: data, rowWeights: weights, from } = angle;
        for (let c = start; c < tile.columns; c++) {
          let weight = weights === undefined ? 1 : weights[from + c]!;
          if (weight === 0) continue;
          const value = values[c]!;
          const datum = data[from + c]!;
          if (line !== undefined) {
            const residual = line.offset + line.contrast * value - datum;
            weight *= lossSlope(loss.name, weight * residual * residual * inverse);
          }
          part[0] += weight;
          part[1] += weight * value;
          part[2] += weight * datum;
          part[3] += weight * (value - meanValue) * (value - meanValue);
          part[4] += weight * (value - meanValue) * (datum - meanData);
          part[5]++;
        }
      }
      for (let k = 0; k < 6; k++) sums[k]! += part[k]!;
    }
  }

  #sumOfSquares(angle: AngleData, { contrast, offset }: Line): number {
    const values = this.#values;
    let total = 0;
    for (const tile of this.#layout.tiles) {
      this.#separable.setTile(tile);
      let part = 0;
      for (let r = 0; r < tile.rows; r++) {
        const start = firstColumn(tile, r);
        this.#rows.values(tile, r, start, values);
        angle.read(tile, r, start);
        const { rowData: data, rowWeights: weights, from } = angle;
        for (let c = start; c < tile.columns; c++) {
          const residual = contrast * values[c]! + (offset - data[from + c]!);
          part += (weights === undefined ? 1 : weights[from + c]!) * residual * residual;
        }
      }
      total += part;
    }
    return total;
  }
}
