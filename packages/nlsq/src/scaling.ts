/** Scales of the parameters: given, or learned from the columns of J. */
import type { LinearModel } from "./linear-model.ts";
import type { Settings } from "./options.ts";

/** Inverse scales of the free parameters. With xScale 'jac', the largest norm that each column of J has had. */
export class ParameterScale {
  readonly #given: Float64Array | undefined;
  readonly #inverse: Float64Array;

  /** @param indices of the free parameters in the full vector. */
  constructor(settings: Settings, indices: Int32Array) {
    const { xScale } = settings;
    this.#given = xScale && Float64Array.from(indices, (index) => 1 / xScale[index]!);
    this.#inverse = this.#given ?? new Float64Array(indices.length);
  }

  /** Takes the columns of a new model into account. */
  update(model: LinearModel): void {
    if (this.#given) return;
    for (let j = 0; j < this.#inverse.length; j++) {
      this.#inverse[j] = Math.max(this.#inverse[j]!, model.columnNorms[j]!);
    }
  }

  /** 1/scale of parameter j; 1 while its column has been 0. */
  inverseAt(j: number): number {
    return this.#inverse[j]! > 0 ? this.#inverse[j]! : 1;
  }

  /** Euclidean length in units of the scales. */
  norm(a: Float64Array): number {
    let sum = 0;
    for (let j = 0; j < a.length; j++) sum += (a[j]! * this.inverseAt(j)) ** 2;
    return Math.sqrt(sum);
  }
}
