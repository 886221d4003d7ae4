import type { Ladder } from "../ladder/ladder.ts";
import { keptScans, type SegmentMemory, type SegmentPlan } from "../round/segment.ts";
import { SwapPass } from "../swap/swap-pass.ts";
import { BlockSeries, columnsAsRows, LogBlockSeries } from "./block-series.ts";
import { IndexProcess } from "./index-process.ts";
import { StepCorrelation } from "./step-correlation.ts";

/**
 * The books of a round. They follow the trace of statistics scan by scan, deciding every exchange once more, so that
 * all sums are taken in the order of scans whoever explored; threads keep no sums of their own.
 *
 * Rows of the series are (chain, copy), chain being the lower one for pairs. `forward` and `backward` hold the
 * logarithms of the stepping-stone weights between a pair's chains, from the one of lower β and from the one of higher.
 */
export class RoundLedger {
  readonly ladder: Ladder;
  readonly copies: number;
  readonly scans: number;
  readonly statistic: BlockSeries;
  /** Squares about the first finite statistic of the chain, `shift`. */
  readonly square: BlockSeries;
  readonly shift: Float64Array;
  readonly acceptance: BlockSeries;
  readonly forward: LogBlockSeries;
  readonly backward: LogBlockSeries;
  /** Centres of the bridges between pairs, and the terms of the bridges from the rung of lower β and from the other. */
  readonly centres: Float64Array;
  readonly bridgeUp: BlockSeries;
  readonly bridgeDown: BlockSeries;
  /** Whether the states on the first rung of every leg have a density under the target: 1 or 0, rows (leg, copy). */
  readonly supported: BlockSeries;
  readonly correlation: StepCorrelation;
  readonly trips: IndexProcess;
  /** Chain of every replica after every scan, row-major (scan, replica), where it is kept. */
  readonly indexTrace: Uint16Array | undefined;
  readonly #swaps: SwapPass;
  /** The first statistic of every block, row-major (block, chain, copy). */
  readonly #sample: Float64Array;
  /** Of the state that every chain had when exploration began, (copy, chain). */
  readonly #before: Float64Array;

