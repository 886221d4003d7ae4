/**
 * Ising models as plain data, which can travel to other threads. The energy of spins s = ±1 is
 * V = −Σ J s s' − Σ H s over bonds and nodes, and their law at inverse temperature β is ∝ exp(−β V).
 */
import { InvalidArgumentError } from "@siegert/errors";
import { checkSize, latticeBonds } from "./lattice-bonds.ts";

/** A square lattice of spins with one coupling, which bonds may take with a sign, and one field. */
export interface LatticeModel {
  readonly lattice: {
    /** [height, width]; sites are numbered row by row. In a periodic direction at least 3. */
    readonly size: readonly [number, number];
    /** Whether the edges are joined. Default true. */
    readonly periodic?: boolean;
  };
  /** J of every bond. Default 1. */
  readonly coupling?: number;
  /**
   * A factor −1, 0 or 1 of every bond: entry 2k is that of site k with its right neighbour, 2k + 1 that with the one below.
   * Entries of bonds that do not exist, at open edges, are not looked at. Default all 1.
   */
  readonly signs?: ArrayLike<number>;
  /** H of every site. Default 0. */
  readonly field?: number;
}

/** Spins on any graph. */
export interface GraphModel {
  readonly nodes: number;
  /** Pairs of nodes, numbered from 0: [[0, 1], [1, 2], …], or one flat list; triples [i, j, J] bring their couplings. */
  readonly edges: ArrayLike<number> | readonly (readonly number[])[];
  /** J of every edge, or one for all. Default 1, unless edges bring theirs. */
  readonly couplings?: number | ArrayLike<number>;
  /** H of every node, or one for all. Default 0. */
  readonly fields?: number | ArrayLike<number>;
}

/** What can be simulated. */
export type IsingModel = LatticeModel | GraphModel;

/** A model written out: every edge with its coupling, every node with its field. */
export interface SpinGraph {
  readonly nodes: number;
  /** Ends of the edges, two entries each. */
  readonly edges: Int32Array;
  readonly couplings: Float64Array;
  readonly fields: Float64Array;
}

/** Whether a model is a lattice. */
export function isLattice(model: IsingModel): model is LatticeModel {
  return "lattice" in model;
}

/**
 * The model written out.
 * @throws {InvalidArgumentError} when a size, an edge, a coupling or a field is not usable, naming it.
 */
export function spinGraph(model: IsingModel): SpinGraph {
  return isLattice(model) ? latticeGraph(model) : generalGraph(model);
}

/** Energy of spins (+1 or −1), summed in float64 over all edges. */
export function energyOf({ edges, couplings, fields }: SpinGraph, spins: ArrayLike<number>): number {
  let sum = 0;
  for (let edge = 0; edge < couplings.length; edge++) {
    sum += couplings[edge]! * spins[edges[2 * edge]!]! * spins[edges[2 * edge + 1]!]!;
  }
  for (let node = 0; node < fields.length; node++) sum += fields[node]! * spins[node]!;
  return -sum;
}

/**
 * Checks what a lattice consists of, but for the signs of its bonds, and gives the number of sites.
 * @throws {InvalidArgumentError} when the size, the coupling or the field is not usable.
 */
export function checkLattice({ lattice, coupling = 1, field = 0 }: LatticeModel): number {
  checkSize(lattice.size, lattice.periodic ?? true);
  checkFinite("coupling", coupling);
  checkFinite("field", field);
  return lattice.size[0] * lattice.size[1];
}

function latticeGraph(model: LatticeModel): SpinGraph {
  const nodes = checkLattice(model);
  const { lattice, coupling = 1, field = 0 } = model;
  const { ends, signs } = latticeBonds(lattice.size, lattice.periodic ?? true, model.signs);
  const couplings = Float64Array.from(signs, (sign) => coupling * sign);
  return { nodes, edges: ends, couplings, fields: new Float64Array(nodes).fill(field) };
}

function generalGraph({ nodes, edges, couplings, fields = 0 }: GraphModel): SpinGraph {
  if (!(Number.isSafeInteger(nodes) && nodes >= 1 && nodes < 2 ** 28)) {
    throw new InvalidArgumentError("nodes", "be an integer from 1 to 2^28 - 1", nodes);
  }
  const isFlat = edges.length === 0 || typeof edges[0] === "number";
  const list = isFlat ? flatEdges(edges as ArrayLike<number>) : (edges as readonly (readonly number[])[]);
  const flat = new Int32Array(2 * list.length);
  const seen = new Set<number>();
  list.forEach((edge, k) => {
    checkEdge(edge, k, nodes, seen);
    flat[2 * k] = edge[0]!;
    flat[2 * k + 1] = edge[1]!;
  });
  const own = list.some((edge) => edge.length === 3);
  if (own && couplings !== undefined) {
    throw new InvalidArgumentError("couplings", "be left out when edges are triples [i, j, J]", couplings);
  }
  const without = own ? list.findIndex((edge) => edge.length === 2) : -1;
  if (without >= 0) {
    throw new InvalidArgumentError(`edges[${without}]`, "bring a coupling, as other edges do", list[without]);
  }
  return {
    nodes,
    edges: flat,
    couplings: own ? Float64Array.from(list, (edge) => edge[2]!) : spread("couplings", couplings ?? 1, list.length),
    fields: spread("fields", fields, nodes),
  };
}

function flatEdges(edges: ArrayLike<number>): number[][] {
  if (edges.length % 2 !== 0) throw new InvalidArgumentError("edges", "have two entries per edge", edges);
  return Array.from({ length: edges.length / 2 }, (_, k) => [edges[2 * k]!, edges[2 * k + 1]!]);
}

function checkEdge(edge: readonly number[], k: number, nodes: number, seen: Set<number>): void {
  if (!(Array.isArray(edge) || ArrayBuffer.isView(edge)) || (edge.length !== 2 && edge.length !== 3)) {
    throw new InvalidArgumentError(`edges[${k}]`, "be a pair of nodes, or a pair and a coupling", edge);
  }
  const [i, j, coupling] = edge as [number, number, number?];
  for (const node of [i, j]) {
    if (!(Number.isInteger(node) && node >= 0 && node < nodes)) {
      throw new InvalidArgumentError(`edges[${k}]`, `join nodes from 0 to ${nodes - 1}`, edge);
    }
  }
  if (i === j) throw new InvalidArgumentError(`edges[${k}]`, "join two different nodes", edge);
  if (edge.length === 3) checkFinite(`edges[${k}][2]`, coupling!);
  const key = Math.min(i, j) * nodes + Math.max(i, j);
  if (seen.has(key)) throw new InvalidArgumentError(`edges[${k}]`, "join nodes that no edge before it joins", edge);
  seen.add(key);
}

function spread(name: string, given: number | ArrayLike<number>, length: number): Float64Array {
  if (typeof given === "number") {
    checkFinite(name, given);
    return new Float64Array(length).fill(given);
  }
  if (given.length !== length) throw new InvalidArgumentError(name, `have ${length} entries`, given);
  const values = Float64Array.from(given);
  values.forEach((value, k) => {
    checkFinite(`${name}[${k}]`, value);
  });
  return values;
}

/** @throws {InvalidArgumentError} unless a value is a finite number. */
export function checkFinite(name: string, value: number): void {
  if (!Number.isFinite(value)) throw new InvalidArgumentError(name, "be a finite number", value);
}
