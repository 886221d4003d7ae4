import { InvalidArgumentError } from "@siegert/errors";
import type { Random } from "@siegert/random";
import { type CompiledGraph, SPIN } from "../compiled/compiled-graph.ts";
import type { DirectedTerms } from "../compiled/directed-terms.ts";
import { blockScopes } from "./block-scopes.ts";
import { BlockTooWideError } from "./block-too-wide-error.ts";
import { type EliminationTables, eliminationTables, entryMap, stridesOf } from "./elimination-tables.ts";
import { cheapestElimination, type JointCost, type JointLimits, resolveLimits } from "./joint-cost.ts";
import { PartLayout } from "./part-layout.ts";
import { reduceFactors } from "./reduced-factors.ts";
import { type SurroundingPart, Surroundings } from "./surroundings.ts";

/**
 * Draws spins and categorical nodes from their joint law given all others: exactly, whatever edges they have among each
 * other. Nodes are summed out one after the other with logarithmic tables (forward filtering), then drawn in the
 * opposite order, each given those drawn before (backward sampling). Everything that can be is laid out once; a draw
 * allocates nothing.
 *
 * Source: Koller & Friedman (2009), Probabilistic Graphical Models, chapter 9 (variable elimination); Hamze & de Freitas
 * (2004), From fields to trees, UAI, 243-250 (such draws as Gibbs blocks); Chib (1996), doi:10.1016/0304-4076(95)01770-4.
 */
export class DiscreteJoint {
  readonly cost: JointCost;
  readonly #graph: CompiledGraph;
  readonly #name: string;
  readonly #nodes: Int32Array;
  readonly #tables: EliminationTables;
  /** Tables, and what in them never changes, at β = 1. */
  readonly #table: Float64Array;
  readonly #constant: Float64Array;
  /** Tables of factors with members around the block, tables of directed terms, messages: one after the other. */
  readonly #parts: Float64Array;
  readonly #surroundings: Surroundings;
  readonly #factorEnd: number;
  readonly #messageAt: Int32Array;
  /** Parts that step k adds up: partAt[partStart[k]] … with maps from table entries at mapAt. */
  readonly #partStart: Int32Array;
  readonly #partAt: Int32Array;
  readonly #mapAt: Int32Array;
  readonly #maps: Int32Array;
  /** State number of every place of the block. */
  readonly #choice: Int32Array;
  readonly #weights: Float64Array;

