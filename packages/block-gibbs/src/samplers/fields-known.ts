import { InvalidArgumentError } from "@siegert/errors";
import { GAUSSIAN, USER_FACTOR } from "../compiled/compiled-graph.ts";
import type { SamplerTarget } from "./conditional-sampler.ts";

/**
 * @throws {InvalidArgumentError} when a Gaussian node's conditional law cannot be known to be normal: it is in a
 * user-defined factor that has no interactions.
 */
export function checkFieldsKnown({ graph, block, nodes }: SamplerTarget): void {
  for (const node of nodes) {
    if (graph.kind[node] !== GAUSSIAN) continue;
    for (let e = graph.incidentStart[node]!; e < graph.incidentStart[node + 1]!; e++) {
      const factor = graph.incident[e]!;
      if (graph.factorKind[factor] !== USER_FACTOR) continue;
      if (graph.userFactors[graph.weightStart[factor]!]!.hasInteractions) continue;
      const wanted = "have interactions that say what they add to its law, or a Metropolis sampler for the block";
      throw new InvalidArgumentError(
        `user factors of ${graph.names[node]} in block ${block.name}`,
        wanted,
        "energies alone",
      );
    }
  }
}
