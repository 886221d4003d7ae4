import type { Loss, NormalEquationsProblem } from "@siegert/nlsq";
import type { Meshgrid } from "@siegert/physics-meshgrid";
import type { Coordinates } from "./coordinates.ts";
import { applyScaling, type ScalingBasis } from "./scaling-basis.ts";

/**
 * The correlation of all pairs as a least-squares problem in the free coordinates z = (physics, scaling coefficients):
 * the engine works in the full vector x = (physical parameters, contrast and offset per angle), and the chain
 * x(z) turns its normal equations into those of z.
 */
export class FitProblem implements NormalEquationsProblem {
  readonly residualCount: number;
  readonly dim: number;
  readonly #meshgrid: Meshgrid;
  readonly #coordinates: Coordinates;
  readonly #scaling: ScalingBasis;
  readonly #physicalCount: number;
  readonly #x: Float64Array;
  readonly #chain: Float64Array;
  readonly #physicalChain: Float64Array;
  readonly #jtj: Float64Array;
  readonly #jtr: Float64Array;
  readonly #product: Float64Array;

  constructor(meshgrid: Meshgrid, coordinates: Coordinates, scaling: ScalingBasis) {
    this.#meshgrid = meshgrid;
    this.#coordinates = coordinates;
    this.#scaling = scaling;
    this.residualCount = meshgrid.pairCount;
    this.dim = coordinates.dim + scaling.names.length;
    const size = meshgrid.parameterCount;
    this.#physicalCount = size - 2 * meshgrid.angles;
    this.#x = new Float64Array(size);
    this.#chain = new Float64Array(size * this.dim);
    this.#physicalChain = new Float64Array(this.#physicalCount * coordinates.dim);
    this.#jtj = new Float64Array(size * size);
    this.#jtr = new Float64Array(size);
    this.#product = new Float64Array(size * this.dim);
  }

  /** The full vector x at z; valid until the next call. */
  expand(z: Float64Array): Float64Array {
    const physical = this.#x.subarray(0, this.#physicalCount);
    this.#coordinates.toParameters(z.subarray(0, this.#coordinates.dim), physical);
    applyScaling(this.#scaling, z.subarray(this.#coordinates.dim), this.#x.subarray(this.#physicalCount));
    return this.#x;
  }

  /** ∂x/∂z at z, row-major (parameters, dim); valid until the next call. */
  chain(z: Float64Array): Float64Array {
    this.expand(z);
    const { dim } = this.#coordinates;
    this.#coordinates.jacobian(z.subarray(0, dim), this.#x.subarray(0, this.#physicalCount), this.#physicalChain);
    this.#chain.fill(0);
    for (let row = 0; row < this.#physicalCount; row++) {
      for (let c = 0; c < dim; c++) this.#chain[row * this.dim + c] = this.#physicalChain[row * dim + c]!;
    }
    const coefficients = this.dim - dim;
    for (let row = 0; row < this.#x.length - this.#physicalCount; row++) {
      for (let c = 0; c < coefficients; c++) {
        this.#chain[(this.#physicalCount + row) * this.dim + dim + c] = this.#scaling.matrix[row * coefficients + c]!;
      }
    }
    return this.#chain;
  }

  cost(z: Float64Array, loss: Loss): number {
    return this.#meshgrid.cost(this.expand(z), loss);
  }

  normalEquations(z: Float64Array, loss: Loss, jtj: Float64Array, jtr: Float64Array): number {
    const chain = this.chain(z);
    const cost = this.#meshgrid.normalEquations(this.#x, loss, this.#jtj, this.#jtr);
    this.#sandwich(chain, this.#jtj, jtj);
    const size = this.#x.length;
    for (let c = 0; c < this.dim; c++) {
      let sum = 0;
      for (let row = 0; row < size; row++) sum += chain[row * this.dim + c]! * this.#jtr[row]!;
      jtr[c] = sum;
    }
    return cost;
  }

  scoreOuterProducts(z: Float64Array, loss: Loss, out: Float64Array): void {
    const chain = this.chain(z);
    this.#meshgrid.scoreOuterProducts(this.#x, loss, this.#jtj);
    this.#sandwich(chain, this.#jtj, out);
  }

  /** out = chainᵀ · matrix · chain, skipping the chain's many zeros. */
  #sandwich(chain: Float64Array, matrix: Float64Array, out: Float64Array): void {
    const size = this.#x.length;
    const { dim } = this;
    const product = this.#product.fill(0);
    for (let k = 0; k < size; k++) {
      for (let c = 0; c < dim; c++) {
        const weight = chain[k * dim + c]!;
        if (weight === 0) continue;
        for (let row = 0; row < size; row++) product[row * dim + c]! += matrix[row * size + k]! * weight;
      }
    }
    out.fill(0);
    for (let row = 0; row < size; row++) {
      for (let a = 0; a < dim; a++) {
        const weight = chain[row * dim + a]!;
        if (weight === 0) continue;
        for (let b = 0; b < dim; b++) out[a * dim + b]! += weight * product[row * dim + b]!;
      }
    }
  }
}
