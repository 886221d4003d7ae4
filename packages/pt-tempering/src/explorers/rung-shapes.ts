import type { FinishedRound } from "@siegert/log-density";
import { cholesky } from "../references/cholesky.ts";
import { chainsOfLegs, RungTable } from "./rung-table.ts";

/** Location and width of a rung's density, as last learned. */
export interface RungShape {
  readonly mean: Float64Array;
  /** Standard deviations, positive. */
  readonly sd: Float64Array;
  /** Packed lower Cholesky factor of the covariance; where only variances are learned, `undefined`. */
  readonly factor: Float64Array | undefined;
  /** Changes with the numbers. */
  readonly version: number;
}

/** Gives the shape of rungs; explorers of some of the coordinates see only those. */
export interface RungShapes {
  /** The shape at a chain of the ladder. The same object as long as nothing has changed. */
  at(chain: number, leg: number, beta: number): RungShape;
  /** The shape that was used at β until the last round was learned from. */
  before(leg: number, beta: number): RungShape;
  /** Asks that covariances be learned too. To be called when a kernel is made. */
  requireCovariance(): void;
}

/** Weight of what was known before a round, in scans. */
const PRIOR_SCANS = 8;

interface Known {
  readonly beta: number;
  readonly leg: number;
  readonly version: number;
  readonly shape: RungShape;
}

/**
 * Means and (co)variances of every rung, from sums over the states that stood on its chain in the round before. The
 * sums are of deviations from the mean as known, so that they do not cancel.
 */
export class LearnedShapes implements RungShapes {
  readonly dim: number;
  readonly #mean: Float64Array;
  readonly #covariance: Float64Array;
  readonly #legs: number;
  #isDense = false;
  #table: RungTable | undefined;
  #previous: RungTable | undefined;
  readonly #known: (Known | undefined)[] = [];
  #shapes = 0;

  /** @param covariance of every rung until it is learned: packed, with a positive diagonal. */
  constructor(legs: number, mean: Float64Array, covariance: Float64Array) {
    this.dim = mean.length;
    this.#legs = legs;
    this.#mean = mean;
    this.#covariance = covariance;
  }

  requireCovariance(): void {
    this.#isDense = true;
  }

  /** Whether covariances are learned; settled by the first look at a shape. */
  get isDense(): boolean {
    return this.#isDense;
  }

  /** Columns of tallies: sums of deviations, then of their products, packed where covariances are learned. */
  get columns(): number {
    return this.dim + this.#products;
  }

