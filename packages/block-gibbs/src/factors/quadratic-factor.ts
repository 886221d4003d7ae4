import { InvalidArgumentError } from "@siegert/errors";
import type { CategoryNode, GaussianNode } from "../nodes/node.ts";
import type { SquareFactor } from "./factor.ts";
import { checkedWeights, checkGroups } from "./node-groups.ts";

/** Gaussian nodes and their precisions. */
export interface QuadraticFactorDefinition {
  readonly nodes: readonly GaussianNode[];
  /** Groups of categorical nodes that choose the precision, as in a mixture. Default none. */
  readonly categories?: readonly (readonly CategoryNode[])[];
  /** Not negative; row-major, (number of nodes, states of categories[0], …). */
  readonly precisions: ArrayLike<number>;
  /** For messages. */
  readonly name?: string;
}

/**
 * Terms ½ P x² of the energy. A term P x y of two Gaussian nodes is a `productFactor` of reals with weight −P, and f x one
 * with a single group and weight −f.
 * @throws {InvalidArgumentError} as `productFactor`, and for a negative precision.
 */
export function quadraticFactor(definition: QuadraticFactorDefinition): SquareFactor {
  const { nodes, categories = [], precisions, name = "quadratic factor" } = definition;
  const count = checkGroups(name, [
    ["nodes", ["gaussian"], nodes],
    ...categories.map((group, g) => [`categories[${g}]`, ["category"], group] as const),
  ]);
  const weights = checkedWeights(name, precisions, count, categories);
  const bad = weights.findIndex((precision) => precision < 0);
  if (bad >= 0) throw new InvalidArgumentError(`precisions[${bad}] of ${name}`, "not be negative", weights[bad]);
  return Object.freeze({
    kind: "square",
    name,
    count,
    nodes: [...nodes],
    categories: categories.map((group) => [...group]),
    weights,
  });
}
