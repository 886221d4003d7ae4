import type { Elimination } from "../graph/elimination.ts";

/**
 * Where the tables of an elimination lie. Table k, of the node summed out at step k and the separator it has then, is
 * row-major over (separator by place, node): the node's state is fastest. What is left after summing the node out is a
 * message over the separator, in the same order.
 */
export interface EliminationTables {
  /** Number of steps. */
  readonly steps: number;
  /** Place in the block of the node of every step. */
  readonly order: Int32Array;
  /** States of that node. */
  readonly states: Int32Array;
  /** Where every table begins; the last entry is the length of all. */
  readonly tableStart: Int32Array;
  /** Separator of step k: sepPlace[sepStart[k]] … with strides in the message. */
  readonly sepStart: Int32Array;
  readonly sepPlace: Int32Array;
  readonly sepStride: Int32Array;
  /** Step whose table takes the message of step k up; −1 where nothing is left. */
  readonly parent: Int32Array;
  /** Step at which every place of the block is summed out. */
  readonly stepOf: Int32Array;
}

/** Lays the tables of an elimination out; place p of the block has `states[p]` states. */
export function eliminationTables({ order, separators }: Elimination, states: ArrayLike<number>): EliminationTables {
  const steps = order.length;
  const stepOf = new Int32Array(steps);
  for (let k = 0; k < steps; k++) stepOf[order[k]!] = k;
  const tableStart = new Int32Array(steps + 1);
  const sepStart = new Int32Array(steps + 1);
  const parent = new Int32Array(steps).fill(-1);
  for (let k = 0; k < steps; k++) {
    let size = states[order[k]!]!;
    for (const place of separators[k]!) {
      size *= states[place]!;
      const step = stepOf[place]!;
      if (parent[k] === -1 || step < parent[k]!) parent[k] = step;
    }
    tableStart[k + 1] = tableStart[k]! + size;
    sepStart[k + 1] = sepStart[k]! + separators[k]!.length;
  }
  const sepPlace = new Int32Array(sepStart[steps]!);
  const sepStride = new Int32Array(sepStart[steps]!);
  for (let k = 0; k < steps; k++) {
    let stride = 1;
    for (let i = sepStart[k + 1]! - 1, s = separators[k]!.length - 1; s >= 0; s--, i--) {
      sepPlace[i] = separators[k]![s]!;
      sepStride[i] = stride;
      stride *= states[separators[k]![s]!]!;
    }
  }
  const own = Int32Array.from(order, (place) => states[place]!);
  return { steps, order, states: own, tableStart, sepStart, sepPlace, sepStride, parent, stepOf };
}

/**
 * For every entry of table k, the entry of a smaller table over some of its nodes.
 * @param strides stride in the smaller table by place; 0 for places that it does not have.
 */
export function entryMap(
  tables: EliminationTables,
  k: number,
  placeStates: ArrayLike<number>,
  strides: ReadonlyMap<number, number>,
): Int32Array {
  const { order, states, tableStart, sepStart, sepPlace, sepStride } = tables;
  const K = states[k]!;
  const own = strides.get(order[k]!) ?? 0;
  const map = new Int32Array(tableStart[k + 1]! - tableStart[k]!);
  for (let t = 0; t < map.length; t++) {
    const s = Math.floor(t / K);
    let entry = (t % K) * own;
    for (let i = sepStart[k]!; i < sepStart[k + 1]!; i++) {
      const place = sepPlace[i]!;
      entry += (Math.floor(s / sepStride[i]!) % placeStates[place]!) * (strides.get(place) ?? 0);
    }
    map[t] = entry;
  }
  return map;
}

/** Strides of a row-major table over places, the last fastest. */
export function stridesOf(places: ArrayLike<number>, placeStates: ArrayLike<number>): Map<number, number> {
  const strides = new Map<number, number>();
  let stride = 1;
  for (let p = places.length - 1; p >= 0; p--) {
    strides.set(places[p]!, stride);
    stride *= placeStates[places[p]!]!;
  }
  return strides;
}
