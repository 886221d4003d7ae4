import type { ReplicaProblem } from "@siegert/log-density";
import { createRandom } from "@siegert/random";
import { equaliseLadder } from "../ladder/barrier.ts";
import { Crews } from "./crews.ts";
import type { TemperedProblem } from "./instantiate-problem.ts";
import { firstPosition, nextRound } from "./next-round.ts";
import type { TemperingRuntime } from "./options.ts";
import { rejectionsOf } from "./round-summary.ts";
import type { ChainProbe, RunSettings } from "./tempering-state.ts";

/** Rounds of a probe at least: 2 + 4 + … + 128 scans. */
const PROBE_ROUNDS = 7;
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
  problem: TemperedProblem,
  instance: ReplicaProblem,
  begin: Float64Array,
  search: ChainSearch,
): Promise<FoundChains> {
  const { targetAcceptance, maxChains, settings, runtime } = search;
  const crews = new Crews(problem, instance, runtime);
  const probes: ChainProbe[] = [];
  let betas = begin;
  try {
    while (probes.length < MOST_PROBES && !runtime.signal?.aborted) {
      const probed = await probe(instance, betas, crews, probes.length, search);
      if (!probed) break;
      const { measured, rejections, scans } = probed;
      const chains = measured.length;
      const barrier = rejections.reduce((sum, r) => sum + r, 0);
      const maxRejection = Math.max(...rejections);
      const wanted = Math.ceil((MARGIN * barrier) / (1 - targetAcceptance)) + 1;
      const least = maxRejection >= IDENTIFIED && 1 - targetAcceptance < IDENTIFIED ? Math.ceil(1.5 * chains) : 3;
      const recommended = Math.min(maxChains, Math.max(wanted, least));
      probes.push({ chains, scans, barrier, maxRejection, recommended });
      const isFound = Math.abs(recommended - chains) <= 1;
      betas = equaliseLadder(measured, rejections, isFound ? chains : recommended);
      if (isFound) break;
    }
  } finally {
    await crews.close();
  }
  return { betas, probes };

  async function probe(
    one: ReplicaProblem,
    ladder: Float64Array,
    probeCrews: Crews,
    step: number,
    { settings: whole }: ChainSearch,
  ) {
    const seed = createRandom(whole.seed, "tempering", "chains", step).integer(2 ** 53 - 1);
    const rounds = Math.max(PROBE_ROUNDS, Math.ceil(Math.log2(6 * (ladder.length - 1))));
    const probeSettings: RunSettings = {
      ...settings,
      seed,
      rounds,
      adapt: true,
      draws: undefined,
      isTracing: false,
      isOptimising: false,
      isFreezing: false,
    };
    let position = firstPosition([ladder], settings.copies);
    while (position.round < rounds) {
      const done = await nextRound(one, probeSettings, position, { crews: probeCrews, runtime, phase: "chains" });
      if (!done) return undefined;
      position = done.position;
      const last = position.history.at(-1)!;
      if (position.round < rounds) continue;
      const { ladder: line, scans } = done.record.ledger;
      return { measured: line.schedules[0]!, rejections: rejectionsOf(line, last.pairs)[0]!, scans };
    }
    return undefined;
  }
}
