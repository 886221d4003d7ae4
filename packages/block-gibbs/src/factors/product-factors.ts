/**
 * Factors that are a product of spins (and Gaussian nodes) times a table of the categories, of any order, from the most
 * general to the plainest. They differ in what they accept, not in what they are.
 */
import { InvalidArgumentError } from "@siegert/errors";
import type { CategoryNode, GaussianNode, SpinNode } from "../nodes/node.ts";
import type { ProductFactor } from "./factor.ts";
import { checkedWeights, checkGroups } from "./node-groups.ts";

/** Groups of spins, Gaussian and categorical nodes, and a weight for every factor and every choice of categories. */
export interface ProductFactorDefinition {
  /** Groups of spins: factor i multiplies spins[0][i], spins[1][i], … */
  readonly spins?: readonly (readonly SpinNode[])[];
  /** Groups of Gaussian nodes, multiplied as well. */
  readonly reals?: readonly (readonly GaussianNode[])[];
  /** Groups of categorical nodes, which choose the weight. */
  readonly categories?: readonly (readonly CategoryNode[])[];
  /** Row-major, (number of factors, states of categories[0], states of categories[1], …). */
  readonly weights: ArrayLike<number>;
  /** For messages. Default: what the factor is. */
  readonly name?: string;
}

/**
 * Factors with energy −(Π spins)(Π reals) · W[categories].
 * @throws {InvalidArgumentError} for groups of unequal length, nodes of the wrong kind, a node twice in one factor, or
 * weights of another shape or not finite.
 */
export function productFactor(definition: ProductFactorDefinition): ProductFactor {
  const { spins = [], reals = [], categories = [], weights, name = "product factor" } = definition;
  const count = checkGroups(name, [
    ...spins.map((nodes, g) => [`spins[${g}]`, ["spin"], nodes] as const),
    ...reals.map((nodes, g) => [`reals[${g}]`, ["gaussian"], nodes] as const),
    ...categories.map((nodes, g) => [`categories[${g}]`, ["category"], nodes] as const),
  ]);
  return Object.freeze({
    kind: "product",
    name,
    count,
    multiplied: [...spins, ...reals].map((group) => [...group]),
    categories: categories.map((group) => [...group]),
    weights: checkedWeights(name, weights, count, categories),
  });
}

/** Spins and categories with a table of weights. @throws {InvalidArgumentError} as `productFactor`. */
export function discreteFactor(definition: Omit<ProductFactorDefinition, "reals">): ProductFactor {
  const { spins = [], categories = [], weights, name = "discrete factor" } = definition;
  return productFactor({ spins, categories, weights, name });
}

/**
 * A discrete factor whose categorical nodes all have the same number of states.
 * @throws {InvalidArgumentError} as `productFactor`, and when they do not.
 */
export function squareFactor(definition: Omit<ProductFactorDefinition, "reals">): ProductFactor {
  const { name = "square factor", ...rest } = definition;
  const factor = discreteFactor({ ...rest, name });
  const states = factor.categories.map((group) => group[0]!.states);
  if (states.some((K) => K !== states[0])) {
    throw new InvalidArgumentError(`categories of ${name}`, "all have equally many states", states);
  }
  return factor;
}

/** Products of spins alone. @throws {InvalidArgumentError} as `productFactor`. */
export function spinFactor({
  spins,
  weights,
  name = "spin factor",
}: {
  readonly spins: readonly (readonly SpinNode[])[];
  readonly weights: ArrayLike<number>;
  readonly name?: string;
}): ProductFactor {
  return productFactor({ spins, weights, name });
}

/** What factors of categories alone consist of. */
export interface CategoryFactorDefinition {
  readonly categories: readonly (readonly CategoryNode[])[];
  readonly weights: ArrayLike<number>;
  readonly name?: string;
}

/** Tables over categories alone. @throws {InvalidArgumentError} as `productFactor`. */
export function categoryFactor(definition: CategoryFactorDefinition): ProductFactor {
  const { categories, weights, name = "category factor" } = definition;
  return productFactor({ categories, weights, name });
}

/** Tables over categories with equally many states. @throws {InvalidArgumentError} as `squareFactor`. */
export function squareCategoryFactor(definition: CategoryFactorDefinition): ProductFactor {
  const { categories, weights, name = "square category factor" } = definition;
  return squareFactor({ categories, weights, name });
}
