import { InvalidArgumentError } from "@siegert/errors";
import { spinFactor } from "../factors/product-factors.ts";
import type { Edges } from "../graph/edges.ts";
import { type SpinNode, spinNodes } from "../nodes/node.ts";
import { type EnergyModel, energyModel } from "./energy-model.ts";
import { checkedNumbers, checkedPairs, endsOf } from "./pairwise.ts";

/**
 * Spins s = ±1 with V(s) = −Σ b_i s_i − Σ J_ij s_i s_j and the law ∝ exp(−β V). A Boltzmann machine is the same thing.
 */
export interface IsingModel extends EnergyModel {
  readonly nodes: readonly SpinNode[];
  /** Edge e joins nodes edges[2 e] and edges[2 e + 1]. */
  readonly edges: Int32Array;
  /** b_i of every node. */
  readonly fields: Float64Array;
  /** J of every edge. */
  readonly couplings: Float64Array;
  withBeta(beta: number): IsingModel;
  /** Weights are the fields, then the couplings. */
  withWeights(weights: Float64Array): IsingModel;
}

/** What `isingModel` needs to know. */
export interface IsingDefinition {
  /** Nodes, or how many; they are then named s0, s1, … */
  readonly nodes: number | readonly SpinNode[];
  /** Pairs of node numbers. */
  readonly edges: Edges;
  /** J of every edge, or one for all. Default 1. */
  readonly couplings?: number | ArrayLike<number>;
  /** b of every node, or one for all. Default 0. */
  readonly fields?: number | ArrayLike<number>;
  /** Inverse temperature. Default 1. */
  readonly beta?: number;
}

/**
 * An Ising model on any graph.
 * @throws {InvalidArgumentError} for edges to nodes that are not there, from a node to itself or there twice, numbers that
 * are not finite or too few, and a β that is negative.
 */
export function isingModel({ nodes, edges, couplings = 1, fields = 0, beta = 1 }: IsingDefinition): IsingModel {
  const spins = typeof nodes === "number" ? spinNodes(nodes) : nodes;
  if (!Array.isArray(spins) || spins.length === 0)
    throw new InvalidArgumentError("nodes", "be a number of spins, or spins", nodes);
  const pairs = checkedPairs(spins.length, edges, couplings);
  const factors = [
    spinFactor({ name: "fields", spins: [spins], weights: checkedNumbers("fields", fields, spins.length) }),
    ...(pairs.couplings.length === 0
      ? []
      : [spinFactor({ name: "couplings", spins: endsOf(spins, pairs.edges), weights: pairs.couplings })]),
  ];
  return isingOf(energyModel({ nodes: spins, factors, beta }), pairs.edges);
}

/** An Ising model from its energy model, whose weights are fields and couplings. */
function isingOf(model: EnergyModel, edges: Int32Array): IsingModel {
  const count = model.nodes.length;
  const { weights } = model.graph;
  return Object.freeze({
    ...model,
    nodes: model.nodes as readonly SpinNode[],
    edges,
    fields: weights.subarray(0, count),
    couplings: weights.subarray(count),
    withBeta: (beta: number) => isingOf(model.withBeta(beta), edges),
    withWeights: (other: Float64Array) => isingOf(model.withWeights(other), edges),
  });
}
