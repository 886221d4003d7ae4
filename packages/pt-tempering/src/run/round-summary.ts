import { type Evidence, evidenceOf } from "../evidence/evidence.ts";
import { finite, standardError } from "../evidence/standard-error.ts";
import { mean } from "../evidence/thermodynamic.ts";
import type { Ladder } from "../ladder/ladder.ts";
import { idealRoundTripRate } from "../ledger/index-process.ts";
import type { RoundLedger } from "../ledger/round-ledger.ts";

/** What a round found on one chain. Energy is the negative statistic. */
export interface RungSummary {
  readonly chain: number;
  readonly leg: number;
  readonly beta: number;
  /** Undefined where states of density 0 under the target make it infinite. */
  readonly meanEnergy: number | undefined;
  /** Monte Carlo standard error of the mean energy. */
  readonly meanEnergyError: number | undefined;
  readonly energyVariance: number | undefined;
  /** Correlation of the energy before and after an exploration step. */
  readonly stepCorrelation: number | undefined;
  /** log Z relative to the first rung of the leg. */
  readonly logZ: number | undefined;
  /** Means per scan of what exploration adds up, in the order of the run's tallies. */
  readonly tallies: readonly number[];
}

/** What a round found between a chain and the next one of the line. */
export interface PairSummary {
  /** The lower chain. */
  readonly chain: number;
  /** Mean acceptance probability over all scans, whether the exchange was tried or not. */
  readonly acceptance: number;
  readonly acceptanceError: number | undefined;
  /** How often the exchange was tried, and how often it was made, in all copies. */
  readonly tried: number;
  readonly exchanged: number;
}

/** A finished round, plain JSON data. */
export interface RoundSummary {
  /** From 0. */
  readonly round: number;
  readonly scans: number;
  /** Wall time. */
  readonly seconds: number;
  readonly threads: number;
  /** Ladder of every leg. */
  readonly schedules: readonly (readonly number[])[];
  readonly rungs: readonly RungSummary[];
  readonly pairs: readonly PairSummary[];
  /** Λ of every leg: the sum of its rejection probabilities. */
  readonly barriers: readonly number[];
  /** Replicas of all copies that came from a reference to the target. */
  readonly restarts: number;
  /** Those that came back as well. */
  readonly roundTrips: number;
  /** Round trips per scan and copy. */
  readonly roundTripRate: number;
  /** The rate that ideal exploration would have on this ladder. */
  readonly idealRoundTripRate: number;
  readonly evidence: Evidence;
}

/** What a round took beside its scans. */
export interface RoundCost {
  readonly round: number;
  readonly seconds: number;
  readonly threads: number;
}

/** Sums a round up. @param tallies row-major (copy, chain, tally). @param reported columns of those that are reported. */
export function summariseRound(
  ledger: RoundLedger,
  tallies: Float64Array,
  reported: readonly number[],
  cost: RoundCost,
): RoundSummary {
  const { ladder, copies, scans, trips } = ledger;
  const evidence = evidenceOf(ledger);
  const pairs = Array.from({ length: ladder.size - 1 }, (_, chain) => {
    const values = ledger.acceptance.rows(chain * copies, copies);
    return {
      chain,
      acceptance: Math.min(1, mean(values)),
      acceptanceError: standardError(values, copies),
      tried: ledger.exchanges.tried[chain]!,
      exchanged: ledger.exchanges.exchanged[chain]!,
    };
  });
  const rejections = rejectionsOf(ladder, pairs);
  const rate = trips.roundTrips / (scans * copies);
  return {
    ...cost,
    scans,
    schedules: ladder.schedules.map((schedule) => Array.from(schedule)),
    rungs: rungSummaries(ledger, tallies, reported, evidence),
    pairs,
    barriers: rejections.map((leg) => leg.reduce((sum, r) => sum + r, 0)),
    restarts: trips.restarts,
    roundTrips: trips.roundTrips,
    roundTripRate: rate,
    idealRoundTripRate: idealRoundTripRate(rejections),
    evidence,
  };
}

/** Mean rejection probabilities of every leg, β ascending. */
export function rejectionsOf(ladder: Ladder, pairs: readonly PairSummary[]): number[][] {
  return ladder.schedules.map((_, leg) => ladder.pairsOf(leg).map((pair) => 1 - pairs[pair]!.acceptance));
}

function rungSummaries(
  ledger: RoundLedger,
  tallies: Float64Array,
  reported: readonly number[],
  evidence: Evidence,
): RungSummary[] {
  const { ladder, copies, scans } = ledger;
  const columns = tallies.length / (copies * ladder.size);
  const rungs: RungSummary[] = [];
  ladder.schedules.forEach((_, leg) => {
    ladder.chainsOf(leg).forEach((chain, k) => {
      const values = ledger.statistic.rows(chain * copies, copies);
      const meanStatistic = mean(values);
      const isKnown = Number.isFinite(meanStatistic);
      const squares = mean(ledger.square.rows(chain * copies, copies));
      const variance = Math.max(0, squares - (meanStatistic - ledger.shift[chain]!) ** 2);
      rungs[chain] = {
        chain,
        leg,
        beta: ladder.betas[chain]!,
        meanEnergy: isKnown ? 0 - meanStatistic : undefined,
        meanEnergyError: standardError(values, copies),
        energyVariance: isKnown ? finite(variance) : undefined,
        stepCorrelation: ledger.correlation.of(chain),
        logZ: evidence.legs[leg]!.logZByRung[k],
        tallies: reported.map((column) => {
          let sum = 0;
          for (let copy = 0; copy < copies; copy++) sum += tallies[(copy * ladder.size + chain) * columns + column]!;
          return sum / (scans * copies);
        }),
      };
    });
  });
  return rungs;
}
