import { InvalidArgumentError } from "@siegert/errors";
import { productFactor } from "../factors/product-factors.ts";
import { quadraticFactor } from "../factors/quadratic-factor.ts";
import { adjacencyFromEdges } from "../graph/adjacency.ts";
import type { Edges } from "../graph/edges.ts";
import { SparseCholesky } from "../joint/sparse-cholesky.ts";
import { type GaussianNode, gaussianNodes } from "../nodes/node.ts";
import { type EnergyModel, energyModel } from "./energy-model.ts";
import { checkedNumbers, checkedPairs, endsOf, type Pairs } from "./pairwise.ts";

/** What `gaussianModel` needs to know. */
export interface GaussianDefinition {
  /** Nodes, or how many; they are then named x0, x1, … */
  readonly nodes: number | readonly GaussianNode[];
  /** Λ_ii of every node, or one for all. */
  readonly precisions: number | ArrayLike<number>;
  /** Pairs i, j with Λ_ij ≠ 0. Default none. */
  readonly edges?: Edges;
  /** Λ_ij = Λ_ji of every edge, or one for all. (Neighbours attract each other where it is negative.) Default 0. */
  readonly couplings?: number | ArrayLike<number>;
  /** f of every node, or one for all; the mean is Λ⁻¹ f. Default 0. */
  readonly fields?: number | ArrayLike<number>;
  /** Default 1. */
  readonly beta?: number;
}

/**
 * A Gaussian Markov random field: V(x) = ½ xᵀΛx − fᵀx, so the law at β is N(Λ⁻¹f, Λ⁻¹/β).
 * @throws {InvalidArgumentError} as `isingModel`, and when Λ is not positive definite: there is no such law then.
 */
export function gaussianModel(definition: GaussianDefinition): EnergyModel {
  const { nodes, precisions, edges = [], couplings = 0, fields = 0, beta = 1 } = definition;
  const own = typeof nodes === "number" ? gaussianNodes(nodes) : nodes;
  if (!Array.isArray(own) || own.length === 0)
    throw new InvalidArgumentError("nodes", "be a number of nodes, or nodes", nodes);
  const diagonal = checkedNumbers("precisions", precisions, own.length);
  const bad = diagonal.findIndex((precision) => precision <= 0);
  if (bad >= 0) throw new InvalidArgumentError(`precisions[${bad}]`, "be positive", diagonal[bad]);
  const pairs = checkedPairs(own.length, edges, couplings);
  checkPositiveDefinite(own, diagonal, pairs);
  const minus = pairs.couplings.map((coupling) => -coupling);
  const factors = [
    quadraticFactor({ name: "precisions", nodes: own, precisions: diagonal }),
    productFactor({ name: "fields", reals: [own], weights: checkedNumbers("fields", fields, own.length) }),
    ...(minus.length === 0
      ? []
      : [productFactor({ name: "couplings", reals: endsOf(own, pairs.edges), weights: minus })]),
  ];
  return energyModel({ nodes: own, factors, beta });
}

/** A diagonal that outweighs its row is enough; else a Cholesky factor has to exist. */
function checkPositiveDefinite(nodes: readonly GaussianNode[], diagonal: Float64Array, pairs: Pairs): void {
  const { edges, couplings } = pairs;
  const left = diagonal.slice();
  for (let e = 0; e < couplings.length; e++) {
    left[edges[2 * e]!]! -= Math.abs(couplings[e]!);
    left[edges[2 * e + 1]!]! -= Math.abs(couplings[e]!);
  }
  if (left.every((margin) => margin > 0)) return;
  const cholesky = new SparseCholesky(adjacencyFromEdges(nodes.length, edges));
  for (let i = 0; i < diagonal.length; i++) cholesky.add(i, i, diagonal[i]!);
  for (let e = 0; e < couplings.length; e++) cholesky.add(edges[2 * e]!, edges[2 * e + 1]!, couplings[e]!);
  const bad = cholesky.factor();
  if (bad < 0) return;
  const found = `a pivot that is not positive at ${nodes[bad]!.name}`;
  throw new InvalidArgumentError("precisions and couplings", "make a positive definite matrix", found);
}
