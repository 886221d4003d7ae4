import { createRandom } from "@siegert/random";
import { solveUpper } from "./cholesky.ts";
import type { ProductGaussian } from "./product-gaussian.ts";

/** Independent draws from the product Gaussian, row-major (chain, draw, coordinate). */
export function gaussianDraws(product: ProductGaussian, chains: number, draws: number, seed: number): Float64Array {
  const dim = product.mean.length;
  const values = new Float64Array(chains * draws * dim);
  const z = new Float64Array(dim);
  for (let chain = 0; chain < chains; chain++) {
    const random = createRandom(seed, "weighted-gaussian", chain);
    for (let draw = 0; draw < draws; draw++) {
      random.fillNormal(z);
      // Precision = L Lᵀ, so L⁻ᵀ z has the covariance (L Lᵀ)⁻¹.
      solveUpper(product.precisionFactor, dim, z);
      const at = (chain * draws + draw) * dim;
      for (let i = 0; i < dim; i++) values[at + i] = product.mean[i]! + z[i]!;
    }
  }
  return values;
}