  constructor(ladder: Ladder, options: LedgerOptions) {
    const { copies, scans, seed, chainOf, isTracing, centres } = options;
    this.ladder = ladder;
    this.copies = copies;
    this.scans = scans;
    const rows = ladder.size * copies;
    this.statistic = new BlockSeries(rows, scans);
    this.square = new BlockSeries(rows, scans);
    this.shift = new Float64Array(ladder.size).fill(Number.NaN);
    this.acceptance = new BlockSeries(rows - copies, scans);
    this.forward = new LogBlockSeries(rows - copies, scans);
    this.backward = new LogBlockSeries(rows - copies, scans);
    this.#sample = new Float64Array(rows * this.statistic.blocks);
    this.centres = centres;
    this.bridgeUp = new BlockSeries(rows - copies, scans);
    this.bridgeDown = new BlockSeries(rows - copies, scans);
    this.supported = new BlockSeries(ladder.schedules.length * copies, scans);
    this.correlation = new StepCorrelation(ladder.size);
    this.#swaps = new SwapPass(ladder, copies, seed, chainOf);
    this.trips = new IndexProcess(ladder, copies, this.#swaps.replicaOn);
    this.indexTrace = isTracing ? new Uint16Array(scans * chainOf.length) : undefined;
    this.#before = new Float64Array(rows).fill(Number.NaN);
  }

  /** One statistic of every block of a chain, row-major (copy, block). */
  sampleOf(chain: number): Float64Array {
    return columnsAsRows(this.#sample, this.ladder.size * this.copies, chain * this.copies, this.copies);
  }

  /** How often every pair was tried and exchanged, by its lower chain. */
  get exchanges(): Pick<SwapPass, "tried" | "exchanged"> {
    return this.#swaps;
  }

  /** Chain of every replica. */
  get chainOf(): Int32Array {
    return this.#swaps.chainOf;
  }

  /**
   * Enters the scans of a segment.
   * @param keptStatistics written where draws are kept: row-major (kept scan, copy, kept chain).
   */
  enter(plan: SegmentPlan, memory: SegmentMemory, keptStatistics: Float64Array): void {
    const rowLength = this.chainOf.length * plan.schedules.length;
    for (let done = 0; done < plan.scans; done++) {
      const scan = plan.firstScan + done;
      const row = done * rowLength;
      this.#swaps.read(memory.trace, row);
      this.#count(scan);
      if (plan.draws && !plan.draws.isAfterSwap) this.#keep(plan, memory.trace, row, scan, keptStatistics);
      this.#swaps.exchange(plan.round, scan);
      if (plan.draws?.isAfterSwap) this.#keep(plan, memory.trace, row, scan, keptStatistics);
      this.trips.look(this.#swaps.replicaOn);
      this.indexTrace?.set(this.chainOf, scan * this.chainOf.length);
      this.#swaps.readStatistics(memory.trace, row, this.#before);
    }
  }

  #count(scan: number): void {
    const { ladder, copies, shift } = this;
    const { size } = ladder;
    const { statistics, acceptance } = this.#swaps;
    const block = this.statistic.blockOf(scan);
    const isSampled = this.statistic.isFirstOfBlock(scan);
    for (let copy = 0; copy < copies; copy++) {
      const base = copy * size;
      for (let chain = 0; chain < size; chain++) {
        const s = statistics[base + chain]!;
        const row = chain * copies + copy;
        this.statistic.add(row, block, s);
        if (s > -Infinity) {
          if (Number.isNaN(shift[chain]!)) shift[chain] = s;
          const apart = s - shift[chain]!;
          this.square.add(row, block, apart * apart);
        }
        if (isSampled) this.#sample[block * size * copies + row] = s;
        this.correlation.add(chain, this.#before[base + chain]!, s);
        if (chain + 1 === size) continue;
        this.acceptance.add(row, block, acceptance[base - copy + chain]!);
        this.#countEvidence(row, chain, block, scan, s, statistics[base + chain + 1]!);
      }
      for (let leg = 0; leg < ladder.references.length; leg++) {
        const isSupported = statistics[base + ladder.references[leg]!]! > -Infinity;
        this.supported.add(leg * copies + copy, block, isSupported ? 1 : 0);
      }
    }
  }

  /** The terms of the evidence between a pair, from the statistics of its chains in the order of the line. */
  #countEvidence(row: number, pair: number, block: number, scan: number, first: number, second: number): void {
    const step = this.ladder.betas[pair + 1]! - this.ladder.betas[pair]!;
    // Two targets side by side.
    if (step === 0) return;
    const lower = step > 0 ? step * first : -step * second;
    const upper = step > 0 ? step * second : -step * first;
    this.forward.add(row, block, scan, lower);
    this.backward.add(row, block, scan, -upper);
    const centre = this.centres[pair]!;
    this.bridgeUp.add(row, block, 1 / (1 + Math.exp(centre - lower)));
    this.bridgeDown.add(row, block, 1 / (1 + Math.exp(upper - centre)));
  }

  #keep(plan: SegmentPlan, trace: Float64Array, row: number, scan: number, out: Float64Array): void {
    const { chains, thinning } = plan.draws!;
    if ((scan + 1) % thinning !== 0) return;
    const kept = keptScans(scan + 1, thinning) - 1 - keptScans(plan.firstScan, thinning);
    for (let copy = 0; copy < this.copies; copy++) {
      for (let k = 0; k < chains.length; k++) {
        const place = copy * this.ladder.size + chains[k]!;
        out[(kept * this.copies + copy) * chains.length + k] = this.#swaps.statisticOn(trace, row, place);
      }
    }
  }
}

/** What the books of a round begin with. */
export interface LedgerOptions {
  readonly copies: number;
  /** A power of 2. */
  readonly scans: number;
  readonly seed: number;
  readonly chainOf: Int32Array;
  /** Whether to keep where every replica stood after every scan. */
  readonly isTracing: boolean;
  /** Of the bridges between pairs, by their lower chain. */
  readonly centres: Float64Array;
}
