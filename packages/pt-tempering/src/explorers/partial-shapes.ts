import { cholesky } from "../references/cholesky.ts";
import { diagonalFactor, type RungShape, type RungShapes } from "./rung-shapes.ts";

/** The shapes of some of the coordinates. */
export class PartialShapes implements RungShapes {
  readonly #whole: RungShapes;
  readonly #indices: readonly number[];
  readonly #known: (RungShape | undefined)[] = [];
  readonly #sources: (RungShape | undefined)[] = [];

  constructor(whole: RungShapes, indices: readonly number[]) {
    this.#whole = whole;
    this.#indices = indices;
  }

  requireCovariance(): void {
    this.#whole.requireCovariance();
  }

  at(chain: number, leg: number, beta: number): RungShape {
    const source = this.#whole.at(chain, leg, beta);
    const known = this.#known[chain];
    if (known && this.#sources[chain] === source) return known;
    const shape = this.#part(source);
    this.#known[chain] = shape;
    this.#sources[chain] = source;
    return shape;
  }

  before(leg: number, beta: number): RungShape {
    return this.#part(this.#whole.before(leg, beta));
  }

  #part(source: RungShape): RungShape {
    const indices = this.#indices;
    const sd = Float64Array.from(indices, (i) => source.sd[i]!);
    const factor = source.factor && (cholesky(submatrix(source.factor, indices), indices.length) ?? diagonalFactor(sd));
    const mean = Float64Array.from(indices, (i) => source.mean[i]!);
    return { mean, sd, factor, version: source.version };
  }
}

/** Rows and columns `indices` of L Lᵀ, packed. */
function submatrix(factor: Float64Array, indices: readonly number[]): Float64Array {
  const out = new Float64Array((indices.length * (indices.length + 1)) / 2);
  let at = 0;
  for (const [a, i] of indices.entries()) {
    for (const j of indices.slice(0, a + 1)) {
      let sum = 0;
      for (let k = 0; k <= Math.min(i, j); k++) sum += factor[(i * (i + 1)) / 2 + k]! * factor[(j * (j + 1)) / 2 + k]!;
      out[at++] = sum;
    }
  }
  return out;
}
