import { type EliminationTables, entryMap } from "./elimination-tables.ts";

/** Collects the parts that tables add up, step by step, and gives them as flat arrays. */
export class PartLayout {
  size = 0;
  readonly #byStep: { at: number; map: Int32Array }[][];
  readonly #tables: EliminationTables;
  readonly #states: ArrayLike<number>;

  constructor(tables: EliminationTables, states: ArrayLike<number>) {
    this.#tables = tables;
    this.#states = states;
    this.#byStep = Array.from({ length: tables.steps }, () => []);
  }

  /** Makes room for a part that a step reads; gives its place. */
  add(step: number, size: number, strides: ReadonlyMap<number, number>): number {
    const at = this.size;
    this.size += size;
    this.#byStep[step]!.push({ at, map: entryMap(this.#tables, step, this.#states, strides) });
    return at;
  }

  flat(): { partStart: Int32Array; partAt: Int32Array; mapAt: Int32Array; maps: Int32Array } {
    const parts = this.#byStep.flat();
    const partStart = new Int32Array(this.#byStep.length + 1);
    for (const [k, own] of this.#byStep.entries()) partStart[k + 1] = partStart[k]! + own.length;
    const mapAt = new Int32Array(parts.length);
    const maps = new Int32Array(parts.reduce((sum, { map }) => sum + map.length, 0));
    let next = 0;
    for (const [p, { map }] of parts.entries()) {
      mapAt[p] = next;
      maps.set(map, next);
      next += map.length;
    }
    return { partStart, partAt: Int32Array.from(parts, ({ at }) => at), mapAt, maps };
  }
}
