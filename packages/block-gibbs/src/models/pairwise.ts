import { InvalidArgumentError } from "@siegert/errors";
import { type Edges, flatEdges } from "../graph/edges.ts";

/** Pairwise couplings of a graph, checked: who is joined and how strongly. */
export interface Pairs {
  /** Edge e joins nodes edges[2 e] and edges[2 e + 1]. */
  readonly edges: Int32Array;
  readonly couplings: Float64Array;
}

/**
 * Edges and their couplings; one number stands for all.
 * @throws {InvalidArgumentError} for an edge to a node that is not there or from a node to itself, an edge that is there
 * twice, and couplings of another number or not finite.
 */
export function checkedPairs(nodes: number, edges: Edges, couplings: number | ArrayLike<number>): Pairs {
  const pairs = flatEdges(nodes, edges).slice();
  const count = pairs.length / 2;
  const seen = new Set<number>();
  for (let e = 0; e < count; e++) {
    const [a, b] = [pairs[2 * e]!, pairs[2 * e + 1]!];
    const key = Math.min(a, b) * nodes + Math.max(a, b);
    if (seen.has(key)) throw new InvalidArgumentError(`edges[${e}]`, "be there once (add the couplings up)", [a, b]);
    seen.add(key);
  }
  return { edges: pairs, couplings: checkedNumbers("couplings", couplings, count) };
}

/**
 * `count` finite numbers; one number stands for all.
 * @throws {InvalidArgumentError} for another number of them, or one that is not finite.
 */
export function checkedNumbers(argument: string, values: number | ArrayLike<number>, count: number): Float64Array {
  const own = typeof values === "number" ? new Float64Array(count).fill(values) : Float64Array.from(values ?? []);
  if (own.length !== count) throw new InvalidArgumentError(argument, `have ${count} entries, or be one number`, values);
  const bad = own.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new InvalidArgumentError(`${argument}[${bad}]`, "be finite", own[bad]);
  return own;
}

/** Both ends of all edges, as groups of nodes. */
export function endsOf<N>(nodes: readonly N[], edges: Int32Array): [N[], N[]] {
  const count = edges.length / 2;
  const end = (side: 0 | 1) => Array.from({ length: count }, (_, e) => nodes[edges[2 * e + side]!]!);
  return [end(0), end(1)];
}
