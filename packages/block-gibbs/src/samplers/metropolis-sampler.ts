import { InvalidArgumentError } from "@siegert/errors";
import type { Random } from "@siegert/random";
import { CATEGORY, type CompiledGraph, nodeEnergy, SPIN } from "../compiled/compiled-graph.ts";
import type { BoundSampler, ConditionalSampler, SamplerMove, SamplerTarget } from "./conditional-sampler.ts";

/**
 * Proposes a value for a node.
 *
 * @param value the present one, not to be changed.
 * @param proposal to be written.
 * @param scale what the sampler has learned, or was given.
 * @returns log of q(value | proposal) / q(proposal | value): 0 for a symmetric proposal.
 */
export type Proposal = (value: Float64Array, proposal: Float64Array, random: Random, scale: number) => number;

/** Options of `metropolisSampler`. */
export interface MetropolisOptions {
  /** Default: a normal step of standard deviation `scale` for reals, another state at random for spins and categories. */
  readonly propose?: Proposal;
  /** Scale of the first steps. Default 1. */
  readonly scale?: number;
  /**
   * Acceptance that the scale is brought to during warmup, per node (Robbins & Monro 1951); null keeps the scale. Default
   * 0.44 for a single number, 0.234 for more (Roberts, Gelman & Gilks 1997).
   */
  readonly targetAcceptance?: number | null;
  /** Proposals per node and draw. Default 1. */
  readonly steps?: number;
}

/** Numbers kept per node: logarithm of the scale, proposals in warmup, proposals and acceptances after it. */
const PER_NODE = 4;

/**
 * Metropolis within Gibbs: proposals that are accepted by the energy of the node's factors (Metropolis et al. 1953,
 * Hastings 1970). For nodes whose conditional law cannot be drawn from. Its scale settles during warmup and stays then.
 *
 * @throws {InvalidArgumentError} for options outside of their range.
 */
export function metropolisSampler(options: MetropolisOptions = {}): ConditionalSampler {
  const { propose, scale = 1, targetAcceptance, steps = 1 } = options;
  if (!(scale > 0 && scale < Infinity)) throw new InvalidArgumentError("scale", "be positive and finite", scale);
  if (typeof targetAcceptance === "number" && !(targetAcceptance > 0 && targetAcceptance < 1)) {
    throw new InvalidArgumentError("targetAcceptance", "lie between 0 and 1", targetAcceptance);
  }
  if (!(Number.isInteger(steps) && steps > 0)) throw new InvalidArgumentError("steps", "be a positive integer", steps);
  if (propose !== undefined && typeof propose !== "function") {
    throw new InvalidArgumentError("propose", "be a function", propose);
  }
  return {
    name: "Metropolis sampler",
    kinds: ["spin", "category", "gaussian", "user"],
    bind: (target) => new BoundMetropolis(target, { propose, scale, targetAcceptance, steps }),
  };
}

interface Settings {
  readonly propose: Proposal | undefined;
  readonly scale: number;
  readonly targetAcceptance: number | null | undefined;
  readonly steps: number;
}

class BoundMetropolis implements BoundSampler {
  readonly memorySize: number;
  readonly #graph: CompiledGraph;
  readonly #nodes: Int32Array;
  readonly #settings: Settings;
  readonly #proposals: readonly Proposal[];
  readonly #kept: Float64Array;
  readonly #proposal: Float64Array;

  constructor({ graph, nodes, directed, block }: SamplerTarget, settings: Settings) {
    const acted = nodes.find((node) => directed.start[node + 1]! > directed.start[node]!);
    if (acted !== undefined) {
      const wanted = "have an energy: directed interactions have none, so the Metropolis sampler cannot draw it";
      throw new InvalidArgumentError(`${graph.names[acted]} in block ${block.name}`, wanted, "interactions");
    }
    this.#graph = graph;
    this.#nodes = nodes;
    this.#settings = settings;
    this.#proposals = Array.from(nodes, (node) => settings.propose ?? defaultProposal(graph, node));
    const most = nodes.reduce((size, node) => Math.max(size, graph.offset[node + 1]! - graph.offset[node]!), 1);
    this.#kept = new Float64Array(most);
    this.#proposal = new Float64Array(most);
    this.memorySize = PER_NODE * nodes.length;
  }

