import type { RoundSummary, TemperingRun } from "@siegert/pt-tempering";
import type { TemperedModel } from "./tempered-model.ts";

/** What `tempering.json` says of a rung. Energy is E = β·V, V the base energy. */
export interface RungJson {
  readonly beta: number;
  readonly meanEnergy: number | null;
  readonly meanEnergyError: number | null;
  /** Mean probability of the exchange with the next rung; null for the last. */
  readonly acceptance: number | null;
  readonly meanBaseEnergy: number | null;
  readonly meanBaseEnergyError: number | null;
  readonly baseEnergyVariance: number | null;
  /** log Z at this β, relative to counting measure. */
  readonly logZ: number | null;
  /** λ(β). */
  readonly localBarrier: number;
  /** Correlation of the energy before and after an exploration step. */
  readonly stepCorrelation: number | null;
}

/** The content of `tempering.json`. */
export interface TemperingJson {
  readonly model: string;
  readonly status: TemperingRun["status"];
  readonly beta: number;
  /** Of the model at its β, relative to counting measure. */
  readonly logZ: number | null;
  readonly logZError: number | null;
  /** The communication barrier. */
  readonly Lambda: number;
  readonly rungs: readonly RungJson[];
  readonly roundTrips: number;
  readonly restarts: number;
  readonly roundTripRate: number;
  readonly idealRoundTripRate: number;
  readonly chains: number;
  readonly copies: number;
  readonly seed: number;
  readonly threads: number;
  /**
   * Bridge sampling (the log Z above), stepping stone, its two directions and their difference, thermodynamic integration:
   * relative to counting measure.
   */
  readonly evidence: object;
  readonly verdicts: TemperingRun["verdicts"];
  readonly optimum: TemperingRun["optimum"] | null;
  /** How the number of chains was found; null when it was given. */
  readonly chainSearch: TemperingRun["chainSearch"] | null;
  readonly rounds: readonly RoundSummary[];
}

/** A run as `tempering.json`. @param last its last complete round. */
export function temperingJson(
  model: TemperedModel,
  run: TemperingRun,
  last: RoundSummary,
  seed: number,
): TemperingJson {
  const relative = (value: number | undefined) => (value === undefined ? null : value + model.logReference);
  const [leg] = last.evidence.legs;
  return {
    model: model.title,
    status: run.status,
    beta: model.beta,
    logZ: relative(last.evidence.logZ),
    logZError: last.evidence.logZError ?? null,
    Lambda: last.barriers.reduce((sum, barrier) => sum + barrier, 0),
    rungs: rungsJson(run, last, relative),
    roundTrips: last.roundTrips,
    restarts: last.restarts,
    roundTripRate: last.roundTripRate,
    idealRoundTripRate: last.idealRoundTripRate,
    chains: run.chains,
    copies: run.copies,
    seed,
    threads: last.threads,
    evidence: {
      bridge: { value: relative(leg?.logZ), error: leg?.logZError ?? null },
      steppingStone: { value: relative(leg?.steppingStone.value), error: leg?.steppingStone.error ?? null },
      forward: { value: relative(leg?.forward.value), error: leg?.forward.error ?? null },
      backward: { value: relative(leg?.backward.value), error: leg?.backward.error ?? null },
      gap: { value: leg?.gap.value ?? null, error: leg?.gap.error ?? null },
      thermodynamic: { value: relative(leg?.thermodynamic.value), error: leg?.thermodynamic.error ?? null },
      notes: leg?.notes ?? [],
    },
    verdicts: run.verdicts,
    optimum: run.optimum ?? null,
    chainSearch: run.chainSearch ?? null,
    rounds: run.rounds,
  };
}

function rungsJson(
  run: TemperingRun,
  { rungs, pairs }: RoundSummary,
  relative: (value: number | undefined) => number | null,
): RungJson[] {
  return rungs.map((rung, k) => {
    const { beta, meanEnergy: mean, meanEnergyError: error } = rung;
    return {
      beta,
      // At β = 0 the energy is 0, also where V is infinite.
      meanEnergy: beta === 0 ? 0 : mean === undefined ? null : beta * mean,
      meanEnergyError: beta === 0 ? 0 : error === undefined ? null : beta * error,
      acceptance: pairs[k]?.acceptance ?? null,
      meanBaseEnergy: mean ?? null,
      meanBaseEnergyError: error ?? null,
      baseEnergyVariance: rung.energyVariance ?? null,
      logZ: relative(rung.logZ),
      localBarrier: run.barrier(rung.leg).local(beta),
      stepCorrelation: rung.stepCorrelation ?? null,
    };
  });
}
