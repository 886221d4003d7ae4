/** Chains of Ising spins on any graph, side by side. */
import { InvalidArgumentError } from "@siegert/errors";
import type { SpinArray, SpinEngine } from "./engine.ts";
import { GraphEngine } from "./graph/graph-engine.ts";
import { checkColouring, colourNodes } from "./model/colouring.ts";
import { type GraphModel, spinGraph } from "./model/ising-model.ts";
import { checkBeta, checkSeed, checkSpins, checkSweeps, type UpdateOptions, updateOptions } from "./options.ts";

/** A graph, its couplings, and the chains on it. */
export interface SpinGraphOptions extends GraphModel, Pick<UpdateOptions, "simd"> {
  /** Chains, each with a random stream of its own. Default: one per β. */
  readonly chains?: number;
  /** β of every chain, or one for all. */
  readonly betas: number | ArrayLike<number>;
  readonly seed: number;
  /** A colour of every node, no edge between equals. Default: found by DSATUR. */
  readonly colours?: ArrayLike<number>;
}

/** Chains being simulated; V = −Σ J s s' − Σ H s. */
export interface SpinGraphSimulation {
  readonly nodes: number;
  readonly chains: number;
  /** β of every chain, in a copy. */
  readonly betas: Float64Array;
  /** Gives every chain a β: to exchange those of two chains is all that a swap takes. */
  setBetas(betas: ArrayLike<number>): void;
  /** Heat bath: draws every spin of every chain from its conditional law, `sweeps` times (default 1). */
  sweep(sweeps?: number): void;
  /** V of every chain, summed in float64 over all edges; nothing accumulates from sweep to sweep. */
  energies(out?: Float64Array): Float64Array;
  /** Σ s of every chain. */
  magnetisations(out?: Float64Array): Float64Array;
  readSpins<T extends SpinArray>(chain: number, out: T): T;
  writeSpins(chain: number, spins: ArrayLike<number>): void;
  /** Spins and random stream of a chain. */
  save(chain: number): Uint8Array;
  load(chain: number, saved: Uint8Array): void;
  describe(): string;
}

/**
 * Chains on a graph, their spins drawn independently. Chain c has the same bits whatever the number of chains.
 * @throws {InvalidArgumentError} for a graph, β, seed or colouring that is not usable, naming the node or edge.
 */
export function createSpinGraph(options: SpinGraphOptions): SpinGraphSimulation {
  const graph = spinGraph(options);
  const { betas, seed, colours = colourNodes(graph) } = options;
  const chains = options.chains ?? (typeof betas === "number" ? 1 : betas.length);
  if (!(Number.isSafeInteger(chains) && chains >= 1)) {
    throw new InvalidArgumentError("chains", "be a positive integer", chains);
  }
  checkSeed(seed);
  checkColouring(graph, colours);
  const start = checkedBetas(typeof betas === "number" ? new Float64Array(chains).fill(betas) : betas, chains);
  const update = updateOptions(options.simd === undefined ? {} : { simd: options.simd });
  const replicas = Array.from({ length: chains }, (_, chain) => chain);
  return new SpinChains(new GraphEngine(graph, { ...update, seed, replicas }, colours), graph.nodes, start);
}

function checkedBetas(betas: ArrayLike<number>, chains: number): Float64Array {
  if (betas.length !== chains) throw new InvalidArgumentError("betas", `have ${chains} entries, one per chain`, betas);
  const values = Float64Array.from(betas);
  values.forEach((beta, chain) => {
    checkBeta(`betas[${chain}]`, beta, "heat-bath");
  });
  return values;
}

class SpinChains implements SpinGraphSimulation {
  readonly nodes: number;
  readonly chains: number;
  readonly #engine: SpinEngine;
  #betas: Float64Array;

  constructor(engine: SpinEngine, nodes: number, betas: Float64Array) {
    this.#engine = engine;
    this.nodes = nodes;
    this.chains = engine.size;
    this.#betas = betas;
  }

  get betas(): Float64Array {
    return this.#betas.slice();
  }

  setBetas(betas: ArrayLike<number>): void {
    this.#betas = checkedBetas(betas, this.chains);
  }

  sweep(sweeps = 1): void {
    checkSweeps("sweeps", sweeps);
    this.#engine.sweep(this.#betas, sweeps);
  }

  energies(out: Float64Array = new Float64Array(this.chains)): Float64Array {
    this.#checkLength(out, this.chains);
    this.#engine.energies(out);
    return out;
  }

  magnetisations(out: Float64Array = new Float64Array(this.chains)): Float64Array {
    this.#checkLength(out, this.chains);
    this.#engine.magnetisations(out);
    return out;
  }

  readSpins<T extends SpinArray>(chain: number, out: T): T {
    this.#checkChain(chain);
    this.#checkLength(out, this.nodes);
    this.#engine.readSpins(chain, out);
    return out;
  }

  writeSpins(chain: number, spins: ArrayLike<number>): void {
    this.#checkChain(chain);
    checkSpins(spins, this.nodes);
    this.#engine.writeSpins(chain, spins);
  }

  save(chain: number): Uint8Array {
    this.#checkChain(chain);
    return this.#engine.save(chain);
  }

  load(chain: number, saved: Uint8Array): void {
    this.#checkChain(chain);
    this.#engine.load(chain, saved);
  }

  describe(): string {
    return this.#engine.describe();
  }

  #checkChain(chain: number): void {
    if (!(Number.isInteger(chain) && chain >= 0 && chain < this.chains)) {
      throw new InvalidArgumentError("chain", `be an integer from 0 to ${this.chains - 1}`, chain);
    }
  }

  #checkLength(out: ArrayLike<number>, length: number): void {
    if (out.length !== length) throw new InvalidArgumentError("out", `have ${length} entries`, out);
  }
}