  get #products(): number {
    return this.#isDense ? (this.dim * (this.dim + 1)) / 2 : this.dim;
  }

  #rungs(): RungTable {
    if (this.#table) return this.#table;
    const { dim } = this;
    const initial = new Float64Array(dim + this.#products);
    initial.set(this.#mean);
    if (this.#isDense) initial.set(this.#covariance, dim);
    else for (let i = 0; i < dim; i++) initial[dim + i] = this.#covariance[(i * (i + 3)) / 2]!;
    this.#table = new RungTable(this.#legs, initial);
    return this.#table;
  }

  #diagonal(i: number): number {
    return this.#isDense ? (i * (i + 3)) / 2 : i;
  }

  at(chain: number, leg: number, beta: number): RungShape {
    const table = this.#rungs();
    const known = this.#known[chain];
    if (known && known.beta === beta && known.leg === leg && known.version === table.version) return known.shape;
    const shape = this.#shapeOf(table, leg, beta);
    this.#known[chain] = { beta, leg, version: table.version, shape };
    return shape;
  }

  before(leg: number, beta: number): RungShape {
    return this.#shapeOf(this.#previous ?? this.#rungs(), leg, beta);
  }

  #shapeOf(table: RungTable, leg: number, beta: number): RungShape {
    const { dim } = this;
    const numbers = new Float64Array(table.width);
    table.lookup(leg, beta, numbers);
    const products = numbers.subarray(dim);
    const sd = Float64Array.from({ length: dim }, (_, i) => Math.sqrt(products[this.#diagonal(i)]!));
    const factor = this.#isDense ? (cholesky(products, dim) ?? diagonalFactor(sd)) : undefined;
    return { mean: numbers.slice(0, dim), sd, factor, version: ++this.#shapes };
  }

  /** Adds a state to the tallies of its chain. */
  observe(position: Float64Array, shape: RungShape, tallies: Float64Array, at: number): void {
    const { dim } = this;
    const { mean } = shape;
    let product = at + dim;
    for (let i = 0; i < dim; i++) {
      const deviation = position[i]! - mean[i]!;
      tallies[at + i] = tallies[at + i]! + deviation;
      for (let j = this.#isDense ? 0 : i; j <= i; j++, product++) {
        tallies[product] = tallies[product]! + deviation * (position[j]! - mean[j]!);
      }
    }
  }

  /**
   * Moments of a chain's states in a finished round: mean, then the covariance, packed whether or not products were
   * summed. Divided by the number of scans.
   */
  moments(round: FinishedRound, chain: number, at: number, width: number): [Float64Array, Float64Array] {
    const { dim } = this;
    const { mean } = this.at(chain, round.legs[chain]!, round.betas[chain]!);
    const row = round.tallies.subarray(chain * width + at, chain * width + at + this.columns);
    const shift = Float64Array.from({ length: dim }, (_, i) => row[i]! / round.scans);
    const covariance = new Float64Array((dim * (dim + 1)) / 2);
    for (let i = 0, packed = 0; i < dim; i++) {
      for (let j = 0; j <= i; j++, packed++) {
        if (!this.#isDense && i !== j) continue;
        const product = row[dim + (this.#isDense ? packed : i)]! / round.scans;
        covariance[packed] = product - shift[i]! * shift[j]!;
      }
    }
    return [shift.map((s, i) => mean[i]! + s), covariance];
  }

  /** Learns from a round: its moments, with the weight of 8 scans on what was known before. */
  tune(round: FinishedRound, at: number, width: number): void {
    const table = this.#rungs();
    const { dim } = this;
    this.#previous = new RungTable(this.#legs, new Float64Array(table.width));
    this.#previous.load(table.save());
    const share = round.scans / (round.scans + PRIOR_SCANS);
    const before = new Float64Array(table.width);
    chainsOfLegs(round.legs, this.#legs).forEach((chains, leg) => {
      const values = new Float64Array(chains.length * table.width);
      chains.forEach((chain, k) => {
        table.lookup(leg, round.betas[chain]!, before);
        const [mean, covariance] = this.moments(round, chain, at, width);
        const row = values.subarray(k * table.width, (k + 1) * table.width);
        for (let i = 0; i < dim; i++) row[i] = blend(mean[i]!, before[i]!, share);
        for (let p = 0; p < row.length - dim; p++) {
          const learned = covariance[this.#isDense ? p : (p * (p + 3)) / 2]!;
          row[dim + p] = blend(learned, before[dim + p]!, share);
        }
      });
      table.replace(
        leg,
        chains.map((chain) => round.betas[chain]!),
        values,
      );
    });
  }

  save(): number[] {
    return this.#rungs().save();
  }

  load(saved: readonly number[]): void {
    this.#rungs().load(saved);
  }
}

/** A weighted mean; what is not finite (a state can be far out) is left aside. */
function blend(learned: number, before: number, share: number): number {
  const value = share * learned + (1 - share) * before;
  return Number.isFinite(value) ? value : before;
}

/** The packed factor of independent coordinates. */
export function diagonalFactor(sd: Float64Array): Float64Array {
  const factor = new Float64Array((sd.length * (sd.length + 1)) / 2);
  for (let i = 0; i < sd.length; i++) factor[(i * (i + 3)) / 2] = sd[i]!;
  return factor;
}
