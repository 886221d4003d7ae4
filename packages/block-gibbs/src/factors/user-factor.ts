import { InvalidArgumentError } from "@siegert/errors";
import type { Node } from "../nodes/node.ts";
import type { UserFactor } from "./factor.ts";
import type { InteractionGroup } from "./interaction-group.ts";
import { checkGroups } from "./node-groups.ts";

/** Groups of nodes and the energy of those who stand together. */
export interface UserFactorDefinition {
  /** Factor i joins groups[0][i], groups[1][i], … */
  readonly groups: readonly (readonly Node[])[];
  /** Energy of factor `index` for the values of its members, one after the other; they are not to be kept or changed. */
  readonly energy: (values: Float64Array, index: number) => number;
  /**
   * What the factors say of the conditional laws of their members. Without it those of spins and categories are found by
   * comparing energies; Gaussian members then need a Metropolis sampler.
   */
  readonly interactions?: readonly InteractionGroup[];
  /** For messages. */
  readonly name?: string;
}

/**
 * Factors with an energy of one's own, for p(x) ∝ exp(−β E).
 * @throws {InvalidArgumentError} for groups of unequal length, a node twice in one factor, an energy that is no function,
 * and interactions between nodes that no factor joins.
 */
export function userFactor(definition: UserFactorDefinition): UserFactor {
  const { groups, energy, interactions, name = "user factor" } = definition;
  if (typeof energy !== "function") throw new InvalidArgumentError(`energy of ${name}`, "be a function", energy);
  const kinds = ["spin", "category", "gaussian", "user"] as const;
  const count = checkGroups(
    name,
    groups.map((nodes, g) => [`groups[${g}]`, kinds, nodes] as const),
  );
  const members = new Set(groups.flat());
  for (const group of interactions ?? []) {
    const stranger = [group.heads, ...tailsOf(group)].flat().find((node) => !members.has(node));
    if (stranger !== undefined) {
      throw new InvalidArgumentError(`interactions of ${name}`, "be between members of the factors", stranger.name);
    }
  }
  return Object.freeze({
    kind: "user",
    name,
    count,
    groups: groups.map((group) => [...group]),
    energy,
    interactions: interactions && [...interactions],
  });
}

/** Groups of nodes that directed interactions read. */
export function tailsOf(group: InteractionGroup): readonly (readonly Node[])[] {
  return group.kind === "user" ? group.tails : [...group.multiplied, ...group.categories];
}
