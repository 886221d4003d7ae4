import type { ChannelGrid } from "@siegert/physics-core";
import type { VectorPlan } from "./factor-vectors.ts";
import type { FactorForm, SeparableModel } from "./separable-model.ts";

/** Scale of each component and the rotation of the last two, from the frame of reference of a block to another one. */
export interface Join {
  readonly scales: Float64Array;
  cos: number;
  sin: number;
}

/**
 * Writes the vectors of one block of frames (see {@link VectorPlan}), one vector after the other, as rows or as columns
 * of pairs. Tangents are counted from those of a reference frame, so that products of them do not cancel.
 */
export class BlockVectors {
  readonly #separable: SeparableModel;
  readonly #grid: ChannelGrid;
  readonly #plan: VectorPlan;
  readonly #first: number;
  readonly #padded: number;
  readonly #stride: number;

  constructor(
    separable: SeparableModel,
    grid: ChannelGrid,
    plan: VectorPlan,
    first: number,
    padded: number,
    stride: number,
  ) {
    this.#separable = separable;
    this.#grid = grid;
    this.#plan = plan;
    this.#first = first;
    this.#padded = padded;
    this.#stride = stride;
  }

  /**
   * @param sign 1 for rows, −1 for columns: the sign with which an integral enters the exponent.
   * @param start, count the frames of the block, counted from the first used one.
   * @param reference frame whose tangents are subtracted.
   */
  write(
    form: FactorForm,
    sign: 1 | -1,
    join: Join,
    start: number,
    count: number,
    reference: number,
    kappa: number,
    kappaByPhi0: number,
    out: Float64Array,
  ): void {
    const stride = this.#stride;
    const [vectors, slopes] = sign === 1 ? [form.row, form.rowSlopes] : [form.column, form.columnSlopes];
    for (let c = 0; c < count; c++) out[c] = 1;
    this.#components(form, vectors, join, start, count, out, stride);
    let next = 1 + form.components;
    for (let e = 0; e < this.#separable.exponents; e++) {
      const { parameters, tangents, values } = this.#grid.channels[e]!;
      for (let p = 0; p < parameters.length; p++) {
        for (let k = 0; k < form.components; k++) {
          const power = form.powers[k]![e]!;
          if (power === 0) continue;
          const scale = sign * power * form.decays[e]!.rate;
          this.#multiply(out, 1 + k, next++, scale, tangents, p * values.length, start, count, reference);
        }
      }
    }
    if (form.rotates) {
      const { parameters, tangents, values } = this.#grid.channels[this.#separable.phaseChannel]!;
      for (let p = 0; p <= parameters.length; p++) {
        const isDirection = p === parameters.length;
        const [source, shift] = isDirection ? [values, 0] : [tangents, p * values.length];
        const scale = isDirection ? kappaByPhi0 : kappa;
        this.#multiply(out, 4, next++, -scale, source, shift, start, count, reference);
        this.#multiply(out, 3, next++, scale, source, shift, start, count, reference);
      }
    }
    if (this.#separable.fractionChannel >= 0) this.#fractions(form, slopes, join, start, count, next, out);
  }

  /** Components (or slopes) of the block in the other frame of reference, to the vectors from `to` on. */
  #components(
    { components, rotates }: FactorForm,
    vectors: Float64Array,
    { scales, cos, sin }: Join,
    start: number,
    count: number,
    out: Float64Array,
    to: number,
  ): void {
    const padded = this.#padded;
    const stride = this.#stride;
    const straight = rotates ? 2 : components;
    for (let k = 0; k < straight; k++) {
      const from = k * padded + start;
      const scale = scales[k]!;
      for (let c = 0; c < count; c++) out[to + k * stride + c] = scale * vectors[from + c]!;
    }
    if (!rotates) return;
    const [third, fourth] = [2 * padded + start, 3 * padded + start];
    const [a, b] = [scales[2]! * cos, scales[2]! * sin];
    for (let c = 0; c < count; c++) {
      const x = vectors[third + c]!;
      const y = vectors[fourth + c]!;
      out[to + 2 * stride + c] = a * x - b * y;
      out[to + 3 * stride + c] = a * y + b * x;
    }
  }

  /** Vector `to` = scale · (source − source at the reference) · vector `from`. */
  #multiply(
    out: Float64Array,
    from: number,
    to: number,
    scale: number,
    source: Float64Array,
    shift: number,
    start: number,
    count: number,
    reference: number,
  ): void {
    const origin = source[shift + reference + this.#first]!;
    const at = shift + start + this.#first;
    const [a, b] = [from * this.#stride, to * this.#stride];
    for (let c = 0; c < count; c++) out[b + c] = scale * (source[at + c]! - origin) * out[a + c]!;
  }

  #fractions(
    form: FactorForm,
    slopes: Float64Array,
    join: Join,
    start: number,
    count: number,
    to: number,
    out: Float64Array,
  ): void {
    const stride = this.#stride;
    const { parameters, tangents, values } = this.#grid.channels[this.#separable.fractionChannel]!;
    const last = parameters.length - 1;
    // The slopes are written where the last parameter's vectors go, and multiplied there at the end.
    const base = to + last * form.components;
    this.#components(form, slopes, join, start, count, out, base * stride);
    for (let p = 0; p <= last; p++) {
      const at = p * values.length + start + this.#first;
      for (let k = 0; k < form.components; k++) {
        const target = (to + p * form.components + k) * stride;
        const from = (base + k) * stride;
        for (let c = 0; c < count; c++) {
          out[target + c] = tangents[at + c]! * form.inverseNorm[start + c]! * out[from + c]!;
        }
      }
    }
  }

  /** The vectors there are, for those who read what was written. */
  get plan(): VectorPlan {
    return this.#plan;
  }
}
