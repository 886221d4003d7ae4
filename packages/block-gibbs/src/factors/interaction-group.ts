import { InvalidArgumentError } from "@siegert/errors";
import type { CategoryNode, GaussianNode, Node, SpinNode } from "../nodes/node.ts";
import { checkedWeights, checkGroups } from "./node-groups.ts";

/**
 * Directed interactions: what the conditional laws of heads owe to tails. Interaction i acts on heads[i] alone and adds
 *
 *     (Π of multiplied[·][i]) · W[i, (state of a categorical head,) categories of its tails]
 *
 * to the parameter of its law: γ of a spin, P(s) ∝ exp(γ s); θ_k of a category, P(k) ∝ exp θ_k; f of a Gaussian node,
 * density ∝ exp(f x − ½ Λ x²), or Λ where `target` says so.
 */
export interface WeightedInteractions {
  readonly kind: "weighted";
  readonly heads: readonly Node[];
  readonly multiplied: readonly (readonly (SpinNode | GaussianNode)[])[];
  readonly categories: readonly (readonly CategoryNode[])[];
  readonly weights: Float64Array;
  /** "precision" adds to Λ of Gaussian heads. */
  readonly target: "field" | "precision";
}

/** Directed interactions as a function. */
export interface UserInteractions {
  readonly kind: "user";
  readonly heads: readonly Node[];
  readonly tails: readonly (readonly Node[])[];
  readonly add: AddInteraction;
}

/**
 * Adds what interaction `index` says to the parameters of its head's law: `out[0]` is γ of a spin or f of a Gaussian
 * node, `out[1]` its Λ, and `out[k]` are θ_k of a category. All at β = 1.
 *
 * @param tails values of its tails, one after the other; not to be kept.
 */
export type AddInteraction = (tails: Float64Array, out: Float64Array, index: number) => void;

/** A batch of directed interactions. */
export type InteractionGroup = WeightedInteractions | UserInteractions;

/** What `weightedInteractions` needs to know. */
export interface WeightedInteractionsDefinition {
  readonly heads: readonly (SpinNode | CategoryNode | GaussianNode)[];
  readonly multiplied?: readonly (readonly (SpinNode | GaussianNode)[])[];
  readonly categories?: readonly (readonly CategoryNode[])[];
  /** Row-major, (number of heads, states of a categorical head, states of categories[0], …). */
  readonly weights: ArrayLike<number>;
  readonly target?: "field" | "precision";
}

/**
 * Directed interactions with weights.
 * @throws {InvalidArgumentError} for heads of different kinds, groups of unequal length, weights of another shape, and
 * precisions of heads that are not Gaussian.
 */
export function weightedInteractions(definition: WeightedInteractionsDefinition): WeightedInteractions {
  const { heads, multiplied = [], categories = [], weights, target = "field" } = definition;
  const name = "interactions";
  const kind = heads?.[0]?.kind ?? "spin";
  const count = checkGroups(name, [
    ["heads", [kind], heads],
    ...multiplied.map((nodes, g) => [`multiplied[${g}]`, ["spin", "gaussian"], nodes] as const),
    ...categories.map((nodes, g) => [`categories[${g}]`, ["category"], nodes] as const),
  ]);
  if (target !== "field" && target !== "precision") {
    throw new InvalidArgumentError(`target of ${name}`, 'be "field" or "precision"', target);
  }
  if (target === "precision" && kind !== "gaussian") {
    throw new InvalidArgumentError(`target of ${name}`, `be "field", as the heads are of kind ${kind}`, target);
  }
  const axes = kind === "category" ? [heads as readonly CategoryNode[], ...categories] : categories;
  return {
    kind: "weighted",
    heads,
    multiplied,
    categories,
    weights: checkedWeights(name, weights, count, axes),
    target,
  };
}

/**
 * Directed interactions as a function of the tails' values.
 * @throws {InvalidArgumentError} for groups of unequal length, or an `add` that is no function.
 */
export function userInteractions(definition: Omit<UserInteractions, "kind">): UserInteractions {
  const { heads, tails, add } = definition;
  if (typeof add !== "function") throw new InvalidArgumentError("add", "be a function", add);
  checkGroups("interactions", [
    ["heads", ["spin", "category", "gaussian"], heads],
    ...tails.map((nodes, g) => [`tails[${g}]`, ["spin", "category", "gaussian", "user"], nodes] as const),
  ]);
  return { kind: "user", heads, tails, add };
}
