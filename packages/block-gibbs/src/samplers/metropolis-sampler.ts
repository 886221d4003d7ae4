import { InvalidArgumentError } from "@siegert/errors";
import type { Random } from "@siegert/random";
import { CATEGORY, type CompiledGraph, nodeEnergy, SPIN } from "../compiled/compiled-graph.ts";
import type { Node } from "../nodes/node.ts";
import { isPossible, rangeOf } from "../nodes/node-size.ts";
import type { BoundSampler, ConditionalSampler, SamplerMove, SamplerTarget } from "./conditional-sampler.ts";

/**
 * Proposes a value for a node.
 *
 * @param value the present one, not to be changed.
 * @param proposal to be written. For a spin or category it must be a state of it; values that others cannot have are
 * rejected.
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

/** What is at hand for one node, so that draws allocate nothing. */
interface Bench {
  readonly node: Node;
  readonly number: number;
  /** Where its numbers begin in a state. */
  readonly from: number;
  readonly propose: Proposal;
  readonly original: Float64Array;
  readonly before: Float64Array;
  readonly proposal: Float64Array;
}

class BoundMetropolis implements BoundSampler {
  readonly memorySize: number;
  readonly #graph: CompiledGraph;
  readonly #settings: Settings;
  readonly #benches: readonly Bench[];

  constructor({ graph, nodes, directed, block }: SamplerTarget, settings: Settings) {
    const acted = nodes.find((node) => directed.start[node + 1]! > directed.start[node]!);
    if (acted !== undefined) {
      const wanted = "have an energy: directed interactions have none, so the Metropolis sampler cannot draw it";
      throw new InvalidArgumentError(`${graph.names[acted]} in block ${block.name}`, wanted, "interactions");
    }
    this.#graph = graph;
    this.#settings = settings;
    this.#benches = Array.from(nodes, (number, b) => {
      const from = graph.offset[number]!;
      const numbers = () => new Float64Array(graph.offset[number + 1]! - from);
      return {
        node: block.nodes[b]!,
        number,
        from,
        propose: settings.propose ?? defaultProposal(graph, number),
        original: numbers(),
        before: numbers(),
        proposal: numbers(),
      };
    });
    this.memorySize = PER_NODE * nodes.length;
  }

  initMemory(memory: Float64Array): void {
    memory.fill(0);
    for (let at = 0; at < memory.length; at += PER_NODE) memory[at] = Math.log(this.#settings.scale);
  }

  draw(state: Float64Array, out: Float64Array, move: SamplerMove): void {
    let written = 0;
    for (let b = 0; b < this.#benches.length; b++) {
      const bench = this.#benches[b]!;
      const { from, original } = bench;
      for (let k = 0; k < original.length; k++) original[k] = state[from + k]!;
      for (let step = 0; step < this.#settings.steps; step++) this.#step(bench, PER_NODE * b, state, move);
      for (let k = 0; k < original.length; k++) out[written++] = state[from + k]!;
      state.set(original, from);
    }
  }

  /** One proposal for a node; its part of the state is moved where it is accepted. */
  #step(bench: Bench, own: number, state: Float64Array, { beta, random, memory, isWarmup }: SamplerMove): void {
    const { node, number, from, before, proposal } = bench;
    for (let k = 0; k < before.length; k++) before[k] = state[from + k]!;
    const logRatio = bench.propose(before, proposal, random, Math.exp(memory[own]!));
    if (Number.isNaN(logRatio)) throw new InvalidArgumentError("propose", "return the log of a ratio", logRatio);
    const energyBefore = nodeEnergy(this.#graph, number, state);
    let acceptance = 0;
    if (isPossible(node, proposal, 0)) {
      state.set(proposal, from);
      const rise = nodeEnergy(this.#graph, number, state) - energyBefore;
      // An infinite energy forbids a state at every temperature, β = 0 included.
      if (rise < Infinity) acceptance = Math.min(1, Math.exp(logRatio - beta * rise));
    } else if (node.kind === "spin" || node.kind === "category") {
      throw new InvalidArgumentError(`proposal for ${node.name}`, `be ${rangeOf(node)}`, proposal[0]);
    }
    const isAccepted = random.uniform() < acceptance;
    if (!isAccepted) state.set(before, from);
    if (isWarmup) this.#learn(memory, own, bench, acceptance);
    else {
      memory[own + 2]! += 1;
      memory[own + 3]! += isAccepted ? 1 : 0;
    }
  }

  #learn(memory: Float64Array, own: number, { node, before }: Bench, acceptance: number): void {
    const { targetAcceptance, propose } = this.#settings;
    const isFlip = propose === undefined && (node.kind === "spin" || node.kind === "category");
    if (targetAcceptance === null || isFlip) return;
    memory[own + 1]! += 1;
    const target = targetAcceptance ?? (before.length === 1 ? 0.44 : 0.234);
    memory[own]! += (acceptance - target) * 2 * memory[own + 1]! ** -0.6;
  }

  report(memory: Float64Array): Record<string, Float64Array> {
    const count = this.#benches.length;
    return {
      scale: Float64Array.from({ length: count }, (_, b) => Math.exp(memory[b * PER_NODE]!)),
      acceptance: Float64Array.from({ length: count }, (_, b) => {
        const proposals = memory[b * PER_NODE + 2]!;
        return proposals === 0 ? 0 : memory[b * PER_NODE + 3]! / proposals;
      }),
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
