import type { ChannelGrid } from "@siegert/physics-core";
import type { PairBasis, SeparableModel } from "./separable-model.ts";

/**
 * Rows of the Jacobian of the model c2, for a run of pairs (i, j) with one i: parameter by parameter, so that entry
 * [p · stride + c] is ∂c2/∂parameter p of the pair with column c. Parameters are the physical ones, then contrast and
 * offset of the angle at hand.
 */
export class JacobianRows {
  readonly #grid: ChannelGrid;
  readonly #separable: SeparableModel;
  readonly #first: number;
  readonly #physical: number;
  readonly #phi0: number;

  constructor(grid: ChannelGrid, separable: SeparableModel, first: number) {
    this.#grid = grid;
    this.#separable = separable;
    this.#first = first;
    this.#physical = grid.model.parameters.length;
    this.#phi0 = grid.model.phi0Index;
  }

  /**
   * @param i row, counted from the first used frame.
   * @param column frame of column 0, counted likewise.
   * @param start, end columns to write.
   * @param out parameter p of column c goes to out[p · stride + at + c].
   */
  write(
    basis: PairBasis,
    i: number,
    column: number,
    start: number,
    end: number,
    contrast: number,
    kappa: number,
    kappaByPhi0: number,
    out: Float64Array,
    stride: number,
    at: number,
  ): void {
    const { exponents, phaseChannel, fractionChannel } = this.#separable;
    const [row, from] = [i + this.#first, column + this.#first];
    for (let e = 0; e < exponents; e++) {
      const { parameters, tangents, values } = this.#grid.channels[e]!;
      for (let p = 0; p < parameters.length; p++) {
        const shift = p * values.length;
        const to = parameters[p]! * stride + at;
        differences(basis.exponents[e]!, contrast, tangents, shift + row, shift + from, start, end, out, to);
      }
    }
    if (phaseChannel >= 0) {
      const { parameters, tangents, values } = this.#grid.channels[phaseChannel]!;
      const scale = contrast * kappa;
      for (let p = 0; p < parameters.length; p++) {
        const shift = p * values.length;
        const to = parameters[p]! * stride + at;
        differences(basis.phase, scale, tangents, shift + row, shift + from, start, end, out, to);
      }
      differences(basis.phase, contrast * kappaByPhi0, values, row, from, start, end, out, this.#phi0 * stride + at);
    }
    if (fractionChannel >= 0) this.#fractions(basis, row, from, start, end, contrast, out, stride, at);
    const byContrast = this.#physical * stride + at;
    const byOffset = byContrast + stride;
    for (let c = start; c < end; c++) {
      out[byContrast + c] = basis.value[c]!;
      out[byOffset + c] = 1;
    }
  }

  #fractions(
    { fractionRow, fractionColumn }: PairBasis,
    row: number,
    from: number,
    start: number,
    end: number,
    contrast: number,
    out: Float64Array,
    stride: number,
    at: number,
  ): void {
    const { parameters, tangents, values } = this.#grid.channels[this.#separable.fractionChannel]!;
    for (let p = 0; p < parameters.length; p++) {
      const shift = p * values.length;
      const own = contrast * tangents[shift + row]!;
      const to = parameters[p]! * stride + at;
      for (let c = start; c < end; c++) {
        out[to + c] = fractionRow[c]! * own + fractionColumn[c]! * contrast * tangents[shift + from + c]!;
      }
    }
  }
}

/** out[to + c] = scale · slopes[c] · (tangents[from + c] − tangents[row]). */
function differences(
  slopes: Float64Array,
  scale: number,
  tangents: Float64Array,
  row: number,
  from: number,
  start: number,
  end: number,
  out: Float64Array,
  to: number,
): void {
  const own = tangents[row]!;
  for (let c = start; c < end; c++) out[to + c] = scale * slopes[c]! * (tangents[from + c]! - own);
}
