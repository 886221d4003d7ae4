import { InvalidArgumentError } from "@siegert/errors";
import type { Node } from "../nodes/node.ts";
import { numberOf } from "../nodes/node-numbers.ts";
import type { Observer } from "./observer.ts";

/** Values of nodes at every draw. */
export interface ObservedStates {
  /** Row-major, (chain, draw, value). */
  readonly values: Float64Array;
  readonly chains: number;
  readonly draws: number;
  /** Names of the values: those of the nodes, with an index where a node has several numbers. */
  readonly names: readonly string[];
  /** Values of one node with a single number, (chain, draw), as diagnostics take it. */
  scalar(node: Node): { readonly values: Float64Array; readonly chains: number; readonly draws: number };
}

/**
 * Keeps the values of nodes. Default: all nodes of the model.
 *
 * Its `start` throws `InvalidArgumentError` for a node that is not in the model, and for more than 2²⁸ numbers in all.
 */
export function stateObserver(nodes?: readonly Node[]): Observer<ObservedStates> {
  return {
    start({ model }, { chains, draws }) {
      const observed = nodes ?? model.nodes;
      const { offset } = model.graph;
      const places: number[] = [];
      const names: string[] = [];
      const column = new Map<Node, number>();
      for (const node of observed) {
        const i = numberOf(model.numbers, node, "observed nodes");
        const size = offset[i + 1]! - offset[i]!;
        column.set(node, places.length);
        for (let k = 0; k < size; k++) {
          places.push(offset[i]! + k);
          names.push(size === 1 ? node.name : `${node.name}[${k}]`);
        }
      }
      const at = Int32Array.from(places);
      checkSize(chains * draws * at.length);
      const all = new Float64Array(chains * draws * at.length);
      return {
        record(chain, draw, state) {
          const from = (chain * draws + draw) * at.length;
          for (let k = 0; k < at.length; k++) all[from + k] = state[at[k]!]!;
        },
        result: (done) => observedStates(shortened(all, chains, draws, done, at.length), chains, done, names, column),
      };
    },
  };
}

/** 2²⁸ numbers are 2 GiB. */
const MOST_NUMBERS = 2 ** 28;

function checkSize(count: number): void {
  if (count <= MOST_NUMBERS) return;
  const wanted =
    "be at most 2^28 numbers: observe fewer nodes, take fewer draws, or use momentObserver or functionObserver";
  throw new InvalidArgumentError("observed states", wanted, count);
}

/** The first draws of every chain. */
export function shortened(all: Float64Array, chains: number, draws: number, done: number, width: number): Float64Array {
  if (done === draws) return all;
  const out = new Float64Array(chains * done * width);
  for (let chain = 0; chain < chains; chain++) {
    const from = chain * draws * width;
    out.set(all.subarray(from, from + done * width), chain * done * width);
  }
  return out;
}

function observedStates(
  values: Float64Array,
  chains: number,
  draws: number,
  names: readonly string[],
  column: ReadonlyMap<Node, number>,
): ObservedStates {
  const width = names.length;
  return {
    values,
    chains,
    draws,
    names,
    scalar(node) {
      const at = column.get(node);
      if (at === undefined) throw new InvalidArgumentError("node", "be one that was observed", node?.name ?? node);
      const one = new Float64Array(chains * draws);
      for (let k = 0; k < one.length; k++) one[k] = values[k * width + at]!;
      return { values: one, chains, draws };
    },
  };
}
