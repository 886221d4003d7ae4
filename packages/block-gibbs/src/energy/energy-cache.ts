import { InvalidArgumentError } from "@siegert/errors";
import { type CompiledGraph, factorEnergy } from "../compiled/compiled-graph.ts";
import { EnergyChange } from "./energy-change.ts";
import { hasExactEnergies } from "./exact-energies.ts";

/** Options of `EnergyCache`. */
export interface EnergyCacheOptions {
  /**
   * Sweeps after which the energy is computed anew from all factors; Infinity for never. Default 100: sums are
   * compensated, so between two refreshes only the rounding of the changes themselves adds up, at most about 4e-16 of a
   * local field per flip. For 10⁴ nodes with fields of order 1 that is below 4e-10 in the worst case and near 1e-13 as
   * it happens, while the refresh takes about half a sweep in a hundred. Models with integer couplings (more exactly
   * `isExact`) are never refreshed, as nothing is ever rounded.
   */
  readonly refreshEvery?: number;
}

/**
 * The base energy V of one chain's state, kept up to date by the changes of blocks, single nodes or whole colours.
 * Every write to the state has to go through it.
 */
export class EnergyCache {
  /** Whether V is free of rounding: integer couplings, or multiples of another power of two, and discrete nodes. */
  readonly isExact: boolean;
  readonly #graph: CompiledGraph;
  readonly #state: Float64Array;
  readonly #refreshEvery: number;
  /** Changes of all nodes, made when `set` is first called. */
  #all: EnergyChange | undefined;
  #sum = 0;
  /** What rounding took from the sum (Neumaier 1974). */
  #lost = 0;
  #sweeps = 0;
  #drift = 0;

  /**
   * @param state of the model, kept and written to.
   * @throws {InvalidArgumentError} for a state of another length, and unless `refreshEvery` is at least 1.
   */
  constructor(graph: CompiledGraph, state: Float64Array, options: EnergyCacheOptions = {}) {
    const { refreshEvery = 100 } = options;
    if (!(refreshEvery >= 1)) throw new InvalidArgumentError("refreshEvery", "be 1 or more", refreshEvery);
    const length = graph.offset[graph.nodeCount]!;
    if (!(state instanceof Float64Array && state.length === length)) {
      throw new InvalidArgumentError("state", `be a Float64Array of length ${length}`, state);
    }
    this.#graph = graph;
    this.#state = state;
    this.#refreshEvery = refreshEvery;
    this.isExact = hasExactEnergies(graph);
    this.refresh();
  }

  /** V of the state. */
  get value(): number {
    return this.#sum + this.#lost;
  }

  /** Largest difference that a refresh has found between V as it was kept and as it is. */
  get drift(): number {
    return this.#drift;
  }

  /** Writes values of the nodes of `change`, node after node. */
  write(change: EnergyChange, values: Float64Array): void {
    this.#add(change.write(this.#state, values));
  }

  /**
   * Sets one node that has one number: a flip of a spin, another category, another real number.
   * @throws {InvalidArgumentError} for a number that is no node, or a node of several numbers.
   */
  set(node: number, value: number): void {
    if (!(this.#graph.offset[node + 1]! - this.#graph.offset[node]! === 1)) {
      throw new InvalidArgumentError("node", "be a node of one number", this.#graph.names[node] ?? node);
    }
    this.#all ??= new EnergyChange(
      this.#graph,
      Array.from({ length: this.#graph.nodeCount }, (_, i) => i),
    );
    this.#add(this.#all.writeOne(this.#state, node, value));
  }

  /** Counts a sweep, and refreshes when it is time. */
  endSweep(): void {
    this.#sweeps++;
    if (this.isExact || this.#sweeps < this.#refreshEvery) return;
    const kept = this.value;
    this.refresh();
    // An infinite energy has no drift.
    if (Number.isFinite(kept)) this.#drift = Math.max(this.#drift, Math.abs(this.value - kept));
  }

  /** Computes V from all factors. To be called when the state was written to from elsewhere. */
  refresh(): void {
    this.#sweeps = 0;
    this.#sum = 0;
    this.#lost = 0;
    const { factorCount } = this.#graph;
    for (let f = 0; f < factorCount; f++) {
      const term = factorEnergy(this.#graph, f, this.#state);
      if (Number.isFinite(term)) this.#addFinite(term);
      else {
        this.#sum += term;
        this.#lost = 0;
        return;
      }
    }
  }

  /** What the future depends on, beside the state: to be saved with it, and given to `load`. */
  save(): Float64Array {
    return Float64Array.of(this.#sum, this.#lost, this.#sweeps, this.#drift);
  }

  /**
   * Goes on where `save` was called; the state must have been put back too.
   * @throws {InvalidArgumentError} for numbers that `save` did not give.
   */
  load(saved: Float64Array): void {
    if (saved.length !== 4) throw new InvalidArgumentError("saved", "come from save()", saved);
    [this.#sum, this.#lost, this.#sweeps, this.#drift] = saved as unknown as [number, number, number, number];
  }

  #add(change: number): void {
    // From or to an infinite energy there is no difference to add.
    if (Number.isFinite(change) && Number.isFinite(this.#sum)) this.#addFinite(change);
    else this.refresh();
  }

  #addFinite(term: number): void {
    const sum = this.#sum + term;
    this.#lost += Math.abs(this.#sum) >= Math.abs(term) ? this.#sum - sum + term : term - sum + this.#sum;
    this.#sum = sum;
  }
}