  initMemory(memory: Float64Array): void {
    memory.fill(0);
    for (let at = 0; at < memory.length; at += PER_NODE) memory[at] = Math.log(this.#settings.scale);
  }

  draw(state: Float64Array, out: Float64Array, move: SamplerMove): void {
    const { offset } = this.#graph;
    let written = 0;
    for (let b = 0; b < this.#nodes.length; b++) {
      const node = this.#nodes[b]!;
      const from = offset[node]!;
      const size = offset[node + 1]! - from;
      const before = this.#kept.subarray(0, size);
      for (let k = 0; k < size; k++) before[k] = state[from + k]!;
      const original = before.slice();
      for (let step = 0; step < this.#settings.steps; step++)
        this.#step(b, state.subarray(from, from + size), state, move);
      for (let k = 0; k < size; k++) out[written++] = state[from + k]!;
      state.set(original, from);
    }
  }

  /** One proposal for node b of the block; `value` is its part of the state, which is moved where it accepts. */
  #step(b: number, value: Float64Array, state: Float64Array, { beta, random, memory, isWarmup }: SamplerMove): void {
    const node = this.#nodes[b]!;
    const own = b * PER_NODE;
    const before = this.#kept.subarray(0, value.length);
    const proposal = this.#proposal.subarray(0, value.length);
    before.set(value);
    const logRatio = this.#proposals[b]!(before, proposal, random, Math.exp(memory[own]!));
    const energyBefore = nodeEnergy(this.#graph, node, state);
    value.set(proposal);
    // At β = 0 an infinite energy still is a forbidden state.
    const rise = nodeEnergy(this.#graph, node, state) - energyBefore;
    const logAccept = logRatio - (beta === 0 && rise < Infinity ? 0 : beta === 0 ? Infinity : beta * rise);
    const acceptance = Math.min(1, Math.exp(logAccept));
    const isAccepted = random.uniform() < acceptance;
    if (!isAccepted) value.set(before);
    if (isWarmup) this.#learn(memory, own, value.length, Number.isNaN(acceptance) ? 0 : acceptance, node);
    else {
      memory[own + 2]! += 1;
      memory[own + 3]! += isAccepted ? 1 : 0;
    }
  }

  #learn(memory: Float64Array, own: number, size: number, acceptance: number, node: number): void {
    const target = this.#settings.targetAcceptance ?? (size === 1 ? 0.44 : 0.234);
    const isDiscrete = this.#graph.states[node]! > 0;
    if (this.#settings.targetAcceptance === null || (isDiscrete && this.#settings.propose === undefined)) return;
    memory[own + 1]! += 1;
    memory[own]! += (acceptance - target) * 2 * memory[own + 1]! ** -0.6;
  }

  report(memory: Float64Array): Record<string, Float64Array> {
    const count = this.#nodes.length;
    return {
      scale: Float64Array.from({ length: count }, (_, b) => Math.exp(memory[b * PER_NODE]!)),
      acceptance: Float64Array.from({ length: count }, (_, b) => memory[b * PER_NODE + 3]! / memory[b * PER_NODE + 2]!),
    };
  }
}

function defaultProposal(graph: CompiledGraph, node: number): Proposal {
  if (graph.kind[node] === SPIN) return flip;
  if (graph.kind[node] === CATEGORY) return otherState(graph.states[node]!);
  return normalStep;
}

function flip(value: Float64Array, proposal: Float64Array): number {
  proposal[0] = -value[0]!;
  return 0;
}

function otherState(states: number): Proposal {
  return (value, proposal, random) => {
    proposal[0] = states === 1 ? 0 : (value[0]! + 1 + random.integer(states - 1)) % states;
    return 0;
  };
}

function normalStep(value: Float64Array, proposal: Float64Array, random: Random, scale: number): number {
  for (let k = 0; k < value.length; k++) proposal[k] = value[k]! + scale * random.normal();
  return 0;
}
