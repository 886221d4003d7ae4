/** One square lattice of Ising spins. */
import { InvalidArgumentError } from "@siegert/errors";
import type { SpinArray, SpinEngine } from "./engine.ts";
import { checkLattice } from "./model/ising-model.ts";
import { checkBeta, checkSeed, checkSpins, checkSweeps, type UpdateOptions, updateOptions } from "./options.ts";
import { createEngine } from "./select-engine.ts";

/** A lattice, its couplings, and how it is updated. */
export interface LatticeOptions extends UpdateOptions {
  /** [height, width]; sites are numbered row by row. In a periodic direction at least 3. */
  readonly size: readonly [number, number];
  /** Whether the edges are joined. Default true. */
  readonly periodic?: boolean;
  /** J of every bond. Default 1. */
  readonly coupling?: number;
  /** A factor −1, 0 or 1 of every bond: entry 2k for site k and its right neighbour, 2k + 1 for the one below. */
  readonly signs?: ArrayLike<number>;
  /** H of every site. Default 0. */
  readonly field?: number;
  /** Inverse temperature β ≥ 0. */
  readonly beta: number;
  readonly seed: number;
}

/** A lattice being simulated; V = −Σ J s s' − H Σ s. */
export interface LatticeSimulation {
  readonly beta: number;
  /** Goes on at another inverse temperature. @throws {InvalidArgumentError} unless it is finite and not negative. */
  setBeta(beta: number): void;
  /** Updates every spin `sweeps` times (default 1), colour by colour. */
  sweep(sweeps?: number): void;
  /** V, counted from the spins: exact up to one rounding of integers times J and H. */
  energy(): number;
  /** Σ s. */
  magnetisation(): number;
  /** Writes the spins, +1 and −1, row by row. @throws {InvalidArgumentError} when the array has another length. */
  readSpins<T extends SpinArray>(out: T): T;
  /** Sets them. @throws {InvalidArgumentError} for another length or other values. */
  writeSpins(spins: ArrayLike<number>): void;
  /** Spins and random stream: what comes next depends on nothing else but β. */
  save(): Uint8Array;
  /** Goes on where a lattice was saved. @throws {InvalidArgumentError} for bytes of another model, or damaged ones. */
  load(saved: Uint8Array): void;
  /** Which kernel runs, in words. */
  describe(): string;
}

/**
 * A square lattice, its spins drawn independently. Lattices of even height whose width is a multiple of 256 run on bit
 * planes of their own; smaller ones, without a field, as one of 32 replicas; those with a field as a general graph.
 * @throws {InvalidArgumentError} for a size, coupling, sign, field, β, seed or option that is not usable.
 */
export function createLattice(options: LatticeOptions): LatticeSimulation {
  const { size, periodic = true, coupling = 1, signs, field = 0, beta, seed } = options;
  const update = updateOptions(options);
  checkBeta("beta", beta, update.kernel);
  checkSeed(seed);
  const model = { lattice: { size, periodic }, coupling, field, ...(signs ? { signs } : {}) };
  const nodes = checkLattice(model);
  return new Lattice(createEngine(model, { ...update, seed, replicas: [0] }), nodes, beta, update.kernel);
}

class Lattice implements LatticeSimulation {
  readonly #engine: SpinEngine;
  readonly #nodes: number;
  readonly #kernel: Required<UpdateOptions>["kernel"];
  readonly #beta: Float64Array;
  readonly #one = new Float64Array(1);

  constructor(engine: SpinEngine, nodes: number, beta: number, kernel: Required<UpdateOptions>["kernel"]) {
    this.#engine = engine;
    this.#nodes = nodes;
    this.#kernel = kernel;
    this.#beta = Float64Array.of(beta);
  }

  get beta(): number {
    return this.#beta[0]!;
  }

  setBeta(beta: number): void {
    checkBeta("beta", beta, this.#kernel);
    this.#beta[0] = beta;
  }

  sweep(sweeps = 1): void {
    checkSweeps("sweeps", sweeps);
    this.#engine.sweep(this.#beta, sweeps);
  }

  energy(): number {
    this.#engine.energies(this.#one);
    return this.#one[0]!;
  }

  magnetisation(): number {
    this.#engine.magnetisations(this.#one);
    return this.#one[0]!;
  }

  readSpins<T extends SpinArray>(out: T): T {
    if (out.length !== this.#nodes) throw new InvalidArgumentError("out", `have ${this.#nodes} entries`, out);
    this.#engine.readSpins(0, out);
    return out;
  }

  writeSpins(spins: ArrayLike<number>): void {
    checkSpins(spins, this.#nodes);
    this.#engine.writeSpins(0, spins);
  }

  save(): Uint8Array {
    return this.#engine.save(0);
  }

  load(saved: Uint8Array): void {
    this.#engine.load(0, saved);
  }

  describe(): string {
    return this.#engine.describe();
  }
}