  /**
   * @param nodes numbers of the block's nodes.
   * @param directed interactions beyond the factors; they may read nodes around the block only.
   * @throws {BlockTooWideError} beyond the limits.
   */
  constructor(graph: CompiledGraph, nodes: Int32Array, directed: DirectedTerms, name: string, limits: JointLimits) {
    const { scopes, adjacency } = blockScopes(graph, nodes);
    const states = nodes.map((node) => graph.states[node]!);
    const { elimination, cost } = cheapestElimination(adjacency, states);
    const resolved = resolveLimits(limits);
    if (cost.tableSize > resolved.maxTableSize || cost.totalSize > resolved.maxTotalSize) {
      throw new BlockTooWideError(name, cost, resolved);
    }
    this.cost = cost;
    this.#graph = graph;
    this.#name = name;
    this.#nodes = nodes;
    this.#tables = eliminationTables(elimination, states);
    const { steps, tableStart, stepOf, parent } = this.#tables;
    this.#table = new Float64Array(tableStart[steps]!);
    this.#constant = new Float64Array(tableStart[steps]!);
    const layout = new PartLayout(this.#tables, states);
    const surrounding: SurroundingPart[] = [];
    for (const scope of scopes) {
      const { size, constant, outer, users } = reduceFactors(graph, nodes, scope);
      const step = scope.places.reduce((first, place) => Math.min(first, stepOf[place]!), steps);
      const strides = stridesOf(scope.places, states);
      this.#addConstant(step, constant, entryMap(this.#tables, step, states, strides));
      if (outer.length + users.length === 0) continue;
      surrounding.push({ at: layout.add(step, size, strides), outer, users, actedNode: -1 });
    }
    for (let p = 0; p < nodes.length; p++) {
      const node = nodes[p]!;
      if (directed.start[node + 1]! === directed.start[node]!) continue;
      const at = layout.add(stepOf[p]!, states[p]!, new Map([[p, 1]]));
      surrounding.push({ at, outer: [], users: [], actedNode: node });
    }
    this.#surroundings = new Surroundings(graph, directed, surrounding);
    this.#factorEnd = layout.size;
    this.#messageAt = new Int32Array(steps).fill(-1);
    for (let k = 0; k < steps; k++) {
      if (parent[k]! < 0) continue;
      const size = (tableStart[k + 1]! - tableStart[k]!) / this.#tables.states[k]!;
      this.#messageAt[k] = layout.add(parent[k]!, size, stridesOf(elimination.separators[k]!, states));
    }
    this.#parts = new Float64Array(layout.size);
    ({ partStart: this.#partStart, partAt: this.#partAt, mapAt: this.#mapAt, maps: this.#maps } = layout.flat());
    this.#choice = new Int32Array(nodes.length);
    this.#weights = new Float64Array(states.reduce((most, K) => Math.max(most, K), 2));
  }

  /**
   * Draws the block at inverse temperature `beta`: reads `state`, leaves it as it was, writes the values into `out`.
   * @throws {InvalidArgumentError} when no state of the block is possible, which only user-defined factors can cause.
   */
  draw(state: Float64Array, out: Float64Array, beta: number, random: Random): void {
    this.#gather(state, beta);
    const { steps, order } = this.#tables;
    for (let k = 0; k < steps; k++) this.#sumOut(k, beta);
    for (let k = steps - 1; k >= 0; k--) {
      const place = order[k]!;
      const choice = this.#choose(k, random);
      this.#choice[place] = choice;
      out[place] = this.#graph.kind[this.#nodes[place]!] === SPIN ? 2 * choice - 1 : choice;
    }
  }

  #addConstant(step: number, values: Float64Array, map: Int32Array): void {
    const at = this.#tables.tableStart[step]!;
    for (let t = 0; t < map.length; t++) this.#constant[at + t]! += values[map[t]!]!;
  }

  /** Evaluates what depends on the nodes around the block, times β. */
  #gather(state: Float64Array, beta: number): void {
    const parts = this.#parts;
    for (let at = 0; at < this.#factorEnd; at++) parts[at] = 0;
    this.#surroundings.add(state, parts);
    for (let at = 0; at < this.#factorEnd; at++) parts[at] = scaled(parts[at]!, beta);
  }

  /** Fills table k, and sums its node out into the message. */
  #sumOut(k: number, beta: number): void {
    const { tableStart, states } = this.#tables;
    const table = this.#table;
    const parts = this.#parts;
    const maps = this.#maps;
    const from = tableStart[k]!;
    const end = tableStart[k + 1]!;
    for (let t = from; t < end; t++) table[t] = scaled(this.#constant[t]!, beta);
    for (let p = this.#partStart[k]!; p < this.#partStart[k + 1]!; p++) {
      const partAt = this.#partAt[p]!;
      const shift = this.#mapAt[p]! - from;
      for (let t = from; t < end; t++) table[t]! += parts[partAt + maps[t + shift]!]!;
    }
    const messageAt = this.#messageAt[k]!;
    if (messageAt < 0) return;
    const K = states[k]!;
    for (let t = from, s = messageAt; t < end; t += K, s++) parts[s] = logSum(table, t, K);
  }

  /** State of the node of step k, given the separator's. */
  #choose(k: number, random: Random): number {
    const { tableStart, sepStart, sepPlace, sepStride, states } = this.#tables;
    const K = states[k]!;
    let s = 0;
    for (let i = sepStart[k]!; i < sepStart[k + 1]!; i++) s += sepStride[i]! * this.#choice[sepPlace[i]!]!;
    const at = tableStart[k]! + s * K;
    const table = this.#table;
    let most = table[at]!;
    for (let j = 1; j < K; j++) if (table[at + j]! > most) most = table[at + j]!;
    if (most === -Infinity) {
      throw new InvalidArgumentError(
        `block ${this.#name}`,
        "have a state of finite energy given its surroundings",
        most,
      );
    }
    let sum = 0;
    for (let j = 0; j < K; j++) {
      sum += Math.exp(table[at + j]! - most);
      this.#weights[j] = sum;
    }
    const u = random.uniform() * sum;
    let choice = 0;
    while (choice < K - 1 && u >= this.#weights[choice]!) choice++;
    return choice;
  }
}

/** β times a logarithm; what is impossible stays so at β = 0. */
function scaled(value: number, beta: number): number {
  return value === -Infinity ? value : beta * value;
}

/** log Σ exp of K entries. */
function logSum(table: Float64Array, at: number, K: number): number {
  let most = table[at]!;
  for (let j = 1; j < K; j++) if (table[at + j]! > most) most = table[at + j]!;
  if (most === -Infinity) return most;
  if (K === 2) return most + Math.log1p(Math.exp(-Math.abs(table[at]! - table[at + 1]!)));
  let sum = 0;
  for (let j = 0; j < K; j++) sum += Math.exp(table[at + j]! - most);
  return most + Math.log(sum);
}
