import { InvalidArgumentError } from "@siegert/errors";
import { type CompiledGraph, SPIN } from "../compiled/compiled-graph.ts";
import { conflictAdjacency } from "../graph/adjacency.ts";
import { connectedComponents } from "../graph/induced.ts";
import { bestDescent, checkTables } from "./descent.ts";

/** Options of `adviseGroundState`. */
export interface GroundStateOptions {
  /** Mean energy above the lowest that is small enough, as a share of the distance from β = 0 to it. Default 1e-3. */
  readonly relativeGap?: number;
  /** Descents from random states, of which the best is taken. Default 16. */
  readonly restarts?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Least energy, where it is known. Default: the best descent's, exact for forests of spins without fields. */
  readonly lowestEnergy?: number;
}

/** How cold a search for ground states should become, and what ladder that takes. */
export interface GroundStateAdvice {
  /** Least energy known; isExact says whether there is none below. */
  readonly lowestEnergy: number;
  readonly isExact: boolean;
  /** Distance from the mean energy at β = 0 to the lowest. */
  readonly range: number;
  readonly relativeGap: number;
  /** Energies of single defects, c. */
  readonly defects: Float64Array;
  /** Mean energy above the lowest if defects were independent: Σ c / (1 + exp(βc)). */
  excess(beta: number): number;
  /** Communication barrier from 0 to β if defects were independent: ∫ σ_V / √π dβ. */
  barrier(beta: number): number;
  /** Least β at which the excess is at most relativeGap · range. */
  readonly betaMax: number;
  /** Chains for a ladder from 0 to betaMax with acceptances near one half: 2 Λ + 1, at least 2. */
  readonly chains: number;
  readonly words: string;
}

/**
 * Advice on β for a search of ground states, from independent defects: each costs c and is there with probability
 * 1/(1 + exp(βc)). On a forest of spins without fields these are the broken bonds, c = 2 |J|, and the excess is exact; else
 * single changes of the best state that descents from random states find, c = 2 |local field| for spins.
 *
 * Source of the barrier: Syed et al. (2021), doi:10.1111/rssb.12464, Λ = ∫ ½ E|V − V'| dβ, which for normal V is
 * ∫ σ/√π dβ.
 * @throws {InvalidArgumentError} for nodes that are not discrete, user-defined factors, and options outside of their range.
 */
export function adviseGroundState(graph: CompiledGraph, options: GroundStateOptions = {}): GroundStateAdvice {
  const { relativeGap = 1e-3, restarts = 16, seed = 0 } = options;
  checkTables(graph);
  if (!(relativeGap > 0 && relativeGap < 1))
    throw new InvalidArgumentError("relativeGap", "lie in (0, 1)", relativeGap);
  if (!(Number.isInteger(restarts) && restarts > 0)) {
    throw new InvalidArgumentError("restarts", "be a positive integer", restarts);
  }
  if (options.lowestEnergy !== undefined && !Number.isFinite(options.lowestEnergy)) {
    throw new InvalidArgumentError("lowestEnergy", "be finite", options.lowestEnergy);
  }
  const forest = forestDefects(graph);
  const minimum = forest === undefined ? bestDescent(graph, restarts, seed) : undefined;
  const defects = (forest ?? minimum!.gaps).filter((c) => c > 0);
  const found = minimum?.energy ?? -defects.reduce((sum, c) => sum + c / 2, 0);
  const lowestEnergy = Math.min(found, options.lowestEnergy ?? Infinity);
  const range = Math.max(0, meanEnergyAtZero(graph) - lowestEnergy);
  const excess = (beta: number): number => defects.reduce((sum, c) => sum + c / (1 + Math.exp(beta * c)), 0);
  const barrier = (beta: number): number => barrierOf(defects, beta);
  const betaMax = coldest(excess, relativeGap * range);
  const chains = Math.max(2, Math.ceil(2 * barrier(betaMax) + 1));
  const isExact = forest !== undefined || options.lowestEnergy !== undefined;
  const words =
    `take β up to ${betaMax.toPrecision(3)}, where the mean energy is about ${excess(betaMax).toPrecision(3)} above the ` +
    `lowest ${isExact ? "there is" : "that descents found"}, ${lowestEnergy}; a ladder from 0 needs about ${chains} chains`;
  return { lowestEnergy, isExact, range, relativeGap, defects, excess, barrier, betaMax, chains, words };
}

/** 2 |J| of every edge, when the model is spins on a forest without fields. */
function forestDefects(graph: CompiledGraph): Float64Array | undefined {
  if (graph.kind.some((kind) => kind !== SPIN)) return undefined;
  for (let f = 0; f < graph.factorCount; f++) {
    const order = graph.memberStart[f + 1]! - graph.memberStart[f]!;
    const weight = graph.weights[graph.weightStart[f]!]!;
    if (order !== 2 && weight !== 0) return undefined;
  }
  const adjacency = conflictAdjacency(graph);
  const edges = adjacency.neighbours.length / 2;
  if (edges !== graph.nodeCount - connectedComponents(adjacency).length) return undefined;
  const byPair = new Map<number, number>();
  for (let f = 0; f < graph.factorCount; f++) {
    const start = graph.memberStart[f]!;
    if (graph.memberStart[f + 1]! - start !== 2) continue;
    const [a, b] = [graph.members[start]!, graph.members[start + 1]!];
    const key = Math.min(a, b) * graph.nodeCount + Math.max(a, b);
    byPair.set(key, (byPair.get(key) ?? 0) + graph.weights[graph.weightStart[f]!]!);
  }
  return Float64Array.from(byPair.values(), (J) => 2 * Math.abs(J));
}

/** Mean of V over all states: products with a spin average to 0, tables of categories to the mean of their weights. */
function meanEnergyAtZero(graph: CompiledGraph): number {
  let sum = 0;
  for (let f = 0; f < graph.factorCount; f++) {
    if (graph.multiplied[f]! > 0) continue;
    let size = 1;
    for (let m = graph.memberStart[f]!; m < graph.memberStart[f + 1]!; m++) size *= graph.states[graph.members[m]!]!;
    let total = 0;
    for (let w = 0; w < size; w++) total += graph.weights[graph.weightStart[f]! + w]!;
    sum -= total / size;
  }
  return sum;
}

/** Least β at which a falling function is at most `limit`, to 1e-12 relative. */
function coldest(excess: (beta: number) => number, limit: number): number {
  if (excess(0) <= limit) return 0;
  let high = 1e-6;
  while (excess(high) > limit) high *= 2;
  let low = high / 2;
  for (let k = 0; k < 50; k++) {
    const middle = (low + high) / 2;
    if (excess(middle) > limit) low = middle;
    else high = middle;
  }
  return high;
}

/** ∫₀^β σ/√π dβ' with σ² = Σ (c/2)² / cosh²(βc/2), by Simpson's rule on 512 intervals. */
function barrierOf(defects: Float64Array, beta: number): number {
  const sigma = (at: number): number =>
    Math.sqrt(defects.reduce((sum, c) => sum + (c / (2 * Math.cosh(Math.min(350, (at * c) / 2)))) ** 2, 0));
  const n = 512;
  let sum = sigma(0) + sigma(beta);
  for (let k = 1; k < n; k++) sum += (k % 2 === 1 ? 4 : 2) * sigma((beta * k) / n);
  return (sum * beta) / (3 * n) / Math.sqrt(Math.PI);
}
