import { InvalidArgumentError } from "@siegert/errors";
import { createRandom, type Random } from "@siegert/random";
import { checkNodeCount } from "./edges.ts";
import type { EdgeGraph } from "./lattice.ts";

/**
 * A random graph where every node has the same number of neighbours. Open ends are joined in random pairs, pairs that
 * would be loops or repeat an edge excepted; where the last ends cannot be joined, all begins again. The law tends to
 * the uniform one for large graphs.
 *
 * Source: Steger & Wormald (1999), Generating random regular graphs quickly, doi:10.1017/S0963548399003867.
 * @param seed the same seed gives the same graph.
 * @throws {InvalidArgumentError} unless 0 ≤ degree < nodes and nodes · degree is even.
 */
export function randomRegularGraph(nodes: number, degree: number, seed: number): EdgeGraph {
  checkNodeCount(nodes);
  if (!Number.isInteger(degree) || degree < 0 || degree >= nodes) {
    throw new InvalidArgumentError("degree", `be an integer from 0 to ${nodes - 1}`, degree);
  }
  if ((nodes * degree) % 2 !== 0) throw new InvalidArgumentError("nodes × degree", "be even", nodes * degree);
  const random = createRandom(seed, "random-regular-graph");
  // Dense graphs are the complements of sparse ones, which are found at once.
  if (2 * degree > nodes - 1) return complement(nodes, pairedUntilDone(nodes, nodes - 1 - degree, random));
  return { nodes, edges: pairedUntilDone(nodes, degree, random) };
}

function pairedUntilDone(nodes: number, degree: number, random: Random): Int32Array {
  for (;;) {
    const edges = paired(nodes, degree, random);
    if (edges !== undefined) return edges;
  }
}

/** One attempt; `undefined` when the ends left over cannot be joined. */
function paired(nodes: number, degree: number, random: Random): Int32Array | undefined {
  const ends = Int32Array.from({ length: nodes * degree }, (_, k) => k % nodes);
  const joined = new Int32Array(nodes * degree);
  const used = new Int32Array(nodes);
  const edges = new Int32Array(nodes * degree);
  let open = ends.length;
  let at = 0;
  let refused = 0;
  while (open > 0) {
    const i = random.integer(open);
    const k = random.integer(open);
    const a = ends[i]!;
    const b = ends[k]!;
    if (!mayJoin(a, b)) {
      // Many refusals in a row are rare unless nothing is left to join; only then is looking at all pairs worth it.
      if (++refused > 50 + 4 * open && !anyPair()) return undefined;
      continue;
    }
    refused = 0;
    joined[a * degree + used[a]!++] = b;
    joined[b * degree + used[b]!++] = a;
    edges[at++] = a < b ? a : b;
    edges[at++] = a < b ? b : a;
    ends[Math.max(i, k)] = ends[--open]!;
    ends[Math.min(i, k)] = ends[--open]!;
  }
  return edges;

  function mayJoin(a: number, b: number): boolean {
    if (a === b) return false;
    for (let u = 0; u < used[a]!; u++) if (joined[a * degree + u] === b) return false;
    return true;
  }

  function anyPair(): boolean {
    const left = [...new Set(ends.subarray(0, open))];
    return left.some((a, i) => left.some((b, k) => k > i && mayJoin(a, b)));
  }
}

function complement(nodes: number, edges: Int32Array): EdgeGraph {
  const absent = new Set<number>();
  for (let e = 0; e < edges.length; e += 2) absent.add(edges[e]! * nodes + edges[e + 1]!);
  const rest: number[] = [];
  for (let a = 0; a < nodes; a++) {
    for (let b = a + 1; b < nodes; b++) if (!absent.has(a * nodes + b)) rest.push(a, b);
  }
  return { nodes, edges: Int32Array.from(rest) };
}
