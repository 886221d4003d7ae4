import { InvalidArgumentError } from "@siegert/errors";
import type { Node } from "../nodes/node.ts";
import { numberOf } from "../nodes/node-numbers.ts";
import type { Observer } from "./observer.ts";

/** Means of products over all draws of all chains. */
export interface ObservedMoments {
  /** One array per list of tuples: the mean of every tuple's product; NaN where a run was stopped before its first draw. */
  readonly means: readonly Float64Array[];
  /** The same as sums, and how many draws they are of. */
  readonly sums: readonly Float64Array[];
  readonly count: number;
  /** Means of every chain on its own: [list][chain][tuple]. */
  readonly chainMeans: readonly (readonly Float64Array[])[];
}

/**
 * Adds up products of node values: for a tuple (a, b, …) the mean of f(a)·f(b)·…, in float64.
 *
 * @param lists tuples of nodes with one number each, in lists: `[[[a], [b]], [[a, b]]]` are two first and one second moment.
 * @param transform f, of a value and its node. Default: the value itself.
 *
 * Its `start` throws `InvalidArgumentError` for empty tuples, and for nodes that are not in the model or have several
 * numbers.
 */
export function momentObserver(
  lists: readonly (readonly (readonly Node[])[])[],
  transform?: (value: number, node: Node) => number,
): Observer<ObservedMoments> {
  if (!Array.isArray(lists)) throw new InvalidArgumentError("lists", "be an array of lists of tuples of nodes", lists);
  if (transform !== undefined && typeof transform !== "function") {
    throw new InvalidArgumentError("transform", "be a function", transform);
  }
  return {
    start({ model }, { chains }) {
      // Every node is transformed once per draw, however many tuples it is in.
      const nodes = [...new Set(lists.flat(2))];
      const column = new Map(nodes.map((node, k) => [node, k]));
      const places = Int32Array.from(nodes, (node) => placeOf(node, numberOf(model.numbers, node, "moments")));
      const values = new Float64Array(nodes.length);
      const tuples = lists.map((list) => flatTuples(list, column));
      const sums = lists.map((list) => Array.from({ length: chains }, () => new Float64Array(list.length)));
      return {
        record(chain, _draw, state) {
          for (let k = 0; k < places.length; k++) values[k] = state[places[k]!]!;
          if (transform) for (let k = 0; k < places.length; k++) values[k] = transform(values[k]!, nodes[k]!);
          for (let l = 0; l < tuples.length; l++) addProducts(tuples[l]!, values, sums[l]![chain]!);
        },
        result: (draws) => moments(sums, chains, draws),
      };

      function placeOf(node: Node, number: number): number {
        const { offset } = model.graph;
        const size = offset[number + 1]! - offset[number]!;
        if (size !== 1) throw new InvalidArgumentError(`moments of ${node.name}`, "be of nodes with one number", size);
        return offset[number]!;
      }
    },
  };
}

interface FlatTuples {
  readonly start: Int32Array;
  readonly columns: Int32Array;
}

function flatTuples(list: readonly (readonly Node[])[], column: ReadonlyMap<Node, number>): FlatTuples {
  const start = new Int32Array(list.length + 1);
  for (const [t, tuple] of list.entries()) {
    if (tuple.length === 0) throw new InvalidArgumentError("moments", "be of tuples with at least one node", tuple);
    start[t + 1] = start[t]! + tuple.length;
  }
  return { start, columns: Int32Array.from(list.flat(), (node) => column.get(node)!) };
}

function addProducts({ start, columns }: FlatTuples, values: Float64Array, sums: Float64Array): void {
  for (let t = 0; t < sums.length; t++) {
    let product = 1;
    for (let m = start[t]!; m < start[t + 1]!; m++) product *= values[columns[m]!]!;
    sums[t]! += product;
  }
}

function moments(byChain: readonly (readonly Float64Array[])[], chains: number, draws: number): ObservedMoments {
  const count = chains * draws;
  const sums = byChain.map((own) => {
    const total = own[0]!.slice();
    for (const sum of own.slice(1)) for (let t = 0; t < total.length; t++) total[t]! += sum[t]!;
    return total;
  });
  return {
    sums,
    count,
    means: sums.map((total) => total.map((sum) => sum / count)),
    chainMeans: byChain.map((own) => own.map((sum) => sum.map((value) => value / draws))),
  };
}
