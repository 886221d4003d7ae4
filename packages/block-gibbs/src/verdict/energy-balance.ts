import { InvalidArgumentError } from "@siegert/errors";
import { type CompiledGraph, factorEnergy, SPIN } from "../compiled/compiled-graph.ts";
import { checkBeta } from "../models/energy-model.ts";
import { nodeInfluences, pairSpreads } from "../partition/influence.ts";

/** Options of `energyBalance`. */
export interface EnergyBalanceOptions {
  /** Ratio of fields to couplings below which couplings dominate. Default 0.05. */
  readonly low?: number;
  /** Ratio above which fields dominate. Default 2. */
  readonly high?: number;
}

/** How fields and couplings of a discrete model compare. */
export interface EnergyBalance {
  /** Mean over the nodes of half the range of their own energies: of |b| for spins. */
  readonly fieldScale: number;
  /** Mean over the nodes of what their edges can change, Σ Δ/4: of Σ_j |J_ij| for spins. */
  readonly couplingScale: number;
  /** fieldScale / couplingScale; Infinity without couplings, 0 with neither. */
  readonly ratio: number;
  /** β times the larger of both: below about 0.1 the model is nearly uniform, above about 10 nearly frozen. */
  readonly betaScale: number;
  readonly verdict: "couplings dominate" | "balanced" | "fields dominate";
  /** The verdict and what it means in a sentence. */
  readonly words: string;
}

/**
 * Whether the fields of a model or its couplings decide, and how strongly at an inverse temperature.
 * @throws {InvalidArgumentError} for nodes that are not discrete, β negative or not finite, or limits that do not ascend.
 */
export function energyBalance(graph: CompiledGraph, beta: number, options: EnergyBalanceOptions = {}): EnergyBalance {
  const { low = 0.05, high = 2 } = options;
  checkBeta(beta);
  if (!(low >= 0 && high > low)) throw new InvalidArgumentError("low and high", "ascend from 0", [low, high]);
  const fieldScale = mean(fieldRanges(graph)) / 2;
  const couplingScale = mean(nodeInfluences(graph.nodeCount, pairSpreads(graph))) / 4;
  const ratio = fieldScale === 0 ? 0 : fieldScale / couplingScale;
  const verdict = ratio < low ? "couplings dominate" : ratio > high ? "fields dominate" : "balanced";
  const meaning = {
    "couplings dominate":
      "fields hardly break symmetries: expect several modes, and use tempering below the critical temperature",
    balanced: "both fields and couplings shape the law",
    "fields dominate": "nodes are nearly independent of each other: single updates mix fast",
  }[verdict];
  const words = `${verdict}: fields of ${fieldScale.toPrecision(3)} and couplings of ${couplingScale.toPrecision(3)} per node; ${meaning}`;
  return { fieldScale, couplingScale, ratio, betaScale: beta * Math.max(fieldScale, couplingScale), verdict, words };
}

/** Range of the energies that every node has by itself, from its factors of one member. */
function fieldRanges(graph: CompiledGraph): Float64Array {
  const state = new Float64Array(graph.offset[graph.nodeCount]!);
  return Float64Array.from({ length: graph.nodeCount }, (_, node) => {
    if (graph.states[node] === 0) throw new InvalidArgumentError("nodes", "be discrete", graph.names[node]);
    let [least, most] = [Infinity, -Infinity];
    for (let k = 0; k < graph.states[node]!; k++) {
      state[graph.offset[node]!] = graph.kind[node] === SPIN ? 2 * k - 1 : k;
      let own = 0;
      for (let e = graph.incidentStart[node]!; e < graph.incidentStart[node + 1]!; e++) {
        const factor = graph.incident[e]!;
        if (graph.memberStart[factor + 1]! - graph.memberStart[factor]! === 1)
          own += factorEnergy(graph, factor, state);
      }
      least = Math.min(least, own);
      most = Math.max(most, own);
    }
    return most - least;
  });
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
