import type { CoordinateMap } from "./coordinate-map.ts";
import type { SampledQuantity } from "./posterior-spec.ts";

/** A posterior for consensus: the same, on the scale of normal scores. */
export function scored<Spec extends { readonly quantities: readonly SampledQuantity[] }>(spec: Spec): Spec {
  return { ...spec, quantities: scoredQuantities(spec.quantities) };
}

/**
 * Quantities on the scale of their normal scores under the prior, where that is normal or uniform within finite bounds.
 *
 * Consensus takes the product of densities on the unconstrained scale, each with a share 1/K of prior and Jacobian. On this
 * scale that share is N(0, K), so that a quantity which a shard knows nothing of is normal, as consensus wants it, and K
 * shards make N(0, 1) of it exactly. On the logistic scale it would have tails exp(−|u|/K), and push draws against the bounds.
 */
function scoredQuantities(quantities: readonly SampledQuantity[]): SampledQuantity[] {
  return quantities.map((quantity) => ({ ...quantity, map: scoreMap(quantity) }));
}

function scoreMap({ map, prior }: SampledQuantity): CoordinateMap {
  const { lower, upper } = map;
  if (!(Number.isFinite(lower) && Number.isFinite(upper))) return map;
  switch (prior.type) {
    case "TruncatedNormal":
    case "Normal":
      return { kind: "score", lower, upper, mean: prior.mean, sd: prior.sd };
    case "HalfNormal":
      return { kind: "score", lower, upper, mean: 0, sd: prior.sd };
    case "Uniform":
      return { kind: "score", lower, upper, mean: 0.5 * (lower + upper), sd: Infinity };
    default:
      return map;
  }
}
