import type { ReplicaProblem } from "@siegert/log-density";
import { createRandom } from "@siegert/random";
import { equaliseLadder } from "../ladder/barrier.ts";
import type { Crews } from "./crews.ts";
import { firstPosition, nextRound } from "./next-round.ts";
import type { TemperingRuntime } from "./options.ts";
import { rejectionsOf } from "./round-summary.ts";
import type { ChainProbe, RunSettings } from "./tempering-state.ts";

/** Rounds of a probe at least: 2 + 4 + … + 128 scans. */
const PROBE_ROUNDS = 7;
/** Scans of the last round of a probe, per pair at least. */
const SCANS_PER_PAIR = 6;
const MOST_PROBES = 10;
/** A pair rejected more often than this says too little: Λ is a lower bound. */
const IDENTIFIED = 0.75;
/** Λ is found from below, so a little is added. */
const MARGIN = 1.05;

/** How the number of chains is looked for. */
export interface ChainSearch {
  readonly targetAcceptance: number;
  readonly maxChains: number;
  readonly settings: RunSettings;
  readonly runtime: TemperingRuntime;
  readonly crews: Crews;
}

/** What was found; the ladder has as many rungs as were asked for last. */
export interface FoundChains {
  readonly betas: Float64Array;
  readonly probes: readonly ChainProbe[];
}

/**
 * Looks for the number of chains at which pairs are accepted as often as wanted, N = ⌈1.05 Λ / (1 − acceptance)⌉ + 1.
 * Each probe is a short adaptive run of its own with random streams of its own. While a pair is rejected too often for
 * Λ to be known the ladder grows by half at least; the search ends where the recommendation is within one chain of
 * what was probed, or at the most chains allowed.
 */
export async function searchChains(
  instance: ReplicaProblem,
  begin: Float64Array,
  search: ChainSearch,
): Promise<FoundChains> {
  const { targetAcceptance, maxChains, runtime } = search;
  const probes: ChainProbe[] = [];
  // Where a high rejection is what was asked for, it does not call for more chains.
  const isIdentifiable = 1 - targetAcceptance < IDENTIFIED;
  let betas = begin;
  while (probes.length < MOST_PROBES && !runtime.signal?.aborted) {
    const probed = await probe(instance, betas, probes.length, search);
    if (!probed) break;
    const { measured, rejections, scans } = probed;
    const chains = measured.length;
    const barrier = rejections.reduce((sum, r) => sum + r, 0);
    const maxRejection = Math.max(...rejections);
    const wanted = Math.ceil((MARGIN * barrier) / (1 - targetAcceptance)) + 1;
    const least = isIdentifiable && maxRejection >= IDENTIFIED ? Math.ceil(1.5 * chains) : 3;
    const recommended = Math.min(maxChains, Math.max(wanted, least));
    probes.push({ chains, scans, barrier, maxRejection, recommended });
    const isFound = Math.abs(recommended - chains) <= 1 && chains <= maxChains;
    betas = equaliseLadder(measured, rejections, isFound ? chains : recommended);
    if (isFound) break;
  }
  return { betas, probes };
}

/** Runs a probe. Undefined when it was stopped. */
async function probe(instance: ReplicaProblem, betas: Float64Array, step: number, search: ChainSearch) {
  const { settings, runtime, crews } = search;
  const seed = createRandom(settings.seed, "tempering", "chains", step).integer(2 ** 53 - 1);
  const rounds = Math.max(PROBE_ROUNDS, Math.ceil(Math.log2(SCANS_PER_PAIR * (betas.length - 1))));
  const own = { draws: undefined, isTracing: false, isOptimising: false, isFreezing: false, adapt: true };
  const probeSettings: RunSettings = { ...settings, ...own, seed, rounds };
  let position = firstPosition([betas], settings.copies);
  for (;;) {
    const done = await nextRound(instance, probeSettings, position, { crews, runtime, phase: "chains" });
    if (!done) return undefined;
    position = done.position;
    if (position.round < rounds) continue;
    const { ladder, scans } = done.record.ledger;
    return {
      measured: ladder.schedules[0]!,
      rejections: rejectionsOf(ladder, position.history.at(-1)!.pairs)[0]!,
      scans,
    };
  }
}
