import type { CategoryNode, GaussianNode, Node, SpinNode } from "../nodes/node.ts";
import type { InteractionGroup } from "./interaction-group.ts";

/**
 * A batch of factors of one form. Factor i joins the i-th node of every group and has the energy
 *
 *     E_i = −(Π of its spins) (Π of its Gaussian nodes) · W[i, c₁, …, c_N]
 *
 * with the states c of its categorical nodes. A model's law is p(x) ∝ exp(−β Σ E).
 */
export interface ProductFactor {
  readonly kind: "product";
  readonly name: string;
  /** How many factors. */
  readonly count: number;
  /** Groups of spins and Gaussian nodes, each `count` long. */
  readonly multiplied: readonly (readonly (SpinNode | GaussianNode)[])[];
  /** Groups of categorical nodes, each `count` long. */
  readonly categories: readonly (readonly CategoryNode[])[];
  /** Row-major, (count, K₁, …, K_N). */
  readonly weights: Float64Array;
}

/** A batch of terms ½ P[i, c₁, …, c_N] x_i² of Gaussian nodes: precisions, which categorical nodes may choose. */
export interface SquareFactor {
  readonly kind: "square";
  readonly name: string;
  readonly count: number;
  readonly nodes: readonly GaussianNode[];
  readonly categories: readonly (readonly CategoryNode[])[];
  /** Row-major, (count, K₁, …, K_N). */
  readonly weights: Float64Array;
}

/** A batch of factors with an energy of the user's making. */
export interface UserFactor {
  readonly kind: "user";
  readonly name: string;
  readonly count: number;
  readonly groups: readonly (readonly Node[])[];
  /** Energy of factor `index`; `values` are those of its members, one after the other in the order of the groups. */
  readonly energy: (values: Float64Array, index: number) => number;
  readonly interactions: readonly InteractionGroup[] | undefined;
}

/** A batch of terms of the energy of a model. */
export type Factor = ProductFactor | SquareFactor | UserFactor;
