import { InvalidArgumentError } from "@siegert/errors";
import type { Adjacency } from "./adjacency.ts";
import { cuthillMcKeePlaces } from "./cuthill-mckee.ts";
import { IndexedHeap } from "./indexed-heap.ts";

/**
 * How the next node to eliminate is chosen: fewest new edges, fewest neighbours, from one end of the graph to the other (in
 * the order of Cuthill & McKee), or in the order of their numbers.
 */
export type EliminationMethod = "min-fill" | "min-degree" | "end-to-end" | "natural";

/** All of them. */
export const ELIMINATION_METHODS: readonly EliminationMethod[] = ["min-fill", "min-degree", "end-to-end", "natural"];

/** Nodes in the order in which they are summed out. */
export interface Elimination {
  readonly order: Int32Array;
  /**
   * For every step, the neighbours that the node has when its turn comes, ascending: nodes eliminated later. Neighbours
   * of an eliminated node are joined to each other.
   */
  readonly separators: readonly Int32Array[];
  /** Most neighbours of any node at its turn: an upper bound of the treewidth. */
  readonly width: number;
}

/**
 * Eliminates all nodes. Greedy and deterministic: ties go to the node with fewer neighbours, then the lower number.
 *
 * Source: Koller & Friedman (2009), Probabilistic Graphical Models, section 9.4.3; Bodlaender & Koster (2010), Treewidth
 * computations I, doi:10.1016/j.ic.2009.03.008.
 * @throws {InvalidArgumentError} for an unknown method.
 */
export function eliminate(adjacency: Adjacency, method: EliminationMethod = "min-fill"): Elimination {
  const cost = costOf(adjacency, method);
  const { nodes } = adjacency;
  const rows = neighbourSets(adjacency);
  const queue = new IndexedHeap(nodes);
  for (let i = 0; i < nodes; i++) queue.set(i, -cost(rows, i));
  const order = new Int32Array(nodes);
  const separators: Int32Array[] = [];
  let width = 0;
  for (let step = 0; step < nodes; step++) {
    const node = queue.pop();
    const separator = Int32Array.from(rows[node]!).sort();
    const added = connect(rows, node, separator);
    const changed = new Set(separator);
    // Fill changes at the separator, and at common neighbours of nodes that are joined now.
    if (method === "min-fill" && added) for (const near of separator) for (const far of rows[near]!) changed.add(far);
    for (const other of changed) queue.set(other, -cost(rows, other));
    order[step] = node;
    separators.push(separator);
    if (separator.length > width) width = separator.length;
  }
  return { order, separators, width };
}

/** Best of the methods: least width, and among those the least sum of 2^(separator size). */
export function bestElimination(adjacency: Adjacency): Elimination {
  const tried = ELIMINATION_METHODS.map((method) => eliminate(adjacency, method));
  const work = ({ separators }: Elimination) => separators.reduce((sum, { length }) => sum + 2 ** length, 0);
  return tried.reduce((best, other) =>
    other.width < best.width || (other.width === best.width && work(other) < work(best)) ? other : best,
  );
}

/** What is known of the treewidth of a graph. */
export interface TreewidthBounds {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Bounds of the treewidth: from above by the best elimination found, from below by the degeneracy with contraction of
 * the node of least degree into its neighbour of least degree. Equal bounds are the exact treewidth.
 *
 * Source: Bodlaender & Koster (2011), Treewidth computations II, doi:10.1016/j.ic.2011.04.003 (heuristic MMD+).
 */
export function treewidthBounds(adjacency: Adjacency): TreewidthBounds {
  const rows = neighbourSets(adjacency);
  const queue = new IndexedHeap(adjacency.nodes);
  for (let i = 0; i < adjacency.nodes; i++) queue.set(i, -rows[i]!.size);
  let lower = 0;
  while (queue.size > 0) {
    const node = queue.pop();
    const row = rows[node]!;
    lower = Math.max(lower, row.size);
    let target = -1;
    for (const other of row) if (target < 0 || rows[other]!.size < rows[target]!.size) target = other;
    for (const other of row) {
      rows[other]!.delete(node);
      if (other === target) continue;
      rows[other]!.add(target);
      rows[target]!.add(other);
    }
    for (const other of row) queue.set(other, -rows[other]!.size);
  }
  return { lower, upper: bestElimination(adjacency).width };
}

function neighbourSets({ nodes, start, neighbours }: Adjacency): Set<number>[] {
  return Array.from({ length: nodes }, (_, i) => new Set(neighbours.subarray(start[i]!, start[i + 1]!)));
}

/** Takes a node out and joins its neighbours to each other; whether an edge was new. */
function connect(rows: Set<number>[], node: number, separator: Int32Array): boolean {
  let added = false;
  for (let a = 0; a < separator.length; a++) {
    const row = rows[separator[a]!]!;
    row.delete(node);
    for (let b = 0; b < separator.length; b++) {
      if (a === b || row.has(separator[b]!)) continue;
      row.add(separator[b]!);
      added = true;
    }
  }
  return added;
}

type Cost = (rows: readonly Set<number>[], node: number) => number;

function costOf(adjacency: Adjacency, method: EliminationMethod): Cost {
  if (method === "natural") return (_, node) => node;
  if (method === "end-to-end") {
    const places = cuthillMcKeePlaces(adjacency);
    return (_, node) => places[node]!;
  }
  if (method === "min-degree") return (rows, node) => rows[node]!.size;
  if (method !== "min-fill") {
    throw new InvalidArgumentError("method", 'be "min-fill", "min-degree", "end-to-end" or "natural"', method);
  }
  return (rows, node) => missingEdges(rows, node) * (adjacency.nodes + 1) + rows[node]!.size;
}

/** Pairs of neighbours that are not joined. */
function missingEdges(rows: readonly Set<number>[], node: number): number {
  let missing = 0;
  const near = [...rows[node]!];
  for (let a = 0; a < near.length; a++) {
    const row = rows[near[a]!]!;
    for (let b = 0; b < a; b++) if (!row.has(near[b]!)) missing++;
  }
  return missing;
}
