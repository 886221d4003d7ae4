import { InvalidArgumentError } from "@siegert/errors";
import { type CompiledGraph, GAUSSIAN, PRODUCT, USER_FACTOR } from "../compiled/compiled-graph.ts";
import { type BlockScopes, blockScopes } from "./block-scopes.ts";

/** The factors of a block of Gaussian nodes, by what they add to its precision Λ and its field f. */
export interface GaussianTerms {
  readonly scopes: BlockScopes;
  /** Factors ½ W x²: of node `places[0]`. */
  readonly squares: readonly GaussianTerm[];
  /** Factors −W x: they add to f. */
  readonly fields: readonly GaussianTerm[];
  /** Factors −W x y: they add −W to Λ at (places[0], places[1]). */
  readonly pairs: readonly GaussianTerm[];
  /** Places of nodes with user-defined factors, whose interactions say what they add. */
  readonly interacting: Int32Array;
}

/** One factor from within the block. */
export interface GaussianTerm {
  readonly factor: number;
  readonly places: Int32Array;
  /** Places in a state of the members around the block that multiply. */
  readonly mulAt: Int32Array;
  /** Whether its value depends on nodes around the block. */
  readonly isDynamic: boolean;
}

/**
 * Sorts the factors of a block of Gaussian nodes.
 * @throws {InvalidArgumentError} where the joint law is not normal or not known: a factor that multiplies three or more
 * nodes of the block, or a user-defined factor without interactions or with two nodes of the block; it names a node.
 */
export function gaussianTerms(graph: CompiledGraph, nodes: Int32Array, name: string): GaussianTerms {
  const scopes = blockScopes(graph, nodes);
  const squares: GaussianTerm[] = [];
  const fields: GaussianTerm[] = [];
  const pairs: GaussianTerm[] = [];
  const interacting = new Set<number>();
  for (const { places, factors } of scopes.scopes) {
    const first = graph.names[nodes[places[0]!]!]!;
    for (const factor of factors) {
      if (graph.factorKind[factor] === USER_FACTOR) {
        const { hasInteractions } = graph.userFactors[graph.weightStart[factor]!]!;
        if (!hasInteractions || places.length > 1) throw unknownLaw(name, first, "a user-defined factor");
        interacting.add(places[0]!);
        continue;
      }
      const term = termOf(graph, factor, places, nodes);
      if (graph.factorKind[factor] !== PRODUCT) squares.push(term);
      else if (places.length === 1) fields.push(term);
      else if (places.length === 2) pairs.push(term);
      else throw unknownLaw(name, first, `a product of ${places.length} of its nodes`);
    }
  }
  return { scopes, squares, fields, pairs, interacting: Int32Array.from(interacting).sort() };
}

function unknownLaw(block: string, node: string, what: string): InvalidArgumentError {
  return new InvalidArgumentError(
    `block ${block}`,
    "have a normal joint law that its factors spell out, to be drawn jointly",
    `${what} with ${node}`,
  );
}

function termOf(graph: CompiledGraph, factor: number, places: Int32Array, nodes: Int32Array): GaussianTerm {
  const start = graph.memberStart[factor]!;
  const end = graph.memberStart[factor + 1]!;
  const inside = new Set(Array.from(places, (place) => nodes[place]!));
  const mulAt: number[] = [];
  for (let m = start; m < start + graph.multiplied[factor]!; m++) {
    const node = graph.members[m]!;
    if (!inside.has(node)) mulAt.push(graph.offset[node]!);
  }
  return { factor, places, mulAt: Int32Array.from(mulAt), isDynamic: end - start > places.length };
}

/** @throws {InvalidArgumentError} unless all nodes are Gaussian. */
export function checkGaussian(graph: CompiledGraph, nodes: Int32Array, name: string): void {
  for (const node of nodes) {
    if (graph.kind[node] !== GAUSSIAN) {
      throw new InvalidArgumentError(`block ${name}`, "have Gaussian nodes alone, or discrete ones", graph.names[node]);
    }
  }
}
