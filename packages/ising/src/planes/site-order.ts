/** The order in which the sites of a ±J graph are kept: by colour, then by degree, in groups padded to fours. */
import { adjacencyOf } from "../model/colouring.ts";
import type { SpinGraph } from "../model/ising-model.ts";

/** Largest number of neighbours that the kernel has code for. */
export const MAX_DEGREE = 6;

/** Sites of one colour and degree. */
export interface SiteRun {
  readonly degree: number;
  /** First slot, a multiple of 4. */
  readonly slot: number;
  /** Slots divided by 4. */
  readonly quads: number;
  /** First word of the table of neighbours: per quad and neighbour four addresses and four signs. */
  readonly table: number;
}

/** Where everything is. */
export interface SiteOrder {
  readonly runs: readonly SiteRun[];
  /** Slots, padding included; slot `slots` is kept at zero. */
  readonly slots: number;
  /** Slot of every node. */
  readonly slotOf: Int32Array;
  /** Tables of neighbours of all runs. Addresses are in bytes from the first slot; signs are 0 or −1 (pull reversed). */
  readonly neighbours: Int32Array;
  /** Per four edges: addresses of either end, and signs. */
  readonly edges: Int32Array;
  /** The same for nodes, whose other end is the slot that is kept at zero. */
  readonly nodes: Int32Array;
}

/** The size that all couplings have, when they have one and no field or degree is in the way; otherwise undefined. */
export function uniformStrength(graph: SpinGraph): number | undefined {
  const used = graph.couplings.filter((coupling) => coupling !== 0);
  const strength = Math.abs(used[0] ?? 0);
  if (strength === 0 || used.length !== graph.couplings.length) return undefined;
  if (used.some((coupling) => Math.abs(coupling) !== strength)) return undefined;
  if (graph.fields.some((field) => field !== 0)) return undefined;
  const { offsets } = adjacencyOf(graph);
  for (let node = 0; node < graph.nodes; node++) {
    if (offsets[node + 1]! - offsets[node]! > MAX_DEGREE) return undefined;
  }
  return strength;
}

/** Orders the sites of a graph whose couplings are all of one size. */
export function orderSites(graph: SpinGraph, colours: ArrayLike<number>): SiteOrder {
  const adjacency = adjacencyOf(graph);
  const degree = (node: number) => adjacency.offsets[node + 1]! - adjacency.offsets[node]!;
  const groups = new Map<number, number[]>();
  for (let node = 0; node < graph.nodes; node++) {
    const key = colours[node]! * (MAX_DEGREE + 1) + degree(node);
    const group = groups.get(key);
    if (group) group.push(node);
    else groups.set(key, [node]);
  }
  const slotOf = new Int32Array(graph.nodes);
  const members = [...groups].sort(([a], [b]) => a - b).map(([, nodes]) => nodes);
  let slots = 0;
  let table = 0;
  const runs = members.map((nodes): SiteRun => {
    nodes.forEach((node, k) => {
      slotOf[node] = slots + k;
    });
    const run = { degree: degree(nodes[0]!), slot: slots, quads: Math.ceil(nodes.length / 4), table };
    slots += 4 * run.quads;
    table += 8 * run.degree * run.quads;
    return run;
  });
  const neighbours = new Int32Array(table);
  runs.forEach((run, k) => {
    members[k]!.forEach((node, index) => {
      for (let n = 0; n < run.degree; n++) {
        const at = adjacency.offsets[node]! + n;
        const word = run.table + 8 * ((index >> 2) * run.degree + n) + (index & 3);
        neighbours[word] = 4 * slotOf[adjacency.targets[at]!]!;
        neighbours[word + 4] = graph.couplings[adjacency.through[at]!]! < 0 ? -1 : 0;
      }
    });
  });
  const edgeEnds = Array.from(graph.couplings, (coupling, edge) => ({
    a: slotOf[graph.edges[2 * edge]!]!,
    b: slotOf[graph.edges[2 * edge + 1]!]!,
    sign: coupling < 0 ? -1 : 0,
  }));
  const nodeEnds = Array.from(slotOf, (a) => ({ a, b: slots, sign: 0 }));
  return { runs, slots, slotOf, neighbours, edges: pairTable(edgeEnds, slots), nodes: pairTable(nodeEnds, slots) };
}

/** Fours of pairs: addresses of one end, of the other, and signs; padded with pairs that never differ. */
function pairTable(
  pairs: readonly { readonly a: number; readonly b: number; readonly sign: number }[],
  zero: number,
): Int32Array {
  const table = new Int32Array(12 * Math.ceil(pairs.length / 4));
  for (let k = 0; k < table.length / 3; k++) {
    const { a, b, sign } = pairs[k] ?? { a: zero, b: zero, sign: 0 };
    const at = 12 * (k >> 2) + (k & 3);
    table[at] = 4 * a;
    table[at + 4] = 4 * b;
    table[at + 8] = sign;
  }
  return table;
}
