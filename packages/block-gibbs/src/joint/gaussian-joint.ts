import { InvalidArgumentError } from "@siegert/errors";
import type { Random } from "@siegert/random";
import { type CompiledGraph, weightIndex } from "../compiled/compiled-graph.ts";
import { addDirected } from "../compiled/conditional-field.ts";
import type { DirectedTerms } from "../compiled/directed-terms.ts";
import { checkGaussian, type GaussianTerm, type GaussianTerms, gaussianTerms } from "./gaussian-terms.ts";
import { SparseCholesky } from "./sparse-cholesky.ts";

/**
 * Draws Gaussian nodes from their joint law given all others, N(Λ⁻¹ f, (βΛ)⁻¹), by sparse Cholesky factors of the
 * precision Λ. Where Λ depends on no node around the block it is factored once, else at every draw.
 *
 * Source: Rue & Held (2005), Gaussian Markov Random Fields, algorithm 2.5.
 */
export class GaussianJoint {
  readonly #graph: CompiledGraph;
  readonly #name: string;
  readonly #nodes: Int32Array;
  readonly #terms: GaussianTerms;
  readonly #directed: DirectedTerms;
  /** Places of nodes that directed interactions act on. */
  readonly #acted: Int32Array;
  readonly #cholesky: SparseCholesky;
  readonly #isFixed: boolean;
  readonly #f: Float64Array;
  readonly #field: Float64Array;

  /**
   * @throws {InvalidArgumentError} where the joint law is not normal or not known, or its precision is not positive
   * definite whatever stands around it; the block and a node are named.
   */
  constructor(graph: CompiledGraph, nodes: Int32Array, directed: DirectedTerms, name: string) {
    checkGaussian(graph, nodes, name);
    this.#graph = graph;
    this.#name = name;
    this.#nodes = nodes;
    this.#directed = directed;
    this.#terms = gaussianTerms(graph, nodes, name);
    const acted = new Set(this.#terms.interacting);
    for (const [place, node] of nodes.entries())
      if (directed.start[node + 1]! > directed.start[node]!) acted.add(place);
    this.#acted = Int32Array.from(acted).sort();
    this.#cholesky = new SparseCholesky(this.#terms.scopes.adjacency);
    this.#f = new Float64Array(nodes.length);
    this.#field = new Float64Array(Math.max(2, graph.fieldSize));
    const { squares, pairs } = this.#terms;
    this.#isFixed = acted.size === 0 && ![...squares, ...pairs].some(({ isDynamic }) => isDynamic);
    if (this.#isFixed) this.#factor(new Float64Array(graph.offset[graph.nodeCount]!));
  }

  /**
   * Draws the block: reads `state`, leaves it as it was, writes the values into `out`.
   * @throws {InvalidArgumentError} when β or Λ is not positive (definite).
   */
  draw(state: Float64Array, out: Float64Array, beta: number, random: Random): void {
    if (!(beta > 0))
      throw new InvalidArgumentError(`beta of block ${this.#name}`, "be positive: there is no law else", beta);
    const f = this.#f;
    f.fill(0);
    for (const term of this.#terms.fields) f[term.places[0]!]! += this.#value(term, state);
    if (this.#isFixed) {
      this.#cholesky.solve(f, 1 / Math.sqrt(beta), random, out);
      return;
    }
    this.#factor(state);
    this.#cholesky.solve(f, 1 / Math.sqrt(beta), random, out);
  }

  /** Weight of a factor times its multipliers around the block. */
  #value({ factor, mulAt }: GaussianTerm, state: Float64Array): number {
    let product = this.#graph.weights[weightIndex(this.#graph, factor, state)]!;
    for (let m = 0; m < mulAt.length; m++) product *= state[mulAt[m]!]!;
    return product;
  }

  /** Assembles Λ, and what directed interactions add to f, and factors Λ. */
  #factor(state: Float64Array): void {
    const cholesky = this.#cholesky;
    cholesky.clear();
    for (const term of this.#terms.squares) cholesky.add(term.places[0]!, term.places[0]!, this.#value(term, state));
    for (const term of this.#terms.pairs) cholesky.add(term.places[0]!, term.places[1]!, -this.#value(term, state));
    const field = this.#field;
    for (const place of this.#acted) {
      field.fill(0);
      addDirected(this.#graph.directed, this.#nodes[place]!, state, field);
      addDirected(this.#directed, this.#nodes[place]!, state, field);
      this.#f[place]! += field[0]!;
      cholesky.add(place, place, field[1]!);
    }
    const bad = cholesky.factor();
    if (bad < 0) return;
    const node = this.#graph.names[this.#nodes[bad]!];
    throw new InvalidArgumentError(
      `precision of block ${this.#name}`,
      "be positive definite given its surroundings",
      `a pivot that is not positive at ${node}`,
    );
  }
}
