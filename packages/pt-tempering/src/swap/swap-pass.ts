import type { Ladder } from "../ladder/ladder.ts";
import { swapLogRatio } from "./swap-ratio.ts";
import { SwapUniforms } from "./swap-uniforms.ts";

/**
 * The deterministic even-odd exchange (Okabe et al. 2001; Syed et al. 2021, algorithm 1): even scans try the pairs
 * (0, 1), (2, 3), …, odd ones (1, 2), (3, 4), …. Replicas exchange chain indices and keep their states. Every thread
 * decides every exchange for itself, from the same statistics and the same uniforms.
 */
export class SwapPass {
  /** Chain of every replica, (copy, replica of the copy). */
  readonly chainOf: Int32Array;
  /** Replica on every chain, (copy, chain): the inverse. */
  readonly replicaOn: Int32Array;
  /** After `read`: the statistic of the chain's own leg of the state on every chain, (copy, chain). */
  readonly statistics: Float64Array;
  /** After `read`: the acceptance probability of every pair, tried or not, (copy, lower chain). */
  readonly acceptance: Float64Array;
  /** How often every pair was tried and exchanged, by its lower chain, all copies together. */
  readonly tried: Float64Array;
  readonly exchanged: Float64Array;
  readonly #ladder: Ladder;
  readonly #copies: number;
  readonly #statisticsPerReplica: number;
  readonly #uniforms: SwapUniforms;

  constructor(ladder: Ladder, copies: number, seed: number, chainOf: Int32Array) {
    this.#ladder = ladder;
    this.#copies = copies;
    this.#statisticsPerReplica = ladder.schedules.length;
    this.#uniforms = new SwapUniforms(seed);
    const { size } = ladder;
    this.chainOf = chainOf.slice();
    this.replicaOn = new Int32Array(copies * size);
    for (let replica = 0; replica < chainOf.length; replica++) {
      this.replicaOn[replica - (replica % size) + chainOf[replica]!] = replica;
    }
    this.statistics = new Float64Array(copies * size);
    this.acceptance = new Float64Array(copies * (size - 1));
    this.tried = new Float64Array(size - 1);
    this.exchanged = new Float64Array(size - 1);
  }

  /** Statistic of the state on a chain, (copy, chain), from the row (replica, leg) of the trace. */
  statisticOn(trace: Float64Array, row: number, place: number): number {
    const leg = this.#ladder.legs[place % this.#ladder.size]!;
    return trace[row + this.replicaOn[place]! * this.#statisticsPerReplica + leg]!;
  }

  /** The same for all chains of all copies. */
  readStatistics(trace: Float64Array, row: number, out: Float64Array): void {
    const { legs, size } = this.#ladder;
    const perReplica = this.#statisticsPerReplica;
    for (let copy = 0; copy < this.#copies; copy++) {
      const base = copy * size;
      for (let chain = 0; chain < size; chain++) {
        out[base + chain] = trace[row + this.replicaOn[base + chain]! * perReplica + legs[chain]!]!;
      }
    }
  }

  /** Takes the statistics of a scan: row (replica, leg) of the trace that begins at `row`. */
  read(trace: Float64Array, row: number): void {
    const { betas, legs, size } = this.#ladder;
    this.readStatistics(trace, row, this.statistics);
    for (let copy = 0; copy < this.#copies; copy++) {
      const base = copy * size;
      for (let chain = 0; chain + 1 < size; chain++) {
        const isSameLeg = legs[chain] === legs[chain + 1];
        const i = base + chain;
        // Two targets side by side: the same density, whatever the legs' statistics are.
        const logRatio = isSameLeg
          ? swapLogRatio(betas[chain]!, betas[chain + 1]!, this.statistics[i]!, this.statistics[i + 1]!)
          : 0;
        this.acceptance[i - copy] = logRatio >= 0 ? 1 : Math.exp(logRatio);
      }
    }
  }

  /** Exchanges the pairs of this scan's parity; `read` was called before. */
  exchange(round: number, scan: number): void {
    const { size } = this.#ladder;
    for (let copy = 0; copy < this.#copies; copy++) {
      for (let chain = scan & 1; chain + 1 < size; chain += 2) {
        this.tried[chain] = this.tried[chain]! + 1;
        const acceptance = this.acceptance[copy * (size - 1) + chain]!;
        if (acceptance < 1 && !(this.#uniforms.at(round, scan, copy, chain) < acceptance)) continue;
        this.exchanged[chain] = this.exchanged[chain]! + 1;
        const lower = this.replicaOn[copy * size + chain]!;
        const upper = this.replicaOn[copy * size + chain + 1]!;
        this.replicaOn[copy * size + chain] = upper;
        this.replicaOn[copy * size + chain + 1] = lower;
        this.chainOf[lower] = chain + 1;
        this.chainOf[upper] = chain;
      }
    }
  }
}
