import { InvalidArgumentError } from "@siegert/errors";
import type { BoundSampler, ConditionalSampler } from "./conditional-sampler.ts";

/** placeholder until the joint updates are in */
export function jointSampler(): ConditionalSampler {
  return {
    name: "joint sampler",
    kinds: ["spin", "category", "gaussian"],
    bind({ block }): BoundSampler {
      throw new InvalidArgumentError(`block ${block.name}`, "not be joint yet", block.name);
    },
  };
}
