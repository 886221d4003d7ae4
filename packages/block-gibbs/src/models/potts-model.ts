import { InvalidArgumentError } from "@siegert/errors";
import { categoryFactor } from "../factors/product-factors.ts";
import type { Edges } from "../graph/edges.ts";
import { type CategoryNode, categoryNodes } from "../nodes/node.ts";
import { type EnergyModel, energyModel } from "./energy-model.ts";
import { checkedNumbers, checkedPairs, endsOf } from "./pairwise.ts";

/** What `pottsModel` needs to know. */
export interface PottsDefinition {
  /** Nodes, or how many; they are then named c0, c1, … */
  readonly nodes: number | readonly CategoryNode[];
  /** Number of states q, when nodes are given as a number. */
  readonly states?: number;
  readonly edges: Edges;
  /** J of every edge, or one for all. Default 1. */
  readonly couplings?: number | ArrayLike<number>;
  /** h of every node and state, row-major (node, state), or of every state, the same for all nodes. Default 0. */
  readonly fields?: number | ArrayLike<number>;
  /** Default 1. */
  readonly beta?: number;
}

/**
 * A Potts model: V(c) = −Σ J_ij δ(c_i, c_j) − Σ h_i(c_i), law ∝ exp(−β V).
 * @throws {InvalidArgumentError} as `isingModel`, and for nodes with different numbers of states.
 */
export function pottsModel(definition: PottsDefinition): EnergyModel {
  const { nodes, edges, couplings = 1, fields = 0, beta = 1 } = definition;
  const own = typeof nodes === "number" ? categoryNodes(nodes, definition.states ?? Number.NaN) : nodes;
  if (!Array.isArray(own) || own.length === 0)
    throw new InvalidArgumentError("nodes", "be a number of nodes, or nodes", nodes);
  const q: number = own[0].states;
  if (definition.states !== undefined && definition.states !== q) {
    throw new InvalidArgumentError("states", `be those of the nodes, ${q}`, definition.states);
  }
  const pairs = checkedPairs(own.length, edges, couplings);
  const tables = new Float64Array(pairs.couplings.length * q * q);
  for (let e = 0; e < pairs.couplings.length; e++) {
    for (let k = 0; k < q; k++) tables[(e * q + k) * q + k] = pairs.couplings[e]!;
  }
  const isPerState = typeof fields !== "number" && fields.length === q && own.length > 1;
  const perNode = isPerState ? Float64Array.from({ length: own.length * q }, (_, k) => fields[k % q]!) : fields;
  const factors = [
    categoryFactor({ name: "fields", categories: [own], weights: checkedNumbers("fields", perNode, own.length * q) }),
    ...(tables.length === 0
      ? []
      : [categoryFactor({ name: "couplings", categories: endsOf(own, pairs.edges), weights: tables })]),
  ];
  return energyModel({ nodes: own, factors, beta });
}
