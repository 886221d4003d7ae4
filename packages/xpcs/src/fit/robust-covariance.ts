import { type LossName, sandwichCovariance } from "@siegert/nlsq";
import type { LocalFit } from "./local-fit.ts";

/**
 * Sandwich covariance of the free coordinates, (JᵀJ)⁻¹ M (JᵀJ)⁻¹ with M clustered by frame: the pairs that share a frame
 * may have any correlation (dyadic clustering, Aronow, Samii & Assenova 2015). `undefined` when the data do not determine
 * every coordinate.
 */
export function frameClusteredCovariance(fit: LocalFit, fScale: number, loss: LossName): Float64Array | undefined {
  const { result, problem } = fit;
  const { dim } = problem;
  if (result.covariance === undefined || dim === 0) return undefined;
  const variance = (2 * result.cost) / result.degreesOfFreedom;
  if (!(variance > 0)) return undefined;
  const inverse = result.covariance.map((value) => value / variance);
  const meat = new Float64Array(dim * dim);
  problem.scoreOuterProducts(result.x, { name: loss, scale: fScale }, meat);
  return sandwichCovariance(inverse, meat, dim);
}
