import type { Factor } from "../factors/factor.ts";
import type { InteractionGroup } from "../factors/interaction-group.ts";
import type { Node } from "../nodes/node.ts";
import { type NodeNumbers, numberNodes, numberOf } from "../nodes/node-numbers.ts";
import { sizeOf, statesOf } from "../nodes/node-size.ts";
import { boundFactor } from "./bound-factor.ts";
import { compileInteractions } from "./compile-interactions.ts";
import { CATEGORY, type CompiledGraph, GAUSSIAN, PRODUCT, SPIN, SQUARE, USER, USER_FACTOR } from "./compiled-graph.ts";
import type { CompiledUserFactor } from "./compiled-user-factor.ts";

const KIND = { spin: SPIN, category: CATEGORY, gaussian: GAUSSIAN, user: USER } as const;
const FACTOR_KIND = { product: PRODUCT, square: SQUARE, user: USER_FACTOR } as const;

/**
 * Nodes and factors as flat arrays, in time proportional to their number.
 * @throws {InvalidArgumentError} for a factor with a node that is not among the nodes, or nodes that are there twice.
 */
export function compileGraph(nodes: readonly Node[], factors: readonly Factor[]): CompiledGraph {
  const numbers = numberNodes(nodes);
  const offset = new Int32Array(nodes.length + 1);
  for (const [i, node] of nodes.entries()) offset[i + 1] = offset[i]! + sizeOf(node);
  const states = Int32Array.from(nodes, statesOf);
  const tables = compileFactors(numbers, offset, factors);
  return {
    nodeCount: nodes.length,
    names: nodes.map((node) => node.name),
    kind: Uint8Array.from(nodes, (node) => KIND[node.kind]),
    states,
    offset,
    fieldSize: states.reduce((most, K) => (K > most ? K : most), 2),
    ...tables,
    ...incidence(nodes.length, tables),
    directed: compileInteractions(numbers, offset, [...interactionsOf(factors), ...readsOf(nodes)]),
  };
}

function interactionsOf(factors: readonly Factor[]): InteractionGroup[] {
  return factors.flatMap((factor) => (factor.kind === "user" ? (factor.interactions ?? []) : []));
}

/** What user-defined nodes read, as interactions that add nothing: conflicts between nodes are then all in one place. */
function readsOf(nodes: readonly Node[]): InteractionGroup[] {
  return nodes.flatMap((node) => {
    const reads = node.kind === "user" ? node.reads() : [];
    return reads.length > 0 ? [{ kind: "user", heads: [node], tails: reads.map((other) => [other]), add() {} }] : [];
  });
}

type FactorTables = Pick<
  CompiledGraph,
  | "factorCount"
  | "factorKind"
  | "memberStart"
  | "members"
  | "stride"
  | "multiplied"
  | "weightStart"
  | "weights"
  | "userFactors"
>;

function groupsOf(factor: Factor): {
  multiplied: readonly (readonly Node[])[];
  categories: readonly (readonly Node[])[];
} {
  if (factor.kind === "user") return { multiplied: factor.groups, categories: [] };
  return { multiplied: factor.kind === "square" ? [factor.nodes] : factor.multiplied, categories: factor.categories };
}

function compileFactors(numbers: NodeNumbers, offset: Int32Array, factors: readonly Factor[]): FactorTables {
  const factorCount = factors.reduce((sum, { count }) => sum + count, 0);
  const orders = factors.map((factor) => {
    const { multiplied, categories } = groupsOf(factor);
    return multiplied.length + categories.length;
  });
  const memberCount = factors.reduce((sum, { count }, b) => sum + count * orders[b]!, 0);
  const weightCount = factors.reduce((sum, factor) => sum + (factor.kind === "user" ? 0 : factor.weights.length), 0);
  const userFactors: CompiledUserFactor[] = [];
  const tables = {
    factorCount,
    factorKind: new Uint8Array(factorCount),
    memberStart: new Int32Array(factorCount + 1),
    members: new Int32Array(memberCount),
    stride: new Int32Array(memberCount),
    multiplied: new Int32Array(factorCount),
    weightStart: new Int32Array(factorCount),
    weights: new Float64Array(weightCount),
    userFactors,
  };
  let first = 0;
  let weight = 0;
  for (const factor of factors) {
    placeBatch(tables, first, numbers, factor);
    if (factor.kind === "user") placeUserFactors(tables, userFactors, first, offset, factor);
    else {
      tables.weights.set(factor.weights, weight);
      const each = factor.weights.length / factor.count;
      for (let i = 0; i < factor.count; i++) tables.weightStart[first + i] = weight + i * each;
      weight += factor.weights.length;
    }
    first += factor.count;
  }
  return tables;
}

/** Writes members, strides and kinds of the factors of a batch from number `first` on. */
function placeBatch(tables: FactorTables, first: number, numbers: NodeNumbers, factor: Factor): void {
  const { multiplied, categories } = groupsOf(factor);
  const groups = [...multiplied, ...categories];
  const strides = groups.map(() => 0);
  let step = 1;
  for (let g = groups.length - 1; g >= multiplied.length; g--) {
    strides[g] = step;
    step *= statesOf(groups[g]![0]!);
  }
  const where = `factors (${factor.name})`;
  let at = tables.memberStart[first]!;
  for (let i = 0; i < factor.count; i++) {
    tables.factorKind[first + i] = FACTOR_KIND[factor.kind];
    tables.multiplied[first + i] = factor.kind === "user" ? 0 : multiplied.length;
    for (let g = 0; g < groups.length; g++, at++) {
      tables.members[at] = numberOf(numbers, groups[g]![i]!, where);
      tables.stride[at] = strides[g]!;
    }
    tables.memberStart[first + i + 1] = at;
  }
}

function placeUserFactors(
  tables: FactorTables,
  userFactors: CompiledUserFactor[],
  first: number,
  offset: Int32Array,
  factor: Factor & { kind: "user" },
): void {
  const { memberStart, members } = tables;
  for (let i = 0; i < factor.count; i++) {
    tables.weightStart[first + i] = userFactors.length;
    const own = members.subarray(memberStart[first + i]!, memberStart[first + i + 1]!);
    userFactors.push(boundFactor(factor, i, own, offset));
  }
}

/** Lists the factors of every node: a counting sort of the members by node. */
function incidence(
  nodeCount: number,
  { factorCount, memberStart, members }: FactorTables,
): Pick<CompiledGraph, "incidentStart" | "incident" | "incidentMember"> {
  const incidentStart = new Int32Array(nodeCount + 1);
  for (let m = 0; m < members.length; m++) incidentStart[members[m]! + 1]!++;
  for (let i = 0; i < nodeCount; i++) incidentStart[i + 1]! += incidentStart[i]!;
  const next = incidentStart.slice(0, nodeCount);
  const incident = new Int32Array(members.length);
  const incidentMember = new Int32Array(members.length);
  for (let f = 0; f < factorCount; f++) {
    for (let m = memberStart[f]!; m < memberStart[f + 1]!; m++) {
      const place = next[members[m]!]!++;
      incident[place] = f;
      incidentMember[place] = m;
    }
  }
  return { incidentStart, incident, incidentMember };
}
