/**
 * A graph as the kernel reads it: nodes sorted by colour and degree, each with its couplings as integers.
 *
 * The field of a node is kept in units of its own, 2^−q with q such that |H| + Σ|J| takes 30 bits. Sums are then exact
 * whatever their order, and every coupling is right to 2^−30 of the largest field that its node can have.
 */
import { InvalidArgumentError } from "@siegert/errors";
import { adjacencyOf } from "../model/colouring.ts";
import type { SpinGraph } from "../model/ising-model.ts";

/** Most neighbours that code without a loop is made for. */
export const UNROLLED = 16;
/** Largest coupling or field. */
const LARGEST = 1e30;

/** Nodes of one colour and number of neighbours (or of any number above `UNROLLED`), one after the other. */
export interface NodeRun {
  /** Number of neighbours, or undefined where each node says. */
  readonly degree: number | undefined;
  /** Place of the first node. */
  readonly first: number;
  readonly count: number;
  /** First word of the run in the table. */
  readonly table: number;
}

/** What the kernel reads. */
export interface NodeTable {
  readonly runs: readonly NodeRun[];
  /** Node at every place, and place of every node. */
  readonly nodeAt: Int32Array;
  readonly placeOf: Int32Array;
  /**
   * Per node: H + ΣJ as an integer, its unit as float32 (its bits), the number of neighbours in runs that mix them; then
   * per neighbour 16 × its place and 2J as an integer.
   */
  readonly words: Int32Array;
  /** Per edge: 16 × the places of its ends, and J as float64 (two words). */
  readonly edges: Int32Array;
  /** Field of every place, or empty when all are zero. */
  readonly fields: Float64Array;
  readonly couplingSum: number;
  readonly fieldSum: number;
}

/** @throws {InvalidArgumentError} when a coupling or field is larger than 1e30. */
export function nodeTable(graph: SpinGraph, colours: ArrayLike<number>): NodeTable {
  for (const name of ["couplings", "fields"] as const) {
    const at = graph[name].findIndex((value) => Math.abs(value) > LARGEST);
    if (at >= 0) throw new InvalidArgumentError(`${name}[${at}]`, "be at most 1e30 in size", graph[name][at]);
  }
  const adjacency = adjacencyOf(graph);
  const degrees = Array.from(
    { length: graph.nodes },
    (_, node) => adjacency.offsets[node + 1]! - adjacency.offsets[node]!,
  );
  const kind = (node: number) => Math.min(degrees[node]!, UNROLLED + 1);
  const order = Array.from({ length: graph.nodes }, (_, node) => node);
  order.sort((a, b) => colours[a]! - colours[b]! || kind(a) - kind(b) || a - b);
  const nodeAt = Int32Array.from(order);
  const placeOf = new Int32Array(graph.nodes);
  nodeAt.forEach((node, place) => {
    placeOf[node] = place;
  });
  const words: number[] = [];
  const runs: NodeRun[] = [];
  let last = -1;
  nodeAt.forEach((node, place) => {
    const key = colours[node]! * (UNROLLED + 2) + kind(node);
    if (key !== last) {
      runs.push({
        degree: kind(node) > UNROLLED ? undefined : kind(node),
        first: place,
        count: 0,
        table: words.length,
      });
    }
    last = key;
    const run = runs[runs.length - 1]!;
    runs[runs.length - 1] = { ...run, count: run.count + 1 };
    pushNode(words, graph, adjacency, placeOf, node, degrees[node]! > UNROLLED);
  });
  return {
    runs,
    nodeAt,
    placeOf,
    words: Int32Array.from(words),
    edges: edgeTable(graph, placeOf),
    fields: graph.fields.some((field) => field !== 0)
      ? Float64Array.from(nodeAt, (node) => graph.fields[node]!)
      : new Float64Array(0),
    couplingSum: graph.couplings.reduce((sum, coupling) => sum + coupling, 0),
    fieldSum: graph.fields.reduce((sum, field) => sum + field, 0),
  };
}

function pushNode(
  words: number[],
  graph: SpinGraph,
  { offsets, targets, through }: ReturnType<typeof adjacencyOf>,
  placeOf: Int32Array,
  node: number,
  isMixed: boolean,
): void {
  const [from, to] = [offsets[node]!, offsets[node + 1]!];
  let largest = Math.abs(graph.fields[node]!);
  for (let k = from; k < to; k++) largest += Math.abs(graph.couplings[through[k]!]!);
  const digits = largest === 0 ? 0 : Math.min(126, 29 - Math.floor(Math.log2(largest)));
  const scale = 2 ** digits;
  let sum = Math.round(graph.fields[node]! * scale);
  const neighbours: number[] = [];
  for (let k = from; k < to; k++) {
    const coupling = Math.round(graph.couplings[through[k]!]! * scale);
    sum += coupling;
    neighbours.push(16 * placeOf[targets[k]!]!, (2 * coupling) | 0);
  }
  const unit = new Int32Array(Float32Array.of(2 ** -digits).buffer)[0]!;
  words.push(sum | 0, unit, ...(isMixed ? [to - from] : []), ...neighbours);
}

function edgeTable({ edges, couplings }: SpinGraph, placeOf: Int32Array): Int32Array {
  const view = new DataView(new ArrayBuffer(16 * couplings.length));
  couplings.forEach((coupling, edge) => {
    view.setInt32(16 * edge, 16 * placeOf[edges[2 * edge]!]!, true);
    view.setInt32(16 * edge + 4, 16 * placeOf[edges[2 * edge + 1]!]!, true);
    view.setFloat64(16 * edge + 8, coupling, true);
  });
  return new Int32Array(view.buffer);
}
