import type { UserFactor } from "../factors/factor.ts";
import type { CompiledUserFactor } from "./compiled-user-factor.ts";
import { GatheredValues } from "./gathered-values.ts";

/** Factor `index` of a batch of user-defined ones, with its members' places in a state. */
export function boundFactor(
  factor: UserFactor,
  index: number,
  members: Int32Array,
  offset: Int32Array,
): CompiledUserFactor {
  const gathered = new GatheredValues(members, offset);
  return {
    energy: (state) => factor.energy(gathered.read(state), index),
    hasInteractions: factor.interactions !== undefined,
  };
}
