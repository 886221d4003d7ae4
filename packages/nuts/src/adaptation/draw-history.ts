import { packNumbers, unpackNumbers } from "../chain/packed-numbers.ts";

/** Plain data of a `DrawHistory`. */
export interface DrawHistoryState {
  readonly count: number;
  readonly positions: string;
  readonly gradients: string;
}

/** The last draws with their gradients, at most `capacity` of them. */
export class DrawHistory {
  readonly dim: number;
  readonly capacity: number;
  /** How many were added since it was cleared. */
  count = 0;
  readonly #positions: Float64Array;
  readonly #gradients: Float64Array;

  constructor(dim: number, capacity: number) {
    this.dim = dim;
    this.capacity = capacity;
    this.#positions = new Float64Array(dim * capacity);
    this.#gradients = new Float64Array(dim * capacity);
  }

  get size(): number {
    return Math.min(this.count, this.capacity);
  }

  add(position: Float64Array, gradient: Float64Array): void {
    const row = (this.count % this.capacity) * this.dim;
    this.#positions.set(position, row);
    this.#gradients.set(gradient, row);
    this.count++;
  }

  clear(): void {
    this.count = 0;
  }

  /** Positions over and gradients times `scale`, minus their means. */
  centred(scale: Float64Array): { positions: Float64Array[]; gradients: Float64Array[]; count: number } {
    const positions = this.#centre(this.#positions, (x, i) => x / scale[i]!);
    const gradients = this.#centre(this.#gradients, (x, i) => x * scale[i]!);
    return { positions, gradients, count: this.size };
  }

  state(): DrawHistoryState {
    const length = this.size * this.dim;
    return {
      count: this.count,
      positions: packNumbers(this.#positions.subarray(0, length)),
      gradients: packNumbers(this.#gradients.subarray(0, length)),
    };
  }

  restore(state: DrawHistoryState): void {
    this.count = state.count;
    this.#positions.set(unpackNumbers(state.positions));
    this.#gradients.set(unpackNumbers(state.gradients));
  }

  #centre(rows: Float64Array, scaled: (x: number, i: number) => number): Float64Array[] {
    const { dim, size } = this;
    const vectors = Array.from({ length: size }, (_, n) => rows.slice(n * dim, (n + 1) * dim).map(scaled));
    for (let i = 0; i < dim; i++) {
      const mean = vectors.reduce((sum, vector) => sum + vector[i]!, 0) / size;
      for (const vector of vectors) vector[i] = vector[i]! - mean;
    }
    return vectors;
  }
}
