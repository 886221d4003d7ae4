import { InvalidArgumentError } from "@siegert/errors";
import type { UserFactor } from "../factors/factor.ts";
import type { CompiledUserFactor } from "./compiled-user-factor.ts";
import { GatheredValues } from "./gathered-values.ts";

/**
 * Factor `index` of a batch of user-defined ones, with its members' places in a state. Its energy may be +∞, for a state
 * that is forbidden at every temperature, but neither NaN nor −∞: that throws.
 */
export function boundFactor(
  factor: UserFactor,
  index: number,
  members: Int32Array,
  offset: Int32Array,
): CompiledUserFactor {
  const gathered = new GatheredValues(members, offset);
  return {
    energy(state) {
      const energy = factor.energy(gathered.read(state), index);
      if (energy > -Infinity) return energy;
      throw new InvalidArgumentError(`energy of factor ${index} of ${factor.name}`, "be a number or +Infinity", energy);
    },
    hasInteractions: factor.interactions !== undefined,
  };
}
